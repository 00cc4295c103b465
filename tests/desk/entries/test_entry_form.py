"""The entry form and its evidence formset by themselves: what they take, keep, leave out and ask."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from recommendations.desk.entries import files, services
from recommendations.desk.entries.evidence_forms import EvidenceForm, copied_values, typed_values
from recommendations.desk.entries.forms import EntryForm
from recommendations.models import Evidence, FollowUp, Grade, Stakeholder
from tests import make
from tests.desk.entries.form_pages import LOG, WHY, complete, errors, form_of, forms, opened, page, press

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from recommendations.models import Recommendation

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(record: Recommendation, ngo: Stakeholder) -> FollowUp:
    """A draft with a link at position 2; what stood at 1 was removed."""
    entry = make.make_follow_up(record, published_at=None, role="civil_society", assessor=ngo, summary=WHY)
    make.make_evidence(follow_up=entry, position=2, url="https://example.org/2", access="private")
    return entry


def form_for(entry: FollowUp, data: Any = None, **options: Any) -> EntryForm:
    organisations = list(Stakeholder.objects.filter(pk=entry.assessor_id))
    return EntryForm(
        data, instance=entry, records=[entry.recommendation], organisations=organisations, **options
    )


def link(url: str, position: int = 1, **values: str) -> dict[str, str]:
    """A link as a browser sends it."""
    typed = {"kind": "link", "url": url, "stance": "supports", "access": "private"} | values
    return {f"evidence-{position}-{name}": value for name, value in typed.items()}


# The entry


def test_draft_may_lack_what_complete_entry_needs(draft: FollowUp) -> None:
    data = {"assessor": draft.assessor_id, **forms(0)}
    assert form_for(draft, data).is_valid()
    whole = form_for(draft, data, complete=True)
    assert not whole.is_valid()
    assert set(whole.errors) == {"status", "as_of", "summary", "confidence"}
    # On the page of a draft the fields are not called optional for that.
    shown = form_for(draft, data)
    assert shown.is_valid()
    assert all(shown.fields[name].required for name in whole.errors)


def test_emptied_day_and_confidence_stay_as_stored(draft: FollowUp) -> None:
    data = {"assessor": draft.assessor_id, "as_of": "", "confidence": "", "summary": "", **forms(0)}
    form = form_for(draft, data)
    assert form.is_valid()
    assert form.cleaned_data.keys().isdisjoint({"as_of", "confidence"})
    assert form.cleaned_data["summary"] == ""


def test_grade_is_stored_with_its_scheme(ngo: Stakeholder) -> None:
    review = make.make_review(mechanism="CCPR")
    record = make.make_recommendation(document=make.make_document(review=review))
    Grade.objects.get_or_create(scheme="CCPR", grade="B", defaults={"meaning": "Partially satisfactory"})
    entry = make.make_follow_up(record, published_at=None, assessor=ngo, role="civil_society")
    form = form_for(entry, {"assessor": ngo.pk, "grade": "CCPR|B", **forms(0)})
    assert form.is_valid()
    assert (form.cleaned_data["grade"], form.cleaned_data["grade_scheme"]) == ("B", "CCPR")
    entry.grade, entry.grade_scheme = "B", "CCPR"
    assert form_for(entry)["grade"].value() == "CCPR|B"


def test_checking_a_form_leaves_its_entry_as_it_is(draft: FollowUp) -> None:
    form = form_for(draft, {"assessor": draft.assessor_id, "summary": "Other words", **forms(0)})
    assert form.is_valid()
    assert draft.summary == WHY


def test_stored_draft_is_checked_as_if_posted(draft: FollowUp) -> None:
    assert form_for(draft, form_for(draft).as_posted(), complete=True).is_valid()
    draft.status = ""
    form = form_for(draft, form_for(draft).as_posted(), complete=True)
    assert not form.is_valid()
    assert list(form.errors) == ["status"]


# Its evidence


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("paragraph", ["kind", "paragraph", "text", "stance", "access"]),
        ("link", ["kind", "url", "title", "date", "stance", "access"]),
        ("file", ["kind", "file", "file_of", "title", "date", "stance", "access"]),
    ],
)
def test_evidence_form_has_the_fields_of_its_kind(kind: str, names: list[str]) -> None:
    assert list(EvidenceForm(initial={"kind": kind}, position=1).fields) == names


def test_page_names_each_evidence_by_its_kind(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, page(press(desk, opened(desk, record), "add:link")), "add:file"))
    legends = tree.xpath("//*[@id='evidence']//fieldset/legend")
    assert [each.text_content() for each in legends] == ["Evidence 1: Link", "Evidence 2: File"]


def test_evidence_keeps_its_position_beside_a_gap(draft: FollowUp) -> None:
    stored = form_for(draft).evidence_formset
    assert [(form.position, form["url"].html_name) for form in stored] == [(2, "evidence-2-url")]
    assert stored.management_form["TOTAL_FORMS"].value() == 2
    typed = form_for(draft, {**forms(2), **link("example.org/new", position=2)}).evidence_formset
    assert [values.get("url") for values in typed.typed] == [None, "example.org/new"]


def test_typed_values_are_shown_without_errors(draft: FollowUp) -> None:
    posted = form_for(draft, {"as_of": "yesterday", **forms(1), **link("no address")})
    shown = form_for(draft, initial=typed_values(posted), evidence=posted.evidence_formset.typed)
    assert shown["as_of"].value() == "yesterday"
    assert [form["url"].value() for form in shown.evidence_formset] == ["no address"]
    assert not shown.errors
    assert not any(form.errors for form in shown.evidence_formset)


def test_copied_evidence_shares_its_file(draft: FollowUp) -> None:
    row = make.make_evidence(follow_up=draft, position=7, kind="file", url="", file="evidence/a.txt")
    values = copied_values(draft)
    assert [each.get("file_of") for each in values] == [None, row.pk]
    assert "file" not in values[1]


def test_consent_is_for_exactly_the_listed_evidence(draft: FollowUp) -> None:
    data = {**forms(1), **link("https://example.org/law", access="public")}
    asked = form_for(draft, data).evidence_formset
    assert [form.in_words for form in asked.unconfirmed] == ["https://example.org/law"]
    assert form_for(draft, data | {"consent": asked.consent}).evidence_formset.unconfirmed == []
    data["evidence-1-url"] = "https://example.org/other"
    assert len(form_for(draft, data | {"consent": asked.consent}).evidence_formset.unconfirmed) == 1


def test_page_older_than_the_program_erases_nothing(desk: Client, draft: FollowUp) -> None:
    address = f"/desk/entries/{draft.pk}/"
    old = {name: value for name, value in form_of(page(desk.get(address))).items() if "evidence-" not in name}
    assert errors(page(desk.post(address, old | {"do": "save"}))) == [
        "The page is older than this program: reload it, and type this again."
    ]
    answer = desk.post(address, old | {"do": "autosave", "summary": "Other words"})
    assert (answer.status_code, "older than this program" in answer.json()["problem"]) == (422, True)
    assert Evidence.objects.get().url == "https://example.org/2"
    draft.refresh_from_db()
    assert draft.summary == WHY


def test_no_more_evidence_is_added_than_allowed(desk: Client, record: Recommendation) -> None:
    full = {name: value for n in range(1, 21) for name, value in link("example.org", position=n).items()}
    answer = desk.post(LOG, {"record": record.reference, **forms(20), **full, "do": "add:link"})
    assert len(page(answer).xpath("//*[@id='evidence']//fieldset")) == 20


# Writing


def test_upload_is_cleaned_once_for_several_records(
    desk: Client, ngo: Stakeholder, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cleaned, receive = [], files.receive

    def counted(upload: Any) -> Any:
        cleaned.append(upload)
        return receive(upload)

    monkeypatch.setattr(files, "receive", counted)
    records = [make.make_recommendation() for _ in range(2)]
    data = complete(records[0], ngo, record=[each.reference for each in records], do="save", **forms(1))
    data |= {"evidence-1-kind": "file", "evidence-1-stance": "context", "evidence-1-access": "private"}
    desk.post(LOG, data | {"evidence-1-file": SimpleUploadedFile("a.txt", b"What the source said.")})
    assert len(cleaned) == 1
    assert len({str(row.file) for row in Evidence.objects.all()}) == 1
    assert Evidence.objects.count() == 2


def test_going_public_asks_without_cleaning_the_file_again(
    desk: Client,
    record: Recommendation,
    ngo: Stakeholder,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cleaned, receive = [], files.receive
    monkeypatch.setattr(files, "receive", lambda upload: cleaned.append(upload) or receive(upload))
    data = complete(record, ngo, do="save", **forms(1))
    data |= {"evidence-1-kind": "file", "evidence-1-stance": "context", "evidence-1-access": "public"}
    upload = SimpleUploadedFile("a.txt", b"What the source said.")
    tree = page(desk.post(LOG, data | {"evidence-1-file": upload}))
    assert tree.xpath("//*[@id='id_consent']")
    assert len(cleaned) == 1


def test_shared_file_keeps_its_row_when_saved_again(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    published = make.make_follow_up(record, role="civil_society", assessor=ngo)
    make.make_evidence(
        follow_up=published, kind="file", url="", file="evidence/a.txt", access="private", title="A letter"
    )
    tree = page(desk.get(LOG, {"replaces": published.pk}))
    first = press(desk, tree, "autosave", correction_reason="A date.").json()
    row = Evidence.objects.exclude(follow_up=published).get()
    data = form_of(tree) | {"version": first["version"], "evidence-1-title": "The letter"}
    assert desk.post(first["address"], data | {"do": "autosave"}).status_code == 200
    changed = Evidence.objects.exclude(follow_up=published).get()
    assert (changed.pk, changed.title, str(changed.file)) == (row.pk, "The letter", "evidence/a.txt")


def test_version_changes_with_every_word_and_with_nothing_else(draft: FollowUp) -> None:
    version = services.version_of(draft)
    assert services.version_of(FollowUp.objects.get(pk=draft.pk)) == version
    Evidence.objects.update(date=datetime.date(2024, 1, 1))
    assert services.version_of(draft) != version
    version = services.version_of(draft)
    draft.recorded_at = timezone.now()
    assert services.version_of(draft) == version
    draft.summary = "Other words"
    assert services.version_of(draft) != version
