"""Uploads: known by content, within limits, and without what they tell about their makers."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from recommendations.core import sandbox
from recommendations.core.cleaning import images, streams
from recommendations.desk.entries import files
from recommendations.reading.reader import read
from tests.files_with_metadata import (
    CANARY,
    make_image,
    make_pdf,
    make_word,
    picture,
    words_in_pdf,
    words_in_word,
)


def receive(content: bytes, name: str = f"{CANARY}.exe", content_type: str = "text/html") -> bytes:
    """What is kept of an upload; what its sender says of it is always wrong here."""
    kept = files.receive(SimpleUploadedFile(name, content, content_type))
    assert CANARY not in str(kept.name)
    return kept.read()


def refusal(content: bytes) -> str:
    """The one sentence by which it is refused."""
    with pytest.raises(ValidationError) as refused:
        receive(content)
    (sentence,) = refused.value.messages
    assert sentence.endswith(".")
    assert CANARY not in sentence
    return sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cleaned_picture_has_no_metadata(kind):
    told = make_image(kind)
    assert told.count(CANARY.encode()) >= 3
    kept = receive(told)
    assert CANARY.encode() not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        opened.load()
        assert (opened.format, opened.size) == (kind, (40, 20))
        assert not opened.getexif()
        assert not {"icc_profile", "xmp", "comment", "exif", "XML:com.adobe.xmp"} & opened.info.keys()
        red, green, _blue = opened.convert("RGB").getpixel((2, 2))
        assert green > 150 > 80 > red


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_turned_by_its_orientation_tag(kind):
    with Image.open(io.BytesIO(receive(make_image(kind, orientation=6)))) as opened:
        assert opened.size == (20, 40)
        red, green, _blue = opened.convert("RGB").getpixel((17, 3))  # what was at the top left
        assert green > 150 > 80 > red


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "L"), ("JPEG", "CMYK")],
)
def test_pictures_of_every_colour_mode_are_accepted(kind, mode):
    output = io.BytesIO()
    picture(mode=mode).save(output, kind)
    with Image.open(io.BytesIO(receive(output.getvalue()))) as opened:
        assert opened.size == (40, 20)


def test_transparent_picture_stays_transparent():
    output = io.BytesIO()
    palette = picture(mode="P")
    palette.save(output, "PNG", transparency=palette.getpixel((30, 15)))
    with Image.open(io.BytesIO(receive(output.getvalue()))) as opened:
        assert opened.convert("RGBA").getpixel((30, 15))[3] == 0
        assert opened.convert("RGBA").getpixel((1, 1))[3] == 255


def test_picture_with_too_many_pixels_is_refused():
    output = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(output, "PNG")
    assert len(output.getvalue()) < 200_000
    assert "400000000 pixels" in refusal(output.getvalue())


def test_cleaned_pdf_keeps_only_its_visible_pages():
    told = make_pdf()
    assert words_in_pdf(told).count(CANARY) > 20
    kept = receive(told)
    words = words_in_pdf(kept)
    assert CANARY not in words
    for act in ("/JavaScript", "/OpenAction", "/Launch", "/EmbeddedFile", "/FileAttachment", "/AA", "/ID"):
        assert act not in words
    reader = PdfReader(io.BytesIO(kept))
    assert len(reader.pages) == 2
    assert b"visible" in reader.pages[0].get_contents().get_data()
    assert "A remark" in words
    assert "https://example.org/law" in words
    photograph = reader.pages[0]["/Resources"]["/XObject"]["/P"].get_data()
    with Image.open(io.BytesIO(photograph)) as opened:
        opened.load()
        assert opened.size == (40, 20)


def test_pdf_after_leading_bytes_is_recognised():
    assert receive(b"\n\n" + make_pdf()).startswith(b"%PDF-")


def test_an_encrypted_pdf_is_refused():
    assert "is encrypted" in refusal(make_pdf(password="secret"))


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n%%EOF", make_pdf()[:300], b"%PDF-1.7 " + b"\xff" * 999],
    ids=["empty", "cut", "noise"],
)
def test_a_broken_pdf_is_refused(content):
    assert "broken" in refusal(content)


def test_cleaned_word_document_keeps_only_its_content(tmp_path):
    told = make_word()
    assert words_in_word(told).count(CANARY) > 20
    kept = receive(told)
    words = words_in_word(kept)
    assert CANARY not in words
    for held in ("Visible words.", "Added.", "Remark", "https://example.org/law", "word/media/image1.jpeg"):
        assert held in words
    for gone in (
        "docProps",
        "customXml",
        "people",
        "rsid",
        "attachedTemplate",
        "paraId",
        "rIdFile",
        "thumbnail",
        "left-over",
    ):
        assert gone not in words
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    opening = "Summary of stakeholders' submissions on Xanadu"
    body = "".join(
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        for text in (opening, "I. Background", "1. AI urged 2 laws.")
    )
    path = tmp_path / "kept.docx"
    path.write_bytes(receive(make_word(body=body)))
    assert [paragraph.text for paragraph in read(path).paragraphs] == ["AI urged 2 laws."]


FIELD = "<w:p><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:instrText>{}</w:instrText></w:r></w:p>"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
OLE = "application/vnd.openxmlformats-officedocument.oleObject"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"main": MACRO}, "macros"),
        ({"parts": {"word/vbaProject.bin": b"x"}, "types": {"word/vbaProject.bin": "a/b"}}, "macros"),
        ({"parts": {"word/embeddings/o.bin": b"x"}, "types": {"word/embeddings/o.bin": OLE}}, "other files"),
        (
            {"parts": {"word/embeddings/o.xlsx": b"x"}, "types": {"word/embeddings/o.xlsx": SHEET}},
            "other files",
        ),
        ({"parts": {"word/a.html": b"x"}, "types": {"word/a.html": "text/html"}}, "other files"),
        (
            {"parts": {"word/media/i.emf": b"x"}, "types": {"word/media/i.emf": "image/x-emf"}},
            "drawing (EMF)",
        ),
        ({"body": FIELD.format("INCLUDE", 'PICTURE "http://a"')}, "INCLUDEPICTURE"),
        ({"body": FIELD.format(" DDEAUTO ", "cmd")}, "DDEAUTO"),
        ({"body": '<w:p><w:fldSimple w:instr="LINK Excel.Sheet"/></w:p>'}, "LINK"),
        ({"body": "<w:p>"}, "broken"),
        ({"parts": {"word/media/image1.jpeg": b"no picture"}}, "broken"),
        ({"parts": {"../word/document.xml": b"x"}}, "broken"),
        ({"main": "application/xml"}, "broken"),
        ({"parts": {"word/comments.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}}, "broken"),
        ({"parts": {"word/comments.xml": b" " * 21_000_000}}, "too large once it is unpacked"),
    ],
)
def test_active_hidden_or_broken_word_document_is_refused(values, reason):
    assert reason in refusal(make_word(**values))


def test_hyperlink_field_in_word_document_is_accepted():
    body = FIELD.format("HYPERLINK ", '"https://example.org/LINK"')
    assert "example.org/LINK" in words_in_word(receive(make_word(body=body)))


def test_word_document_with_duplicate_part_is_refused():
    output = io.BytesIO(make_word())
    with zipfile.ZipFile(output, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<a/>")
    assert "broken" in refusal(output.getvalue())


def test_plain_text_is_kept_unchanged():
    text = "Свидетель сказал: ‘no’.\r\n".encode()
    assert receive(text) == text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"GIF89a", "GIF"),
        (b"BM\xff\xfe", "BMP"),
        (b"MZ\x90\x00\xff", "EXE"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC, XLS, PPT"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"PK\x03\x04 nothing", "ZIP"),
        (b"{\\rtf1", "RTF"),
    ],
)
def test_other_types_are_refused_by_name(content, name):
    assert f"is of the type {name}; only PDF, PNG" in refusal(content)


@pytest.mark.parametrize("content", [b"a\x00b", "ä".encode("latin-1"), b"  \n ", "ä".encode("utf-16")])
def test_unknown_file_type_is_refused(content):
    assert "not known" in refusal(content)


def test_empty_file_is_refused():
    assert "empty" in refusal(b"")


def test_file_above_size_limit_is_refused(settings):
    settings.UPLOAD_MAX_MB = 1
    assert receive(b"a" * 1024 * 1024)
    assert "larger than 1.0\xa0MB" in refusal(b"a" * (1024 * 1024 + 1))


def test_slow_cleaning_is_given_up(monkeypatch):
    monkeypatch.setattr(files, "LIMITS", sandbox.Limits(seconds=0.05, memory=files.LIMITS.memory))
    assert "takes too long" in refusal(make_pdf())


def test_crash_while_cleaning_refuses_the_file(monkeypatch):
    monkeypatch.setattr(files, "CHILD", "recommendations.no_such_module")
    assert "takes too long or too much memory" in refusal(make_pdf())


def test_child_process_does_not_inherit_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", CANARY)
    monkeypatch.setenv("DATABASE_URL", CANARY)
    printed = sandbox.run("os", limits=files.LIMITS)  # any module; its environment is what counts
    assert printed == b""
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(sandbox._ENVIRONMENT)


def test_cleaned_jpeg_2000_loses_embedded_text():
    output = io.BytesIO()
    picture().save(output, "JPEG2000")
    box = (len(CANARY) + 8).to_bytes(4, "big") + b"xml " + CANARY.encode()
    data = output.getvalue()
    told = data[:12] + box + data[12:]
    assert streams.clean_jpeg_2000(told) == data


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff", b"\xff\xd8" + b"\xff\xe1\x00\x00" * 9, b"\xff\xd8ab" * 9]
)
def test_a_broken_picture_is_refused(content):
    assert "broken" in refusal(b"\xff\xd8\xff" + content)


def test_picture_formats_not_allowed_are_not_opened():
    output = io.BytesIO()
    picture().save(output, "GIF")
    with pytest.raises(images.UncleanError):
        images.clean(output.getvalue())
