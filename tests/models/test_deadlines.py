"""Due dates: by the body's rule, counted down, listed by date, and told to nobody twice."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml.html import document_fromstring

from recommendations.core.dates import months_after
from recommendations.models import Following, Recommendation, ReportingTime
from recommendations.models.deadlines import countdown
from tests import make
from tests.pages import admin_address, page_words

pytestmark = pytest.mark.django_db
D = datetime.date
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def rule():
    return ReportingTime.objects.update_or_create(mechanism="CCPR", defaults={"months": 36})[0]


@pytest.fixture
def record():
    review = make.make_review(mechanism="CCPR", starts_on=D(2025, 6, 25), ends_on=D(2025, 7, 17))
    return make.make_recommendation(
        reference="FRE-CCPR-1", document=make.make_document(review=review), kind="concern"
    )


@pytest.fixture
def editor(client):
    client.force_login(make.make_user("editor"))
    return client


def due_record(days, **values):
    return make.make_recommendation(selected_for_follow_up=True, due_on=TODAY + days * DAY, **values)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (D(2025, 7, 17), 36, D(2028, 7, 17)),
        (D(2025, 1, 31), 1, D(2025, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2025, 12, 15), 12, D(2026, 12, 15)),
        (D(2025, 11, 30), 1, D(2025, 12, 30)),
        (D(2025, 12, 31), 2, D(2026, 2, 28)),
    ],
)
def test_months_are_added_by_the_calendar(day, months, later):
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (214, "due in 214 days"),
        (1, "due in 1 day"),
        (0, "due today"),
        (-1, "overdue by 1 day"),
        (-12, "overdue by 12 days"),
    ],
)
def test_countdown_says_the_days_in_words(days, words):
    assert countdown(TODAY + days * DAY, TODAY) == words


def edit_page(record):
    return reverse("desk_record_edit", args=[record.reference])


def set_deadline(client, record, **data):
    """Send the form of the record's page at the desk with these values; None is a box that is not ticked."""
    address = edit_page(record)
    page = document_fromstring(client.get(address).content)
    (form,) = [each for each in page.forms if "due_on" in each.fields]
    fields = dict(form.form_values()) | {"reason": "The list of issues says so."} | data
    return client.post(address, {name: value for name, value in fields.items() if value is not None})


def test_selecting_record_fills_editable_due_date_by_rule(editor, client, record, rule):
    assert "it becomes 17 July 2028, by the rule of the Human Rights Committee" in page_words(
        editor.get(edit_page(record)).text
    )
    assert set_deadline(editor, record, selected_for_follow_up="on").status_code == 302
    record.refresh_from_db()
    assert (record.selected_for_follow_up, record.due_on) == (True, D(2028, 7, 17))
    page = page_words(client.get(record.get_absolute_url()).text)
    assert "By the rule of the Human Rights Committee: 36 months after the review’s end." in page
    set_deadline(editor, record, selected_for_follow_up="on", due_on="2027-03-01")
    record.refresh_from_db()
    assert record.due_on == D(2027, 3, 1)
    assert "The date was entered by the editors." in page_words(client.get(record.get_absolute_url()).text)
    # What was taken away on purpose does not come back by itself.
    set_deadline(editor, record, selected_for_follow_up="on", due_on="")
    record.refresh_from_db()
    assert (record.selected_for_follow_up, record.due_on) == (True, None)
    answer = set_deadline(editor, record, selected_for_follow_up=None, due_on="2027-03-01")
    assert "Only a record selected for follow-up has a due date." in answer.text


def test_due_date_stays_open_without_a_rule(editor):
    record = make.make_recommendation()
    set_deadline(editor, record, selected_for_follow_up="on")
    record.refresh_from_db()
    assert (record.selected_for_follow_up, record.due_on) == (True, None)


@pytest.mark.parametrize("due_on", ["tomorrow", "2027-13-01", "0000-00-00", "9" * 40, "\x00"])
def test_impossible_due_date_is_refused(editor, record, due_on):
    answer = set_deadline(editor, record, selected_for_follow_up="on", due_on=due_on)
    assert answer.status_code == 200
    assert "to be corrected" in answer.text
    record.refresh_from_db()
    assert not record.selected_for_follow_up


def test_admin_fills_due_date_by_the_same_rule(editor, record, rule):
    address = admin_address(Recommendation, "change", record.pk)
    form = document_fromstring(editor.get(address).content).get_element_by_id("recommendation_form")
    fields = dict(form.form_values()) | {"selected_for_follow_up": "on"}
    assert editor.post(address, fields).status_code == 302
    record.refresh_from_db()
    assert record.due_on == D(2028, 7, 17)


@pytest.mark.parametrize("role", ["contributor", "reviewer"])
def test_only_editors_can_edit_the_rules(client, role):
    client.force_login(make.make_user(role))
    assert client.get("/desk/deadlines/times/").status_code == 403
    assert client.post("/desk/deadlines/times/", {}).status_code == 403
    assert "Reporting times" not in client.get("/desk/deadlines/").text


def rules_form(client, **changes):
    page = document_fromstring(client.get("/desk/deadlines/times/").content)
    (form,) = [each for each in page.forms if "form-TOTAL_FORMS" in each.fields]
    return client.post("/desk/deadlines/times/", dict(form.form_values()) | changes)


def test_editing_rules_leaves_existing_dates_unchanged(editor, record, rule):
    set_deadline(editor, record, selected_for_follow_up="on")
    ReportingTime.objects.exclude(pk=rule.pk).delete()
    new = {"form-1-mechanism": "CAT", "form-1-months": "12", "form-1-source": "Rule 72"}
    answer = rules_form(editor, **{"form-0-months": "24"}, **new)
    assert answer.status_code == 302
    assert dict(ReportingTime.objects.values_list("mechanism", "months")) == {"CCPR": 24, "CAT": 12}
    record.refresh_from_db()
    assert record.due_on == D(2028, 7, 17)
    methodology = page_words(editor.get("/methodology/").text)
    assert "Committee against Torture12 months after the end of the review (Rule 72)." in methodology
    rules_form(editor, **{"form-0-DELETE": "on"})
    assert ReportingTime.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"form-0-months": "0"},
        {"form-0-months": "x"},
        {"form-0-mechanism": "NONE"},
        {"form-1-mechanism": "CCPR", "form-1-months": "3"},
    ],
)
def test_one_impossible_rule_refuses_all_changes(editor, rule, wrong):
    ReportingTime.objects.exclude(pk=rule.pk).delete()
    answer = rules_form(editor, **wrong)
    assert answer.status_code == 200
    assert "to be corrected" in answer.text
    assert list(ReportingTime.objects.values_list("mechanism", "months")) == [("CCPR", 36)]


def test_tampered_rules_form_is_refused(editor, rule):
    assert editor.post("/desk/deadlines/times/", {}).status_code == 200
    assert ReportingTime.objects.filter(pk=rule.pk).exists()


def references(client, address):
    return document_fromstring(client.get(address).content).xpath("//ol//a[@class='reference']/text()")


def test_deadlines_are_listed_by_date_and_owner(client):
    ngo = make.make_stakeholder()
    client.force_login(make.make_user("contributor", organisations=[ngo]))
    due_record(300, reference="LATER-1", raised_by=[ngo])
    due_record(5, reference="SOON-1", raised_by=[ngo])
    due_record(-5, reference="LATE-1", raised_by=[ngo])
    due_record(-50, reference="LATE-2", raised_by=[ngo])
    due_record(10, reference="OTHERS-1")
    due_record(10, reference="HIDDEN-1", published=False)
    make.make_recommendation(reference="NONE-1", raised_by=[ngo], selected_for_follow_up=True)
    assert references(client, "/desk/deadlines/") == ["SOON-1", "LATER-1"]
    assert references(client, "/desk/deadlines/?show=overdue") == ["LATE-1", "LATE-2"]
    assert references(client, "/desk/deadlines/?whose=all") == ["SOON-1", "OTHERS-1", "LATER-1"]
    assert references(client, "/desk/deadlines/?whose=nonsense&show=1&page=x") == ["SOON-1", "LATER-1"]
    assert "To come (2)" in page_words(client.get("/desk/deadlines/").text)


def test_deadlines_without_own_records_show_all_dates(client):
    client.force_login(make.make_user("contributor"))
    assert "A record has a date once an editor has marked it" in client.get("/desk/deadlines/").text
    due_record(10, reference="OTHERS-1")
    assert references(client, "/desk/deadlines/") == ["OTHERS-1"]
    assert (
        "Follow the records that matter to you, and their dates stand here."
        in client.get("/desk/deadlines/?whose=mine").text
    )


def test_query_count_does_not_grow_with_deadlines(client):
    user = make.make_user("contributor")
    client.force_login(user)

    def fill():
        for n in range(4):
            record = due_record(n, raised_by=[make.make_stakeholder()])
            make.make_follow_up(record)
            Following.objects.create(user=user, recommendation=record)

    fill()
    client.get("/desk/deadlines/")
    with CaptureQueriesContext(connection) as before:
        client.get("/desk/deadlines/")
    fill()
    with CaptureQueriesContext(connection) as after:
        client.get("/desk/deadlines/")
    assert len(after) == len(before) <= 14


def test_lists_show_days_until_due(client):
    due_record(30)
    assert "Report due in 30 days" in page_words(client.get("/recommendations/").text)
