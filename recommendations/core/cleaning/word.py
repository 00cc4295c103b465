"""Repack Word documents with only the parts that make up the text.

Removed are author, time and software, thumbnails, printer settings, data behind fields, the names of people
who commented or made changes, and the numbers by which Word identifies editing sessions. Comments and tracked
changes themselves stay, because they are part of the submitted document. A document is refused if it contains
macros, embedded files, fields that load external content, or drawings that cannot be inspected.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from recommendations.core.cleaning import images, word_xml
from recommendations.core.cleaning.reasons import Reason, UncleanError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PARTS = 3_000
LARGEST_XML = 20_000_000
LARGEST_IN_ALL = 200_000_000

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"{{{_PACKAGE}/content-types}}"
_RELATIONS = f"{{{_PACKAGE}/relationships}}"
_CONTENT_TYPES = "[Content_Types].xml"
# Content type endings of the parts that are kept.
_KEPT = tuple(
    f"{end}+xml"
    for end in (
        *("document.main", ".styles", ".settings", ".webSettings", ".fontTable", ".numbering", ".theme"),
        *(".footnotes", ".endnotes", ".header", ".footer", ".comments", ".themeOverride", ".chartshapes"),
        *(".chart", ".chartstyle", ".chartcolorstyle"),
        *(".diagramData", ".diagramLayout", ".diagramStyle", ".diagramColors", ".diagramDrawing"),
    )
)
_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_PICTURES = {"PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"}
_DRAWINGS = {"image/x-emf": "EMF", "image/emf": "EMF", "image/x-wmf": "WMF", "image/wmf": "WMF"}
_EMBEDDED = ("oleobject", "activex", "application/rtf", "text/", "application/xhtml", ".package", "message/")
_NEVER = ("word/embeddings/", "word/activex/", "word/afchunk")
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, etree.LxmlError),
    *(EOFError, LookupError, OSError, OverflowError, RuntimeError, ValueError),
)


def clean(content: bytes) -> bytes:
    """Return the cleaned document. Raises UncleanError."""
    try:
        parts = _unpack(content)
        types = _types_of(parts)
        # Drop parts that no relationship targets: Word does not show them, but they may hold data.
        led_to = {path for name in parts if name.endswith(".rels") for path in _targets(name, parts[name])}
        kept = {
            name: parts[name]
            for name, kind in types.items()
            if _is_kept(name, kind, parts[name]) and (name in led_to or name == "word/document.xml")
        }
        if "word/document.xml" not in kept or types["word/document.xml"] != _MAIN:
            raise UncleanError(Reason.BROKEN)
        cleaned = {name: _clean_part(name, types[name], kept) for name in kept}
        relations = _clean_relations(parts, cleaned)
    except _BROKEN as fault:
        raise UncleanError(Reason.BROKEN) from fault
    return _pack({**cleaned, **relations}, {name: types[name] for name in cleaned})


def _unpack(content: bytes) -> dict[str, bytes]:
    """Return the content of all parts by name; limits apply to actual sizes, not those the archive states.

    Raises UncleanError.
    """
    parts: dict[str, bytes] = {}
    room = LARGEST_IN_ALL
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_PARTS:
            raise UncleanError(Reason.UNPACKED)
        for entry in entries:
            if entry.flag_bits & 1:
                raise UncleanError(Reason.ENCRYPTED)
            stored = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            name = entry.filename
            # Refuse duplicate names: programs differ in which of two parts they open.
            if not stored or name in parts or name != posixpath.normpath(name) or name[0] in "./":
                raise UncleanError(Reason.BROKEN)
            with archive.open(entry) as part:
                data = part.read(room + 1)
            room -= len(data)
            is_xml = name.endswith((".xml", ".rels"))
            if room < 0 or (is_xml and len(data) > LARGEST_XML):
                raise UncleanError(Reason.UNPACKED)
            parts[name] = data
    return parts


def _types_of(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the content type of each part that has one."""
    root = word_xml.parse(parts[_CONTENT_TYPES])
    defaults, own = {}, {}
    for element in root:
        kind = element.get("ContentType", "")
        if element.tag == f"{_TYPES}Default":
            defaults[element.get("Extension", "").lower()] = kind
        elif element.tag == f"{_TYPES}Override":
            own[element.get("PartName", "").lstrip("/")] = kind
    found = {}
    for name in parts:
        kind = own.get(name) or defaults.get(posixpath.splitext(name)[1].lstrip(".").lower(), "")
        if kind and name != _CONTENT_TYPES and not name.endswith(".rels"):
            found[name] = kind
    return found


def _is_kept(name: str, kind: str, data: bytes) -> bool:
    """True if the part is kept. Raises UncleanError if the whole document must be refused."""
    lower, path = kind.lower(), name.lower()
    if "macroenabled" in lower or "vba" in lower or "vba" in posixpath.basename(path):
        raise UncleanError(Reason.MACROS)
    if path.startswith(_NEVER) or any(mark in lower for mark in _EMBEDDED):
        raise UncleanError(Reason.EMBEDDED)
    if lower in _DRAWINGS:
        raise UncleanError(Reason.PICTURE, _DRAWINGS[lower])
    if not path.startswith("word/"):
        return False
    if lower.startswith("image/"):
        # SVG drawings always come with a bitmap for older programs, so they can be dropped.
        return lower != "image/svg+xml"
    return lower == _FONT.lower() or kind == _MAIN or (kind.endswith(_KEPT) and bool(data))


def _clean_part(name: str, kind: str, parts: dict[str, bytes]) -> bytes:
    if kind.startswith("image/"):
        return images.clean(parts[name], tuple(_PICTURES))
    return parts[name] if kind == _FONT else word_xml.clean(parts[name])


def _clean_relations(parts: dict[str, bytes], cleaned: dict[str, bytes]) -> dict[str, bytes]:
    """Return the relationship parts without links to removed parts; edits `cleaned` to match."""
    found = {}
    for name, data in parts.items():
        if not name.endswith(".rels"):
            continue
        folder, _, file = name.rpartition("_rels/")
        source = folder + file.removesuffix(".rels")
        if source and source not in cleaned:
            continue
        root = word_xml.parse(data)
        gone = set()
        for relation in list(root):
            if not _leads_somewhere(relation, folder, cleaned):
                gone.add(relation.get("Id", ""))
                root.remove(relation)
        if gone and source:
            cleaned[source] = word_xml.without_references(cleaned[source], gone)
        found[name] = word_xml.write(root)
    return found


def _targets(name: str, data: bytes) -> Iterator[str]:
    """Yield the names of the parts that a relationship part targets."""
    for relation in word_xml.parse(data).iter(f"{_RELATIONS}Relationship"):
        if relation.get("TargetMode") != "External":
            yield _path(relation, name.rpartition("_rels/")[0])


def _path(relation: etree._Element, folder: str) -> str:
    target = relation.get("Target", "").partition("#")[0]
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(folder + target)


def _leads_somewhere(relation: etree._Element, folder: str, cleaned: dict[str, bytes]) -> bool:
    """True if a relationship targets a kept part or is a hyperlink to http, https or mailto."""
    if relation.tag != f"{_RELATIONS}Relationship":
        return False
    target = relation.get("Target", "")
    if relation.get("TargetMode") == "External":
        is_link = relation.get("Type", "").endswith("/hyperlink")
        return is_link and target.lower().startswith(("http://", "https://", "mailto:"))
    return _path(relation, folder) in cleaned


def _pack(parts: dict[str, bytes], types: dict[str, str]) -> bytes:
    """Return the parts as a document; the same parts always give the same bytes."""
    root = etree.Element(f"{_TYPES}Types", nsmap={None: _TYPES.strip("{}")})  # type: ignore[dict-item]  # None names the default namespace
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, f"{_TYPES}Default", Extension="rels", ContentType=relations)
    for name in sorted(types):
        etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{name}", ContentType=types[name])
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [(_CONTENT_TYPES, word_xml.write(root)), *sorted(parts.items())]:
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compress_type=zipfile.ZIP_DEFLATED
            )
    return output.getvalue()
