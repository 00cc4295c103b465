"""Editing in the admin: quotes, publication, the append-only log, stale edits, suggestions, deletion."""

import datetime

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import FileField
from django.urls import reverse

from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    IssueTag,
    Paragraph,
    PopulationGroup,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Stakeholder,
    StateResponse,
)
from tests import make
from tests.pages import admin_address as address

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    """A superuser, signed in."""
    user = make.make_superuser()
    client.force_login(user)
    return user


def typed(client, page):
    """What a browser would send back from a form page, unchanged."""
    response = client.get(page)
    assert response.status_code == 200
    context = response.context
    forms = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", ()):
        forms.append(inline.formset.management_form)
        forms.extend(inline.formset.forms)
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or isinstance(bound.field, FileField):
                continue
            if isinstance(value, (list, tuple)):
                data[bound.html_name] = [str(getattr(v, "pk", v)) for v in value]
            else:
                data[bound.html_name] = str(bound.field.prepare_value(getattr(value, "pk", value)))
    return data


def evidence_data(kind, **values):
    """What a browser sends for one piece of evidence of a new entry."""
    piece = {"position": "1", "kind": kind, "stance": "supports"} | values
    return {"evidence-TOTAL_FORMS": "1"} | {f"evidence-0-{name}": value for name, value in piece.items()}


def text_of(response):
    """The page as text."""
    return response.content.decode()


def post_action(client, model, action, rows, **extra):
    """Choose an action for some rows of a list."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0", **extra}
    return client.post(address(model, "changelist"), data, follow=True)


# Quotes


@pytest.mark.parametrize("make_row", [make.make_recommendation, make.make_response])
def test_a_quote_that_is_not_in_its_paragraph_is_refused_with_the_nearest_match(client, chief, make_row):
    record = make_row()
    page = address(type(record), "change", record.pk)
    data = typed(client, page) | {"text": "The State should place a ban on criminal libel."}
    response = client.post(page, data)
    assert response.status_code == 200
    assert "Nearest match: “The State should place a" in response.context["adminform"].form.errors["text"][0]
    assert "The State should place a ban on criminal libel." in text_of(response)
    record.refresh_from_db()
    assert record.text == make.WORDS


def test_a_new_record_is_a_draft_with_history_by_its_editor(client, chief):
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


def test_a_paragraph_keeps_the_words_quoted_from_it(client, chief):
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


def test_publication_is_seen_and_filtered_but_not_typed(client, chief):
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


def test_a_record_with_a_false_quote_is_not_published(client, chief):
    record = make.make_recommendation(published=False)
    Recommendation.objects.filter(pk=record.pk).update(text="Never said.")
    response = post_action(client, Recommendation, "publish", [record], confirmed="yes")
    assert "do not stand in paragraph" in text_of(response)
    record.refresh_from_db()
    assert not record.published


def test_unpublishing_a_document_says_what_goes_with_it(client, chief):
    record = make.make_recommendation()
    response = post_action(client, Document, "unpublish", [record.document])
    assert "1 public records and 0 public State responses" in text_of(response)


def test_the_confirmed_page_can_be_used_as_it_is(client, chief):
    records = [make.make_recommendation(published=False) for _ in range(3)]
    page = text_of(post_action(client, Recommendation, "publish", records))
    assert page.count('name="_selected_action"') == 3
    assert "Publish 3" in page


def test_publishing_needs_the_right_to_change(client):
    viewer = make.make_user(username="viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_recommendation"))
    client.force_login(viewer)
    record = make.make_recommendation(published=False)
    post_action(client, Recommendation, "publish", [record], confirmed="yes")
    record.refresh_from_db()
    assert not record.published
    assert "Publish…" not in text_of(client.get(address(Recommendation, "change", record.pk)))


def test_neither_the_form_nor_a_former_version_changes_publication(client, chief):
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
def test_the_address_of_a_public_page_is_not_edited(client, chief, field, make_row):
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
def test_the_address_of_a_draft_is_edited(client, chief, field, make_row):
    row = make_row()
    page = address(type(row), "change", row.pk)
    assert client.post(page, typed(client, page) | {field: "better"}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "better"


# The log


def entry_data(client, page, record, **values):
    """A filled form for a new entry by the tracker, for which the one who is signed in works."""
    assessor = Stakeholder.objects.filter(kind="tracker").first() or make.make_stakeholder(kind="tracker")
    make.join(get_user(client), assessor)
    return (
        typed(client, page)
        | {
            "recommendation": record.pk,
            "role": "tracker",
            "assessor": assessor.pk,
            "status": "in_progress",
            "as_of": "2025-01-01",
            "summary": "A bill is before parliament.",
            "confidence": "medium",
        }
        | values
    )


def test_a_new_entry_is_a_draft_that_names_who_recorded_it(client, chief):
    record = make.make_recommendation()
    page = address(FollowUp, "add")
    assert client.post(page, entry_data(client, page, record)).status_code == 302
    entry = FollowUp.objects.get()
    assert (entry.recorded_by, entry.published_at) == (chief, None)


def test_an_entry_is_published_with_its_evidence_at_once(client, chief, settings):
    settings.ALLOW_SELF_APPROVAL = True
    record = make.make_recommendation()
    page = address(FollowUp, "add")
    data = entry_data(client, page, record, publish_now="on") | evidence_data(
        "link", access="public", url="https://example.org/bill"
    )
    assert client.post(page, data).status_code == 302
    entry = FollowUp.objects.get()
    assert entry.is_published
    assert entry.evidence.count() == 1
    assert (entry.history.first().history_user, entry.history.first().history_change_reason) == (
        chief,
        "Approved and published",
    )


def test_who_may_only_add_writes_drafts(client):
    writer = make.make_user(username="writer", is_staff=True)
    for codename in ("add_followup", "view_followup", "view_stakeholder", "view_recommendation"):
        writer.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(writer)
    page = address(FollowUp, "add")
    text = text_of(client.get(page))
    assert "Publish now" not in text
    assert "Submit for review" not in text
    data = entry_data(client, page, make.make_recommendation(), publish_now="on", submit_now="on")
    client.post(page, data)
    assert FollowUp.objects.get().stage == "draft"


def test_a_published_entry_is_read_and_corrected_not_changed(client, chief):
    entry = make.make_follow_up()
    make.make_evidence(follow_up=entry)
    page = address(FollowUp, "change", entry.pk)
    text = text_of(client.get(page))
    assert "Correct this entry" in text
    assert 'name="summary"' not in text
    response = client.post(page, {"summary": "Rewritten"}, follow=True)
    assert "A published entry never changes" in text_of(response)
    response = client.post(address(FollowUp, "delete", entry.pk), {"post": "yes"}, follow=True)
    assert "A published entry never changes" in text_of(response)
    response = post_action(client, FollowUp, "delete_selected", [entry], post="yes")
    assert "Nothing was deleted" in text_of(response)
    evidence = address(Evidence, "change", entry.evidence.get().pk)
    assert "A published entry never changes" in text_of(client.post(evidence, {"title": "x"}, follow=True))
    evidence = address(Evidence, "delete", entry.evidence.get().pk)
    assert "A published entry never changes" in text_of(client.post(evidence, {"post": "yes"}, follow=True))
    former = address(FollowUp, "simple_history", entry.pk, entry.history.first().history_id)
    assert client.post(former, {"summary": "Rewritten"}).status_code == 403
    entry.refresh_from_db()
    assert entry.summary == "A draft law is before parliament."
    assert entry.evidence.get().title == "The draft law"


def test_a_correction_starts_from_the_entry_it_replaces(client, chief, settings):
    settings.ALLOW_SELF_APPROVAL = True
    entry = make.make_follow_up()
    make.join(chief, entry.assessor)
    link = client.get(address(FollowUp, "change", entry.pk)).context["correct_address"]
    data = typed(client, link)
    expected = {
        "recommendation": entry.recommendation_id,
        "role": entry.role,
        "assessor": entry.assessor_id,
        "replaces": entry.pk,
    }
    assert {name: data[name] for name in expected} == {name: str(value) for name, value in expected.items()}
    data |= {
        "status": "regressed",
        "as_of": "2024-02-01",
        "summary": "The law was repealed.",
        "correction_reason": "Misread the law.",
        "publish_now": "on",
    }
    assert client.post(link, data).status_code == 302
    assert FollowUp.objects.standing().get().replaces == entry
    assert "It is replaced by" in text_of(client.get(address(FollowUp, "change", entry.pk)))


def test_the_inline_of_a_record_only_adds_entries(client, chief):
    entry = make.make_follow_up()
    make.join(chief, entry.assessor)
    record = entry.recommendation
    page = address(Recommendation, "change", record.pk)
    data = typed(client, page)
    n = int(data["follow_ups-INITIAL_FORMS"])
    data |= {
        "follow_ups-TOTAL_FORMS": str(n + 1),
        "follow_ups-0-id": entry.pk,
        "follow_ups-0-recommendation": record.pk,
        "follow_ups-0-summary": "Rewritten",
        "follow_ups-0-DELETE": "on",
        f"follow_ups-{n}-recommendation": record.pk,
        f"follow_ups-{n}-role": "tracker",
        f"follow_ups-{n}-assessor": entry.assessor_id,
        f"follow_ups-{n}-status": "implemented",
        f"follow_ups-{n}-as_of": "2025-03-01",
        f"follow_ups-{n}-summary": "It was adopted.",
        f"follow_ups-{n}-confidence": "high",
    }
    response = client.post(page, data)
    assert response.status_code == 302
    entry.refresh_from_db()
    assert entry.summary == "A draft law is before parliament."
    new = FollowUp.objects.exclude(pk=entry.pk).get()
    assert (new.recorded_by, new.is_published, new.summary) == (chief, False, "It was adopted.")


def test_entries_are_published_by_the_action_for_good(client, chief):
    submitted = make.make_follow_up(published_at=None, stage="submitted")
    own = make.make_follow_up(published_at=None, stage="submitted", recorded_by=chief)
    draft, published = make.make_follow_up(published_at=None), make.make_follow_up()
    make.join(chief, draft.assessor)
    rows = [submitted, own, draft, published]
    page = text_of(post_action(client, FollowUp, "publish", rows))
    assert "can never be changed" in page
    assert "This entry is published already" in page
    assert "This entry was not submitted" in page
    assert "somebody else must approve it" in page
    post_action(client, FollowUp, "publish", rows, confirmed="yes")
    for row, stage in ((submitted, "published"), (own, "submitted"), (draft, "draft")):
        row.refresh_from_db()
        assert row.stage == stage
    assert submitted.history.first().history_change_reason == "Approved and published"
    assert [(step.step, step.by) for step in submitted.steps.all()] == [("published", chief)]
    assert "unpublish" not in text_of(client.get(address(FollowUp, "changelist")))


def test_the_assessor_must_fit_the_role(client, chief):
    page = address(FollowUp, "add")
    ngo = make.make_stakeholder()
    make.join(chief, ngo)
    response = client.post(page, entry_data(client, page, make.make_recommendation(), assessor=ngo.pk))
    assert "cannot speak as" in response.context["adminform"].form.errors["role"][0]


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
def test_the_second_of_two_edits_is_refused_with_both_versions(client, chief, make_row, field, theirs, yours):
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


def test_a_form_without_its_version_is_not_trusted(client, chief):
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


def test_a_chain_that_runs_backwards_is_refused_on_the_page(client, chief):
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


# Deletion


def test_what_is_public_or_in_use_is_not_deleted(client, chief):
    record = make.make_recommendation(
        raised_by=[make.make_stakeholder(published=False)], groups=[make.make_group()]
    )
    response = client.post(address(Recommendation, "delete", record.pk), {"post": "yes"}, follow=True)
    assert "Make it a draft first" in text_of(response)
    for row in (record.raised_by.get(), record.groups.get(), record.document.review):
        response = client.post(address(type(row), "delete", row.pk), {"post": "yes"})
        assert response.status_code == 200
        assert "protected" in text_of(response)
        assert type(row).objects.filter(pk=row.pk).exists()
    assert record.reference in text_of(client.get(address(PopulationGroup, "delete", record.groups.get().pk)))
    make.make_follow_up(record)
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    response = client.post(address(Recommendation, "delete", record.pk), {"post": "yes"})
    assert "protected" in text_of(response)
    assert Recommendation.objects.filter(pk=record.pk).exists()


def test_a_draft_is_deleted_and_its_history_kept(client, chief):
    record = make.make_recommendation(published=False)
    assert client.post(address(Recommendation, "delete", record.pk), {"post": "yes"}).status_code == 302
    assert not Recommendation.objects.exists()
    assert Recommendation.history.filter(id=record.pk).first().history_user == chief
    assert client.get(address(Recommendation, "history", record.pk)).status_code == 200
    drafts = [make.make_response(published=False) for _ in range(2)]
    post_action(client, StateResponse, "delete_selected", drafts, post="yes")
    assert not StateResponse.objects.exists()


@pytest.mark.parametrize("chosen", ["abc", "9" * 40, "-1", "", "²", "a\x00"])
def test_an_action_on_rows_that_cannot_exist_does_nothing(client, chief, chosen):
    make.make_recommendation(published=False)
    data = {"action": "delete_selected", "_selected_action": [chosen], "index": "0", "post": "yes"}
    response = client.post(address(Recommendation, "changelist"), data, follow=True)
    assert response.status_code == 200
    assert Recommendation.objects.count() == 1


def test_an_action_spares_only_the_rows_that_cannot_exist(client, chief):
    record = make.make_recommendation(published=False)
    data = {"action": "delete_selected", "_selected_action": ["abc", record.pk], "index": "0", "post": "yes"}
    client.post(address(Recommendation, "changelist"), data, follow=True)
    assert not Recommendation.objects.exists()


# Files


def test_uploaded_evidence_is_a_download_for_staff_who_may_see_it(client, chief, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = make.make_follow_up(published_at=None)
    make.join(chief, entry.assessor)
    page = address(FollowUp, "change", entry.pk)
    data = typed(client, page) | evidence_data(
        "file", access="private", file=SimpleUploadedFile("page.html", b"alert(1)")
    )
    assert client.post(page, data).status_code == 302
    file = reverse("evidence_file", args=[Evidence.objects.get().file_key])
    assert file in text_of(client.get(page))
    response = client.get(file)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"alert(1)"
    client.force_login(make.make_user(username="newcomer", is_staff=True))
    assert client.get(file).status_code == 404
    client.logout()
    assert client.get(file).status_code == 302
