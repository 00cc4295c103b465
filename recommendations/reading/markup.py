"""The lines of DOCX and HTML documents. Both hold their endnote marks as such."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from lxml import etree, html

from recommendations.reading.lines import Line, mark
from recommendations.reading.records import DocumentError
from recommendations.reading.text import mend_letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 30_000_000
_BLOCKS = frozenset(
    re.split(
        " ",
        "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6"
        " header hr li main nav ol p pre section table td th tr ul",
    )
)
_UNREAD = frozenset({"script", "style", "head", "noscript", "template"})


def read_docx(path: Path) -> list[Line]:
    """The paragraphs of a Word document as lines, its endnotes after them. Raises DocumentError."""
    try:
        with zipfile.ZipFile(path) as archive:
            body = _part(archive, "word/document.xml")
            notes = _part(archive, "word/endnotes.xml") if "word/endnotes.xml" in archive.namelist() else None
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, etree.XMLSyntaxError):
        raise DocumentError("the file is not a Word document, or a broken one") from None
    lines = [Line(text) for text in _paragraphs(body)]
    if notes is not None:
        lines.append(Line("Notes"))
        real = [note for note in notes.iter(f"{_WORD}endnote") if note.get(f"{_WORD}type") is None]
        for number, note in enumerate(real, start=1):
            texts = [text for text in _paragraphs(note) if text.strip()] or [""]
            lines += [Line(f"{mark(number)} {texts[0].strip()}"), *(Line(text) for text in texts[1:])]
    return lines


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    if archive.getinfo(name).file_size > _LARGEST_PART:
        raise DocumentError("the Word document is too large to read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)


def _paragraphs(root: etree._Element) -> Iterator[str]:
    references = 0
    for paragraph in root.iter(f"{_WORD}p"):
        pieces = []
        for run in paragraph.iter(f"{_WORD}r"):
            raised = run.find(f"{_WORD}rPr/{_WORD}vertAlign")
            is_raised = raised is not None and raised.get(f"{_WORD}val") == "superscript"
            for node in run:
                if node.tag == f"{_WORD}endnoteReference":
                    references += 1
                    pieces.append(mark(references))
                elif node.tag == f"{_WORD}t" and node.text:
                    text = node.text.strip()
                    pieces.append(mark(text) if is_raised and re.fullmatch(r"\d{1,3}", text) else node.text)
                elif node.tag in (f"{_WORD}tab", f"{_WORD}br"):
                    pieces.append("  ")
        yield mend_letters("".join(pieces))


def read_html(text: str) -> list[Line]:
    """The text of a page as lines, one a block; raised digits are endnote marks."""
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise DocumentError("the HTML page holds no text") from None
    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi") or not isinstance(node.tag, str):
            pieces.append(node.tail or "" if event in ("comment", "pi") else "")
            continue
        is_block = node.tag in _BLOCKS
        if event == "start":
            pieces.append("\n" if is_block else "")
            pieces.append(_own_text(node))
        else:
            pieces.append("\n" if is_block else "")
            pieces.append(_folded(node.tail))
    lines = re.split(r"\n", mend_letters("".join(pieces)))
    return [Line(re.sub(r"\s+", " ", line).strip()) for line in lines]


def _own_text(node: etree._Element) -> str:
    if node.tag in _UNREAD or any(parent.tag in _UNREAD for parent in node.iterancestors()):
        return ""
    text = _folded(node.text)
    is_mark = node.tag == "sup" and re.fullmatch(r"\s*\d{1,3}\s*", text)
    return mark(text.strip()) if is_mark else text


def _folded(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
