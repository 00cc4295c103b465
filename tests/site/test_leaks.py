"""Ways round the pages: errors, logs, mails of errors, cookies, and what the admin can be asked."""

from __future__ import annotations

import io
import logging

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recommendations.core.logging import ContentFreeFormatter
from recommendations.models import (
    Evidence,
    Following,
    FollowUp,
    FormerReference,
    Note,
    Paragraph,
    Recommendation,
    SavedView,
)
from tests import make
from tests.pages import admin_address, page_words
from tests.site.canaries import World

pytestmark = pytest.mark.django_db
CANARY = "qzv777kx"


@pytest.fixture
def log():
    """What the server's log says, as the settings have it written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def broken(*_args, **_kwargs):
    """A fault that repeats what it was given, caused by another that does too."""
    private = CANARY  # a variable, as reports of errors show them
    try:
        int(private)
    except ValueError as fault:
        raise RuntimeError(f"cannot read {private}") from fault


def test_server_error_leaks_nothing_to_page_log_or_mail(client, log, settings, monkeypatch):
    settings.ADMINS = [("Operator", "operator@example.org")]
    monkeypatch.setattr("recommendations.public.details.linked_records", broken)
    record = make.make_recommendation()
    client.raise_request_exception = False
    answer = client.get(record.get_absolute_url(), {"q": CANARY})
    assert answer.status_code == 500
    assert CANARY not in answer.text
    told = log.getvalue()
    assert "Internal Server Error" in told
    assert "in broken" in told
    assert "builtins.ValueError\n" in told
    assert "builtins.RuntimeError" in told
    assert CANARY not in told
    assert mail.outbox == []


def test_constraint_error_is_logged_without_its_values(log):
    entry = make.make_follow_up(published_at=None, summary=CANARY)
    try:
        with transaction.atomic():
            FollowUp.objects.filter(pk=entry.pk).update(role=CANARY[:15])
    except IntegrityError:
        logging.getLogger("django.request").exception("Nothing was saved.")
    assert "IntegrityError" in log.getvalue()
    assert CANARY not in log.getvalue()


def test_programming_error_is_logged_in_full(log):
    try:
        make.no_such_function()
    except AttributeError:
        logging.getLogger("recommendations").exception("A fault.")
    assert "has no attribute 'no_such_function'" in log.getvalue()


def test_form_messages_are_in_no_cookie(client):
    organisation = make.make_stakeholder(name="Open Society", acronym=CANARY)
    chief = make.make_superuser()
    make.join(chief, organisation)
    client.force_login(chief)
    entry = make.make_follow_up(role="civil_society", assessor=organisation, published_at=None)
    assert client.post(admin_address(FollowUp, "delete", entry.pk), {"post": "yes"}).status_code == 302
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
    assert CANARY in client.get("/admin/").text
    client.post(reverse("account_logout"))
    assert CANARY not in client.get("/").text


@pytest.mark.parametrize("relation", ["follow_ups", "notes", "followed_by", "follow_ups__summary__contains"])
def test_admin_refuses_filters_on_referring_rows(client, relation):
    """Else whoever may list records finds which have drafts, notes and followers, and what they say."""
    client.force_login(make.make_superuser())
    make.make_follow_up(published_at=None)
    page = admin_address(Recommendation, "changelist")
    for query in (f"{relation}=1", f"{relation}__isnull=False"):
        assert client.get(f"{page}?{query}").status_code == 400


def test_admin_does_not_redirect_by_row_number(client):
    client.force_login(make.make_superuser())
    draft = make.make_follow_up(published_at=None)
    for kind in range(1, 80):
        answer = client.get(f"/admin/r/{kind}/{draft.pk}/")
        assert draft.recommendation.reference not in str(answer.headers)
        assert answer.status_code == 404


def test_privately_quoted_paragraph_stays_without_revealing_the_quote(client):
    client.force_login(make.make_user("editor"))
    draft = make.make_follow_up(published_at=None)
    document = make.make_document(published=False)
    paragraph = make.make_paragraph(document=document, text=f"Said by {CANARY} and others.")
    make.make_evidence(
        follow_up=draft, kind="paragraph", url="", paragraph=paragraph, text=CANARY, title="Private"
    )
    page = admin_address(Paragraph, "change", paragraph.pk)
    form = client.get(page).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(page, data | {"section": "[]", "text": "Said by others."})
    words = page_words(answer.text)
    assert "words that are evidence of an entry" in words
    assert "Private" not in words
    assert paragraph.text == Paragraph.objects.get(pk=paragraph.pk).text


def test_deletion_page_names_and_counts_nothing_of_others(client):
    """Notes and what people follow go with a record; who keeps and follows what is nobody's business."""
    record = make.make_recommendation(published=False)
    user = make.make_user(first_name=CANARY)
    organisation = make.make_stakeholder(acronym=CANARY)
    Following.objects.create(user=user, recommendation=record)
    Note.objects.create(recommendation=record, organisation=organisation, author=user, text=CANARY)
    client.force_login(make.make_user("editor"))
    text = page_words(client.get(admin_address(Recommendation, "delete", record.pk)).text).lower()
    assert record.reference.lower() in text
    for word in (CANARY, "notes", "followings", user.username):
        assert word not in text


def test_former_reference_of_hidden_record_is_404(client):
    record = make.make_recommendation(published=False)
    FormerReference.objects.create(reference="FRE-OLD-1", recommendation=record)
    for address in ("/recommendations/FRE-OLD-1/", "/recommendations/FRE-OLD-1/cite.bib"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert record.reference not in answer.text


@pytest.mark.parametrize("address", ["/desk/", "/admin/", "/desk/drafts/", "/desk/review/"])
def test_staff_pages_are_not_cached(client, address):
    client.force_login(make.make_superuser())
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_form_without_csrf_token_reveals_nothing(client):
    entry = make.make_follow_up(published_at=None, summary=CANARY)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.make_superuser())
    answer = strict.post(reverse("desk_entry_delete", args=[entry.pk]), {"summary": CANARY})
    assert answer.status_code == 403
    assert CANARY not in answer.text


def test_former_member_sees_nothing_of_the_organisation(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    organisation = make.make_stakeholder(acronym="LEFT")
    user = make.make_user("contributor", organisations=[organisation])
    entry = make.make_follow_up(
        role="civil_society", assessor=organisation, recorded_by=user, published_at=None, summary=CANARY
    )
    client.force_login(user)
    assert CANARY in client.get(reverse("desk_entry", args=[entry.pk])).text
    user.memberships.all().delete()
    assert client.get(reverse("desk_entry", args=[entry.pk])).status_code == 404
    for address in ("/desk/", "/desk/drafts/", "/desk/mine/drafts/"):
        assert CANARY not in client.get(address).text


def test_saved_view_is_404_for_other_people(client):
    owner = make.make_user("contributor", organisations=[make.make_stakeholder()])
    view = SavedView.objects.create(owner=owner, name=CANARY, query="kind=concern")
    client.force_login(make.make_superuser())
    for name in ("desk_view", "desk_view_delete"):
        assert client.post(reverse(name, args=[view.pk]), {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == CANARY


def test_quote_of_hidden_document_needs_access_to_document(client):
    """Also of a published entry: an editor may have hidden the document since."""
    entry = make.make_follow_up()
    hidden = make.make_paragraph(document=make.make_document(published=False), text=f"{CANARY}.")
    make.make_evidence(
        follow_up=entry, kind="paragraph", url="", paragraph=hidden, text=CANARY, access="public"
    )
    page = reverse("desk_record", args=[entry.recommendation.reference])
    for role, sees in (("contributor", False), ("reviewer", True), ("editor", True)):
        client.force_login(make.make_user(role, organisations=[make.make_stakeholder()]))
        assert (CANARY in client.get(page).text) is sees, role
    assert Evidence.objects.published().count() == 0


def test_planted_secrets_are_detected_by_level():
    """The canaries themselves can fail."""
    world = World()
    word = world.secret("draft", "a summary")
    assert world.told(f"<b>{word.upper()}</b>") == ["draft: a summary"]
    assert world.told(word, "own") == []
    assert world.told(word, "own", public=True) == ["draft: a summary"]
