"""The ZIP archive of a Word document: enforces limits, and refuses anything that is not a document.

A ZIP file may list millions of parts and state any size for them. The list of parts is therefore measured
before it is read, and a part is unpacked only up to a limit, whatever size is stated for it.
"""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError

if TYPE_CHECKING:
    from pathlib import Path

MOST_PARTS = 2_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHERS = (
    ("xl/workbook", "a spreadsheet, not a document; import it as a table"),
    ("ppt/", "a presentation, not a document"),
    ("mimetype", "an OpenDocument or e-book file; save the document as DOCX, PDF or text"),
)


def refuse_long_lists(path: Path) -> None:
    """Raise DocumentError if the archive lists more parts than a Word document has.

    The number of parts and the length of the list are stored at the end of the archive.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        end = file.read()
    place = end.rfind(_END)
    if place < 0 or len(end) - place < _END_SIZE:
        return  # zipfile will report that it is broken
    parts, length = struct.unpack("<HI", end[place + 10 : place + 16])
    if parts > MOST_PARTS or length > MOST_PARTS * 300:
        raise DocumentError(f"the Word document names more than {MOST_PARTS:,} parts")


def refuse_others(names: list[str]) -> None:
    """Raise DocumentError if the archive is not a Word document, or contains a program."""
    known = set(names)
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        raise DocumentError("the Word document holds macros; save it as a DOCX without macros")
    if "word/document.xml" in known:
        return
    for start, what in _OTHERS:
        if any(name.startswith(start) for name in names):
            raise DocumentError(f"the file is {what}")
    raise DocumentError("the file is a ZIP archive, not a Word document")


def part(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """Return the bytes of one part. Raise DocumentError if it is too large or not packed as Word does."""
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise DocumentError("the Word document is protected by a password")
    if info.compress_type not in _PACKED:
        raise DocumentError("the Word document is packed in a way that Word does not use")
    with archive.open(name) as file:
        # Do not trust the size that the archive states.
        data = file.read(largest + 1)
    if len(data) > largest:
        raise DocumentError("the Word document is too large to read")
    return data
