"""Digests: who is told of what, once, in which words; and never of anything that is not public."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from lxml.html import document_fromstring

from recommendations.actions import review_workflow
from recommendations.models import (
    AlertSetting,
    Digest,
    DigestEntry,
    Evidence,
    Note,
    Recommendation,
    ReviewStep,
    SavedView,
)
from tests import make
from tests.amounts import examples
from tests.desk.alerts.digests import (
    DAY,
    EDGES,
    HISTORIES,
    MICROSECOND,
    MIDNIGHT,
    MORNING,
    YESTERDAY,
    entry,
    follow,
    reader,
    send,
    words_of,
)

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    """The references in all mails, in order."""
    return [word for message in mail.outbox for word in re.findall(r"[A-Z]+-\d+(?= ·)", message.body)]


def test_followers_are_told_of_each_new_entry_once():
    issue = make.make_issue()
    below = make.make_issue(parent=issue)
    ngo, committee = make.make_stakeholder(), make.make_stakeholder(kind="committee")
    user = reader(issue, ngo, committee)
    view = SavedView.objects.create(owner=user, name="Mine", query="kind=question&q=moratorium")
    record = make.make_recommendation(reference="RECORD-1", issues=[below], raised_by=[ngo])
    follow(user, record, view)
    entry(record)
    entry(make.make_recommendation(reference="ISSUE-1", issues=[below]))
    entry(make.make_recommendation(reference="RAISED-1", raised_by=[ngo]))
    entry(make.make_recommendation(reference="SAYS-1"), role="un_body", assessor=committee)
    entry(make.make_recommendation(reference="VIEW-1", kind="question"))
    # None of these: another issue, a suggested tag, nothing followed, another's view, the State's own.
    entry(make.make_recommendation(issues=[make.make_issue(slug=f"{issue.slug}-more")]))
    other = make.make_recommendation()
    other.tags.create(issue=issue, origin="suggestion")
    entry(other)
    entry()
    theirs = SavedView.objects.create(owner=make.make_user(), name="Theirs", query="")
    follow(user, theirs)
    assert send().sent == 1
    assert sorted(told()) == ["ISSUE-1", "RAISED-1", "RECORD-1", "SAYS-1", "VIEW-1"]
    assert mail.outbox[0].subject == "Recommendation Tracker: 5 new entries"
    assert send().sent == 0
    assert send(MORNING + DAY).sent == 0
    assert len(mail.outbox) == 1


def test_digest_groups_entries_by_record_with_details():
    record = make.make_recommendation(reference="BOTH-1", summary="Repeal the <law> & more")
    reader(record)
    ngo = make.make_stakeholder(acronym="FW")
    first = entry(record, role="civil_society", assessor=ngo, status="regressed")
    hidden = make.make_stakeholder(acronym="HIDDEN", name="Hidden name", published=False)
    entry(record, role="civil_society", assessor=hidden, replaces=None, as_of=datetime.date(2025, 3, 2))
    correction = entry(
        record,
        role="civil_society",
        assessor=ngo,
        replaces=first,
        correction_reason="SECRET",
        status="implemented",
    )
    send()
    (message,) = mail.outbox
    assert told() == ["BOTH-1"]
    assert "Repeal the <law> & more" in message.body
    assert "* Regressed as of 1 January 2024 (FW, Civil society)\n" in message.body
    assert "* In progress as of 2 March 2025 (Civil society)\n" in message.body
    assert "* Correction: Implemented as of 1 January 2024 (FW, Civil society)" in message.body
    assert f"  https://tracker.example.org/recommendations/BOTH-1/#entry-{correction.pk}\n" in message.body
    # No words of the entries: a mail cannot be called back.
    assert first.summary not in words_of(message)
    html = document_fromstring(message.alternatives[0].content)
    assert "Repeal the <law> & more" in html.text_content()
    assert f"https://tracker.example.org/recommendations/BOTH-1/#entry-{first.pk}" in html.xpath("//a/@href")
    assert not html.xpath("//img|//script|//style|//link|//*[@style]|//*[@src]")


def test_digest_has_one_click_unsubscribe_headers():
    record = make.make_recommendation()
    key = reader(record).alert_setting.key
    entry(record)
    send()
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe"] == f"<https://tracker.example.org/unsubscribe/{key}/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == Digest.objects.get().message_id
    assert headers["Message-ID"].endswith("@tracker.example.org>")


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"email": ""},
        {"frequency": "off"},
        {"groups": []},
    ],
)
def test_person_without_access_address_or_subscription_gets_nothing(change):
    record = make.make_recommendation()
    user = reader(record)
    entry(record)
    if "frequency" in change:
        AlertSetting.objects.update(**change)
    elif "groups" in change:
        user.groups.clear()
    else:
        type(user).objects.filter(pk=user.pk).update(**change)
    assert send().sent == 0
    assert mail.outbox == []


def test_no_news_sends_no_mail():
    reader(make.make_recommendation())
    assert send().empty == 1
    assert mail.outbox == []


def test_weekly_digest_comes_on_mondays():
    record = make.make_recommendation()
    reader(record, frequency="weekly")
    entry(record)
    assert send(MORNING).sent == 0
    monday = MIDNIGHT + 5 * DAY
    assert send(monday - MICROSECOND).sent == 0
    assert send(monday).sent == 1


def late(record: Recommendation) -> Recommendation:
    Recommendation.objects.filter(pk=record.pk).update(
        selected_for_follow_up=True, due_on=timezone.localdate() - DAY
    )
    return record


def test_work_counts_are_told_on_increase_and_weekly():
    ngo = make.make_stakeholder()
    user = reader(organisations=[ngo])
    late(make.make_recommendation(raised_by=[ngo]))
    make.make_recommendation(
        raised_by=[ngo], selected_for_follow_up=True, due_on=timezone.localdate() + 9 * DAY
    )
    back = make.make_follow_up(
        role="civil_society", assessor=ngo, published_at=None, stage="returned", recorded_by=user
    )
    ReviewStep.objects.create(follow_up=back, step="returned", by=user, comment="Which law?")
    make.make_follow_up(
        role="civil_society", assessor=ngo, published_at=None, stage="draft", recorded_by=user
    )
    send()
    (message,) = mail.outbox
    assert message.subject == "Recommendation Tracker: 1 report overdue, 1 report due, 1 entry returned"
    assert "1 report is overdue, and nobody has assessed the record since\n" in message.body
    assert (
        "1 draft of yours is not submitted yet\n  https://tracker.example.org/desk/mine/drafts/"
        in message.body
    )
    assert "https://tracker.example.org/desk/mine/due/" in message.body
    assert send(MORNING + DAY).sent == 0
    late(make.make_recommendation(raised_by=[ngo]))
    assert send(MORNING + 2 * DAY).sent == 1
    assert [send(MORNING + n * DAY).sent for n in range(3, 10)] == [0, 0, 0, 0, 0, 0, 1]


def test_reviewers_are_told_number_of_waiting_entries():
    user = reader(role="reviewer")
    for _ in range(2):
        make.make_follow_up(published_at=None, stage="submitted", summary="CANARY", status="regressed")
    make.make_follow_up(published_at=None, stage="submitted", recorded_by=user)
    send()
    assert "2 entries wait for your review" in mail.outbox[0].body


CANARY = "canary-4711"


@pytest.mark.parametrize("role", ["contributor", "reviewer", "editor", "administrator"])
def test_no_private_or_draft_word_reaches_a_mail(role):
    ngo = make.make_stakeholder(name=f"{CANARY} organisation", acronym=f"{CANARY}-o", published=False)
    author = make.make_user(
        "contributor", username=f"{CANARY}-u", first_name=f"{CANARY}-f", organisations=[ngo]
    )
    issue = make.make_issue()
    user = reader(issue, role=role, organisations=[ngo], last_name=f"{CANARY}-l")
    follow(user, ngo, SavedView.objects.create(owner=user, name=f"{CANARY}-view", query="q=moratorium"))
    record = make.make_recommendation(issues=[issue], raised_by=[ngo], reference="PUBLIC-1")
    public = entry(record, recorded_by=author, role="civil_society", assessor=ngo)
    for access in ("private", "partners"):
        make.make_evidence(follow_up=public, title=f"{CANARY}-{access}", access=access)
        Note.objects.create(
            recommendation=record, organisation=ngo, author=author, text=f"{CANARY} note", access=access
        )
    for stage in ("draft", "submitted", "returned", "rejected"):
        draft = make.make_follow_up(
            record,
            role="civil_society",
            assessor=ngo,
            published_at=None,
            stage=stage,
            summary=f"{CANARY} draft",
            recorded_by=user if stage == "returned" else author,
        )
        Evidence.objects.create(
            follow_up=draft, kind="link", url=f"https://{CANARY}.org", title=CANARY, position=1
        )
        ReviewStep.objects.create(follow_up=draft, step="returned", by=author, comment=f"{CANARY} comment")
    replacing = make.make_follow_up(
        record,
        role="civil_society",
        assessor=ngo,
        published_at=None,
        replaces=public,
        correction_reason=f"{CANARY} reason",
    )
    assert replacing.stage == "draft"
    for values in ({"published": False}, {"document": make.make_document(published=False)}):
        entry(make.make_recommendation(issues=[issue], summary=f"{CANARY} record", **values))
    make.make_recommendation(
        raised_by=[ngo],
        summary=f"{CANARY} waits",
        selected_for_follow_up=True,
        due_on=timezone.localdate() - DAY,
    )
    send()
    (message,) = mail.outbox
    assert told() == ["PUBLIC-1"]
    assert "overdue" in message.body
    assert CANARY not in words_of(message)
    assert author.email not in words_of(message)


def test_former_member_is_not_told_of_hidden_organisation():
    hidden = make.make_stakeholder(published=False)
    user = reader(hidden, organisations=[hidden])
    user.memberships.all().delete()
    entry(role="civil_society", assessor=hidden)
    entry(make.make_recommendation(raised_by=[hidden]))
    assert send().sent == 0


def test_entry_withdrawn_or_hidden_before_run_is_not_told():
    record = make.make_recommendation()
    reader(record)
    entry(record)
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    other = make.make_recommendation()
    reader(other)
    review_workflow.withdraw(entry(other), by=make.make_user("reviewer"), reason="For safety.")
    assert send().sent == 0


def test_entry_committed_after_run_is_told_by_next():
    record = make.make_recommendation(reference="SLOW-1")
    reader(record)
    entry(record, YESTERDAY)
    assert send().sent == 1
    # Its transaction began before midnight and ended after the run.
    entry(record, MIDNIGHT - MICROSECOND)
    assert send(MORNING).sent == 0
    assert send(MORNING + DAY).sent == 1
    assert send(MORNING + 2 * DAY).sent == 0
    assert DigestEntry.objects.count() == 2


def test_digest_after_pause_tells_all_missed_entries():
    record = make.make_recommendation()
    reader(record)
    for n in range(5):
        entry(record, YESTERDAY + n * DAY)
    assert send(MORNING + 4 * DAY).sent == 1
    assert mail.outbox[0].subject.endswith("5 new entries")


@with_settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(HISTORIES)
def test_every_entry_is_told_exactly_once(steps):
    """Entries at, just before and just after midnights; runs at any of these moments; frequency changes."""
    from django.db import transaction

    with transaction.atomic():
        mail.outbox.clear()
        record = make.make_recommendation()
        setting = reader(record).alert_setting
        made = []
        # In the order of time, as the world does it; what happens at one moment in any order.
        for kind, at in sorted(steps, key=lambda step: step[1]):
            if kind == "entry":
                made.append(entry(record, at).pk)
            elif kind == "run":
                send(at)
            else:
                setting.refresh_from_db()
                setting.choose(kind, at)
        send(EDGES[-1] + 8 * DAY)
        addresses = re.findall(r"#entry-(\d+)\n", "".join(message.body for message in mail.outbox))
        assert sorted(int(pk) for pk in addresses) == sorted(made)
        transaction.set_rollback(True)


# For the run: 1 who is due · 2 old digests. For each person: 1 lock · 2–4 organisations, rights · 5 claim
# 6 lock · 7 what is followed · 8 saved views · 9–10 work · 11 entries · 12 told · 13 sent · 14 until when;
# and the two transactions, each with its beginning and its end.
QUERIES = 20


def test_query_count_does_not_grow_with_entries_and_followings():
    def fill(user, number):
        for n in range(number):
            issue, ngo = make.make_issue(), make.make_stakeholder()
            record = make.make_recommendation(issues=[issue], raised_by=[ngo])
            view = SavedView.objects.create(
                owner=user, name=f"{user} {n}", query="kind=question&status=regressed"
            )
            follow(user, issue, ngo, record, view)
            entry(record)
            entry(record, role="un_body")

    counted = []
    for number in (2, 6):
        fill(reader(role="reviewer", organisations=[make.make_stakeholder()]), number)
        with CaptureQueriesContext(connection) as queries:
            assert send().sent == 1
        counted.append(len(queries))
    assert counted[0] == counted[1] <= QUERIES, counted


def test_long_digest_names_some_entries_and_counts_rest(monkeypatch):
    monkeypatch.setattr("recommendations.desk.alerts.contents.NAMED_MAX", 3)
    record = make.make_recommendation()
    reader(record)
    for _ in range(5):
        entry(record)
    send()
    assert mail.outbox[0].body.count("#entry-") == 3
    assert "And 2 more entries: https://tracker.example.org/follow-up/?sort=published" in mail.outbox[0].body
    assert DigestEntry.objects.count() == 5


def test_deleting_old_digests_resends_nothing():
    record = make.make_recommendation()
    reader(record)
    entry(record)
    send()
    Digest.objects.update(finished_at=MORNING - 200 * DAY)
    send(MORNING)
    assert Digest.objects.count() == 1  # the newest is what the next is compared with
    assert send(MORNING + DAY).empty == 1
    send(MORNING + 2 * DAY)
    assert not Digest.objects.filter(state="sent").exists()
    assert len(mail.outbox) == 1


def test_command_reports_counts_and_requires_site_url(capsys, settings):
    record = make.make_recommendation()
    reader(record)
    AlertSetting.objects.update(told_until=timezone.now() - 3 * DAY)
    entry(record, timezone.now() - DAY)
    call_command("send_digests")
    assert "Digests: 1 sent, 0 with nothing to tell, 0 failed." in capsys.readouterr().out
    settings.DEMO, settings.SITE_URL = False, ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("send_digests")
