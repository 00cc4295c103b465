"""The admin's pages: who may open them, that all of them answer, and how many queries the lists take."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import (
    Evidence,
    FollowUp,
    Grade,
    Membership,
    Recommendation,
    ReportingTime,
    ResponseLink,
    Stakeholder,
    StateResponse,
)
from tests import make
from tests.pages import admin_address as address

pytestmark = [pytest.mark.django_db, pytest.mark.looks]

OURS = [model for model in admin.site._registry if model._meta.app_label == "recommendations"]


def make_rows(n=0):
    """At least one more row of every model, each with relations of its own; `n` keeps names apart."""
    if n == 0:  # those that a migration made have no history
        Grade.objects.all().delete()
        ReportingTime.objects.all().delete()
    Grade.objects.create(scheme=f"SCHEME {n}", grade="A", meaning="Largely satisfactory")
    ReportingTime.objects.create(mechanism=("CCPR", "CAT", "CEDAW")[n], months=12)
    iso3 = "ABCDEFGHIJ"[n] * 3
    state = make.make_state(iso3=iso3, name=f"State {iso3}")
    review = make.make_review(state=state)
    document = make.make_document(review=review)
    paragraph = make.make_paragraph(document=document)
    stakeholder = make.make_stakeholder(kind="joint_submission", review=review)
    stakeholder.members.add(make.make_stakeholder())
    issue = make.make_issue(parent=make.make_issue())
    record = make.make_recommendation(
        paragraph=paragraph, raised_by=[stakeholder], issues=[issue], groups=[make.make_group()]
    )
    later = make.make_recommendation(document=make.make_document(review=make.make_review(state=state)))
    make.make_response(answers=[record], document=document, paragraph=paragraph)
    make.make_link(record, later)
    entry = make.make_follow_up(record, recorded_by=User.objects.create(username=f"recorder-{n}"))
    make.make_evidence(follow_up=entry)
    make.make_user(username=f"member-{n}", organisations=[stakeholder])
    make.make_follow_up(record, published_at=None, replaces=entry, correction_reason="Misread.")
    return record


def test_every_model_has_an_admin_with_history():
    names = {model.__name__ for model in OURS}
    assert names == {
        "State",
        "Review",
        "Document",
        "Paragraph",
        "Stakeholder",
        "Issue",
        "PopulationGroup",
        "Recommendation",
        "IssueTag",
        "StateResponse",
        "ResponseLink",
        "RecommendationLink",
        "FollowUp",
        "Evidence",
        "Grade",
        "Membership",
        "ReportingTime",
    }
    for model in OURS:
        assert hasattr(model, "history")


# What the content security policy would block.
INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_page_answers_without_inline_script_or_style(client, model):
    make_rows()
    chief = make.make_superuser()
    make.join(chief, *Stakeholder.objects.all())  # the drafts among the rows belong to some of them
    client.force_login(chief)
    pages = [address(model, "changelist"), address(model, "changelist") + "?q=freedonia+1"]
    for row in model.objects.all():
        version = row.history.first().history_id
        pages += [address(model, page, row.pk) for page in ("change", "history")]
        pages.append(address(model, "simple_history", row.pk, version))
    # Evidence is added on the page of its entry only, and who works for whom is changed at the desk.
    assert client.get(address(model, "add")).status_code == (403 if model in {Evidence, Membership} else 200)
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        html = re.sub(
            r'<script type="application/json".*?</script>', "", response.content.decode(), flags=re.DOTALL
        )
        assert not INLINE.search(html), (page, INLINE.search(html))


# Besides session and user (2): the count of what matches, and the rows with their relations (2);
# then what the columns need for the rows of the page.
QUERIES = {
    "State": 6,
    "Review": 6,
    "Document": 8,  # paragraphs and records counted
    "Paragraph": 6,
    "Stakeholder": 7,  # records counted
    "Issue": 7,  # records counted
    "PopulationGroup": 6,
    "Recommendation": 8,  # who raised them; their statuses
    "IssueTag": 6,
    "StateResponse": 6,
    "ResponseLink": 6,
    "RecommendationLink": 6,
    "FollowUp": 6,
    "Evidence": 6,
    "Grade": 7,  # the schemes to filter by
    "Membership": 6,
    "ReportingTime": 6,
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_list_queries_do_not_grow_with_rows(client, model):
    client.force_login(make.make_superuser())
    make_rows(0)
    client.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as few:
        client.get(address(model, "changelist"))
    rows = model.objects.count()
    make_rows(1)
    make_rows(2)
    assert model.objects.count() >= 2 * rows
    with CaptureQueriesContext(connection) as many:
        client.get(address(model, "changelist"))
    assert len(few) == len(many) == QUERIES[model.__name__], [query["sql"] for query in many]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("recommendation", "document"),
        ("recommendation", "paragraph"),
        ("recommendation", "raised_by"),
        ("recommendation", "groups"),
        ("recommendation", "parent"),
        ("issuetag", "issue"),
        ("responselink", "response"),
        ("followup", "replaces"),
        ("document", "review"),
        ("review", "state"),
        ("evidence", "follow_up"),
    ],
)
def test_autocomplete_queries_do_not_grow_with_choices(client, model, field):
    client.force_login(make.make_superuser())
    make_rows(0)
    query = {"app_label": "recommendations", "model_name": model, "field_name": field}
    client.get("/admin/")  # the session's first page lists the session
    with CaptureQueriesContext(connection) as few:
        assert client.get("/admin/autocomplete/", query).json()["results"]
    make_rows(1)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/autocomplete/", query)
    assert len(few) == len(many) == 6  # session, user, organisations, second factor, count, rows


def test_search_ignores_case_in_any_script(client):
    client.force_login(make.make_superuser())
    wanted = make.make_recommendation(summary="Свобода собраний")
    make.make_recommendation()
    for query in ("СВОБОДА", "собраний свобода", wanted.reference.lower()):
        found = client.get(address(Recommendation, "changelist"), {"q": query}).context["cl"].result_list
        assert [row.pk for row in found] == [wanted.pk], query
    options = {"app_label": "recommendations", "model_name": "followup", "field_name": "recommendation"}
    [option] = client.get("/admin/autocomplete/", options | {"term": "СОБРАНИЙ"}).json()["results"]
    assert option == {"id": str(wanted.pk), "text": f"{wanted.reference}: Свобода собраний"}


def test_form_queries_do_not_grow_with_inline_rows(client):
    client.force_login(make.make_superuser())
    record = make_rows(0)
    page = address(Recommendation, "change", record.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    state = record.document.review.state
    for _ in range(3):
        later = make.make_recommendation(document=make.make_document(review=make.make_review(state=state)))
        make.make_link(record, later)
        make.make_link(later, record)
        make.make_response(answers=[record])
        record.tags.create(issue=make.make_issue(parent=make.make_issue()))
        make.make_follow_up(record)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) <= len(few), [query["sql"] for query in many]


def test_no_page_lists_every_choice(client):
    client.force_login(make.make_superuser())
    record = make_rows(0)
    for _ in range(4):
        make.make_stakeholder(name="Bystander")
        make.make_issue(name="Bystander")
    for page in (
        address(Recommendation, "changelist"),
        address(Recommendation, "change", record.pk),
        address(FollowUp, "add"),
        address(ResponseLink, "add"),
    ):
        assert "Bystander" not in client.get(page).content.decode()


def test_each_role_opens_only_permitted_admin_pages(client):
    record = make_rows(0)
    User.objects.create_user("reader", password="x")
    make.make_user(username="newcomer", is_staff=True)
    viewer = make.make_user(username="viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_recommendation"))
    make.make_superuser()
    pages = {
        "list": address(Recommendation, "changelist"),
        "change": address(Recommendation, "change", record.pk),
        "history": address(Recommendation, "history", record.pk),
        "add": address(Recommendation, "add"),
        "delete": address(Recommendation, "delete", record.pk),
        "other": address(FollowUp, "changelist"),
    }
    table = {
        None: {"list": 302, "change": 302, "history": 302, "add": 302, "delete": 302, "other": 302},
        "reader": {"list": 302, "change": 302, "history": 302, "add": 302, "delete": 302, "other": 302},
        "newcomer": {"list": 403, "change": 403, "history": 403, "add": 403, "delete": 403, "other": 403},
        "viewer": {"list": 200, "change": 200, "history": 200, "add": 403, "delete": 403, "other": 403},
        # A public record is never deleted: back to it, with the reason.
        "chief": {"list": 200, "change": 200, "history": 200, "add": 200, "delete": 302, "other": 200},
    }
    for name, expected in table.items():
        client.logout()
        if name:
            client.force_login(User.objects.get(username=name))
        for page, status in expected.items():
            response = client.get(pages[page])
            assert response.status_code == status, (name, page)
            if name in {None, "reader"}:
                assert response.url.startswith("/admin/login/")


def test_view_permission_cannot_restore_a_version(client):
    record = make.make_recommendation(summary="Old")
    record.summary = "New"
    record.save()
    viewer = make.make_user(username="viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_recommendation"))
    client.force_login(viewer)
    page = address(Recommendation, "simple_history", record.pk, record.history.last().history_id)
    assert client.get(page).status_code == 200
    assert client.post(page, {"summary": "Old"}).status_code == 403
    record.refresh_from_db()
    assert record.summary == "New"


def test_impossible_ids_and_queries_cause_no_server_error(client):
    client.force_login(make.make_superuser())
    for model in OURS:
        for wrong in ("999999", "nonsense", "9" * 40, "٣"):
            for page in ("change", "history", "delete"):
                expected = {302, 404} if model is not Membership else {302, 403, 404}  # nobody deletes these
                assert client.get(address(model, page, wrong)).status_code in expected, (model, page, wrong)
        listed = address(model, "changelist")
        for query in (
            "?p=0",
            "?p=1000000000",
            "?o=99",
            "?unknown=1",
            "?public=x",
            "?issue=zz",
            "?document=-1",
        ):
            assert client.get(listed + query).status_code in {200, 302}, (model, query)
    row = make.make_recommendation()
    assert client.get(address(Recommendation, "simple_history", row.pk, "999999")).status_code == 404


def test_the_list_shows_status_and_publication_in_words(client):
    client.force_login(make.make_superuser())
    record = make.make_recommendation(raised_by=[make.make_stakeholder(acronym="ART19")])
    make.make_follow_up(record, status="not_implemented")
    make.make_recommendation(published=False)
    text = client.get(address(Recommendation, "changelist")).content.decode()
    for words in ("Not implemented", "Not assessed", "Public", "Draft", "ART19"):
        assert words in text


def test_lists_are_filtered_by_relations(client):
    client.force_login(make.make_superuser())
    issue = make.make_issue()
    below = make.make_issue(parent=issue)
    stakeholder = make.make_stakeholder()
    wanted = make.make_recommendation(raised_by=[stakeholder], issues=[below, issue])
    make.make_recommendation(raised_by=[make.make_stakeholder()], issues=[make.make_issue()])
    for query in (
        {"issue": issue.pk},
        {"raised_by": stakeholder.pk},
        {"document": wanted.document_id},
        {"review": wanted.document.review_id},
        {"q": wanted.reference},
    ):
        found = client.get(address(Recommendation, "changelist"), query).context["cl"]
        assert [row.pk for row in found.result_list] == [wanted.pk], query
        assert found.result_count == 1


def test_only_public_records_link_to_their_page(client):
    client.force_login(make.make_superuser())
    public, draft = make.make_recommendation(), make.make_recommendation(published=False)
    of_draft = make.make_recommendation(document=make.make_document(published=False))
    for record, linked in ((public, True), (draft, False), (of_draft, False)):
        text = client.get(address(Recommendation, "change", record.pk)).content.decode()
        assert ("View on site" in text) == linked
    make.make_response()
    page = client.get(address(StateResponse, "change", StateResponse.objects.get().pk)).content.decode()
    assert "View on site" in page


def test_history_says_who_changed_what(client):
    client.force_login(make.make_superuser())
    issue = make.make_issue(name="Torture")
    data = {"name": "Torture and ill-treatment", "slug": issue.slug, "position": "0", "sdg_targets": "[]"}
    data["version"] = str(issue.history.first().history_id)
    assert client.post(address(type(issue), "change", issue.pk), data).status_code == 302
    text = client.get(address(type(issue), "history", issue.pk)).content.decode()
    for words in ("chief", "Torture and ill-treatment", "Changed"):
        assert words in text
    assert "style=" not in text
