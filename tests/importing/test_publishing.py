"""What is accepted becomes public at once or not at all; what is here stays; all of it can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from recommendations.importing import documents, jobs
from recommendations.importing.documents.publishing import missing
from recommendations.models import (
    Document,
    Import,
    ImportDraft,
    IssueTag,
    Paragraph,
    Recommendation,
    Review,
    Stakeholder,
    StateResponse,
)
from tests import make
from tests.importing.helpers import DIALOGUE, SUMMARY, TEXT, brought_in, confirmed, worked_on

pytestmark = pytest.mark.django_db
MODELS = (Review, Document, Paragraph, Stakeholder, Recommendation, StateResponse, IssueTag)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


@pytest.fixture
def source(desk, editor) -> Import:
    """All is confirmed and settled, and two of the four drafts are accepted."""
    make.make_state()
    make.make_stakeholder(name="Known Watch", acronym="KW", slug="known-watch")
    make.make_issue(slug="death-penalty")
    source = brought_in(by=editor)
    desk.post(f"{source.get_absolute_url()}document/", confirmed(source))
    pk = source.parties.get(name="HRC1").pk
    desk.post(f"{source.get_absolute_url()}stakeholders/", {f"who-{pk}": "new"})
    source.drafts.filter(place="1.1").update(state="accepted", issues=["death-penalty"], summary="Abolition.")
    source.drafts.filter(place="3.1").update(state="accepted")
    source.refresh_from_db()
    return source


def publish(desk: Any, source: Import) -> Import:
    desk.post(source.get_absolute_url(), {"act": "publish"})
    return worked_on(source)


def test_publishing_creates_every_needed_row(desk, source, client, editor) -> None:
    publish(desk, source)
    assert (source.state, source.message) == ("ready", "")  # two drafts are left to decide
    record = Recommendation.objects.get(reference="FRE-UPR7-1.1")
    assert record.published
    assert record.text == "Known Watch (KW) recommended that Kyrgyzstan abolish the death penalty."
    assert record.summary == "Abolition."
    assert [each.slug for each in record.raised_by.all()] == ["known-watch"]
    assert [tag.issue.slug for tag in record.tags.all()] == ["death-penalty"]
    assert record.document.symbol == "A/HRC/WG.6/7/FRE/3"
    assert record.document.paragraphs.count() == 3
    assert record.document.review.slug == "fre-upr7"
    assert record.document.review.precision == "month"
    centre = Recommendation.objects.get(reference="FRE-UPR7-3.1").raised_by.get()
    assert (centre.name, centre.acronym, centre.published) == ("Human Rights Centre", "HRC1", True)
    history = record.history.latest()
    assert history.history_user == editor
    assert history.history_change_reason == f"Import {source.pk}: summary.txt"
    client.logout()
    assert "abolish the death penalty" in client.get("/recommendations/FRE-UPR7-1.1/").text
    assert client.get("/recommendations/?q=journalists").context["page"].count == 1
    page = desk.get("/").text
    assert "summary.txt" not in page


def test_remaining_drafts_are_published_later_without_duplicates(desk, source) -> None:
    publish(desk, source)
    before = counts()
    assert (
        "Accept at least one draft"
        in desk.post(source.get_absolute_url(), {"act": "publish"}, follow=True).text
    )
    source.drafts.filter(place="2.2").update(state="accepted")
    source.drafts.filter(place="2.1").update(state="rejected")
    publish(desk, source)
    assert source.state == "done"
    after = counts()
    assert after.pop("Recommendation") == before.pop("Recommendation") + 1
    assert after == before
    assert "Records made" in desk.get(source.get_absolute_url()).text


def test_nothing_is_published_before_everything_is_confirmed(desk, source) -> None:
    source.parties.update(is_new=False)
    source.options.pop("confirmed")
    source.save()
    sentences = missing(source)
    assert sentences == ["Confirm State, review and document.", "Say who these stakeholders are: HRC1."]
    before = counts()
    page = desk.post(source.get_absolute_url(), {"act": "publish"}, follow=True).text
    assert "Nothing was published." in page
    # Nor by a worker, should something have changed since.
    jobs.publish(source, by=None)
    worked_on(source)
    assert (source.state, counts()) == ("ready", before)
    assert "HRC1" in source.message


def test_second_import_of_same_document_changes_nothing(desk, source) -> None:
    publish(desk, source)
    before = counts()
    # Another file with the same words: a later scan, say.
    again = brought_in(TEXT + "\n", "again.txt")
    assert again.document == source.document
    assert list(again.drafts.filter(outcome="known").values_list("place", flat=True)) == ["1.1", "3.1"]
    assert again.drafts.get(place="1.1").recommendation.reference == "FRE-UPR7-1.1"
    assert counts() == before
    # What was made of it meanwhile is found when it is published, too.
    again.drafts.filter(outcome="").update(state="accepted")
    again.options = {**again.options, "state": "FRE", "confirmed": True}
    again.save()
    jobs.publish(again, by=None)
    worked_on(again)
    assert again.message == ""
    jobs.publish(source, by=None)
    source.drafts.filter(state="open").update(state="accepted")
    worked_on(source)
    assert Recommendation.objects.count() == 4
    assert "nothing that is accepted is new" in source.message


def test_new_position_in_document_updates_the_record(desk, source) -> None:
    publish(desk, source)
    again = brought_in(TEXT + "\n", "again.txt")
    again.drafts.filter(place="1.1").update(upr_position="supported", outcome="", state="open")
    again.options = {**again.options, "state": "FRE", "confirmed": True}
    again.save()
    draft = again.drafts.get(place="1.1")
    page = desk.get(f"{again.get_absolute_url()}drafts/").text
    assert "Changes the record" in page
    data = {"do": "accept", "version": draft.version}
    desk.post(f"{again.get_absolute_url()}drafts/{draft.pk}/decide/", data)
    publish(desk, again)
    record = Recommendation.objects.get(reference="FRE-UPR7-1.1")
    assert record.position == "supported"
    assert again.drafts.get(place="1.1").outcome == "updated"
    desk.post(again.get_absolute_url(), {"act": "undo", "confirmed": "yes"})
    worked_on(again)
    assert again.state == "undone"
    record.refresh_from_db()
    assert record.position == ""


def test_undoing_removes_everything_but_the_history(desk, source) -> None:
    before = counts()
    publish(desk, source)
    assert counts() != before
    desk.post(source.get_absolute_url(), {"act": "undo"})
    assert worked_on(source).state == "ready"  # not without the tick
    desk.post(source.get_absolute_url(), {"act": "undo", "confirmed": "yes"})
    assert worked_on(source).state == "undone"
    assert counts() == before
    assert Recommendation.history.filter(history_type="-").count() == 2
    # Every decision is still there; it can be published again.
    desk.post(source.get_absolute_url(), {"act": "take up"})
    publish(desk, source)
    assert Recommendation.objects.count() == 2


def built_on(source: Import) -> dict[str, Any]:
    record = Recommendation.objects.get(reference="FRE-UPR7-1.1")
    other = make.make_recommendation()

    def edit() -> None:
        record.summary = "Mine."
        record.save()

    return {
        "Follow-up was logged": lambda: make.make_follow_up(record),
        "is linked to": lambda: make.make_response([record]),
        "are linked": lambda: make.make_link(record, other),
        "was edited since": edit,
        "made of the same document": lambda: make.make_recommendation(paragraph=record.paragraph),
        "Evidence quotes": lambda: make.make_evidence(
            follow_up=make.make_follow_up(other),
            kind="paragraph",
            url="",
            paragraph=record.paragraph,
            text=record.text,
        ),
        "belongs to the same review": lambda: make.make_document(review=record.document.review),
        "named elsewhere": lambda: other.raised_by.add(Stakeholder.objects.get(acronym="HRC1")),
        "Somebody follows": lambda: record.followed_by.create(user=make.make_user()),
        "was split or merged": lambda: make.make_recommendation(parent=record),
    }


@pytest.mark.parametrize(
    "why",
    [
        "Follow-up was logged",
        "is linked to",
        "are linked",
        "was edited since",
        "made of the same document",
        "Evidence quotes",
        "belongs to the same review",
        "named elsewhere",
        "Somebody follows",
        "was split or merged",
    ],
)
def test_import_that_was_built_on_cannot_be_undone(desk, source, why: str) -> None:
    publish(desk, source)
    built_on(source)[why]()
    before = counts()
    assert any(why in sentence for sentence in documents.undo_blockers(source))
    assert why in desk.get(source.get_absolute_url()).text
    jobs.undo(source, by=None)
    worked_on(source)
    assert (source.state, counts()) == ("ready", before)
    assert why in source.message


def test_one_invalid_draft_stops_publishing(desk, source) -> None:
    before = counts()
    Recommendation.objects.none()
    ImportDraft.objects.filter(source=source, place="3.1").update(text="These words stand nowhere.")
    publish(desk, source)
    assert (source.state, counts()) == ("ready", before)
    assert "other words in paragraph 3" in source.message


def test_taken_reference_gains_the_document_kind(desk, source) -> None:
    make.make_recommendation(reference="FRE-UPR7-1.1")
    publish(desk, source)
    assert Recommendation.objects.filter(reference="FRE-UPR7-SS-1.1").exists()


class TestShipped:
    """With the shipped records in the database."""

    @pytest.mark.parametrize(("path", "known"), [(SUMMARY, 64), (DIALOGUE, 387)])
    def test_importing_a_shipped_document_changes_nothing(self, shipped, desk, path, known) -> None:
        before = counts()
        source = brought_in(path.read_bytes(), path.name)
        assert source.document is not None
        assert source.drafts.filter(outcome="known").count() == known
        assert counts() == before
        page = desk.get(f"{source.get_absolute_url()}document/").text
        assert f'value="{source.document.title}"' in page.replace("&#x27;", "'")
        if not source.drafts.filter(outcome="").exists():
            assert "Importing it changes nothing" in desk.get(source.get_absolute_url()).text

    def test_import_command_dry_run_writes_nothing(self, shipped, capsys) -> None:
        before = counts()
        call_command("import_document", str(SUMMARY), "--dry-run")
        said = capsys.readouterr().out
        assert "64 known already" in said
        assert "0 new" in said
        assert (Import.objects.count(), counts()) == (0, before)
