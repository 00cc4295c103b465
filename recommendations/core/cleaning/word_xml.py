"""Clean the XML of Word documents: remove names of people, places, editing sessions and files."""

from __future__ import annotations

import re

from lxml import etree

from recommendations.core.cleaning.reasons import Reason, UncleanError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
# Word's own namespaces of every version.
_OF_WORD = re.compile(
    r"\{http://schemas\.(?:microsoft\.com/office/word/|openxmlformats\.org/wordprocessingml/)"
)

# Elements removed with their content: hidden data, links out of the document, ids of editing sessions.
_GONE = {
    *(_WORD + name for name in ("rsids", "attachedTemplate", "mailMerge", "docVars", "saveThroughXslt")),
    *(_WORD + name for name in ("documentProtection", "writeProtection", "printerSettings", "subDoc")),
    *(_WORD + name for name in ("altChunk", "dataBinding", "documentType", "schemaLibrary")),
    f"{_CHART}externalData",
}
_GONE_OF_ANY_YEAR = {"docId", "svgBlip", "presenceInfo"}
_NUMBERS = {"paraId", "textId", "durableId"}
_PEOPLE = {"initials", "date", "dateUtc", "userId", "providerId", "ed", "edGrp"}
# Word requires an author for each change and comment, so names are replaced with this one.
AUTHOR = "Author"
_FETCH = re.compile(
    r"\b(DDEAUTO|DDE|LINK|INCLUDEPICTURE|INCLUDETEXT|IMPORT|DATABASE|RD|MACROBUTTON)\b", re.IGNORECASE
)
_PATH = re.compile(r'file:[^\s"]*|\\\\[^\s"]+|\b[A-Za-z]:\\[^"]*', re.IGNORECASE)
# Matches alternative text that is a file name.
_FILE = re.compile(r"[\\/]|\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|docx?|pdf)\s*$", re.IGNORECASE)


def parse(data: bytes) -> etree._Element:
    """Return the root of a part, without comments and processing instructions.

    Raises UncleanError if the part has a DTD, and lxml's errors for malformed XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:  # Word writes none, and it could define entities
        raise UncleanError(Reason.BROKEN)
    return root


def write(root: etree._Element) -> bytes:
    """Serialise a part the way Word does."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def clean(data: bytes) -> bytes:
    """Return the part without names of people, sessions and files.

    Raises UncleanError for fields that load external content.
    """
    root = parse(data)
    _refuse_external_fields(root)
    for element in list(root.iter()):
        name = etree.QName(element)
        if element.tag in _GONE or name.localname in _GONE_OF_ANY_YEAR:
            _remove(element)
            continue
        _clean_attributes(element)
        if element.tag == f"{_WORD}instrText" and element.text:
            element.text = _PATH.sub("", element.text)
    return write(root)


def without_references(data: bytes, gone: set[str]) -> bytes:
    """Return the part without attributes that refer to removed relationships (ids in `gone`)."""
    root = parse(data)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if str(key).startswith(_RELATION) and value in gone:
                del element.attrib[key]
    return write(root)


def _refuse_external_fields(root: etree._Element) -> None:
    """Raise UncleanError if a field loads external content; an instruction may span several runs."""
    for paragraph in root.iter(f"{_WORD}p"):
        words = "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}instrText"))
        fields = [field.get(f"{_WORD}instr", "") for field in paragraph.iter(f"{_WORD}fldSimple")]
        for instruction in [words, *fields]:
            # Drop quoted addresses and arguments; the field's name is never quoted.
            if found := _FETCH.search(re.sub(r'"[^"]*"', "", instruction)):
                raise UncleanError(Reason.FETCHES, found[1].upper())


def _clean_attributes(element: etree._Element) -> None:
    for key, value in list(element.attrib.items()):
        name = etree.QName(str(key))
        if _OF_WORD.match(str(key)):
            if name.localname == "author":
                element.set(key, AUTHOR)
            elif name.localname in _PEOPLE | _NUMBERS or name.localname.startswith("rsid"):
                del element.attrib[key]
            elif name.localname == "instr":
                element.set(key, _PATH.sub("", str(value)))
        elif str(key).startswith(_OFFICE) and name.localname in {"title", "href", "gfxdata"}:
            del element.attrib[key]
    # Word fills an image's title and description with its file name unless somebody edits them.
    if etree.QName(element).localname in {"docPr", "cNvPr", "shape"}:
        if "name" in element.attrib:
            element.set("name", f"Object {element.get('id', '')}".strip())
        for key in ("descr", "title", "alt"):
            if _FILE.search(element.get(key, "")):
                del element.attrib[key]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
