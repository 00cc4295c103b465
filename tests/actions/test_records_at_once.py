"""Two editors, or two reviewers, with the same thing at the same moment, in real transactions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from recommendations.models import FollowUp, Recommendation, RecommendationLink, ReviewStep
from tests import make
from tests.admin.form_data import typed
from tests.concurrency import MARKS, at_once, signed_in
from tests.pages import admin_address

if TYPE_CHECKING:
    from django.test import Client

pytestmark = MARKS
WORDS = "The State should close the colony; it should pay compensation."


def editors() -> list[Client]:
    return [signed_in(make.make_user("editor", first_name=name)) for name in ("Edith", "Edgar")]


def post_at_once(clients: list[Client], *posts: tuple[str, dict[str, Any]]) -> list[Any]:
    """What each of the two is answered, in the order in which the answers came."""
    pairs = zip(clients, posts, strict=True)
    return at_once([lambda c=client, a=address, d=data: c.post(a, d) for client, (address, data) in pairs])


@pytest.mark.parametrize("times", range(3))
def test_simultaneous_edit_shows_both_versions(times: int) -> None:
    record = make.make_recommendation(reference="FRE-1", summary="As it was")
    address, people = "/desk/records/FRE-1/edit/", editors()
    version = people[0].get(address).context["form"]["version"].value()
    data = {"version": version, "kind": record.kind, "reason": "Shorter."}
    summaries = ("Edith’s summary", "Edgar’s summary")
    answers = post_at_once(people, *((address, data | {"summary": words}) for words in summaries))
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 1}
    (told,) = [answer.content.decode() for answer in answers if answer.status_code == 200]
    assert "Both versions" in told
    assert all(words in told for words in summaries)
    record.refresh_from_db()
    assert record.summary in summaries
    assert record.history.filter(history_change_reason="Edited: Shorter.").count() == 1


def test_simultaneous_admin_edit_shows_both_versions() -> None:
    row = make.make_stakeholder(name="As it was")
    address = admin_address(type(row), "change", row.pk)
    people = [signed_in(make.make_user("administrator", is_staff=True)) for _ in range(2)]
    data = typed(people[0], address)
    answers = post_at_once(people, *((address, data | {"name": f"By {n}"}) for n in range(2)))
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 1}
    (told,) = [answer.content.decode() for answer in answers if answer.status_code == 200]
    assert "Nothing was saved" in told
    assert all(f"By {n}" in told for n in range(2))


def test_simultaneous_splits_create_each_part_once() -> None:
    make.make_recommendation(reference="FRE-1", text=WORDS)
    data = {
        "part-TOTAL_FORMS": "2",
        "part-INITIAL_FORMS": "0",
        "part-0-text": "The State should close the colony",
        "part-1-text": "it should pay compensation",
        "reason": "Two things are asked.",
    }
    answers = post_at_once(editors(), *[("/desk/records/FRE-1/split/", data)] * 2)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 1}
    assert any("has these words already" in answer.content.decode() for answer in answers)
    assert Recommendation.objects.filter(parent__reference="FRE-1").count() == 2


def test_simultaneous_opposite_merges_leave_one_record() -> None:
    for reference in ("FRE-A", "FRE-B"):
        make.make_recommendation(reference=reference, text=WORDS)
    data = {"reason": "The same.", "confirmed": "on"}
    answers = post_at_once(
        editors(),
        ("/desk/records/FRE-A/merge/", data | {"into": "FRE-B"}),
        ("/desk/records/FRE-B/merge/", data | {"into": "FRE-A"}),
    )
    assert {answer.status_code for answer in answers} <= {200, 302, 403}
    assert Recommendation.objects.published().count() == 1
    assert Recommendation.objects.get(published=False).merged_into == Recommendation.objects.published().get()


def test_simultaneous_links_create_one_link() -> None:
    make.make_recommendation(reference="FRE-A")
    make.make_recommendation(reference="FRE-B")
    data = {"other": "FRE-B", "relation": "related", "rationale": "The same law."}
    answers = post_at_once(editors(), *[("/desk/records/FRE-A/link/", data)] * 2)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 1}
    assert RecommendationLink.objects.count() == 1


@pytest.mark.parametrize("times", range(2))
def test_simultaneous_review_decisions_apply_once_and_tell_second_reviewer(times: int) -> None:
    ngo = make.make_stakeholder()
    author = make.make_user("contributor", organisations=[ngo])
    draft = make.make_follow_up(role="civil_society", assessor=ngo, recorded_by=author, published_at=None)
    assert signed_in(author).post(f"/desk/entries/{draft.pk}/submit/").status_code == 302
    people = [signed_in(make.make_user("reviewer", first_name=name)) for name in ("Ada", "Ben")]
    address = f"/desk/review/{draft.pk}/"
    seen = {"seen": people[0].get(address).context["seen"].pk}
    approve = seen | {"act": "approve", "confirmed": "on"}
    answers = post_at_once(
        people, (address, approve), (address, seen | {"act": "return", "comment": "Which law?"})
    )
    assert [answer["Location"] for answer in answers] == ["/desk/review/"] * 2
    told = " ".join(person.get("/desk/review/").content.decode() for person in people)
    assert ("is published." in told) != ("is returned to its authors." in told)
    assert "this entry on" in told, "the second is told who was first"
    assert "nothing was changed" in told
    draft.refresh_from_db()
    assert draft.stage in {FollowUp.Stage.PUBLISHED, FollowUp.Stage.RETURNED}
    assert ReviewStep.objects.filter(follow_up=draft).exclude(step="submitted").count() == 1
