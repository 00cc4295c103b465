"""The form saves itself: what is taken, and that nobody's words are overwritten silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recommendations.models import Evidence, FollowUp
from tests import make
from tests.desk.entries.form_pages import LOG, WHY, complete, form_of, opened, page, press

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db


def autosave(desk: Client, tree: HtmlElement, answers: int = 200, **values: Any) -> dict[str, Any]:
    """What the script sends after somebody typed."""
    answer = press(desk, tree, "autosave", **values)
    assert answer.status_code == answers, answer.content
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


def test_autosave_creates_draft_then_updates_it(desk: Client, record: Recommendation) -> None:
    tree = opened(desk, record)
    first = autosave(desk, tree, summary="The bi")
    entry = FollowUp.objects.get()
    assert (entry.summary, first["address"]) == ("The bi", f"/desk/entries/{entry.pk}/")
    data = form_of(tree) | {"version": first["version"], "summary": WHY, "do": "autosave"}
    second = desk.post(first["address"], data).json()
    entry.refresh_from_db()
    assert entry.summary == WHY
    assert second["version"] != first["version"]
    assert second["left_out"] == []
    assert not FollowUp.history.exists()


def test_autosave_of_empty_form_makes_no_draft(desk: Client, record: Recommendation) -> None:
    assert autosave(desk, page(press(desk, opened(desk, record), "add:link"))) == {}
    assert not FollowUp.objects.exists()


def test_autosave_names_and_leaves_out_invalid_fields(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, opened(desk, record), "add:link"))
    said = autosave(desk, tree, summary=WHY, as_of="2026-", **{"evidence-1-url": "no address"})
    assert said["left_out"] == ["As of", "Evidence 1"]
    entry = FollowUp.objects.get()
    assert (entry.summary, entry.evidence.count()) == (WHY, 0)
    # What is stored stays while something half typed stands in its place.
    tree = page(desk.get(said["address"]))
    tree = page(press(desk, tree, "add:link"))
    said = autosave(desk, tree, **{"evidence-1-url": "https://example.org/law"})
    tree = page(desk.get(said["address"]))
    assert autosave(desk, tree, **{"evidence-1-url": "https://"})["left_out"] == ["Evidence 1"]
    assert Evidence.objects.get().url == "https://example.org/law"


def test_autosave_makes_nothing_public(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, opened(desk, record), "add:link"))
    values = {"evidence-1-url": "example.org/law", "evidence-1-access": "public"}
    assert autosave(desk, tree, **values)["left_out"] == ["Evidence 1 as public"]
    assert Evidence.objects.get().access == "private"


def test_stale_save_shows_both_versions_and_changes_nothing(desk: Client, record: Recommendation) -> None:
    address = autosave(desk, opened(desk, record), summary="First")["address"]
    one, other = page(desk.get(address)), page(desk.get(address))
    autosave(desk, one, summary="Written in one tab")
    said = autosave(desk, other, answers=409, summary="Written in the other")
    assert "changed elsewhere" in said["problem"]
    assert FollowUp.objects.get().summary == "Written in one tab"
    # The button shows both, and pressed again it is a decision.
    answer = press(desk, other, "save", summary="Written in the other")
    both = page(answer, status=409)
    versions = [each.text_content() for each in both.xpath("//*[@class='side-by-side']/div/p")]
    assert versions == ["Written in one tab", "Written in the other"]
    assert FollowUp.objects.get().summary == "Written in one tab"
    assert press(desk, both, "save").status_code == 302
    assert FollowUp.objects.get().summary == "Written in the other"


def test_stale_save_keeps_evidence_of_a_colleague(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY)["address"]
    mine = page(desk.get(address))
    colleague = type(desk)()
    colleague.force_login(make.make_user("contributor", organisations=[ngo]))
    theirs = page(press(colleague, page(colleague.get(address)), "add:link"))
    autosave(colleague, theirs, **{"evidence-1-url": "https://example.org/theirs"})
    autosave(desk, mine, answers=409, summary="Mine")
    both = page(press(desk, mine, "save", summary="Mine"), status=409)
    assert "https://example.org/theirs" in both.text_content()
    assert Evidence.objects.get().url == "https://example.org/theirs"


def test_same_form_sent_twice_is_no_conflict(desk: Client, record: Recommendation, ngo: Stakeholder) -> None:
    tree = opened(desk, record)
    first = autosave(desk, tree, summary=WHY)
    # The answer was lost: the same form comes again, as new.
    assert autosave(desk, tree, summary=WHY) == first
    assert "changed elsewhere" in autosave(desk, tree, answers=409, summary="Other words")["problem"]
    assert FollowUp.objects.count() == 1
    # A second click on the button.
    data = complete(record, ngo, do="submit", key="b" * 32)
    assert [desk.post(LOG, data)["Location"] for _ in range(2)] == ["/desk/drafts/"] * 2
    assert FollowUp.objects.count() == 2


def test_late_save_of_submitted_entry_shows_typed_words(desk: Client, record: Recommendation) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY, status="in_progress")["address"]
    tree = page(desk.get(address))
    press(desk, tree, "submit")
    said = autosave(desk, tree, answers=409, summary="Too late")
    assert "waits for review and cannot be changed" in said["problem"]
    late = page(press(desk, tree, "save", summary="Too late"), status=409).text_content()
    assert "waits for review and cannot be changed" in late
    assert "Too late" in late
    assert FollowUp.objects.get().summary == WHY


def test_autosave_of_deleted_draft_is_not_found(desk: Client, record: Recommendation) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY)["address"]
    tree = page(desk.get(address))
    desk.post(f"{address}delete/")
    assert press(desk, tree, "autosave").status_code == 404


def test_autosave_needs_organisation_and_a_single_record(
    client: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    client.force_login(make.make_user("contributor", organisations=[ngo, make.make_stakeholder()]))
    assert "in whose name" in autosave(client, opened(client, record), answers=422, summary=WHY)["problem"]
    tree = page(client.get(LOG, {"record": [record.reference, make.make_recommendation().reference]}))
    autosave(client, tree, answers=422, summary=WHY, assessor=ngo.pk)
    assert not FollowUp.objects.exists()


def test_key_of_another_organisation_is_not_found(desk: Client, bob: Any, record: Recommendation) -> None:
    tree = opened(desk, record)
    autosave(desk, tree, summary="Secret")
    desk.force_login(bob)
    organisation = bob.memberships.get().organisation_id
    for button in ("save", "autosave"):
        assert press(desk, tree, button, assessor=organisation, summary="x").status_code == 404
