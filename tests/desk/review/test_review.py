"""The queue and the page of one entry: what a reviewer sees, decides, and is told."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import document_fromstring

from recommendations.actions import review_workflow
from recommendations.models import FollowUp
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db
QUEUE = "/desk/review/"


@pytest.fixture
def ngo():
    return make.make_stakeholder(name="Freedonia Watch", acronym="FW", slug="fw")


@pytest.fixture
def author(ngo):
    return make.make_user("contributor", organisations=[ngo], first_name="Cleo", last_name="First")


@pytest.fixture
def reviewer():
    return make.make_user("reviewer", first_name="Ada", last_name="Second")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def submit(ngo, author):
    """Make a draft, let `with_draft` add to it, submit it."""

    def act(record=None, with_draft=lambda _draft: None, by=author, **values):
        defaults = {"assessor": ngo, "role": "civil_society", "recorded_by": by, "published_at": None}
        draft = make.make_follow_up(record, **defaults | values)
        with_draft(draft)
        return review_workflow.submit(draft, by=by)

    return act


def address(entry):
    return reverse("desk_review_entry", args=[entry.pk])


def decide(client, entry, act, **values):
    seen = entry.steps.last().pk
    return client.post(address(entry), {"act": act, "seen": seen} | values, follow=True)


def titles(client, query=""):
    page = document_fromstring(client.get(QUEUE + query).content)
    return page.xpath("//ol[@class='queue']//*[@class='reference']/text()")


def test_queue_is_only_for_reviewers(client, author, reviewer, submit):
    entry = submit()
    for somebody, status in ((author, 403), (make.make_user("editor"), 403), (reviewer, 200)):
        client.force_login(somebody)
        assert client.get(QUEUE).status_code == status
        assert client.get(address(entry)).status_code == status
        assert (QUEUE in client.get("/desk/").text) is (status == 200)
    client.logout()
    assert client.get(QUEUE).headers["Location"].startswith("/desk/account/login/")


def test_queue_is_sorted_by_longest_wait_by_default(desk, submit):
    other = make.make_stakeholder(slug="other")
    somebody = make.make_user("contributor", organisations=[other])
    names = [submit().recommendation.reference for _ in range(2)]
    names.append(submit(assessor=other, by=somebody).recommendation.reference)
    make.make_follow_up(published_at=None, summary="A draft that nobody submitted")
    assert titles(desk) == names
    assert titles(desk, "?order=newest") == names[::-1]
    assert titles(desk, "?organisation=fw&order=newest") == names[1::-1]
    for odd in ("?organisation=nobody", "?order=sideways", "?page=99"):
        assert titles(desk, odd) == names
    assert "Nothing of such an organisation waits" in page_words(desk.get(f"{QUEUE}?organisation=x").text)


def test_queue_shows_what_each_entry_would_change(desk, submit):
    record = make.make_recommendation()
    make.make_follow_up(record, role="civil_society", status="in_progress")

    def with_evidence(draft):
        make.make_evidence(follow_up=draft)
        make.make_evidence(follow_up=draft, access="private")

    submit(record, with_evidence, status="implemented")
    words = page_words(desk.get(QUEUE).text)
    assert "In progress → becomes Implemented" in words
    assert "2 pieces of evidence, 1 public" in words
    assert "Waiting for review (1)" in words


def test_queue_query_count_does_not_grow_with_entries(desk, submit):
    def queries():
        with CaptureQueriesContext(connection) as found:
            desk.get(QUEUE)
        return len(found)

    submit()
    queries()
    few = queries()
    for _ in range(4):
        submit(None, lambda draft: make.make_evidence(follow_up=draft))
    assert queries() == few


def test_differences_are_marked_word_by_word(desk, submit):
    record = make.make_recommendation()
    make.make_follow_up(
        record,
        role="civil_society",
        summary="A draft law on libel is before parliament.",
        status="in_progress",
    )
    make.make_follow_up(record, role="tracker", summary="Another role says another thing.")
    entry = submit(
        record, summary="A draft law on libel was adopted by parliament.", status="partially_implemented"
    )
    page = document_fromstring(desk.get(address(entry)).content)
    gone = " ".join(each.text_content() for each in page.xpath("//del"))
    new = " ".join(each.text_content() for each in page.xpath("//ins"))
    assert "is before" in gone
    assert "was adopted by" in new
    assert "In progress" in gone
    assert "Partially implemented" in new
    assert "libel" not in gone + new
    assert "Another role" not in page.text_content()


def test_correction_is_compared_with_the_corrected_entry(desk, submit, ngo):
    old = make.make_follow_up(role="civil_society", assessor=ngo, summary="The first words.")
    make.make_follow_up(
        old.recommendation,
        role="civil_society",
        assessor=ngo,
        summary="Newer and not concerned.",
        as_of=datetime.date(2025, 1, 1),
    )
    entry = submit(old.recommendation, replaces=old, correction_reason="A wrong date.")
    words = page_words(desk.get(address(entry)).text)
    assert "Published, to be corrected" in words
    assert "The first words." in words
    assert "A wrong date." in words
    assert "Newer and not concerned" not in words


def test_preview_shows_public_evidence_and_counts_the_rest(desk, submit):
    record = make.make_recommendation()

    def with_evidence(draft):
        for access in ("public", "partners", "private"):
            make.make_evidence(
                follow_up=draft, access=access, title=f"{access} title", url=f"https://example.org/{access}"
            )
        make.make_evidence(
            follow_up=draft, kind="paragraph", url="", title="", paragraph=record.paragraph, text=record.text
        )

    entry = submit(record, with_evidence)
    answer = desk.get(address(entry))
    page, words = document_fromstring(answer.content), page_words(answer.text)
    assert "JS1 said:" in page.xpath("//blockquote[@class='evidence-context']")[0].text_content()
    assert page.xpath("//blockquote[@class='evidence-context']/mark/text()") == [record.text]
    assert page.xpath("//a[@href='https://example.org/public']")
    assert "partners title" in words
    assert "private title" not in answer.text
    assert "example.org/private" not in answer.text
    assert "1 more piece is private to FW" in words
    public = page.xpath("//form[@aria-labelledby='becomes-public']")[0].text_content()
    assert "public title" in public
    assert "partners title" not in public
    assert "2 pieces of evidence do not become public" in " ".join(public.split())


def test_publishing_needs_confirmation(desk, submit):
    entry = submit()
    answer = decide(desk, entry, "approve")
    assert "Nothing was published" in page_words(answer.text)
    entry.refresh_from_db()
    assert entry.stage == "submitted"
    answer = decide(desk, entry, "approve", confirmed="on")
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert f"The entry on {entry.recommendation.reference} is published." in page_words(answer.text)
    entry.refresh_from_db()
    assert entry.is_published
    assert entry.summary in page_words(desk.get(entry.recommendation.get_absolute_url()).text)


def test_returned_entry_shows_comment_to_its_authors(client, desk, submit, author):
    entry = submit()
    answer = decide(desk, entry, "return")
    assert "Say why" in page_words(answer.text)
    answer = decide(desk, entry, "return", comment="Which law?")
    assert "is returned to its authors" in page_words(answer.text)
    client.force_login(author)
    assert "Which law?" in page_words(client.get("/desk/").text)
    review_workflow.submit(entry, by=author)
    client.force_login(make.make_user("reviewer"))
    words = page_words(client.get(address(entry)).text)
    assert "The steps so far" in words
    assert "Which law?" in words
    assert "Returned Ada Second" in words


def test_rejected_entry_leaves_the_queue(desk, submit):
    entry = submit()
    decide(desk, entry, "reject", comment="Made up.")
    entry.refresh_from_db()
    assert entry.stage == "rejected"
    assert titles(desk) == []


def test_second_reviewer_is_told_the_first_decision(client, desk, submit, reviewer):
    entry = submit()
    review_workflow.approve(entry, by=make.make_user("reviewer", first_name="Ben", last_name="Third"))
    told = "Ben Third published this entry on"
    for answer in (
        decide(desk, entry, "reject", comment="No."),
        decide(desk, entry, "approve", confirmed="on"),
        desk.get(address(entry), follow=True),
    ):
        assert answer.redirect_chain == [(QUEUE, 302)]
        assert page_words(answer.text).count(told) == 1


def test_stale_review_page_cannot_publish_resubmitted_entry(desk, submit, author):
    entry = submit()
    seen = entry.steps.last().pk
    review_workflow.send_back(entry, by=make.make_user("reviewer"), comment="More.")
    FollowUp.objects.filter(pk=entry.pk).update(summary="Quite another thing.")
    review_workflow.submit(entry, by=author)
    answer = desk.post(address(entry), {"act": "approve", "seen": seen, "confirmed": "on"}, follow=True)
    words = page_words(answer.text)
    assert "Read it again" in words
    assert "Quite another thing." in words
    answer = desk.post(address(entry), {"act": "approve", "confirmed": "on"}, follow=True)
    assert "Read it again" in page_words(answer.text)


def test_own_entry_is_approved_only_if_setting_allows(client, ngo, submit, settings):
    both = make.make_user("reviewer", organisations=[ngo])
    entry = submit(by=both)
    client.force_login(both)
    assert "Recorded by you" in page_words(client.get(QUEUE).text)
    page = client.get(address(entry))
    assert "somebody else must approve it" in page_words(page.text)
    assert 'value="approve"' not in page.text
    assert decide(client, entry, "approve", confirmed="on").status_code == 403
    settings.ALLOW_SELF_APPROVAL = True
    assert 'value="approve"' in client.get(address(entry)).text
    assert decide(client, entry, "approve", confirmed="on").status_code == 200
    entry.refresh_from_db()
    assert entry.is_published


def test_unsubmitted_or_unknown_entry_is_404(desk):
    draft = make.make_follow_up(published_at=None, summary="SHIBBOLETH")
    for pk in (draft.pk, 999, 10**17, 10**30):
        for answer in (desk.get(f"{QUEUE}{pk}/"), desk.post(f"{QUEUE}{pk}/", {"act": "approve"})):
            assert answer.status_code == 404
            assert "SHIBBOLETH" not in answer.text


@pytest.mark.parametrize("values", [{}, {"act": "dance"}, {"act": "return", "comment": "x" * 5001}])
def test_invalid_decision_changes_nothing(desk, submit, values):
    entry = submit()
    answer = desk.post(address(entry), values, follow=True)
    assert answer.status_code == 200
    entry.refresh_from_db()
    assert entry.stage == "submitted"
    assert entry.steps.count() == 1


@pytest.mark.parametrize("what", ["page of the record", "page with the entry", "record", "entry"])
def test_entry_to_withdraw_is_found_by_address_or_reference(desk, what):
    entry = make.make_follow_up(summary="It names somebody.")
    record = entry.recommendation
    asked = {
        "page of the record": f"https://tracker.example.org{record.get_absolute_url()}",
        "page with the entry": f"https://tracker.example.org{entry.get_absolute_url()}",
        "record": record.reference.lower(),
        "entry": entry.reference,
    }[what]
    make.make_follow_up(make.make_recommendation(), summary="Another thing.")
    answer = desk.get("/desk/withdraw/", {"q": asked})
    assert "1 published entry" in page_words(answer.text)
    assert f"/desk/withdraw/{entry.pk}/" in answer.text


def test_withdrawal_needs_confirmation_and_keeps_the_reason(client, desk):
    entry = make.make_follow_up(summary="SHIBBOLETH")
    page = f"/desk/withdraw/{entry.pk}/"
    assert "What goes, for good" in page_words(desk.get(page).text)
    answer = desk.post(page, {"reason": "Somebody is in danger."})
    assert "Nothing was withdrawn" in page_words(answer.text)
    answer = desk.post(page, {"reason": " ", "confirmed": "on"})
    assert answer.status_code == 200
    entry.refresh_from_db()
    assert entry.withdrawn_at is None
    answer = desk.post(page, {"reason": "Somebody is in danger.", "confirmed": "on"}, follow=True)
    assert "is withdrawn. Its place and your reason stay." in page_words(answer.text)
    shown = client.get(entry.recommendation.get_absolute_url()).text
    assert "SHIBBOLETH" not in shown
    assert "Somebody is in danger." in shown
    answer = desk.get(page, follow=True)
    assert "Ada Second withdrew this entry on" in page_words(answer.text)
    assert "0 published entries" in page_words(desk.get("/desk/withdraw/", {"q": entry.reference}).text)


def test_withdrawal_pages_need_permission(client, author):
    entry = make.make_follow_up()
    draft = make.make_follow_up(published_at=None)
    for somebody in (author, make.make_user("editor")):
        client.force_login(somebody)
        for page in ("/desk/withdraw/", f"/desk/withdraw/{entry.pk}/"):
            assert client.get(page).status_code == 403
            assert client.post(page, {"reason": "x", "confirmed": "on"}).status_code == 403
    client.force_login(make.make_user("administrator"))
    assert client.get(f"/desk/withdraw/{entry.pk}/").status_code == 200
    assert client.get(f"/desk/withdraw/{draft.pk}/").status_code == 404
    assert client.get("/desk/withdraw/", {"q": "\x01%/#entry-99999999999999999999"}).status_code == 200
