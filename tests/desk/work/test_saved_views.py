"""Saved views: from the list to a name, in words, followed, renamed, deleted; nobody else's business."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml.html import document_fromstring

from recommendations.desk.work.saved_views import records_of
from recommendations.models import Following, SavedView
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make.make_user("contributor")


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


def save(desk, query, name="Libel", **more):
    return desk.post("/desk/views/new/", {"query": query, "name": name, **more})


def test_list_filter_is_saved_as_view_and_reopened(desk, user):
    issue = make.make_issue(name="Defamation")
    record = make.make_recommendation(issues=[issue])
    make.make_recommendation()
    page = document_fromstring(desk.get(f"/recommendations/?issue={issue.path}&sort=due&page=1").content)
    (address,) = page.xpath("//a[contains(text(), 'Save this view')]/@href")
    form = desk.get(address)
    assert "Issue: Defamation" in page_words(form.text)
    (query,) = document_fromstring(form.content).xpath("//form[@method='post']//input[@name='query']/@value")
    assert save(desk, query, follow="1").url == "/desk/views/"
    view = SavedView.objects.get(owner=user)
    assert view.query == f"issue={issue.path.replace('/', '%2F')}&sort=due"
    assert list(records_of(view)) == [record]
    assert Following.objects.get(user=user).target == view
    text = desk.get("/desk/views/").text
    assert "Issue: Defamation" in text
    assert f'href="{view.get_absolute_url()}"'.replace("&", "&amp;") in text
    assert record.reference in desk.get(view.get_absolute_url()).text


def test_unknown_filters_are_named_and_not_saved(desk):
    address = "/desk/views/new/?kind=concern&kind=nonsense&color=blue&page=7&per_page=9"
    text = page_words(desk.get(address).text)
    assert "Not everything was understood" in text
    assert "“color” is not a filter" in text
    assert "Kind: Concern" in text
    save(desk, "kind=concern&kind=nonsense&color=blue&page=7&per_page=9")
    assert SavedView.objects.get().query == "kind=concern"


def test_view_with_vanished_value_says_so_and_matches_nothing(desk, user):
    make.make_recommendation()
    view = SavedView.objects.create(owner=user, name="Gone", query="issue=gone")
    assert "does not know “gone”" in page_words(desk.get("/desk/views/").text)
    assert not records_of(view).exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_view_without_name_is_refused(desk, name):
    answer = save(desk, "kind=concern", name)
    assert answer.status_code == 200
    assert "One thing has to be corrected" in answer.text
    assert not SavedView.objects.exists()


def test_view_names_are_unique_per_person(desk, user):
    save(make_other(), "kind=concern")
    assert save(desk, "kind=question").status_code == 302
    answer = save(desk, "kind=concern")
    assert "You have a view with this name already." in answer.text
    assert SavedView.objects.get(owner=user).query == "kind=question"


def make_other():
    from django.test import Client

    client = Client()
    client.force_login(make.make_user("editor"))
    return client


def test_too_many_filters_are_refused(desk):
    words = "&".join(
        f"stakeholder={make.make_stakeholder(slug=f'ngo-{n}-' + 'x' * 70).slug}" for n in range(25)
    )
    answer = save(desk, words)
    assert "too many filters" in answer.text
    assert not SavedView.objects.exists()


def test_view_is_renamed_and_deleted_with_its_following(desk, user):
    view = SavedView.objects.create(owner=user, name="Libel", query="kind=concern")
    assert desk.post(f"/desk/views/{view.pk}/", {"name": "Press", "query": view.query}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query) == ("Press", "kind=concern")
    Following.objects.create(user=user, saved_view=view)
    assert desk.get(f"/desk/views/{view.pk}/delete/").status_code == 405
    assert desk.post(f"/desk/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()
    assert not Following.objects.exists()


def test_view_of_another_person_is_404(desk):
    view = SavedView.objects.create(owner=make.make_user("editor"), name="Theirs", query="q=secret")
    for address in (f"/desk/views/{view.pk}/", f"/desk/views/{'9' * 30}/"):
        assert desk.get(address).status_code == 404
        assert desk.post(address, {"name": "Mine", "query": ""}).status_code == 404
    assert desk.post(f"/desk/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Theirs"
    assert "Theirs" not in desk.get("/desk/views/").text


def test_query_count_does_not_grow_with_views(desk, user):
    issue = make.make_issue()

    def fill(start):
        for n in range(start, start + 3):
            query = f"issue={issue.path}&state=FRE&kind=concern&q=libel"
            SavedView.objects.create(owner=user, name=f"View {n}", query=query)

    make.make_recommendation(issues=[issue])
    fill(0)
    desk.get("/desk/views/")
    with CaptureQueriesContext(connection) as before:
        desk.get("/desk/views/")
    fill(3)
    with CaptureQueriesContext(connection) as after:
        desk.get("/desk/views/")
    assert len(after) == len(before) <= 14


@pytest.mark.parametrize("kind", ["recommendation", "issue", "stakeholder"])
def test_public_pages_link_to_follow_at_the_desk(desk, client, kind):
    thing = {
        "recommendation": make.make_recommendation,
        "issue": lambda: make.make_issue(parent=make.make_issue()),
        "stakeholder": make.make_stakeholder,
    }[kind]()
    page = document_fromstring(desk.get(thing.get_absolute_url()).content)
    (address,) = page.xpath("//main//a[text()='Follow at the desk']/@href")
    assert 'value="follow">Follow<' in desk.get(address, follow=True).text
