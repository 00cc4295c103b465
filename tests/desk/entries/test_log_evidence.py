"""Evidence of an entry: paragraphs are found and quoted word for word, and nothing becomes public unasked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.models import Evidence, FollowUp
from tests import make
from tests.desk.entries.form_pages import (
    LOG,
    WHY,
    complete,
    errors,
    form_of,
    forms,
    opened,
    page,
    positions,
    press,
)

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db
TEXT = "Defamation had been downgraded\n to an administrative offence, and the fines were halved."


@pytest.fixture
def document(record: Recommendation) -> Any:
    """Another document on the same State, with a symbol."""
    return make.make_document(symbol="CCPR/C/FRE/CO/3", title="Concluding observations")


def found(tree: HtmlElement) -> list[str]:
    """The paragraphs that can be chosen."""
    return tree.xpath("//button[starts-with(@value, 'choose:')]/@value")


def look_for(desk: Client, record: Recommendation, text: str, **values: Any) -> HtmlElement:
    return page(press(desk, page(press(desk, opened(desk, record), "quote")), "find", find=text, **values))


def test_paragraph_is_found_by_words_symbol_or_number(
    desk: Client, record: Recommendation, document: Any
) -> None:
    # No symbol that is made up has this number in it.
    wanted = make.make_paragraph(document=document, number="90036", text=TEXT)
    make.make_paragraph(document=document, number="90037", text="Besides 90036 others.")
    for text in (
        "DEFAMATION fines",
        "CCPR/C/FRE/CO/3 para. 90036 halved",
        "“administrative offence”",
        "fre/co 90036",
    ):
        assert found(look_for(desk, record, text))[0] == f"choose:{wanted.pk}", text
    assert len(found(look_for(desk, record, "para 90036"))) == 2
    tree = look_for(desk, record, "moratorium planet")
    assert found(tree) == []
    assert "No paragraph has all of these words." in tree.text_content()
    assert found(look_for(desk, record, "")) == []


def test_search_leaves_out_other_states_and_hidden_documents(desk: Client, record: Recommendation) -> None:
    abroad = make.make_document(review=make.make_review(state=make.make_state(iso3="SYL", name="Sylvania")))
    paragraph = make.make_paragraph(document=abroad, text=TEXT)
    hidden = make.make_paragraph(document=make.make_document(published=False), text=TEXT)
    assert found(look_for(desk, record, "defamation")) == []
    assert found(look_for(desk, record, "defamation", everywhere="1")) == [f"choose:{paragraph.pk}"]
    tree = page(press(desk, opened(desk, record), f"choose:{hidden.pk}"))
    assert positions(tree) == []
    answer = desk.post(LOG, evidence_of(record, paragraph=hidden.pk, text="fines"))
    assert "not one of the available choices" in page(answer).text_content()
    assert not FollowUp.objects.exists()


def evidence_of(record: Recommendation, kind: str = "paragraph", **values: Any) -> dict[str, Any]:
    """An entry with one piece of evidence and the button to save it."""
    ngo = record.ngo
    fields = {"kind": kind, "stance": "supports", "access": "private"} | values
    named = {f"evidence-1-{name}": value for name, value in fields.items()}
    return complete(record, ngo, do="save", **forms(1)) | named


@pytest.fixture(autouse=True)
def _whose(record: Recommendation, ngo: Stakeholder) -> None:
    record.ngo = ngo


def test_return_key_in_search_finds_without_saving(
    desk: Client, record: Recommendation, document: Any
) -> None:
    make.make_paragraph(document=document, text=TEXT)
    tree = page(press(desk, opened(desk, record), "quote"))
    tree = page(press(desk, tree, "enter", find="defamation", summary=WHY))
    assert len(found(tree)) == 1
    assert form_of(tree)["summary"] == [WHY]
    assert tree.xpath("//*[@id='found']/@autofocus")
    # What was found already is not looked for again.
    assert press(desk, tree, "enter").status_code == 302


def test_quote_must_stand_in_its_paragraph(desk: Client, record: Recommendation, document: Any) -> None:
    paragraph = make.make_paragraph(document=document, number="36", text=TEXT)
    tree = page(press(desk, look_for(desk, record, "defamation"), f"choose:{paragraph.pk}"))
    assert form_of(tree)["evidence-1-text"] == [TEXT]
    assert "CCPR/C/FRE/CO/3, para. 36" in tree.text_content()
    tree = page(press(desk, tree, "save", **{"evidence-1-text": "the fines were doubled"}))
    assert errors(tree) == [
        "The exact words: These words do not stand in paragraph 36. Nearest match: “the fines were halved.”."
    ]
    tree = page(press(desk, tree, "save", **{"evidence-1-text": ""}))
    assert errors(tree) == ["The exact words: Leave the words that matter."]
    # White space is folded, as everywhere.
    words = "Defamation had been downgraded\r\nto an administrative offence"
    press(desk, tree, "save", **{"evidence-1-text": words, "evidence-1-stance": "contradicts"})
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.paragraph, evidence.stance) == ("paragraph", paragraph, "contradicts")
    assert paragraph.holds(evidence.text)
    assert evidence.access == "private"


TOLD = (
    "The law of 2014 was kept. Defamation had been downgraded to an offence. The fines were halved."
    " Nobody was arrested under art. 5 of the law in 2024."
)


@pytest.mark.parametrize(
    ("looked_for", "quoted"),
    [
        ("defamation downgraded", "Defamation had been downgraded to an offence."),
        ("36 halved fines", "The fines were halved."),
        ("defamation fines", "Defamation had been downgraded to an offence. The fines were halved."),
        ("law 2024", "Nobody was arrested under art. 5 of the law in 2024."),
        ("law", "The law of 2014 was kept."),
        ("36", TOLD),
    ],
)
def test_quote_is_cut_to_sentences_that_were_searched(
    desk: Client, record: Recommendation, document: Any, looked_for: str, quoted: str
) -> None:
    paragraph = make.make_paragraph(document=document, number="36", text=TOLD)
    tree = page(press(desk, look_for(desk, record, looked_for), f"choose:{paragraph.pk}"))
    assert form_of(tree)["evidence-1-text"] == [quoted]
    whole = tree.xpath("//button[@value='whole:1']")
    assert bool(whole) == (quoted != TOLD)
    if whole:
        tree = page(press(desk, tree, "whole:1"))
        assert form_of(tree)["evidence-1-text"] == [TOLD]
        assert tree.xpath("//textarea[@name='evidence-1-text']/@autofocus")
        assert not tree.xpath("//button[@value='whole:1']")


def test_paragraph_is_chosen_while_reading_around_it(
    desk: Client, record: Recommendation, document: Any
) -> None:
    rows = [
        make.make_paragraph(document=document, number=str(n), text=f"Sentence of {n}. Number {n} says so.")
        for n in range(1, 10)
    ]
    tree = page(press(desk, look_for(desk, record, "number 5"), f"around:{rows[4].pk}", summary=WHY))
    assert found(tree) == [f"choose:{row.pk}" for row in rows[1:8]]
    assert "CCPR/C/FRE/CO/3, around paragraph 5" in tree.text_content()
    assert tree.xpath("//*[@id='around']/@autofocus")
    (later,) = tree.xpath("//button[.='Later in the document']/@value")
    tree = page(press(desk, tree, later))
    assert found(tree)[-1] == f"choose:{rows[8].pk}"
    assert not tree.xpath("//button[.='Later in the document']")
    # Back to what was found, or on with the whole paragraph; nothing typed is lost.
    assert found(page(press(desk, tree, "find"))) == [f"choose:{rows[4].pk}"]
    tree = page(press(desk, tree, f"choose:{rows[8].pk}"))
    assert form_of(tree)["evidence-1-text"] == ["Sentence of 9. Number 9 says so."]
    assert form_of(tree)["summary"] == [WHY]
    assert "around" not in form_of(tree)


@pytest.mark.parametrize("what", ["", "x", "0", "9" * 30])
def test_reading_around_unknown_paragraph_shows_nothing(
    desk: Client, record: Recommendation, what: str
) -> None:
    tree = look_for(desk, record, "moratorium planet")
    for button in (f"around:{what}", f"whole:{what}"):
        assert found(page(press(desk, tree, button))) == []
    hidden = make.make_paragraph(document=make.make_document(published=False), text="Planet moratorium.")
    assert found(page(press(desk, tree, f"around:{hidden.pk}"))) == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("example.org/law", "https://example.org/law"),
        ("http://example.org/law?a=1#b", "http://example.org/law?a=1#b"),
        ("javascript:alert(1)", ""),
        ("ftp://example.org/law", ""),
        ("no address", ""),
    ],
)
def test_only_web_addresses_are_taken_as_links(
    desk: Client, record: Recommendation, typed: str, stored: str
) -> None:
    answer = desk.post(LOG, evidence_of(record, "link", url=typed))
    if stored:
        assert Evidence.objects.get().url == stored
    else:
        assert errors(page(answer)) == [
            "Address of the link: This is no address of a page, like https://example.org/law."
        ]
        assert not FollowUp.objects.exists()


def test_evidence_left_empty_is_left_out(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, page(press(desk, opened(desk, record), "add:link")), "add:file"))
    assert positions(tree) == [1, 2]
    press(desk, tree, "save", summary=WHY)
    assert FollowUp.objects.get().evidence.count() == 0
    tree = page(press(desk, tree, "save", key="", **{"evidence-2-title": "The decree"}))
    assert errors(tree) == ["File: Choose the file, or remove this piece of evidence."]


def test_removed_evidence_goes_and_the_rest_stays(desk: Client, record: Recommendation) -> None:
    data = evidence_of(record, "link", url="example.org/1") | forms(2)
    values = {"kind": "link", "url": "example.org/2", "stance": "context", "access": "private"}
    data |= {f"evidence-2-{name}": value for name, value in values.items()}
    tree = page(desk.post(LOG, data, follow=True))
    tree = page(press(desk, tree, "remove:1"))
    assert positions(tree) == [2]
    assert Evidence.objects.count() == 2, "nothing is saved yet"
    press(desk, tree, "save")
    assert [each.url for each in Evidence.objects.all()] == ["https://example.org/2"]
    tree = page(press(desk, page(desk.get(f"/desk/entries/{FollowUp.objects.get().pk}/")), "add:link"))
    assert positions(tree) == [2, 3]


# Files


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_upload_is_typed_by_content_and_loses_its_name(
    desk: Client, record: Recommendation, media: Path
) -> None:
    upload = SimpleUploadedFile("Canary Name.exe", b"What the source said.")
    tree = page(desk.post(LOG, evidence_of(record, "file", file=upload, title="A letter"), follow=True))
    (path,) = stored_files(media)
    assert path.suffix == ".txt"
    assert "Canary" not in str(path)
    (link,) = tree.xpath("//a[starts-with(@href, '/desk/evidence/')]/@href")
    assert b"".join(desk.get(link)) == b"What the source said."
    # It stays while nothing else is chosen, and is replaced by what is.
    tree = page(desk.post(*_again(tree, {"evidence-1-title": "The letter"}), follow=True))
    assert stored_files(media) == [path]
    assert Evidence.objects.get().title == "The letter"
    desk.post(*_again(tree, {"evidence-1-file": SimpleUploadedFile("b.txt", b"What another said.")}))
    assert Path(Evidence.objects.get().file.path).read_bytes() == b"What another said."


def _again(tree: HtmlElement, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return tree.get_element_by_id("entry-form").get("action"), form_of(tree) | values | {"do": "save"}


def test_refused_upload_says_why_at_its_field(desk: Client, record: Recommendation, media: Path) -> None:
    for content in (b"MZ\x90\x00 a program", b""):
        tree = page(desk.post(LOG, evidence_of(record, "file", file=SimpleUploadedFile("a.pdf", content))))
        assert errors(tree)[0].startswith("File: The ")
        assert stored_files(media) == []
        assert not FollowUp.objects.exists()


def test_correction_shares_the_file_of_its_entry(
    desk: Client, record: Recommendation, ngo: Stakeholder, media: Path
) -> None:
    desk.post(
        LOG, evidence_of(record, "file", file=SimpleUploadedFile("a.txt", b"A letter."), title="A letter")
    )
    entry = FollowUp.objects.get()
    entry.publish()
    tree = page(desk.get(LOG, {"replaces": entry.pk}))
    press(desk, tree, "save", correction_reason="A date.")
    one, other = Evidence.objects.order_by("pk")
    assert one.file.name == other.file.name
    # Somebody else's file is not had by naming it.
    theirs = make.make_follow_up(record, role="civil_society")
    secret = make.make_evidence(follow_up=theirs, kind="file", url="", file="evidence/secret.txt")
    answer = desk.post(LOG, evidence_of(record, "file", file_of=secret.pk) | {"key": "a" * 32})
    assert "not one of the available choices" in page(answer).text_content()


# Going public asks twice


def test_evidence_becomes_public_only_when_confirmed(desk: Client, record: Recommendation) -> None:
    answer = desk.post(
        LOG, evidence_of(record, "link", url="example.org/law", access="public") | {"do": "submit"}
    )
    tree = page(answer)
    box = tree.xpath("//*[contains(@class, 'confirm-danger')]")[0]
    assert "https://example.org/law" in box.text_content()
    entry = FollowUp.objects.get()
    assert (entry.stage, entry.evidence.get().access) == ("draft", "private"), "saved, and not public yet"
    # Once more without the box: it asks again. With a box for something else: it asks again.
    tree = page(press(desk, tree, "submit"))
    tree = page(press(desk, tree, "submit", **{"evidence-1-url": "https://example.org/other"}))
    consent = tree.get_element_by_id("id_consent").get("value")
    tree = page(
        press(desk, tree, "submit", consent=consent, **{"evidence-1-url": "https://example.org/third"})
    )
    consent = tree.get_element_by_id("id_consent").get("value")
    assert press(desk, tree, "submit", consent=consent).status_code == 302
    entry.refresh_from_db()
    evidence = entry.evidence.get()
    assert (entry.stage, evidence.access, evidence.url) == (
        "submitted",
        "public",
        "https://example.org/third",
    )


def test_confirmed_evidence_is_asked_again_only_when_changed(desk: Client, record: Recommendation) -> None:
    tree = page(desk.post(LOG, evidence_of(record, "link", url="example.org/law", access="public")))
    consent = tree.get_element_by_id("id_consent").get("value")
    tree = page(desk.post(*_again(tree, {"consent": consent}), follow=True))
    assert Evidence.objects.get().access == "public"
    assert press(desk, tree, "save", summary="Another sentence.").status_code == 302
    tree = page(desk.get(tree.get_element_by_id("entry-form").get("action")))
    tree = page(press(desk, tree, "save", **{"evidence-1-url": "https://example.org/other"}))
    assert "Show this evidence to everyone?" in tree.text_content()
    assert Evidence.objects.get().access == "private"


def test_partner_and_private_evidence_need_no_confirmation(desk: Client, record: Recommendation) -> None:
    for n, access in enumerate(("private", "partners")):
        data = evidence_of(record, "link", url="example.org/law", access=access) | {"key": f"{n:032x}"}
        assert desk.post(LOG, data).status_code == 302
        assert Evidence.objects.filter(access=access).exists()
