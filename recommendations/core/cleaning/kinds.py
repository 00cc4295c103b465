"""Detect a file's type from its content, because its name cannot be trusted."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum


class Kind(StrEnum):
    """Accepted file types; the value is the file name extension."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    WORD = "docx"
    TEXT = "txt"


MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.WEBP: "image/webp",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.TEXT: "text/plain; charset=utf-8",
}

# A PDF may begin with other bytes; PDF readers search this many bytes for its signature.
_PDF_WITHIN = 1024
_TAKEN = {b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}
# First bytes and common name of file types that are not accepted.
_OTHERS = {
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
    b"{\\rtf": "RTF",
    b"%!PS": "PostScript",
    b"\xd0\xcf\x11\xe0": "DOC, XLS, PPT",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
    b"OggS": "Ogg",
    b"\x1aE\xdf\xa3": "MKV, WebM",
    b"SQLite format 3": "SQLite",
}
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF", b"qt  ": "MOV", b"M4A ": "M4A"}
_RIFF = {b"WAVE": "WAV", b"AVI ": "AVI"}
_IN_ZIP = (("xl/workbook", "XLSX"), ("ppt/presentation", "PPTX"), ("META-INF/MANIFEST.MF", "JAR"))
_MARKUP = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "SVG"),
    (re.compile(rb"<(?:!doctype\s+html|html|head|body|script)[\s>]", re.IGNORECASE), "HTML"),
    (re.compile(rb"\A\s*<\?xml"), "XML"),
)


def recognise(content: bytes) -> Kind | str:
    """Return the accepted kind, or else the common name of the file type ("" if unknown)."""
    for start, kind in _TAKEN.items():
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF":
        form = content[8:12]
        return Kind.WEBP if form == b"WEBP" else _RIFF.get(form, "")
    if content.startswith(b"PK\x03\x04"):
        return _in_zip(content)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return Kind.PDF
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "MP4")
    for start, name in _OTHERS.items():
        # A text file may begin with the same two letters.
        if content.startswith(start) and (len(start) > 2 or not _is_text(content)):
            return name
    return _text(content)


def _in_zip(content: bytes) -> Kind | str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "word/document.xml" in names:
                return Kind.WORD
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return "ODT, ODS, EPUB"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return "ZIP"
    return next((name for part, name in _IN_ZIP if any(one.startswith(part) for one in names)), "ZIP")


def _text(content: bytes) -> Kind | str:
    if not _is_text(content):
        return ""
    for pattern, name in _MARKUP:
        if pattern.search(content[:_PDF_WITHIN]):
            return name
    return Kind.TEXT


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and bool(text.strip())
