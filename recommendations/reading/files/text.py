"""Decodes bytes to plain text, and folds text in the way that all readers use."""

from __future__ import annotations

import re

from recommendations.reading.document import DocumentError

_LETTERS = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "‑": "-",
        "\u00ad": None,  # soft hyphen
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
_WHITE_SPACE = re.compile(r"\s+")
# Control characters that no text file contains; form feeds, tabs and line ends are white space.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_BLANK = b" \t\r\n\x0b\x0c\x00"
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WIDE: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_FEWEST_WIDE = 16
# UTF-8 that was read as Windows-1252 and saved that way: "â€™" for an apostrophe, "Ã©" for é.
_GARBLED = re.compile("â€[™œ\x9d\ufffd“”˜¦]|Ã[©¨¡³¶¼±§]")
_MANY_GARBLED = 3


def mend_letters(text: str) -> str:
    """Replace ligatures by letters and remove soft hyphens and zero-width characters; keep white space."""
    return text.translate(_LETTERS)


def fold(text: str) -> str:
    """Return the text on one line: letters mended, each run of white space (also no-break) one space."""
    return _WHITE_SPACE.sub(" ", mend_letters(text)).strip()


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 or UTF-32 with or without a BOM, else Windows-1252.

    Single-byte Cyrillic text is decoded as such, so that its language can be named.
    Raise DocumentError if the data is empty, not text, or was saved in a wrong encoding.
    """
    if not data.strip(_BLANK):
        raise DocumentError("the file is empty")
    text = _decoded(data)
    if text is None:
        raise DocumentError("the encoding of the text is not known; save it as UTF-8")
    if _CONTROL.search(text):
        raise DocumentError("the file is binary data, not a text, PDF, DOCX or HTML document")
    if not fold(text):
        raise DocumentError("the file is empty")
    garbled = _GARBLED.search(text)
    if garbled and len(_GARBLED.findall(text)) >= _MANY_GARBLED:
        raise DocumentError(
            f"the text was saved in a wrong encoding: “{garbled.group()}” stands where there was one sign; "
            "save it anew as UTF-8"
        )
    return text


def _decoded(data: bytes) -> str | None:
    """Return the text in the first encoding that fits, or None."""
    encodings: tuple[str, ...] = ("utf-8-sig", _one_byte_encoding(data))
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            encodings = (encoding,)
            break
    else:
        if wide := _wide_encoding(data[:4096]):
            encodings = (wide,)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as fault:
            if fault.start >= len(data) - 4 and fault.start > 0 and encoding != "cp1252":
                return data[: fault.start].decode(encoding)  # cut off within its last character
    return None


def _wide_encoding(start: bytes) -> str:
    """Detect UTF-16 or UTF-32 without a BOM: every other byte, or three in four, is 0 (Cyrillic: 4)."""
    quarter = len(start) // 4 * 0.7
    zeros = [start[place::4].count(0) + start[place::4].count(4) > quarter for place in range(4)]
    return _WIDE.get(tuple(zeros), "") if len(start) >= _FEWEST_WIDE else ""


def _one_byte_encoding(data: bytes) -> str:
    """Return Windows-1252, or Windows-1251 if most letters are outside ASCII."""
    beyond = sum(byte >= 0xC0 for byte in data[:8000])
    ascii_letters = sum(chr(byte).isalpha() for byte in data[:8000] if byte < 0x80)
    return "cp1251" if beyond > ascii_letters else "cp1252"
