"""A file on its way in: what it is, by its content, and its place among the imports."""

from __future__ import annotations

import csv
import hashlib
import mmap
import re
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.importing.errors import RefusedError
from recommendations.models import Import
from recommendations.reading.document import DocumentError
from recommendations.reading.files.text import decode

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DOCUMENT, TABLE = Import.What.DOCUMENT, Import.What.TABLE
TAKEN = gettext_lazy("PDF, DOCX, HTML, text, CSV, XLS, XLSX and JSON")
# Bytes from which the type of a plain file is told.
_START = 64_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LEAST_COLUMNS = 3
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


def size_max() -> int:
    """The largest file that is brought in, in bytes."""
    return int(settings.IMPORT_MAX_MB) * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is by its content, and how its type is called."""

    what: Import.What
    type: str


def what_is(file: IO[bytes]) -> Known:
    """Whether a file is a document or a table. Raises RefusedError for what is neither.

    Looks at the content only, and at little of it: nothing is unpacked here.
    """
    file.seek(0)
    start = file.read(_START)
    if not start.strip():
        raise RefusedError(_("The file is empty."))
    if b"%PDF-" in start[:1024]:
        return Known(DOCUMENT, "PDF")
    if start.startswith(b"PK\x03\x04"):
        return _packed(file)
    if start.startswith(_OLE):
        return _compound(file)
    if start.startswith(b"{\\rtf"):
        raise RefusedError(_("RTF files are not read; save the document as DOCX, PDF or text."))
    if start.startswith(_PICTURES):
        raise RefusedError(_("This is a picture; a document is read only where it holds its words as text."))
    return _plain(start)


def _held(file: IO[bytes], *names: bytes) -> list[bool]:
    """Whether these bytes stand anywhere in the file; it is searched on the disk, not in memory."""
    try:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            return [held.find(name) >= 0 for name in names]
    except (OSError, AttributeError, ValueError):  # an upload that is small stays in memory
        file.seek(0)
        data = file.read()
        return [name in data for name in names]


def _packed(file: IO[bytes]) -> Known:
    word, sheet, macros = _held(file, b"word/document.xml", b"xl/workbook", b"vbaProject.bin")
    if macros:
        raise RefusedError(_("The file holds macros; save it without them, as DOCX or XLSX."))
    if word:
        return Known(DOCUMENT, "DOCX")
    if sheet:
        return Known(TABLE, "XLSX")
    raise RefusedError(
        _("This is a packed file, but no Word document and no spreadsheet; unpack it and bring in one file.")
    )


def _compound(file: IO[bytes]) -> Known:
    """Old Word and Excel files, and new ones with a password, are all of this shape."""
    names = [name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument", "Workbook", "Book")]
    encrypted, word, *sheets = _held(file, *names)
    if encrypted:
        raise RefusedError(_("The file has a password; save it without one."))
    if word:
        raise RefusedError(_("Old Word files are not read; save the document as DOCX, PDF or text."))
    if any(sheets):
        return Known(TABLE, "XLS")
    raise RefusedError(_unknown())


def _unknown() -> str:
    return _("The type of the file is not known; only {types} are read.").format(types=TAKEN)


def _plain(start: bytes) -> Known:
    # A letter may be cut in two at the end of what was read.
    whole = start.rsplit(b"\n", 1)[0] if len(start) == _START else start
    try:
        text = decode(whole)
    except DocumentError:
        raise RefusedError(_unknown()) from None
    if re.match(r"\s*[\[{]", text):
        return Known(TABLE, "JSON")
    if re.match(r"\s*(?:<!doctype\s+html|<html|<\?xml)", text, re.IGNORECASE):
        return Known(DOCUMENT, "HTML")
    return Known(TABLE, "CSV") if _has_columns(text) else Known(DOCUMENT, _("text"))


def _has_columns(text: str) -> bool:
    """Whether the lines have cells, as many in most as in the first."""
    lines = text.splitlines()[:40]
    for delimiter in ",;\t":
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        columns = len(rows[0]) if rows else 0
        alike = sum(len(row) == columns for row in rows)
        if columns >= _LEAST_COLUMNS and len(rows) > 1 and alike >= len(rows) * 0.8:
            return True
    return False


def bare_name(name: str) -> str:
    """The file's own name, without folders, not too long to keep."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    return "".join(letter for letter in bare if letter.isprintable())[-255:] or "file"


def checksum(file: IO[bytes]) -> str:
    """SHA-256, in hexadecimal."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # IO[bytes] has all that is asked for


def earlier(sha256: str) -> Import | None:
    """The import of the very same file that is under way or was written, the newest first."""
    return (
        Import.objects.filter(sha256=sha256)
        .filter(state__in=[*Import.UNDER_WAY, Import.State.DONE, Import.State.UNDOING])
        .first()
    )


def receive(file: File[bytes], *, made_by: User | None, kind: str = "") -> tuple[Import, bool]:
    """The import of this file, and whether it is a new one: the same file again leads to the earlier one.

    Raises RefusedError for what is not taken; then nothing is kept.
    """
    if file.size > size_max():
        sentence = _("The file is larger than {size}.")
        raise RefusedError(sentence.format(size=filesizeformat(size_max())))
    known = what_is(file)
    sha256 = checksum(file)
    if found := earlier(sha256):
        return found, False
    name = bare_name(file.name or "")
    source = Import(
        what=known.what,
        kind=kind,
        filename=name,
        size=file.size,
        sha256=sha256,
        options={"type": known.type, **({"kind": kind} if kind else {})},
        made_by=made_by,
    )
    file.seek(0)
    source.file.save(name, File(file.file), save=False)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        # Somebody brought in the same file at the same moment.
        source.file.delete(save=False)
        found = earlier(sha256)
        if found is None:
            raise
        return found, False
    return source, True
