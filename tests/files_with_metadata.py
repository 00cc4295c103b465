"""Files that tell more than they show: each carries the canary wherever its format has a place for it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

CANARY = "Shibboleth"
XMP = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    f"<r:Description>{CANARY}</r:Description></r:RDF></x:xmpmeta>"
).encode()


def picture(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    """Red, with a green corner at the top left, so that one sees which way up it is."""
    drawn = Image.new("RGB", size, (200, 0, 0))
    drawn.paste((0, 200, 0), (0, 0, size[0] // 4, size[1] // 2))
    return drawn.convert(mode)


def make_image(kind: str, *, mode: str = "RGB", orientation: int = 1) -> bytes:
    """A picture with EXIF (place and camera), XMP, a profile, comments, and words behind its end."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY
    exif[0x013B] = CANARY
    exif.get_ifd(0x8825)[0x001D] = CANARY
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + CANARY.encode()
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", CANARY)
        words.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = words
    else:
        options |= {"xmp": XMP}
    if kind == "JPEG":
        options["comment"] = CANARY
    output = io.BytesIO()
    picture(mode=mode).save(output, kind, **options)
    return output.getvalue() + CANARY.encode()


def _text(value: str = CANARY) -> TextStringObject:
    return TextStringObject(value)


def _stream(data: bytes, **values: Any) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(data)
    for key, value in values.items():
        made[NameObject(f"/{key}")] = value
    return made


def _dictionary(**values: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def make_pdf(*, password: str = "", pages: int = 2) -> bytes:
    """A PDF that says who made it in every way, acts, and carries attachments."""
    writer = PdfWriter()
    box = ArrayObject([FloatObject(n) for n in (0, 0, 50, 50)])
    script = _dictionary(S=NameObject("/JavaScript"), JS=_text(f"app.alert('{CANARY}')"))
    for _number in range(pages):
        page = writer.add_blank_page(200, 200)
        page[NameObject("/Contents")] = writer._add_object(_stream(b"0 0 20 20 re f % visible"))
        page[NameObject("/PieceInfo")] = _dictionary(Program=_dictionary(Private=_text()))
        page[NameObject("/AA")] = _dictionary(O=script)
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY, "/Producer": CANARY})
    writer.xmp_metadata = XMP
    writer.add_attachment(f"{CANARY}.txt", CANARY.encode())
    root = writer.root_object
    root[NameObject("/OpenAction")] = script
    names: Any = root["/Names"].get_object()
    names[NameObject("/JavaScript")] = _dictionary(Names=ArrayObject([_text(), script]))
    launch = _dictionary(S=NameObject("/Launch"), F=_text(f"{CANARY}.exe"))
    link = _dictionary(S=NameObject("/URI"), URI=_text("https://example.org/law"))
    annotations = [
        _dictionary(Subtype=NameObject("/Text"), Rect=box, Contents=_text("A remark"), T=_text(), M=_text()),
        _dictionary(Subtype=NameObject("/FileAttachment"), Rect=box, Contents=_text()),
        _dictionary(Subtype=NameObject("/Link"), Rect=box, A=launch),
        _dictionary(Subtype=NameObject("/Link"), Rect=box, A=writer._add_object(link)),
        _dictionary(
            Subtype=NameObject("/Widget"),
            FT=NameObject("/Sig"),
            Rect=box,
            V=_dictionary(Name=_text(), ByteRange=ArrayObject(), Contents=ByteStringObject(b"0")),
        ),
    ]
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(one) for one in annotations])
    photograph = StreamObject()
    photograph._data = make_image("JPEG")
    profile = writer._add_object(_stream(CANARY.encode(), N=FloatObject(3)))
    photograph.update(
        {
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Filter"): NameObject("/DCTDecode"),
            NameObject("/Metadata"): writer._add_object(_stream(XMP)),
            NameObject("/ColorSpace"): ArrayObject([NameObject("/ICCBased"), profile]),
        }
    )
    page[NameObject("/Resources")] = _dictionary(XObject=_dictionary(P=writer._add_object(photograph)))
    writer._ID = ArrayObject([ByteStringObject(CANARY.encode()), ByteStringObject(CANARY.encode())])
    # Nothing refers to it: a former version, as programs leave it behind.
    writer._add_object(_stream(CANARY.encode()))
    if password is not None and password != "":
        writer.encrypt(password)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def words_in_pdf(content: bytes) -> str:
    """All that a PDF holds, unpacked."""
    reader = PdfReader(io.BytesIO(content))
    found = [content.decode("latin-1"), str(reader.trailer), str(reader.metadata), str(reader.xmp_metadata)]
    for number in range(1, int(str(reader.trailer["/Size"]))):
        held = reader.get_object(number)
        found.append(str(held))
        if isinstance(held, StreamObject):
            found.append(held.get_data().decode("latin-1"))
    return "\n".join(found)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OUTSIDE = ' TargetMode="External"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BODY = f"""
<w:p w:rsidR="00{CANARY}" w14:paraId="{CANARY}"><w:r><w:t>Visible words.</w:t></w:r>
<w:ins w:id="1" w:author="{CANARY}" w:date="2024-01-01T00:00:00Z"><w:r><w:t>Added.</w:t></w:r></w:ins>
<w:hyperlink r:id="rIdFile"><w:r><w:t>a file</w:t></w:r></w:hyperlink>
<w:hyperlink r:id="rIdLink"><w:r><w:t>a link</w:t></w:r></w:hyperlink>
<w:r><w:drawing><wp:docPr id="1" name="{CANARY}.jpg" descr="C:\\Users\\{CANARY}\\a.jpg"/>
<a:blip r:embed="rIdPicture"/></w:drawing></w:r></w:p><!-- {CANARY} --><?mso {CANARY}?>"""


def make_word(
    body: str = BODY,
    parts: dict[str, bytes] | None = None,
    types: dict[str, str] | None = None,
    main: str = f"{_TYPE}.document.main+xml",
) -> bytes:
    """A Word document that says who wrote it in every way."""

    def xml(root: str, inside: str = "", names: str = "") -> bytes:
        w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
        return f'<w:{root} xmlns:w="{W}" xmlns:r="{R}" {w14} {names}>{inside}</w:{root}>'.encode()

    def relations(*rows: tuple[str, str, str, str]) -> bytes:
        found = "".join(
            f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"{outside}/>'
            for key, kind, target, outside in rows
        )
        return f'<Relationships xmlns="{_RELATIONS}">{found}</Relationships>'.encode()

    drawing = 'xmlns:wp="urn:wp" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    held = {
        "word/document.xml": xml("document", f"<w:body>{body}</w:body>", drawing),
        "word/comments.xml": xml(
            "comments",
            f'<w:comment w:id="1" w:author="{CANARY}" w:initials="{CANARY}"><w:p><w:r><w:t>Remark</w:t></w:r>'
            "</w:p></w:comment>",
        ),
        "word/settings.xml": xml(
            "settings",
            f'<w:rsids><w:rsid w:val="{CANARY}"/></w:rsids><w:attachedTemplate r:id="rId1"/>'
            f'<w:docVars><w:docVar w:name="a" w:val="{CANARY}"/></w:docVars><w14:docId w14:val="{CANARY}"/>',
        ),
        "word/people.xml": xml("people", CANARY),
        "word/media/left-over.jpeg": make_image("JPEG"),
        "word/media/image1.jpeg": make_image("JPEG"),
        "docProps/core.xml": f"<c>{CANARY}</c>".encode(),
        "docProps/app.xml": f"<c>{CANARY}</c>".encode(),
        "docProps/custom.xml": f"<c>{CANARY}</c>".encode(),
        "docProps/thumbnail.jpeg": make_image("JPEG"),
        "customXml/item1.xml": f"<c>{CANARY}</c>".encode(),
        "_rels/.rels": relations(
            ("rId1", "officeDocument", "word/document.xml", ""),
            ("rId2", "core-properties", "docProps/core.xml", ""),
            ("rId3", "thumbnail", "docProps/thumbnail.jpeg", ""),
        ),
        "word/_rels/document.xml.rels": relations(
            ("rIdPicture", "image", "media/image1.jpeg", ""),
            ("rIdComments", "comments", "comments.xml", ""),
            ("rIdSettings", "settings", "settings.xml", ""),
            ("rIdPeople", "people", "people.xml", ""),
            ("rIdFile", "hyperlink", f"file:///C:/Users/{CANARY}/a.docx", OUTSIDE),
            ("rIdLink", "hyperlink", "https://example.org/law", OUTSIDE),
        ),
        "word/_rels/settings.xml.rels": relations(
            ("rId1", "attachedTemplate", f"file:///C:/Users/{CANARY}/Normal.dotm", OUTSIDE)
        ),
    } | (parts or {})
    kinds = {
        "word/document.xml": main,
        "word/comments.xml": f"{_TYPE}.comments+xml",
        "word/settings.xml": f"{_TYPE}.settings+xml",
        "word/people.xml": f"{_TYPE}.people+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    } | (types or {})
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = CANARY.encode()
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="jpeg" ContentType="image/jpeg"/>{overrides}</Types>',
        )
        for name, data in held.items():
            archive.writestr(name, data)
    return output.getvalue()


def words_in_word(content: bytes) -> str:
    """All that a Word document holds, unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = [content.decode("latin-1"), str(archive.comment), *map(str, archive.infolist())]
        found += [archive.read(name).decode("latin-1") for name in archive.namelist()]
    return "\n".join(found)
