"""Signing in: a password and a second factor, not tried too often, telling nothing about who is known."""

from __future__ import annotations

import datetime
import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from recommendations.models import AccountEvent
from tests import make
from tests.pages import page_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

LOGIN = "/desk/account/login/"
RESET = "/desk/account/password/reset/"
PASSWORD = "four words of nobody else"


def make_person(*roles: str, **values: object) -> User:
    values = {
        "email": "ann@example.org",
        "username": "ann",
        "password": PASSWORD,
        "second_factor": False,
    } | values
    return make.make_user(*roles, **values)


def code_of(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in(login: str = "ann@example.org", password: str = PASSWORD, **extra: str) -> Client:
    client = Client(**extra)
    client.answer = client.post(LOGIN, {"login": login, "password": password})
    return client


@pytest.mark.parametrize("role", ["reviewer", "editor", "administrator"])
def test_privileged_roles_must_set_up_second_factor_first(role):
    make_person(role)
    client = sign_in()
    for page in ("/desk/", "/desk/find/", "/admin/", "/desk/people/"):
        assert client.get(page).url == "/desk/account/2fa/"
    assert "One more step: a second factor" in client.get("/desk/account/2fa/").text
    # The password was given just now, and is not asked for again.
    page = client.get("/desk/account/2fa/totp/activate/")
    secret = re.search(r'id="authenticator_secret" type="text" value="(\w+)"', page.text)[1]
    assert "Incorrect code" in client.post("/desk/account/2fa/totp/activate/", {"code": "000000"}).text
    answer = client.post("/desk/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.url == "/desk/account/2fa/recovery-codes/"
    codes = re.findall(r"<code>(\w+)</code>", client.get(answer.url).text)
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200

    # The next time the code is asked for, and the password alone opens nothing.
    client = sign_in()
    assert client.answer.url == "/desk/account/2fa/authenticate/"
    assert client.get("/desk/").url.startswith(LOGIN)
    code = code_of(secret)
    assert client.post(client.answer.url, {"code": code}).url == "/desk/"
    assert client.get("/desk/").status_code == 200
    # A code is taken once, a recovery code too.
    assert "Incorrect code" in sign_in().post(client.answer.url, {"code": code}).text
    assert sign_in().post(client.answer.url, {"code": codes[0]}).url == "/desk/"
    assert "Incorrect code" in sign_in().post(client.answer.url, {"code": codes[0]}).text


def test_recovery_codes_alone_are_no_second_factor():
    person = make_person("editor")
    RecoveryCodes.activate(person)
    assert sign_in().get("/desk/").url == "/desk/account/2fa/"


def test_contributor_signs_in_without_second_factor():
    make_person("contributor", organisations=[make.make_stakeholder()])
    assert sign_in().get("/desk/").status_code == 200


def test_code_of_slow_clock_is_accepted_only_once():
    person = make_person("editor")
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    code = code_of(secret, later=-1)
    assert sign_in().post("/desk/account/2fa/authenticate/", {"code": code}).url == "/desk/"
    # allauth forgets a used code after 30 seconds, this one lasts longer.
    cache.delete(f"allauth.mfa.totp.used?user={person.pk}&code={code}")
    for same in (code, f"{code[:3]} {code[3:]}"):
        assert "Incorrect code" in sign_in().post("/desk/account/2fa/authenticate/", {"code": same}).text


def test_admin_login_redirects_to_desk_login():
    make.make_superuser(username="boss", password=PASSWORD)
    anonymous = Client()
    assert anonymous.get("/admin/").url == "/admin/login/?next=/admin/"
    assert anonymous.get("/admin/login/?next=/admin/").url == f"{LOGIN}?next=/admin/"
    assert anonymous.post("/admin/login/", {"username": "boss", "password": PASSWORD}).url.startswith(LOGIN)
    assert sign_in("boss").answer.url == "/desk/account/2fa/authenticate/"
    signed_in = Client()
    signed_in.force_login(make.make_superuser(username="other"))
    assert signed_in.get("/admin/password_change/").url == "/desk/account/password/change/"


def test_repeated_wrong_passwords_lock_out_the_name():
    make_person("contributor", organisations=[make.make_stakeholder()])
    for _ in range(5):
        assert "The name or the password is not right." in sign_in(password="wrong").answer.text
    assert "Too many failed login attempts" in sign_in().answer.text
    # Also from elsewhere; but others are let in.
    assert "Too many" in sign_in(REMOTE_ADDR="192.0.2.7").answer.text
    make_person("contributor", email="bob@example.org", username="bob")
    assert sign_in("bob@example.org").answer.status_code == 302


def test_address_trying_many_names_is_refused():
    answers = [sign_in(f"n{n}@example.org", "wrong").answer for n in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert "Too many failed login attempts" in answers[25].text
    assert answers[30].status_code == 429
    assert "Too many tries from your address." in answers[30].text
    assert sign_in("new@example.org", "wrong", REMOTE_ADDR="192.0.2.7").answer.status_code == 200


def test_repeated_wrong_codes_are_locked_out():
    make_person("editor")
    TOTP.activate(make.User.objects.get(), secret := generate_totp_secret())
    client = sign_in()
    for _ in range(5):
        assert "Incorrect code" in client.post(client.answer.url, {"code": "000000"}).text
    assert "Too many failed login attempts" in client.post(client.answer.url, {"code": code_of(secret)}).text


def test_login_limits_are_counted_in_database_cache(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_login_limit_uses_forwarded_address_behind_proxy(settings):
    settings.BEHIND_PROXY = True
    for _ in range(31):
        sign_in("x@example.org", "wrong", HTTP_X_FORWARDED_FOR="192.0.2.66, 198.51.100.1")
    there = {"HTTP_X_FORWARDED_FOR": "192.0.2.66, 198.51.100.1"}
    assert sign_in("y@example.org", "wrong", **there).answer.status_code == 429
    assert sign_in("y@example.org", "wrong", HTTP_X_FORWARDED_FOR="198.51.100.2").answer.status_code == 200


def words_without_names(answer) -> str:
    return re.sub(r"\w+@example\.org|csrf\S+|value=\"\S+\"", "", page_words(answer.text))


def test_sign_in_does_not_reveal_who_has_an_account(monkeypatch):
    make_person("contributor")
    make_person("contributor", email="ended@example.org", username="ended", is_active=False)
    checks: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, *a, **k: (checks.append("x"), encode(self, *a, **k))[1]
    )
    seen, costs = set(), set()
    for login in ("ann@example.org", "nobody@example.org", "ended@example.org"):
        checks.clear()
        seen.add(words_without_names(sign_in(login, "wrong").answer))
        costs.add(len(checks))
    assert len(seen) == 1
    # As much work, so as much time.
    assert costs == {1}
    for login in ("ann", "nobody"):
        checks.clear()
        sign_in(login, "wrong")
        assert len(checks) == 1


def test_user_name_shaped_like_email_signs_in():
    make_person("contributor", username="server@example.org", email="")
    assert sign_in("server@example.org").answer.status_code == 302


def test_password_reset_does_not_reveal_who_has_an_account():
    make_person("contributor")
    answers = [Client().post(RESET, {"email": email}) for email in ("ann@example.org", "nobody@example.org")]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"{RESET}done/")] * 2
    # A mail goes out in both cases, so that the time is the same; only one holds a link.
    assert [message.to for message in mail.outbox] == [["ann@example.org"], ["nobody@example.org"]]
    assert ["/password/reset/key/" in message.body for message in mail.outbox] == [True, False]
    assert "signup" not in mail.outbox[1].body


def test_password_reset_ends_sessions_and_keeps_second_factor():
    person = make_person("editor", second_factor=True)
    elsewhere = Client()
    elsewhere.force_login(person)
    assert elsewhere.get("/desk/").status_code == 200
    client = Client()
    client.post(RESET, {"email": "ann@example.org"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]
    form = client.get(link).url
    assert "too common" in client.post(form, {"password1": "password1234", "password2": "password1234"}).text
    new = "another four words"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert elsewhere.get("/desk/").status_code == 302
    assert "This link no longer works" in Client().get(link, follow=True).text
    assert sign_in(password=PASSWORD).answer.status_code == 200
    assert sign_in(password=new).answer.url == "/desk/account/2fa/authenticate/"
    assert Authenticator.objects.filter(user=person).exists()
    assert AccountEvent.objects.filter(person=person, what="password").count() == 1
    assert "If this was not you" in mail.outbox[-1].body


def test_password_reset_says_when_mail_cannot_be_sent(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    answer = Client().post(RESET, {"email": "nobody@example.org"}, follow=True)
    assert answer.status_code == 200
    assert "The mail could not be sent." in answer.text


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "confirm-email/x/", "password/set/", "login/code/confirm/"],
)
def test_unused_account_pages_answer_404(path):
    for client in (Client(), sign_in()):
        assert client.get(f"/desk/account/{path}").status_code == 404
        assert client.post(f"/desk/account/{path}", {"email": "x@example.org"}).status_code == 404


def let_pass(seconds: float) -> None:
    """Make everything that sessions remember so much longer ago."""
    for session in Session.objects.all():
        data = session.get_decoded()
        if "seen_at" in data:
            data["seen_at"] -= seconds
        session.session_data = Session.objects.encode(data)
        session.expire_date -= datetime.timedelta(seconds=seconds)
        session.save()


@pytest.mark.parametrize("minutes", [60, 5])
def test_session_expires_when_idle_and_renews_on_use(settings, minutes):
    settings.SESSION_IDLE_MINUTES = minutes
    settings.SESSION_COOKIE_AGE = minutes * 60
    make_person("contributor", organisations=[make.make_stakeholder()])
    client = sign_in()
    for _ in range(6):
        let_pass(minutes * 60 * 0.8)
        assert client.get("/desk/").status_code == 200
    # Reading public pages is not remembered, and keeps no session alive.
    let_pass(minutes * 60 * 0.8)
    assert client.get("/").status_code == 200
    let_pass(minutes * 60 * 0.3)
    assert client.get("/desk/").url.startswith(LOGIN)


def test_session_cookie_ends_with_the_browser():
    make_person("contributor")
    cookie = sign_in().cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)
    assert cookie["samesite"] == "Lax"


def test_own_sessions_are_listed_and_ended_one_by_one():
    make_person("contributor")
    other_person = make.make_user("contributor")
    stranger = Client()
    stranger.force_login(other_person)
    stranger.get("/desk/")
    agents = {
        "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Chrome": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    }
    here, there = (sign_in(HTTP_USER_AGENT=agents[name]) for name in agents)
    third = sign_in()
    for client in (here, there, third):
        assert client.get("/desk/account/sessions/").status_code == 200
    page = page_words(here.get("/desk/account/sessions/").text)
    assert "Firefox · Linux" in page.split("This one")[0]
    assert "Chrome · Android" in page.split("This one")[1]
    session = UserSession.objects.get(user_agent=agents["Chrome"])
    here.post("/desk/account/sessions/", {"session": session.pk})
    assert there.get("/desk/account/sessions/").status_code == 302
    assert third.get("/desk/account/sessions/").status_code == 200
    # Nobody ends another's session, and nonsense ends none.
    strange = UserSession.objects.get(user=other_person)
    for value in (strange.pk, "x", "9" * 40):
        here.post("/desk/account/sessions/", {"session": value})
    assert stranger.get("/desk/account/sessions/").status_code == 200
    assert third.get("/desk/account/sessions/").status_code == 200
    here.post("/desk/account/sessions/")
    assert third.get("/desk/account/sessions/").status_code == 302
    assert here.get("/desk/account/sessions/").status_code == 200


@pytest.mark.parametrize("address", ["/desk/account/logout/", "/admin/logout/"])
def test_sign_out_clears_browser_storage(address):
    browser = Client()
    browser.force_login(make.make_user("administrator"))
    assert "Clear-Site-Data" not in browser.get("/desk/").headers
    assert browser.post(address).headers["Clear-Site-Data"] == '"storage"'
    assert browser.get("/desk/").status_code == 302


def test_public_pages_are_same_for_signed_in_users():
    make_person("contributor")
    signed_in = sign_in()
    for path in ("/", "/recommendations/", "/methodology/"):
        ours, theirs = signed_in.get(path), Client().get(path)
        assert ours.content == theirs.content
        assert "Cookie" not in theirs.get("Vary", "")
        assert '<a href="/desk/">Sign in</a>' in theirs.text
