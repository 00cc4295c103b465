"""Finding a record by reference or words, and following records, issues, stakeholders."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

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


def test_reference_in_any_case_leads_to_record(desk):
    record = make.make_recommendation(reference="FRE-UPR7-36.4")
    answer = desk.get("/desk/find/", {"q": " fre-upr7-36.4 "})
    assert answer.url == reverse("desk_record", args=["FRE-UPR7-36.4"])
    assert record.text[:30] in desk.get(answer.url).text
    response = make.make_response(reference="FRE-R1")
    assert desk.get("/desk/find/", {"q": "FRE-R1"}).url == response.get_absolute_url()


def test_words_in_record_field_redirect_to_search():
    make.make_recommendation(reference="LIBEL-1")
    desk = Client()
    desk.force_login(make.make_user("contributor", organisations=[make.make_stakeholder()]))
    assert desk.get("/desk/log/", {"record": "criminal  libel"}).url == "/desk/find/?q=criminal+libel"
    assert desk.get("/desk/log/", {"record": "libel 36"}).status_code == 200, "a number may be a reference"
    assert "LIBEL-1" in desk.get("/desk/log/").text, "an example of a reference"


def test_words_find_records_and_issues_with_next_steps(desk, user):
    issue = make.make_issue(name="Criminal libel")
    record = make.make_recommendation(reference="LIBEL-1", issues=[issue])
    make.make_recommendation(reference="OTHER-1", text="Ratify the Rome Statute.")
    make.make_recommendation(reference="HIDDEN-1", published=False)
    text = desk.get("/desk/find/", {"q": "libel"}).text
    assert "LIBEL-1" in text
    assert "OTHER-1" not in text
    assert "HIDDEN-1" not in text
    assert "1 record" in page_words(text)
    assert 'name="recommendation" value="LIBEL-1"' in text
    assert f'name="issue" value="{issue.path}"' in text
    Following.objects.create(user=user, recommendation=record)
    assert (
        'value="unfollow">Unfollow<span class="visually-hidden"> LIBEL-1'
        in desk.get("/desk/find/", {"q": "libel"}).text
    )


@pytest.mark.parametrize(
    "words",
    ["", "   ", "zzz", '"', "-libel", "(((", "OR", "%", "'; --", "😀", "a" * 5000, "libel " * 200, "9" * 30],
)
def test_any_search_input_gets_an_answer(desk, words):
    make.make_recommendation()
    assert desk.get("/desk/find/", {"q": words}).status_code == 200


def test_search_without_hits_offers_similar_words(desk):
    make.make_recommendation()
    text = page_words(desk.get("/desk/find/", {"q": "moratorum"}).text)
    assert "Did you mean moratorium?" in text


@pytest.mark.parametrize("kind", ["recommendation", "issue", "stakeholder", "saved_view"])
def test_each_kind_of_thing_is_followed_and_unfollowed(desk, user, kind):
    thing, key = {
        "recommendation": lambda: (row := make.make_recommendation(), row.reference),
        "issue": lambda: (row := make.make_issue(parent=make.make_issue()), row.path),
        "stakeholder": lambda: (row := make.make_stakeholder(), row.slug),
        "saved_view": lambda: (row := SavedView.objects.create(owner=user, name="Libel"), row.pk),
    }[kind]()
    page = desk.get("/desk/follow/", {kind: key}, follow=True)
    assert 'value="follow">Follow<' in page.text
    for _ in range(2):  # a double click
        answer = desk.post("/desk/follow/", {kind: key, "action": "follow"}, follow=True)
        assert "You follow" in answer.text
        assert 'value="unfollow">Unfollow<' in answer.text
    assert [each.target for each in Following.objects.filter(user=user)] == [thing]
    answer = desk.post("/desk/follow/", {kind: key, "action": "unfollow", "next": "/desk/"})
    assert answer.url == "/desk/"
    assert not Following.objects.exists()


def test_things_not_visible_cannot_be_followed(desk, user):
    ngo = make.make_stakeholder(published=False)
    others = SavedView.objects.create(owner=make.make_user("contributor"), name="Theirs")
    hidden = make.make_recommendation(published=False)
    for data in (
        {"recommendation": hidden.reference},
        {"stakeholder": ngo.slug},
        {"saved_view": others.pk},
        {"saved_view": "x"},
        {"saved_view": "9" * 30},
        {"issue": "no/such"},
        {"recommendation": "\x00"},
        {},
    ):
        assert desk.post("/desk/follow/", data).status_code in {400, 404}, data
    assert not Following.objects.exists()
    # One's own organisation may be followed though its name is withheld from the public.
    user.memberships.create(organisation=ngo)
    assert desk.post("/desk/follow/", {"stakeholder": ngo.slug}).status_code == 302


def test_next_address_never_leaves_the_site(desk):
    issue = make.make_issue()
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"):
        answer = desk.post("/desk/follow/", {"issue": issue.path, "next": back})
        assert answer.url.startswith("/desk/follow/?issue=")


def test_following_needs_an_account_and_a_token(user):
    issue = make.make_issue()
    assert Client().post("/desk/follow/", {"issue": issue.path}).url.startswith("/desk/account/login/")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post("/desk/follow/", {"issue": issue.path}).status_code == 403
    assert not Following.objects.exists()


def test_following_page_lists_only_own_followings(desk, user):
    record, issue, ngo = make.make_recommendation(), make.make_issue(), make.make_stakeholder()
    for target in ({"recommendation": record}, {"issue": issue}, {"stakeholder": ngo}):
        Following.objects.create(user=user, **target)
    Following.objects.create(user=make.make_user("editor"), issue=make.make_issue(name="Another's"))
    text = desk.get("/desk/follow/").text
    for words in (record.reference, issue.name, ngo.name):
        assert words in text
    assert "Another's" not in text.replace("&#x27;", "'")
