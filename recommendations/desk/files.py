"""Uploaded files: what is let in, and in what shape."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.core.files.uploadedfile import UploadedFile

SIZE_MAX = 20 * 1024 * 1024
SIGNATURES = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def receive(upload: UploadedFile[bytes]) -> File[bytes]:
    """The file as it is kept, named by what it is; a ValidationError in one sentence for what is refused.

    The type is read from the content; the name it came with is not kept, for it may name people.
    """
    if upload.size is None or upload.size > SIZE_MAX:
        raise ValidationError(
            _("The file is larger than {size}.").format(size=filesizeformat(SIZE_MAX)), code="too_large"
        )
    content = upload.read()
    ending = type_of(content)
    if not ending:
        raise ValidationError(
            _("Only PDF, PNG, JPEG, DOCX and plain text files are taken; this is none of them."),
            code="unknown_type",
        )
    return ContentFile(content, name=f"file.{ending}")


def type_of(content: bytes) -> str:
    """The ending that the content deserves; empty for a type that is not taken."""
    for signature, ending in SIGNATURES.items():
        if content.startswith(signature):
            return ending
    if content.startswith(b"PK"):
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except zipfile.BadZipFile:
            return ""
        return "docx" if "word/document.xml" in names else ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "txt" if text.strip() and "\x00" not in text else ""
