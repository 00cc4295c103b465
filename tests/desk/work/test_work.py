"""My work: what stands in which section, for whom, with which next step; at a fixed number of queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import document_fromstring

from recommendations.models import Following, Recommendation, ReviewStep
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def ngo():
    return make.make_stakeholder(name="Freedonia Watch", acronym="FW")


@pytest.fixture
def user(ngo):
    return make.make_user("contributor", organisations=[ngo])


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


def sections(client) -> dict[str, list[str]]:
    """The references shown in each section of my work."""
    page = document_fromstring(client.get("/desk/").content)
    return {
        section.get("aria-labelledby"): section.xpath(".//*[@class='reference']/text()")
        for section in page.xpath("//main//section")
    }


def follow(user, **target):
    return Following.objects.create(user=user, **target)


def draft(record, user, ngo, **values):
    values = {"stage": "draft", "published_at": None, "role": "civil_society", "assessor": ngo} | values
    return make.make_follow_up(record, recorded_by=user, **values)


def test_my_records_are_followed_raised_or_on_followed_issue(desk, user, ngo):
    issue = make.make_issue()
    below = make.make_issue(parent=issue)
    similar = make.make_issue(slug=f"{issue.slug}-and-more")
    followed = make.make_recommendation(reference="FOLLOWED-1")
    make.make_recommendation(reference="RAISED-1", raised_by=[ngo])
    make.make_recommendation(reference="ISSUE-1", issues=[issue])
    make.make_recommendation(reference="BELOW-1", issues=[below])
    both = make.make_recommendation(reference="BOTH-1", issues=[issue, below], raised_by=[ngo])
    follow(user, recommendation=both)
    follow(user, recommendation=followed)
    follow(user, issue=issue)
    # None of these is mine: another's issue, a tag that is only suggested, a draft, a commendation.
    make.make_recommendation(issues=[similar], raised_by=[make.make_stakeholder()])
    make.make_recommendation().tags.create(issue=issue, origin="suggestion")
    make.make_recommendation(published=False, raised_by=[ngo])
    make.make_recommendation(kind="commendation", raised_by=[ngo])
    make.make_recommendation(document=make.make_document(published=False), raised_by=[ngo])
    follow(make.make_user("contributor"), recommendation=make.make_recommendation())
    assert set(sections(desk)["unassessed"]) == {"FOLLOWED-1", "RAISED-1", "ISSUE-1", "BELOW-1", "BOTH-1"}
    assert "Without any entry (5)" in page_words(desk.get("/desk/").text)


def test_due_section_lists_near_dates_until_assessed(desk, ngo):
    def record(reference, days, assessed=None):
        row = make.make_recommendation(
            reference=reference, raised_by=[ngo], selected_for_follow_up=True, due_on=TODAY + days * DAY
        )
        if assessed is not None:
            make.make_follow_up(row, as_of=row.due_on + assessed * DAY)

    record("LATER-1", 400)
    record("SOON-1", 100)
    record("LATE-1", -30)
    record("LATE-2", -30, assessed=-1)
    record("DONE-1", -30, assessed=0)
    assert sections(desk)["due"] == ["LATE-1", "LATE-2", "SOON-1"]
    text = page_words(desk.get("/desk/").text)
    assert "overdue by 30 days" in text
    assert "due in 100 days" in text


def test_old_status_is_stale_and_state_claim_unassessed(desk, ngo):
    old = make.make_recommendation(reference="OLD-1", raised_by=[ngo])
    make.make_follow_up(old, as_of=TODAY - 1000 * DAY)
    fresh = make.make_recommendation(reference="FRESH-1", raised_by=[ngo])
    make.make_follow_up(fresh, as_of=TODAY - 10 * DAY)
    claimed = make.make_recommendation(reference="CLAIMED-1", raised_by=[ngo])
    make.make_follow_up(claimed, role="state", status="implemented")
    shown = sections(desk)
    assert shown["stale"] == ["OLD-1"]
    assert shown["unassessed"] == ["CLAIMED-1"]


def test_only_own_drafts_and_returned_entries_are_listed(desk, user, ngo):
    record = make.make_recommendation(reference="DRAFT-1")
    draft(record, user, ngo, status="", summary="")
    back = draft(make.make_recommendation(reference="BACK-1"), user, ngo, stage="returned")
    ReviewStep.objects.create(follow_up=back, step="returned", by=user, comment="Which law?")
    ReviewStep.objects.create(follow_up=back, step="returned", by=user, comment="Which article of it?")
    colleague = make.make_user("contributor", organisations=[ngo])
    draft(make.make_recommendation(reference="COLLEAGUE-1"), colleague, ngo)
    draft(make.make_recommendation(reference="SENT-1"), user, ngo, stage="submitted")
    shown = sections(desk)
    assert shown["drafts"] == ["DRAFT-1"]
    assert shown["returned"] == ["BACK-1"]
    assert "review" not in shown
    text = page_words(desk.get("/desk/").text)
    assert "“Which article of it?”" in text
    assert "Which law?" not in text
    # Who has left the organisation has no business with what was written for it.
    user.memberships.all().delete()
    assert sections(desk)["drafts"] == sections(desk)["returned"] == []


def test_reviewers_see_entries_submitted_by_others(client, ngo, settings):
    reviewer = make.make_user("reviewer", organisations=[ngo])
    author = make.make_user("contributor", organisations=[make.make_stakeholder()])
    other = author.memberships.get().organisation
    draft(make.make_recommendation(reference="SENT-1"), author, other, stage="submitted")
    draft(make.make_recommendation(reference="HIDDEN-1"), author, other, summary="SHIBBOLETH")
    draft(make.make_recommendation(reference="OWN-1"), reviewer, ngo, stage="submitted")
    client.force_login(reviewer)
    assert sections(client)["review"] == ["SENT-1"]
    assert "SHIBBOLETH" not in client.get("/desk/").text
    settings.ALLOW_SELF_APPROVAL = True
    assert sections(client)["review"] == ["SENT-1", "OWN-1"]


@pytest.mark.parametrize(
    ("stage", "address"),
    [("draft", "/desk/entries/{}/"), ("returned", "/desk/entries/{}/"), ("submitted", "/desk/review/{}/")],
)
def test_each_row_leads_to_its_next_step(client, ngo, stage, address):
    reviewer = make.make_user("reviewer", organisations=[ngo])
    record = make.make_recommendation(raised_by=[ngo])
    by = make.make_user("contributor") if stage == "submitted" else reviewer
    entry = draft(record, by, ngo, stage=stage)
    if stage != "draft":
        ReviewStep.objects.create(follow_up=entry, step=stage, by=by, comment="Which law?")
    client.force_login(reviewer)
    page = document_fromstring(client.get("/desk/").content)
    buttons = page.xpath("//ol[@class='queue']//a[@class='button']/@href")
    assert buttons == [address.format(entry.pk), f"/desk/log/?record={record.reference}"]
    assert [client.get(button).status_code for button in buttons] == [200, 200]


def test_first_steps_are_shown_until_something_is_followed(desk, user, ngo):
    make.make_recommendation(raised_by=[ngo])
    text = page_words(desk.get("/desk/").text)
    assert "Three steps to begin with" in text
    assert "1 record that your organisation raised is here already." in text
    follow(user, stakeholder=ngo)
    assert "Three steps" not in desk.get("/desk/").text


def test_every_empty_section_says_what_to_do(client):
    client.force_login(make.make_user("reviewer"))
    shown = document_fromstring(client.get("/desk/").content)
    assert len(shown.xpath("//main//section/p[@class='empty']")) == 6
    assert "You do not work for any organisation here yet." in page_words(client.get("/desk/").text)


def test_section_shows_five_rows_and_links_to_all(desk, ngo):
    for n in range(30):
        make.make_recommendation(reference=f"MANY-{n}", raised_by=[ngo])
    assert len(sections(desk)["unassessed"]) == 5
    assert '<a href="/desk/mine/unassessed/">All 30' in desk.get("/desk/").text
    first, second = desk.get("/desk/mine/unassessed/").text, desk.get("/desk/mine/unassessed/?page=2").text
    assert first.count('class="reference"') == 25
    assert second.count('class="reference"') == 5
    for odd in ("0", "99", "x", "9" * 50, "-1", "%00"):
        assert desk.get(f"/desk/mine/unassessed/?page={odd}").status_code in {200, 400}


def test_sections_are_only_for_their_roles(desk, client):
    assert desk.get("/desk/mine/no-such/").status_code == 404
    assert desk.get("/desk/mine/review/").status_code == 404
    desk.logout()
    answer = client.get("/desk/mine/due/")
    assert answer.status_code == 302
    assert answer.url.startswith("/desk/account/login/")


def fill(user, ngo):
    for _ in range(3):
        issue = make.make_issue()
        follow(user, issue=issue)
        record = make.make_recommendation(
            raised_by=[ngo, make.make_stakeholder()],
            issues=[issue],
            selected_for_follow_up=True,
            due_on=TODAY,
        )
        follow(user, recommendation=record)
        make.make_follow_up(record, as_of=TODAY - 1000 * DAY)
        make.make_follow_up(record, role="civil_society", as_of=TODAY - 1000 * DAY)
        make.make_recommendation(raised_by=[ngo], issues=[issue])
        draft(record, user, ngo)
        back = draft(record, user, ngo, stage="returned")
        ReviewStep.objects.create(follow_up=back, step="returned", by=user, comment="Which law?")
        draft(record, make.make_user("contributor"), ngo, stage="submitted")


# 1 session · 2 user · 3 memberships · 4–5 rights · 6 second factor
# my work: 7 what I follow · 8–9 counts of drafts and of records · 10–18 the first rows of each section, of
# drafts with why they came back · 19–21 the records of all sections, who raised them, their entries
# 22 saved views · 23 organisations
QUERIES = 23


@pytest.mark.parametrize("address", ["/desk/", "/desk/mine/due/", "/desk/mine/returned/"])
def test_query_count_does_not_grow_with_rows(client, ngo, address):
    user = make.make_user("reviewer", organisations=[ngo])
    client.force_login(user)
    fill(user, ngo)
    client.get("/desk/")  # the session is noted once a minute
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    fill(user, ngo)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) == len(before) <= QUERIES, [query["sql"][:120] for query in after]


def test_hidden_record_is_not_listed_as_work(desk, user):
    record = make.make_recommendation()
    follow(user, recommendation=record)
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    assert sections(desk)["unassessed"] == []
    assert record.reference not in desk.get("/desk/follow/").text
