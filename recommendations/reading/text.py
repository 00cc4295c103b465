"""Plain text from bytes, and the one way in which the readers fold it."""

from __future__ import annotations

import re

from recommendations.reading.records import DocumentError

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
# Control characters that no text file holds; form feeds, tabs and line ends are white space.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def mend_letters(text: str) -> str:
    """Ligatures to letters; soft hyphens and characters without width out; white space as it was."""
    return text.translate(_LETTERS)


def fold(text: str) -> str:
    """The text in one line: letters mended, every run of white space (also no-break) one space."""
    return _WHITE_SPACE.sub(" ", mend_letters(text)).strip()


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252.

    Raises DocumentError for what is empty or not text at all.
    """
    if not data.strip():
        raise DocumentError("the file is empty")
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if marked else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        if not fold(text):
            raise DocumentError("the file is empty")
        return text
    raise DocumentError("the file is binary data, not a text, PDF, DOCX or HTML document")
