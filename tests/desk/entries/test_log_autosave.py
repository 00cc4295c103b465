"""A sheet saves itself: what is taken, and that nobody's words are overwritten silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recommendations.models import Evidence, FollowUp
from tests import make
from tests.desk.entries.sheets import LOG, WHY, complete, opened, page, press, sheet_of

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


def test_the_first_words_make_a_draft_and_the_next_change_it(desk: Client, record: Recommendation) -> None:
    tree = opened(desk, record)
    first = autosave(desk, tree, summary="The bi")
    entry = FollowUp.objects.get()
    assert (entry.summary, first["address"]) == ("The bi", f"/desk/entries/{entry.pk}/")
    data = sheet_of(tree) | {"version": first["version"], "summary": WHY, "do": "autosave"}
    second = desk.post(first["address"], data).json()
    entry.refresh_from_db()
    assert entry.summary == WHY
    assert second["version"] != first["version"]
    assert second["left_out"] == []
    assert not FollowUp.history.exists()


def test_no_draft_is_made_of_nothing(desk: Client, record: Recommendation) -> None:
    assert autosave(desk, page(press(desk, opened(desk, record), "add:link"))) == {}
    assert not FollowUp.objects.exists()


def test_what_is_not_valid_yet_is_left_out_and_named(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, opened(desk, record), "add:link"))
    said = autosave(desk, tree, summary=WHY, as_of="2026-", **{"piece-1-url": "no address"})
    assert said["left_out"] == ["As of", "Evidence 1"]
    entry = FollowUp.objects.get()
    assert (entry.summary, entry.evidence.count()) == (WHY, 0)
    # What is stored stays while something half typed stands in its place.
    tree = page(desk.get(said["address"]))
    tree = page(press(desk, tree, "add:link"))
    said = autosave(desk, tree, **{"piece-1-url": "https://example.org/law"})
    tree = page(desk.get(said["address"]))
    assert autosave(desk, tree, **{"piece-1-url": "https://"})["left_out"] == ["Evidence 1"]
    assert Evidence.objects.get().url == "https://example.org/law"


def test_it_makes_nothing_public(desk: Client, record: Recommendation) -> None:
    tree = page(press(desk, opened(desk, record), "add:link"))
    values = {"piece-1-url": "example.org/law", "piece-1-access": "public"}
    assert autosave(desk, tree, **values)["left_out"] == ["Evidence 1 as public"]
    assert Evidence.objects.get().access == "private"


def test_two_tabs_do_not_overwrite_each_other(desk: Client, record: Recommendation) -> None:
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


def test_a_colleagues_evidence_is_not_overwritten_either(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY)["address"]
    mine = page(desk.get(address))
    colleague = type(desk)()
    colleague.force_login(make.make_user("contributor", organisations=[ngo]))
    theirs = page(press(colleague, page(colleague.get(address)), "add:link"))
    autosave(colleague, theirs, **{"piece-1-url": "https://example.org/theirs"})
    autosave(desk, mine, answers=409, summary="Mine")
    both = page(press(desk, mine, "save", summary="Mine"), status=409)
    assert "https://example.org/theirs" in both.text_content()
    assert Evidence.objects.get().url == "https://example.org/theirs"


def test_the_same_words_twice_are_no_conflict(desk: Client, record: Recommendation, ngo: Stakeholder) -> None:
    tree = opened(desk, record)
    first = autosave(desk, tree, summary=WHY)
    # The answer was lost: the same sheet comes again, as new.
    assert autosave(desk, tree, summary=WHY) == first
    assert "changed elsewhere" in autosave(desk, tree, answers=409, summary="Other words")["problem"]
    assert FollowUp.objects.count() == 1
    # A second click on the button.
    data = complete(record, ngo, do="submit", key="b" * 32)
    assert [desk.post(LOG, data)["Location"] for _ in range(2)] == ["/desk/drafts/"] * 2
    assert FollowUp.objects.count() == 2


def test_what_went_its_way_is_not_changed_and_nothing_typed_is_lost(
    desk: Client, record: Recommendation
) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY, status="in_progress")["address"]
    tree = page(desk.get(address))
    press(desk, tree, "submit")
    said = autosave(desk, tree, answers=409, summary="Too late")
    assert "waits for review and cannot be changed" in said["problem"]
    late = page(press(desk, tree, "save", summary="Too late"), status=409).text_content()
    assert "waits for review and cannot be changed" in late
    assert "Too late" in late
    assert FollowUp.objects.get().summary == WHY


def test_a_deleted_draft_is_not_found(desk: Client, record: Recommendation) -> None:
    address = autosave(desk, opened(desk, record), summary=WHY)["address"]
    tree = page(desk.get(address))
    desk.post(f"{address}delete/")
    assert press(desk, tree, "autosave").status_code == 404


def test_it_waits_for_an_organisation_and_leaves_several_records_alone(
    client: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    client.force_login(make.make_user("contributor", organisations=[ngo, make.make_stakeholder()]))
    assert "in whose name" in autosave(client, opened(client, record), answers=422, summary=WHY)["problem"]
    tree = page(client.get(LOG, {"record": [record.reference, make.make_recommendation().reference]}))
    autosave(client, tree, answers=422, summary=WHY, organisation=ngo.pk)
    assert not FollowUp.objects.exists()


def test_a_stranger_learns_nothing_by_a_key(desk: Client, bob: Any, record: Recommendation) -> None:
    tree = opened(desk, record)
    autosave(desk, tree, summary="Secret")
    desk.force_login(bob)
    organisation = bob.memberships.get().organisation_id
    for button in ("save", "autosave"):
        assert press(desk, tree, button, organisation=organisation, summary="x").status_code == 404
