"""The XML of Word documents: what in it names people, places, sessions and files goes."""

from __future__ import annotations

import re

from lxml import etree

from recommendations.core.cleaning.reasons import Reason, UncleanError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
# Word's own names, of every year.
_OF_WORD = re.compile(
    r"\{http://schemas\.(?:microsoft\.com/office/word/|openxmlformats\.org/wordprocessingml/)"
)

# Without their content. What is data behind the text, or leads out of the document, or tells sessions apart.
_GONE = {
    *(_WORD + name for name in ("rsids", "attachedTemplate", "mailMerge", "docVars", "saveThroughXslt")),
    *(_WORD + name for name in ("documentProtection", "writeProtection", "printerSettings", "subDoc")),
    *(_WORD + name for name in ("altChunk", "dataBinding", "documentType", "schemaLibrary")),
    f"{_CHART}externalData",
}
_GONE_OF_ANY_YEAR = {"docId", "svgBlip", "presenceInfo"}
_NUMBERS = {"paraId", "textId", "durableId"}
_PEOPLE = {"initials", "date", "dateUtc", "userId", "providerId", "ed", "edGrp"}
# Word asks for an author of each change and comment.
AUTHOR = "Author"
_FETCH = re.compile(
    r"\b(DDEAUTO|DDE|LINK|INCLUDEPICTURE|INCLUDETEXT|IMPORT|DATABASE|RD|MACROBUTTON)\b", re.IGNORECASE
)
_PATH = re.compile(r'file:[^\s"]*|\\\\[^\s"]+|\b[A-Za-z]:\\[^"]*', re.IGNORECASE)
# An alternative text that is only the name of a file.
_FILE = re.compile(r"[\\/]|\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|docx?|pdf)\s*$", re.IGNORECASE)


def parse(data: bytes) -> etree._Element:
    """The root of a part, without comments and instructions to programs. Raises UncleanError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:  # Word writes none; entities are defined there
        raise UncleanError(Reason.BROKEN)
    return root


def write(root: etree._Element) -> bytes:
    """The part as Word writes it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def clean(data: bytes) -> bytes:
    """The part without what names people, sessions and files. Raises UncleanError for what fetches."""
    root = parse(data)
    _refuse_what_fetches(root)
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
    """The part without attributes that refer to what is not in the document any more."""
    root = parse(data)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if str(key).startswith(_RELATION) and value in gone:
                del element.attrib[key]
    return write(root)


def _refuse_what_fetches(root: etree._Element) -> None:
    """Fields are read in pieces: their words may be spread over several runs."""
    for paragraph in root.iter(f"{_WORD}p"):
        words = "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}instrText"))
        fields = [field.get(f"{_WORD}instr", "") for field in paragraph.iter(f"{_WORD}fldSimple")]
        for instruction in [words, *fields]:
            # Addresses and arguments stand in quotation marks; the field's name does not.
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
    # What Word calls a picture is the name of its file, unless somebody wrote a better one.
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
