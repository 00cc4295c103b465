"""Editing in the admin: quotes, publication, addresses, stale edits, suggestions."""

import datetime

import pytest
from django.contrib.auth.models import Permission

from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    IssueTag,
    Paragraph,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Stakeholder,
)
from tests import make
from tests.admin.form_data import evidence_data, post_action, text_of, typed
from tests.pages import admin_address as address

pytestmark = pytest.mark.django_db


# Quotes


@pytest.mark.parametrize("make_row", [make.make_recommendation, make.make_response])
def test_misquote_is_refused_with_nearest_match(client, chief, make_row):
    record = make_row()
    page = address(type(record), "change", record.pk)
    data = typed(client, page) | {"text": "The State should place a ban on criminal libel."}
    response = client.post(page, data)
    assert response.status_code == 200
    assert "Nearest match: “The State should place a" in response.context["adminform"].form.errors["text"][0]
    assert "The State should place a ban on criminal libel." in text_of(response)
    record.refresh_from_db()
    assert record.text == make.WORDS


def test_new_record_is_draft_with_editor_in_history(client, chief):
    paragraph = make.make_paragraph()
    page = address(Recommendation, "add") + f"?paragraph={paragraph.pk}&document={paragraph.document_id}"
    data = typed(client, page)
    assert data["paragraph"] == str(paragraph.pk)
    stakeholder = make.make_stakeholder()
    data |= {
        "reference": "FRE-1",
        "kind": "recommendation",
        "text": make.WORDS,
        "raised_by": [stakeholder.pk],
    }
    assert client.post(page, data).status_code == 302
    record = Recommendation.objects.get()
    assert not record.published
    assert list(record.raised_by.all()) == [stakeholder]
    assert record.history.last().history_user == chief


def test_evidence_must_quote_its_paragraph(client, chief):
    entry = make.make_follow_up(published_at=None)
    make.join(chief, entry.assessor)
    paragraph = make.make_paragraph()
    page = address(FollowUp, "change", entry.pk)
    data = typed(client, page) | evidence_data(
        "paragraph",
        access="public",
        paragraph=paragraph.pk,
        text="The State must place a moratorium on libel.",
    )
    response = client.post(page, data)
    errors = response.context["inline_admin_formsets"][0].formset.errors[0]
    assert "Nearest match" in errors["text"][0]
    assert not Evidence.objects.exists()
    assert client.post(page, data | {"evidence-0-text": make.WORDS}).status_code == 302
    assert Evidence.objects.get().follow_up == entry


def test_paragraph_edit_must_keep_quoted_words(client, chief):
    record = make.make_recommendation()
    page = address(Paragraph, "change", record.paragraph_id)
    data = typed(client, page)
    response = client.post(page, data | {"text": "Something else."})
    assert record.reference in response.context["adminform"].form.errors["text"][0]
    assert client.post(page, data | {"text": f"JS1 said:  {make.WORDS} And more."}).status_code == 302


# Publication


@pytest.mark.parametrize(
    "make_row", [make.make_recommendation, make.make_response, make.make_document, make.make_stakeholder]
)
def test_publication_is_confirmed_and_written_to_history(client, chief, make_row):
    record = make_row(published=False)
    model = type(record)
    response = post_action(client, model, "publish", [record])
    assert str(record) in text_of(response)
    assert "What will change" in text_of(response)
    record.refresh_from_db()
    assert not record.published
    response = post_action(client, model, "publish", [record], confirmed="yes")
    assert "1 " in text_of(response)
    record.refresh_from_db()
    assert record.published
    newest = record.history.first()
    assert (newest.history_user, newest.history_change_reason) == (chief, "Published")
    post_action(client, model, "unpublish", [record], confirmed="yes")
    record.refresh_from_db()
    assert not record.published
    assert record.history.first().history_change_reason == "Unpublished"


def test_publication_is_shown_and_filterable_but_not_editable(client, chief):
    public, draft = make.make_stakeholder(name="Seen"), make.make_stakeholder(name="Unseen", published=False)
    for value, row in (("yes", public), ("no", draft)):
        found = client.get(address(Stakeholder, "changelist"), {"public": value}).context["cl"]
        assert list(found.result_list) == [row]
    for row, words in ((public, "Unpublish…"), (draft, "Publish…")):
        page = address(Stakeholder, "change", row.pk)
        assert words in text_of(client.get(page))
        assert client.post(page, typed(client, page) | {"published": "on"}).status_code == 302
    draft.refresh_from_db()
    assert not draft.published


def test_a_new_stakeholder_is_a_draft(client, chief):
    page = address(Stakeholder, "add")
    data = typed(client, page) | {"name": "At Risk", "slug": "at-risk", "kind": "ngo", "published": "on"}
    assert client.post(page, data).status_code == 302
    assert not Stakeholder.objects.get().published


def test_publishing_a_stakeholder_says_where_its_name_appears(client, chief):
    hidden = make.make_stakeholder(published=False)
    record = make.make_recommendation(raised_by=[hidden])
    make.make_recommendation(raised_by=[hidden], published=False)
    make.make_follow_up(record, role="civil_society", assessor=hidden)
    page = text_of(post_action(client, Stakeholder, "publish", [hidden]))
    assert "its name, on 1 public records and 1 public entries of follow-up" in page


def test_misquoting_record_is_not_published(client, chief):
    record = make.make_recommendation(published=False)
    Recommendation.objects.filter(pk=record.pk).update(text="Never said.")
    response = post_action(client, Recommendation, "publish", [record], confirmed="yes")
    assert "do not stand in paragraph" in text_of(response)
    record.refresh_from_db()
    assert not record.published


def test_unpublishing_document_counts_what_it_hides(client, chief):
    record = make.make_recommendation()
    response = post_action(client, Document, "unpublish", [record.document])
    assert "1 public records and 0 public State responses" in text_of(response)


def test_publish_confirmation_keeps_the_selection(client, chief):
    records = [make.make_recommendation(published=False) for _ in range(3)]
    page = text_of(post_action(client, Recommendation, "publish", records))
    assert page.count('name="_selected_action"') == 3
    assert "Publish 3" in page


def test_publishing_needs_change_permission(client):
    viewer = make.make_user(username="viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_recommendation"))
    client.force_login(viewer)
    record = make.make_recommendation(published=False)
    post_action(client, Recommendation, "publish", [record], confirmed="yes")
    record.refresh_from_db()
    assert not record.published
    assert "Publish…" not in text_of(client.get(address(Recommendation, "change", record.pk)))


def test_restoring_a_version_leaves_publication_unchanged(client, chief):
    record = make.make_recommendation(published=False, summary="Old")
    record.published, record.summary = True, "New"
    record.save()
    page = address(Recommendation, "simple_history", record.pk, record.history.last().history_id)
    assert client.post(page, typed(client, page)).status_code == 302
    record.refresh_from_db()
    assert (record.summary, record.published) == ("Old", True)


# Addresses


def make_public_review(**values):
    """A review with a public document."""
    review = make.make_review(**values)
    make.make_document(review=review)
    return review


ADDRESSED = {
    "reference": [make.make_recommendation, make.make_response],
    "slug": [make.make_document, make_public_review, make.make_issue, make.make_stakeholder],
}


@pytest.mark.parametrize(
    ("field", "make_row"), [(f, one) for f, makers in ADDRESSED.items() for one in makers]
)
def test_public_address_cannot_be_edited(client, chief, field, make_row):
    row = make_row(**{field: "cited"})
    page = address(type(row), "change", row.pk)
    data = typed(client, page)
    assert field not in data
    assert client.post(page, data | {field: "other"}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "cited"
    # Nor does a former version bring a former address back.
    setattr(row, field, "cited-since")
    row.save()
    former = address(type(row), "simple_history", row.pk, row.history.last().history_id)
    assert client.post(former, typed(client, former)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "cited-since"


@pytest.mark.parametrize(
    ("field", "make_row"),
    [
        ("reference", lambda: make.make_recommendation(published=False)),
        ("reference", lambda: make.make_response(published=False)),
        ("reference", lambda: make.make_recommendation(document=make.make_document(published=False))),
        ("slug", lambda: make.make_document(published=False)),
        ("slug", lambda: make.make_stakeholder(published=False)),
        ("slug", lambda: make.make_document(published=False).review),
    ],
)
def test_draft_address_can_be_edited(client, chief, field, make_row):
    row = make_row()
    page = address(type(row), "change", row.pk)
    assert client.post(page, typed(client, page) | {field: "better"}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "better"


# Stale edits


@pytest.mark.parametrize(
    ("make_row", "field", "theirs", "yours"),
    [
        (make.make_recommendation, "summary", "Their summary", "My summary"),
        (make.make_response, "summary", "Their summary", "My summary"),
        (make.make_document, "title", "Their title", "My title"),
        (make.make_stakeholder, "name", "Their name", "My name"),
    ],
)
def test_stale_edit_is_refused_showing_both_versions(client, chief, make_row, field, theirs, yours):
    row = make_row()
    page = address(type(row), "change", row.pk)
    mine = typed(client, page) | {field: yours}
    assert client.post(page, typed(client, page) | {field: theirs}).status_code == 302
    response = client.post(page, mine)
    assert response.status_code == 200
    text = text_of(response)
    assert "Nothing was saved: chief changed this record" in text
    [difference] = response.context["adminform"].form.conflict
    assert (difference.theirs, difference.yours) == (theirs, yours)
    assert f'value="{yours}"' in text
    assert theirs in text
    row.refresh_from_db()
    assert getattr(row, field) == theirs
    # Saving what is shown again is a decision.
    version = response.context["adminform"].form["version"].value()
    assert client.post(page, mine | {"version": version}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == yours


def test_a_stale_edit_names_relations_and_choices(client, chief):
    record = make.make_recommendation(raised_by=[make.make_stakeholder(name="First")])
    page = address(Recommendation, "change", record.pk)
    mine = typed(client, page)
    other = make.make_stakeholder(name="Second", acronym="")
    there = typed(client, page) | {"raised_by": [other.pk], "kind": "concern"}
    assert client.post(page, there).status_code == 302
    found = {d.label: (d.theirs, d.yours) for d in client.post(page, mine).context["adminform"].form.conflict}
    assert found["Kind"] == ("Concern", "Recommendation")
    assert found["Raised by"][0] == "Second"
    assert found["Raised by"][1].startswith("First")


def test_form_without_version_is_refused(client, chief):
    row = make.make_stakeholder()
    page = address(Stakeholder, "change", row.pk)
    data = typed(client, page)
    del data["version"]
    assert client.post(page, data).status_code == 200


# Suggestions


def test_suggestions_are_confirmed_or_dismissed(client, chief):
    first, second = make.make_recommendation(), make.make_recommendation()
    yes = make.make_response_link(response=make.make_response(), recommendation=first, confirmed=False)
    no = make.make_response_link(response=make.make_response(), recommendation=first, confirmed=False)
    kept = make.make_response_link(response=make.make_response(), recommendation=first)
    post_action(client, ResponseLink, "confirm_suggestions", [yes], confirmed="yes")
    post_action(client, ResponseLink, "dismiss_suggestions", [no, kept], confirmed="yes")
    assert set(ResponseLink.objects.filter(confirmed=True)) == {yes, kept}
    assert not ResponseLink.objects.filter(pk=no.pk).exists()
    assert ResponseLink.history.filter(id=no.pk).first().history_change_reason == "Suggestion dismissed"
    link = make.make_link(first, second, confirmed=False)
    post_action(client, RecommendationLink, "confirm_suggestions", [link], confirmed="yes")
    link.refresh_from_db()
    assert link.confirmed
    assert link.history.first().history_user == chief
    tag = first.tags.create(issue=make.make_issue(), origin="suggestion")
    post_action(client, IssueTag, "confirm_suggestions", [tag], confirmed="yes")
    tag.refresh_from_db()
    assert tag.origin == "editor"


def test_chain_running_backwards_is_refused(client, chief):
    later = make.make_recommendation(
        document=make.make_document(review=make.make_review(starts_on=datetime.date(2020, 1, 1)))
    )
    earlier = make.make_recommendation()
    page = address(Recommendation, "change", later.pk)
    data = typed(client, page) | {
        "later_links-TOTAL_FORMS": "1",
        "later_links-0-earlier": later.pk,
        "later_links-0-later": earlier.pk,
        "later_links-0-relation": "repeated",
        "later_links-0-rationale": "The same.",
    }
    response = client.post(page, data)
    assert response.status_code == 200
    assert "swap the two" in text_of(response)
