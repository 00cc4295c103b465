"""Inviting people, changing what they may do, and ending it; all in the history, and never nobody left."""

from __future__ import annotations

import datetime
import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from recommendations.accounts import services
from recommendations.management.commands.demo import Command
from recommendations.models import AccountEvent, Invitation
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db

PASSWORD = "four words of nobody else"


@pytest.fixture
def chief():
    return make.make_user("administrator", email="chief@example.org", first_name="The Chief")


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def invite(desk: Client, **values: object) -> str:
    """Invite through the page; the address that the mail holds."""
    values = {"email": "New@Example.org", "role": "reviewer", "organisations": []} | values
    assert desk.post("/desk/people/invite/", values).status_code == 302
    return re.search(r"http://testserver(/desk/join/\S+)", mail.outbox[-1].body)[1]


def join(address: str, **values: str) -> Client:
    client = Client()
    values = {"name": "New Person", "password": PASSWORD, "again": PASSWORD} | values
    client.answer = client.post(address, values)
    return client


def history() -> list[tuple[str, str, str]]:
    return [(event.what, event.email, event.detail) for event in AccountEvent.objects.order_by("pk")]


def test_invitation_is_accepted_once_with_its_role_and_organisation(desk, chief):
    ngo = make.make_stakeholder(acronym="HRW")
    address = invite(desk, organisations=[ngo.slug])
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "The Chief invites you to the Recommendation Tracker, as: Reviewer." in mail.outbox[-1].body
    invitation = Invitation.objects.get()
    key = address.split("/")[-2]
    assert invitation.key_sha256 == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(list(Invitation.objects.values()))
    assert invitation.expires_at - timezone.now() > datetime.timedelta(days=6, hours=23)
    assert "new@example.org" in page_words(desk.get("/desk/people/").text)

    page = Client().get(address)
    assert "Reviewer" in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    person = join(address)
    # Signed in, and asked for the second factor that the role needs before anything else.
    assert (person.answer.status_code, person.answer.url) == (302, "/desk/")
    assert person.get("/desk/").url == "/desk/account/2fa/"
    assert person.get("/desk/account/2fa/totp/activate/").status_code == 200
    user = User.objects.get(email="new@example.org")
    assert user.get_full_name() == "New Person"
    assert [group.name for group in user.groups.all()] == ["reviewer"]
    assert [each.organisation for each in user.memberships.all()] == [ngo]
    assert EmailAddress.objects.get(user=user).verified
    assert history() == [
        ("invited", "new@example.org", "reviewer · HRW"),
        ("joined", "new@example.org", "reviewer"),
    ]
    assert "new@example.org" not in page_words(desk.get("/desk/people/").text).split("With an account")[0]

    # A second time it opens nothing.
    assert Client().get(address).status_code == 404
    assert join(address, name="Another").answer.status_code == 404
    assert User.objects.filter(email="new@example.org").count() == 1


def test_invalid_invitation_links_are_answered_alike(desk, chief):
    expired, revoked, replaced = (invite(desk, email=f"{n}@example.org") for n in "abc")
    Invitation.objects.filter(email="a@example.org").update(expires_at=timezone.now())
    desk.post(f"/desk/invitations/{Invitation.objects.get(email='b@example.org').pk}/revoke/")
    pk = Invitation.objects.get(email="c@example.org").pk
    desk.post(f"/desk/invitations/{pk}/resend/")
    new = re.search(r"(/desk/join/\S+)", mail.outbox[-1].body)[1]
    answers = {Client().get(each).text for each in (expired, revoked, replaced, "/desk/join/never-given/")}
    assert len({re.sub(r"/desk/join/[^\"]*", "", answer) for answer in answers}) == 1
    for each in (expired, revoked, replaced):
        assert join(each).answer.status_code == 404
    assert not User.objects.filter(email__in=["a@example.org", "b@example.org"]).exists()
    # What expired can be sent again; what was revoked or accepted cannot.
    a, b = (Invitation.objects.get(email=f"{n}@example.org") for n in "ab")
    services.resend(a, by=chief)
    with pytest.raises(services.NotOpenError):
        services.resend(b, by=chief)
    assert join(new).answer.status_code == 302
    with pytest.raises(services.NotOpenError):
        services.revoke(Invitation.objects.get(pk=pk), by=chief)
    whats = [what for what, _, _ in history()]
    assert whats == ["invited"] * 3 + ["revoked", "resent", "resent", "joined"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"again": "something else here"}, "This is not the same password."),
        ({"name": ""}, "This field is required."),
        ({"password": "new@example.org", "again": "new@example.org"}, "too similar"),
    ],
)
def test_easily_guessed_password_is_refused(desk, values, sentence):
    address = invite(desk)
    answer = join(address, **values).answer
    assert answer.status_code == 200
    assert sentence in page_words(answer.text)
    assert not User.objects.filter(email="new@example.org").exists()


def test_impossible_invitation_is_refused_with_reason(desk):
    def answer(**values: object) -> str:
        values = {"email": "new@example.org", "role": "reviewer"} | values
        page = desk.post("/desk/people/invite/", values)
        assert page.status_code == 200
        return page_words(page.text)

    assert "has an account already" in answer(email="CHIEF@example.org")
    assert "choose at least one" in answer(role="contributor")
    assert "Select a valid choice" in answer(role="emperor")
    assert "valid email address" in answer(email="nobody")
    assert "not one of the available choices" in answer(organisations=["no-such-one"])
    assert "not one of the available choices" in answer(organisations=["\x00"])
    invite(desk)
    assert "is invited already" in answer()
    assert Invitation.objects.count() == 1


def test_invitation_fails_when_address_has_gained_an_account(desk):
    address = invite(desk)
    make.make_user(email="NEW@example.org")
    assert join(address).answer.status_code == 404
    assert Invitation.objects.open().exists()


def test_invitation_link_is_shown_when_mail_cannot_be_sent(desk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    page = desk.post("/desk/people/invite/", {"email": "new@example.org", "role": "editor"})
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0")
    address = re.search(r"http://testserver(/desk/join/[^\"]+)", page.text)[1]
    assert Client().get(address).status_code == 200


def test_signed_in_user_cannot_accept_an_invitation(desk):
    address = invite(desk)
    assert "You are signed in already" in desk.get(address).text
    assert "You are signed in already" in desk.post(address, {"name": "x"}).text
    assert Invitation.objects.open().exists()


def person_data(person: User, **values: object) -> dict[str, object]:
    return {
        "name": person.get_full_name() or person.username,
        "email": person.email,
        "roles": [group.name for group in person.groups.all()],
        "organisations": [each.organisation.slug for each in person.memberships.all()],
    } | values


def test_role_and_organisation_changes_apply_at_once_with_history(desk, chief):
    old, new = make.make_stakeholder(acronym="OLD"), make.make_stakeholder(acronym="NEW")
    person = make.make_user("contributor", organisations=[old], first_name="Ann", email="ann@example.org")
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get("/desk/people/").status_code == 403
    address = f"/desk/people/{person.pk}/"
    assert (
        desk.post(address, person_data(person, roles=["editor", "reviewer"], organisations=[new.slug])).url
        == address
    )
    assert {group.name for group in person.groups.all()} == {"editor", "reviewer"}
    assert [each.organisation for each in person.memberships.all()] == [new]
    assert history() == [
        ("roles", "ann@example.org", "contributor → editor, reviewer"),
        ("organisations", "ann@example.org", "OLD → NEW"),
    ]
    page = page_words(desk.get(address).text)
    assert "Roles changed contributor → editor, reviewer by The Chief" in page
    # Saved again without a change: nothing to tell.
    desk.post(address, person_data(person))
    assert len(history()) == 2


def test_email_change_is_mailed_to_the_old_address(desk):
    person = make.make_user("contributor", email="old@example.org", first_name="Ann")
    address = f"/desk/people/{person.pk}/"
    desk.post(address, person_data(person, email="New@example.org"))
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert [message.to for message in mail.outbox] == [["old@example.org"], ["new@example.org"]]
    assert desk.post(address, person_data(person, email="chief@example.org")).status_code == 200
    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_deactivation_ends_sessions_and_can_be_reversed(desk):
    person = make.make_user("contributor", first_name="Ann", second_factor=False)
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get("/desk/").status_code == 200
    assert UserSession.objects.filter(user=person).exists()
    desk.post(f"/desk/people/{person.pk}/deactivate/")
    assert theirs.get("/desk/").status_code == 302
    assert not UserSession.objects.filter(user=person).exists()
    person.refresh_from_db()
    person.set_password(PASSWORD)
    person.save()
    answer = Client().post("/desk/account/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert "This account was ended" in answer.text
    desk.post(f"/desk/people/{person.pk}/reactivate/")
    theirs.force_login(person)
    assert theirs.get("/desk/").status_code == 200
    assert [what for what, _, _ in history()] == ["deactivated", "reactivated"]


def test_administrator_removes_lost_second_factor(desk):
    person = make.make_user("reviewer", email="ann@example.org")
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get("/desk/").status_code == 200
    desk.post(f"/desk/people/{person.pk}/remove-factor/")
    assert not Authenticator.objects.filter(user=person).exists()
    assert theirs.get("/desk/").url.startswith("/desk/account/login/")
    assert mail.outbox[-1].to == ["ann@example.org"]
    assert [what for what, _, _ in history()] == ["factor_reset"]


def test_last_administrator_cannot_be_removed(desk, chief):
    address = f"/desk/people/{chief.pk}/"
    page = desk.post(address, person_data(chief, roles=["editor"], name="Renamed"))
    assert "This is the last administrator." in page.text
    assert "This is the last administrator." in desk.post(f"{address}deactivate/", follow=True).text
    chief.refresh_from_db()
    # Nothing of it was done, the name neither.
    assert (chief.is_active, chief.get_full_name()) == (True, "The Chief")
    assert [group.name for group in chief.groups.all()] == ["administrator"]
    # A deactivated one does not count, a superuser does.
    second = make.make_user("administrator", is_active=False)
    assert "This is the last administrator." in desk.post(address, person_data(chief, roles=[])).text
    User.objects.filter(pk=second.pk).update(is_active=True)
    assert desk.post(address, person_data(chief, roles=["editor"])).status_code == 302
    assert desk.get("/desk/people/").status_code == 403
    with pytest.raises(services.LastAdministratorError):
        services.deactivate(second, by=second)
    make.make_superuser()
    services.deactivate(second, by=second)


def test_people_list_shows_missing_factor_at_constant_queries(desk, django_assert_num_queries, chief):
    ngo = make.make_stakeholder()
    make.make_user("reviewer", organisations=[ngo], second_factor=False, first_name="Lacking")
    desk.get("/desk/people/")
    # Session, user, the viewer's three (memberships, two of permissions), second factor; of people: count,
    # rows, groups, memberships; invitations.
    with django_assert_num_queries(11):
        page = page_words(desk.get("/desk/people/").text)
    assert re.search(r"Lacking .* Role Reviewer Second factor Not yet", page)
    for _ in range(5):
        make.make_user("editor", organisations=[ngo])
    with django_assert_num_queries(11):
        desk.get("/desk/people/")


def test_account_history_is_append_only(chief):
    services.record_event(AccountEvent.What.JOINED, chief, chief)
    event = AccountEvent.objects.get()
    for act in (event.save, event.delete):
        with pytest.raises(TypeError):
            act()
    for sql in ("UPDATE {} SET detail = 'x'", "DELETE FROM {}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(AccountEvent._meta.db_table))


def test_admin_has_no_user_or_authenticator_pages(desk):
    assert desk.get("/admin/auth/user/").status_code == 404
    assert desk.get("/admin/mfa/authenticator/").status_code == 404


def test_demo_says_how_to_sign_in():
    assert "make admin" in Command().sign_in_hint(8000)
    make.make_superuser(username="boss")
    assert Command().sign_in_hint(8001).startswith("Sign in at http://127.0.0.1:8001/desk/ as boss;")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: the second waits by itself")
def test_administrators_removing_each_other_at_once_leave_one():
    first, second = make.make_user("administrator"), make.make_user("administrator")
    ready = threading.Barrier(2)

    def remove(whom: User, by: User) -> str:
        try:
            with transaction.atomic():
                ready.wait(timeout=10)
                services.deactivate(whom, by=by)
        except services.LastAdministratorError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        acts = [pool.submit(remove, whom, by) for whom, by in ((first, second), (second, first))]
        assert sorted(act.result(timeout=20) for act in acts) == ["done", "refused"]
    assert services.administrators().count() == 1
