"""Each kind of document as drafts: States, positions, themes; addenda that answer; lists that are known."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings as django_settings

from recommendations.importing import jobs
from recommendations.models import Import, Recommendation, ResponseLink
from tests import make
from tests.importing.helpers import brought_in, worked_on

pytestmark = [pytest.mark.django_db, pytest.mark.rules]
EXCERPTS = django_settings.BASE_DIR / "tests" / "documents"
REAL = django_settings.BASE_DIR.parent / "shared" / "realdata"


def published(source: Import, state: str, **options: Any) -> Import:
    """Everything confirmed, everybody new, all accepted, written."""
    make.make_state(iso3=state, name=state.title())
    said = {"state": state, "starts_on": "2020-01-01", "title": "A document", "confirmed": True, **options}
    source.options = {**source.options, **said}
    source.save()
    source.parties.filter(stakeholder=None).update(is_new=True)
    source.drafts.filter(outcome="").update(state="accepted")
    assert jobs.publish(source, by=None)
    worked_on(source)
    assert source.message == ""
    return source


def test_addendum_answers_pending_items_of_its_report() -> None:
    report = brought_in(
        (EXCERPTS / "working_group_report" / "old_upr_report_invented.txt").read_bytes(), "report.txt"
    )
    assert report.kind == "working_group_report"
    assert report.evidence
    state = report.parsed["state"]
    published(report, state)
    assert report.state == "done"
    items = {row.paragraph.number: row for row in Recommendation.objects.select_related("paragraph")}
    assert {row.reference.rpartition("-")[2] for row in items.values()} == set(items)
    assert all(row.raised_by.exists() for row in items.values())
    number, pending = next((n, row) for n, row in items.items() if row.position == "pending")
    addendum = brought_in(
        f"""Distr.: General
A/HRC/14/10/Add.1
8 March 2010
Human Rights Council
Report of the Working Group on the Universal Periodic Review
{report.parsed["title"]}
Addendum
Views on conclusions and/or recommendations, voluntary commitments and replies presented by the State

1. The Government has considered the recommendations that were left pending.

Recommendation {number}: Not accepted. The Government considers that the law in force is sufficient for now.
""",
        "addendum.txt",
    )
    assert addendum.state == "ready", addendum.message
    assert [number] in [draft.answers for draft in addendum.drafts.all()]
    published(addendum, state, mechanism="UPR", session=report.options["session"], symbol="A/HRC/14/10/Add.1")
    pending.refresh_from_db()
    assert pending.position == "noted"
    links = ResponseLink.objects.filter(recommendation=pending)
    assert {(link.stance, link.confirmed) for link in links} == {("declines", True)}
    jobs.undo(addendum, by=None)
    worked_on(addendum)
    assert addendum.message == ""
    pending.refresh_from_db()
    assert pending.position == "pending"


def test_concluding_observations_mark_records_selected_for_follow_up() -> None:
    source = brought_in(
        (EXCERPTS / "concluding_observations" / "CCPR_observations_invented.txt").read_bytes(),
        "observations.txt",
    )
    assert source.kind == "concluding_observations"
    selected = source.drafts.filter(selected_for_follow_up=True)
    assert selected.exists()
    state = source.parsed["state"]
    make.make_issue(slug="other")
    published(source, state, mechanism="CCPR")
    records = Recommendation.objects.filter(selected_for_follow_up=True)
    assert records.count() == selected.count()
    assert len({row.reference for row in Recommendation.objects.all()}) == source.drafts.count()
    # The committee raised them, and is made once.
    assert {party.kind for row in records for party in row.raised_by.all()} == {"committee"}


def test_time_in_document_overrides_rule_of_its_body(desk) -> None:
    text = (EXCERPTS / "concluding_observations" / "CEDAW_observations_invented.txt").read_text(
        encoding="utf-8"
    )
    source = brought_in(text.replace("within two years", "within eighteen months").encode(), "a.txt")
    selected = source.drafts.filter(selected_for_follow_up=True)
    assert {draft.due_within for draft in selected} == {"eighteen months"}
    assert (
        "Selected for follow-up, within eighteen months"
        in desk.get(f"{source.get_absolute_url()}drafts/").text
    )
    page = desk.get(f"{source.get_absolute_url()}drafts/{selected[0].pk}/").text
    assert "The document says: within eighteen months." in page
    published(source, source.parsed["state"], mechanism="CEDAW", starts_on="2020-01-31")
    dates = {row.due_on for row in Recommendation.objects.filter(selected_for_follow_up=True)}
    assert dates == {datetime.date(2021, 7, 31)}


def test_record_selected_later_gets_its_due_date() -> None:
    text = (EXCERPTS / "concluding_observations" / "CEDAW_observations_invented.txt").read_text(
        encoding="utf-8"
    )
    said = {"mechanism": "CEDAW", "starts_on": "2020-01-31"}
    first = brought_in(text.replace("paragraphs 3 (a)–(b) and 4", "paragraph 4").encode(), "a.txt")
    published(first, first.parsed["state"], **said)
    record = Recommendation.objects.filter(selected_for_follow_up=False, paragraph__number="3").first()
    later = brought_in(text.replace("within two years", "within one year").encode(), "b.txt")
    published(later, later.parsed["state"], **said)
    record.refresh_from_db()
    assert (record.selected_for_follow_up, record.due_on) == (True, datetime.date(2021, 1, 31))
    jobs.undo(later, by=None)
    worked_on(later)
    assert later.message == ""
    record.refresh_from_db()
    assert (record.selected_for_follow_up, record.due_on) == (False, None)


def test_thematic_list_adds_issues_and_knows_the_report() -> None:
    make.make_issue(slug="torture", name="Torture", uhri_theme="Prohibition of torture & ill-treatment")
    source = brought_in((EXCERPTS / "thematic_list" / "thematic_list_invented.txt").read_bytes(), "list.txt")
    assert source.kind == "thematic_list", source.message
    first = source.drafts.first()
    assert first is not None
    state = source.parsed["state"]
    review = make.make_review(
        state=make.make_state(iso3=state, name=state.title()), session=source.options["session"]
    )
    report = make.make_document(review=review, kind="working_group_report")
    number = source.parsed["paragraphs"][first.paragraph_index]["number"]
    paragraph = make.make_paragraph(document=report, number=number, text=f"{first.text} now;")
    record = make.make_recommendation(paragraph=paragraph, text=first.text, position=first.upr_position)
    source.delete()
    again = brought_in((EXCERPTS / "thematic_list" / "thematic_list_invented.txt").read_bytes(), "list.txt")
    known = again.drafts.get(place=first.place)
    assert known.recommendation == record


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_kazakhstan_report_of_2010_is_imported_and_undone(shipped) -> None:
    source = brought_in((REAL / "working_group_reports" / "kazakhstan2010.pdf").read_bytes(), "report.pdf")
    drafts = source.drafts.filter(becomes="recommendation")
    assert drafts.count() == 128
    places = list(drafts.values_list("place", flat=True))
    assert places == [*(f"95.{n}" for n in range(1, 103)), *(f"97.{n}" for n in range(1, 27))]
    assert source.review.slug == "kaz-upr7"
    source.drafts.exclude(becomes="recommendation").update(state="rejected")
    source.drafts.filter(becomes="recommendation").update(state="accepted")
    source.options = {**source.options, "confirmed": True}
    source.save()
    source.parties.filter(stakeholder=None).update(is_new=True)
    jobs.publish(source, by=None)
    worked_on(source)
    assert (source.state, source.message) == ("done", "")
    made = Recommendation.objects.filter(document=source.document)
    assert made.filter(position="supported").count() == 102
    assert made.filter(position="pending").count() == 26
    assert made.filter(reference="KAZ-UPR7-95.12").exists()
    jobs.undo(source, by=None)
    assert worked_on(source).state == "undone"
    assert not Recommendation.objects.filter(reference="KAZ-UPR7-95.12").exists()
