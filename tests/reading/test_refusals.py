"""Each type of file is read, and what cannot be read is refused with one line and nothing else."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.core.sandbox import Limits
from recommendations.reading import recognition
from recommendations.reading.document import DocumentError
from recommendations.reading.files import pdf
from recommendations.reading.files.lines import TOO_MUCH_TEXT, lines_of
from recommendations.reading.kinds.summary.parser import parse
from recommendations.reading.reader import read
from tests.amounts import examples
from tests.reading.files import make_docx, make_locked_pdf, make_pdf

if TYPE_CHECKING:
    from pathlib import Path

OPENING = "Summary of stakeholders' submissions on Xanadu"
FRENCH = (
    "La présente compilation est un résumé des communications que les parties ont adressées pour l’examen. "
)
RUSSIAN = "Настоящий доклад представляет собой резюме материалов, представленных сторонами для обзора. "

IN_RUSSIAN = "the document is in Russian or another language in Cyrillic; only English is read"
MACROS = "the Word document holds macros; save it as a DOCX without macros"
SAVE = "save the document as DOCX, PDF or text"


def make_zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return out.getvalue()


@pytest.fixture
def saved(tmp_path: Path):
    def save(content: bytes | str, name: str = "document") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


def make_pages(*marked: tuple[str, int]) -> list[list[list[tuple[str, int]]]]:
    head = [[(OPENING, 12)], [("A/HRC/WG.6/9/XYZ/3", 9)], [("I. Background", 12)]]
    filler = "2. AI noted that the law of the land was known to the people of the islands and to the courts."
    first = [*head, [("1. ", 10), *marked], [("1", 9)]]
    return [
        first,
        [[("A/HRC/WG.6/9/XYZ/3", 9)], [(filler, 10)], [("3. JS1 urged the State to amend it.", 10)]],
    ]


def test_pdf_endnote_marks_are_recognised_by_type_size(saved) -> None:
    path = saved(
        make_pdf(
            make_pages(("AI noted 15 cases in 2020.", 10), ("1", 6), (" It urged 2 laws.", 10), ("2", 6))
        )
    )
    first = read(path).paragraphs[0]
    assert first.text == "AI noted 15 cases in 2020. It urged 2 laws."
    assert [(s.act.value, s.stakeholders, s.endnotes) for s in first.statements] == [
        ("information", ("AI",), (1,)),
        ("recommendation", ("AI",), (2,)),
    ]


def test_docx_endnotes_are_read(saved) -> None:
    path = saved(
        make_docx(
            [OPENING, "I. Background", "1. AI urged 2 laws.^ JS1 noted it.^"], ["AI, p. 2.", "JS1, p. 3."]
        )
    )
    document = read(path)
    assert [s.endnotes for s in document.paragraphs[0].statements] == [(1,), (2,)]
    assert document.endnotes == {"1": "AI, p. 2.", "2": "JS1, p. 3."}


def test_html_keeps_blocks_and_raised_digits(saved) -> None:
    path = saved(
        f"<!DOCTYPE html><html><head><title>no</title><style>p {{}}</style></head><body><h1>{OPENING}</h1>"
        "<h2>I. Background</h2><p>1. AI urged <b>2 laws</b>.<sup>1</sup> "
        "JS1 noted\nit.<sup>2</sup></p></body></html>"
    )
    paragraph = read(path).paragraphs[0]
    assert paragraph.text == "AI urged 2 laws. JS1 noted it."
    assert [s.endnotes for s in paragraph.statements] == [(1,), (2,)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "the file is empty"),
        (b"\x00\x01\x02binary\x00" * 50, "the file is binary data, not a text, PDF, DOCX or HTML document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the file is binary data, not a text, PDF, DOCX or HTML document"),
        ((FRENCH * 20).encode(), "the document is in French; only English is read"),
        (
            b"A recipe for soup with the best of the garden.",
            "this is none of the documents that are read: a summary of stakeholders' submissions, an account "
            "of a committee's dialogue, a report of the UPR working group, a State's addendum to one, "
            "concluding observations or a thematic list of recommendations",
        ),
        (
            b"A/HRC/WG.6/9/XYZ/2\n1. The compilation.",
            "A/HRC/WG.6/9/XYZ/2 is a compilation of United Nations information, "
            "not a summary of stakeholders' submissions",
        ),
        (b"PK\x03\x04 not a zip at all", "the file is not a Word document, or a broken one"),
        (b"{\\rtf1 old}", "old Word and RTF files are not read; save the document as DOCX, PDF or text"),
        (make_docx([OPENING], parts={"word/vbaProject.bin": "x"}), MACROS),
        (make_docx([OPENING], parts={"word/VBAPROJECT.BIN": "x"}), MACROS),
        (
            make_zip("xl/workbook.xml", "[Content_Types].xml"),
            "the file is a spreadsheet, not a document; import it as a table",
        ),
        (make_zip("ppt/presentation.xml"), "the file is a presentation, not a document"),
        (
            make_zip("mimetype", "content.xml"),
            "the file is an OpenDocument or e-book file; save the document as DOCX, PDF or text",
        ),
        (make_zip("a.txt"), "the file is a ZIP archive, not a Word document"),
        (
            make_docx([OPENING], parts={f"word/{n}.xml": "" for n in range(2_000)}),
            "the Word document names more than 2,000 parts",
        ),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Word and RTF files are not read; " + SAVE),
        (
            b"\xd0\xcf\x11\xe0" + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "the Word document is protected by a password",
        ),
        (make_locked_pdf(), "the PDF is protected by a password"),
        (b"abc \x81\x8d" * 50, "the encoding of the text is not known; save it as UTF-8"),
        (
            "a State’s law’s words’ end".encode().decode("cp1252").encode(),
            "the text was saved in a wrong encoding: “â€™” stands where there was one sign; "
            "save it anew as UTF-8",
        ),
        *(
            ((RUSSIAN * 20).encode(encoding), IN_RUSSIAN)
            for encoding in ("cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-8")
        ),
        (b"%PDF-1.4 and nothing else", "the PDF is broken or truncated"),
        (make_pdf([[[("", 10)]], [[("", 10)]]]), "the PDF has no text layer: it seems to be a scan"),
        (make_pdf(make_pages(("x", 10)))[:400], "the PDF is broken or truncated"),
        *((content, TOO_MUCH_TEXT) for content in (
            b"word " * 400_000, b"1. a" + b"\n" * 100_000, b"<html>" + b"<br>" * 100_000,
            make_docx([], body="<w:p/>" * 100_001),
        )),
    ],
)  # fmt: skip
def test_unreadable_content_is_refused_in_one_line(saved, content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        read(saved(content))
    assert str(refusal.value) == reason


def test_missing_or_irregular_file_is_refused(tmp_path: Path) -> None:
    for path, reason in [
        (tmp_path / "missing.pdf", "there is no such file"),
        (tmp_path, "this is a directory, not a document"),
        ("/dev/zero", "this is not a regular file"),
        ("a\0b", "there is no such file"),
    ]:
        with pytest.raises(DocumentError) as refusal:
            read(path)
        assert str(refusal.value) == reason


def test_large_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: no such memory is ever used
    started = time.monotonic()
    with pytest.raises(DocumentError, match="too large"):
        read(path)
    assert time.monotonic() - started < 2


def test_docx_that_unpacks_too_large_is_refused(saved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.reading.files.markup._LARGEST_PART", 100)
    with pytest.raises(DocumentError, match="too large"):
        read(saved(make_docx([OPENING, "1. AI noted."])))


@pytest.mark.parametrize(("opening", "most"), [("<!DOCTYPE html><p>", 5), ("1. AI ", 5), ("PK\x03\x04", 20)])
def test_file_above_the_limit_of_its_type_is_refused(tmp_path: Path, opening: str, most: int) -> None:
    path = tmp_path / "large"
    path.write_text(opening)
    with path.open("r+b") as file:
        file.truncate(most * 1_000_000 + 1)
    with pytest.raises(DocumentError, match=f"at most {most},000,000 are read"):
        read(path)


def test_false_size_stated_in_docx_is_not_believed(saved) -> None:
    content = make_docx([OPENING, "AI noted. " * 5_000_000])
    size = zipfile.ZipFile(io.BytesIO(content)).getinfo("word/document.xml").file_size.to_bytes(4, "little")
    assert content.count(size) == 2  # before the part, and in the list at the end
    path = saved(content.replace(size, (1000).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError, match="not a Word document, or a broken one"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_docx_with_unusual_compression_is_refused(saved, method: int) -> None:
    with pytest.raises(DocumentError, match="packed in a way that Word does not use"):
        read(saved(make_docx([OPENING, "1. AI noted."], method=method)))


def test_a_docx_with_broken_bytes_is_read_or_refused(saved) -> None:
    whole = make_docx([OPENING, "I. Background", "1. AI urged 2 laws.^ JS1 noted it.^"], ["A.", "B."])
    for place in range(4, len(whole)):
        with contextlib.suppress(DocumentError):
            read(saved(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]))
    for length in range(4, len(whole), 7):
        with pytest.raises(DocumentError):
            read(saved(whole[:length]))


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>" * 200 + "<w:r><w:t>a </w:t></w:r>" * 20_000 + "</w:p>" * 200,
        "<w:p>" + "<w:r/>" * 300_000 + "</w:p>",
    ],
)
def test_nested_docx_is_read_in_bounded_time(saved, body: str) -> None:
    started = time.process_time()
    with contextlib.suppress(DocumentError):
        read(saved(make_docx([], body=body)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("unit", ["<i>a</i>", "<br>", "<!---->", "<p>a"])
def test_html_with_much_markup_is_read_in_bounded_time(saved, unit: str) -> None:
    page = "<!DOCTYPE html><body>" + "<div>" * 200 + unit * 150_000
    started = time.process_time()
    with contextlib.suppress(DocumentError):
        read(saved(page))
    assert time.process_time() - started < 5


def test_a_text_box_in_a_docx_is_read_once(saved) -> None:
    inner = "<w:p><w:r><w:t>2. JS1 urged it.</w:t></w:r></w:p>"
    box = f"<w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r>"
    tabs = "<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>"
    body = "".join(
        f"<w:p>{tabs}<w:r><w:t>{text}</w:t></w:r>{extra}</w:p>"
        for text, extra in [(OPENING, ""), ("I. Background", ""), ("1. AI urged 2 laws.", box)]
    )
    document = read(saved(make_docx([], body=body)))
    assert [paragraph.text for paragraph in document.paragraphs] == ["AI urged 2 laws.", "JS1 urged it."]


def test_a_slow_pdf_is_given_up(saved, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(seconds=0.05, memory=pdf.LIMITS.memory)
    monkeypatch.setattr(pdf, "LIMITS", limits)
    with pytest.raises(DocumentError, match="takes more than"):
        read(saved(make_pdf(make_pages(("AI noted.", 10)))))


def test_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="known are stakeholder_summary, dialogue_summary"):
        read(tmp_path / "any", kind="novel")


@settings(max_examples=examples(37), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300).filter(lambda content: b"%PDF-" not in content))
def test_any_bytes_are_read_or_refused(saved, content: bytes) -> None:
    with contextlib.suppress(DocumentError):
        read(saved(content))


PIECES = st.sampled_from(
    [
        *(
            "I. Background\n",
            "1. ",
            "2. ",
            "3. ",
            "AI ",
            "JS1 ",
            "Amnesty International (AI) ",
            "noted ",
            "1\n",
            ".2 ",
        ),
        *(
            "recommended that ",
            "Notes\n",
            "1 The stakeholders listed below\n",
            "Civil society\n",
            "A. Scope\n",
            "\n",
        ),
        *(
            "A/HRC/WG.6/9/XYZ/3\n",
            "Page 2\n",
            "See also ",
            "“",
            "”",
            "(",
            ")",
            ";",
            ", ",
            " and ",
            "Joint submissions:\n",
        ),
    ]
)


@settings(max_examples=examples(75))
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        document = parse(lines_of(text))
    except DocumentError:
        return
    for paragraph in document.paragraphs:
        assert all(statement.text in paragraph.text for statement in paragraph.statements)


@given(st.text(max_size=300))
def test_any_text_is_recognised_or_refused(text: str) -> None:
    with contextlib.suppress(DocumentError):
        assert recognition.recognise(lines_of(text)).kind in recognition.KINDS
