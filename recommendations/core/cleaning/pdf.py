"""Rewrite PDF files with their pages but without metadata and active content.

Removed are document information, XMP, private data of programs, attachments, scripts, all actions except
links, signatures (with the signer's name), authors and times of comments, colour profiles, text metadata in
images, thumbnails, earlier revisions and unreferenced objects. The content of the pages stays, including text
under a black bar, and so do comments and the values of form fields.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from recommendations.core.cleaning.reasons import Reason, UncleanError
from recommendations.core.cleaning.streams import clean_jpeg, clean_jpeg_2000

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf.generic import PdfObject

MOST_PAGES = 2_000
# Entries of the catalogue that are kept: pages, labels, outlines and what screen readers need.
_CATALOGUE = {
    "/Type",
    "/Version",
    "/Pages",
    "/PageLabels",
    "/Names",
    "/Dests",
    "/Outlines",
    "/StructTreeRoot",
    "/MarkInfo",
    "/Lang",
    "/AcroForm",
    "/OCProperties",
}
# Keys removed from every dictionary.
_NOWHERE = {
    *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/CreatorInfo", "/User", "/OPI", "/Ref"),
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA", "/EF", "/RF", "/AF", "/EmbeddedFiles"),
    *("/RichMediaContent", "/Renditions", "/OutputIntents", "/SpiderInfo", "/Perms", "/DSS", "/PMD"),
}
# Keys that name the author and time of a comment.
_OF_COMMENTS = {"/T", "/M", "/CreationDate", "/NM", "/Subj", "/RC"}
_ANNOTATIONS_REFUSED = {
    *("/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia", "/Projection"),
}
_ACTIONS = {"/GoTo", "/URI", "/Named"}
_ADDRESSES = ("http://", "https://", "mailto:")
_DEVICE = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_PICTURES = {"/DCTDecode": clean_jpeg, "/JPXDecode": clean_jpeg_2000}


def clean(content: bytes) -> bytes:
    """Return the cleaned PDF. Raises UncleanError, or any exception that a broken file causes."""
    reader = PdfReader(io.BytesIO(content), strict=False)
    if "/Encrypt" in reader.trailer:
        raise UncleanError(Reason.ENCRYPTED)
    if len(reader.pages) > MOST_PAGES:
        raise UncleanError(Reason.PAGES, str(len(reader.pages)))
    if not reader.pages:
        raise UncleanError(Reason.BROKEN)
    for key in ("/Info", "/ID"):
        reader.trailer.pop(key, None)
    root = reader.root_object
    for key in root.keys() - _CATALOGUE:
        del root[key]
    names = _resolved(root, "/Names")
    if isinstance(names, DictionaryObject):
        # Besides named destinations, the name tree holds attachments and scripts.
        for key in names.keys() - {"/Dests"}:
            del names[key]
    for found in _all_of(root):
        _clean_object(found)
    # Only objects reachable from the catalogue are copied.
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _all_of(root: PdfObject) -> Iterator[DictionaryObject | ArrayObject]:
    """Yield every reachable dictionary, stream and array, each before its contents."""
    waiting: list[PdfObject] = [root]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            resolved = found.get_object()
            if resolved is None:
                continue
            found = resolved
        if not isinstance(found, (DictionaryObject, ArrayObject)):
            continue
        yield found
        # Raw values keep indirect references, so that an object referenced twice is visited once.
        waiting += list(dict.values(found) if isinstance(found, DictionaryObject) else list.__iter__(found))


def _clean_object(found: DictionaryObject | ArrayObject) -> None:
    if isinstance(found, ArrayObject):
        _clean_colours(found)
        return
    for key in _NOWHERE & found.keys():
        del found[key]
    if isinstance(found, StreamObject):
        _clean_stream(found)
    if "/Annots" in found:
        _clean_annotations(found)
    if _resolved(found, "/Type") == "/Filespec":
        found.clear()
    if "/ByteRange" in found:  # a signature: rewriting makes it invalid, and it names the signer
        found.clear()
    for key in ("/A", "/Next", "/PA"):
        action = _resolved(found, key)
        if isinstance(action, (DictionaryObject, ArrayObject)) and not _is_harmless(action, key):
            del found[key]


def _resolved(found: DictionaryObject, key: str) -> Any:
    """Return the value with an indirect reference resolved, or None if the key is missing."""
    return found[key].get_object() if key in found else None


def _is_harmless(action: DictionaryObject | ArrayObject, key: str) -> bool:
    """True if this is no action, or only a link to a destination or an address with no further action."""
    if isinstance(action, ArrayObject):
        # Under /A an array holds attributes of structure elements; elsewhere it is a chain of actions.
        return key == "/A"
    kind = _resolved(action, "/S")
    if kind is None or "/O" in action:
        return True
    if kind == "/URI":
        address = str(_resolved(action, "/URI")).strip().lower()
        return address.startswith(_ADDRESSES) and "/Next" not in action
    return kind in _ACTIONS and "/Next" not in action


def _clean_annotations(page: DictionaryObject) -> None:
    annotations = _resolved(page, "/Annots")
    if not isinstance(annotations, ArrayObject):
        del page["/Annots"]
        return
    kept = ArrayObject()
    for reference in list.__iter__(annotations):
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject):
            continue
        kind = _resolved(annotation, "/Subtype")
        if kind in _ANNOTATIONS_REFUSED:
            continue
        if kind != "/Widget":
            for key in _OF_COMMENTS & annotation.keys():
                del annotation[key]
        annotation.pop("/M", None)
        kept.append(reference)
    page[NameObject("/Annots")] = kept


def _clean_colours(found: ArrayObject) -> None:
    """Replace an ICC profile, which may name a device, with the device colour space."""
    if len(found) == 2 and list.__getitem__(found, 0) == "/ICCBased":
        profile = found[1].get_object()
        number = _resolved(profile, "/N") if isinstance(profile, DictionaryObject) else None
        found[:] = [NameObject(_DEVICE.get(number if isinstance(number, int) else 3, "/DeviceRGB"))]


def _clean_stream(stream: StreamObject) -> None:
    for key in ("/F", "/FFilter", "/FDecodeParms"):  # content stored in an external file
        stream.pop(key, None)
    filters = _resolved(stream, "/Filter")
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    last = names[-1] if names else None
    if (
        not isinstance(last, NameObject)
        or last not in _PICTURES
        or not isinstance(stream, EncodedStreamObject)
    ):
        return
    parameters = _resolved(stream, "/DecodeParms")
    # get_data() leaves the two image formats encoded and undoes only the filters applied on top.
    stream._data = _PICTURES[last](stream.get_data() if len(names) > 1 else stream._data)
    stream[NameObject("/Filter")] = NameObject(last)
    if isinstance(parameters, ArrayObject):
        del stream["/DecodeParms"]
        if isinstance(parameters[-1].get_object(), DictionaryObject):
            stream[NameObject("/DecodeParms")] = parameters[-1]
