"""Two requests at the same moment, in real transactions: one writes, the other is told."""

from __future__ import annotations

from recommendations.models import FollowUp
from tests import make
from tests.concurrency import MARKS, at_once, signed_in
from tests.desk.entries.form_pages import LOG, WHY, complete

pytestmark = MARKS


def test_form_sent_four_times_at_once_makes_one_draft() -> None:
    ngo, record = make.make_stakeholder(), make.make_recommendation()
    user = make.make_user("contributor", organisations=[ngo])
    data = complete(record, ngo, do="save")
    tabs = [signed_in(user) for _ in range(4)]
    answers = at_once([lambda tab=tab: tab.post(LOG, data) for tab in tabs])
    assert {answer.status_code for answer in answers} == {302}
    assert FollowUp.objects.count() == 1


def test_second_of_two_simultaneous_saves_is_refused() -> None:
    ngo, record = make.make_stakeholder(), make.make_recommendation()
    people = [signed_in(make.make_user("contributor", organisations=[ngo])) for _ in range(2)]
    address = people[0].post(LOG, complete(record, ngo, do="autosave")).json()
    data = complete(record, ngo, do="autosave", version=address["version"])
    answers = at_once(
        [
            lambda client=client, n=n: client.post(address["address"], data | {"summary": f"{WHY} {n}"})
            for n, client in enumerate(people)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (told,) = [answer.json()["problem"] for answer in answers if answer.status_code == 409]
    assert "changed elsewhere" in told


def test_simultaneous_corrections_of_one_entry_make_one() -> None:
    ngo, record = make.make_stakeholder(), make.make_recommendation()
    entry = make.make_follow_up(record, role="civil_society", assessor=ngo)
    people = [signed_in(make.make_user("contributor", organisations=[ngo])) for _ in range(2)]
    data = complete(record, ngo, do="save", replaces=entry.pk, correction_reason="A date.")
    answers = at_once(
        [
            lambda client=client, n=n: client.post(LOG, data | {"key": f"{n:032x}"})
            for n, client in enumerate(people)
        ]
    )
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert FollowUp.objects.filter(replaces=entry).count() == 1
