"""What is done to accounts: inviting, joining, changing roles, ending. Each act is one line of the history.

Whoever calls has made sure that an administrator acts (or the person concerned). An act that would leave
the tracker without an administrator raises `LastAdministratorError`.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.core.roles import Role
from recommendations.models import AccountEvent, Invitation, Membership

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from recommendations.models import Stakeholder

What = AccountEvent.What


class LastAdministratorError(ValidationError):
    """Nobody would be left who can invite people and change their roles."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make somebody else an administrator first."), code="last"
        )


class NotOpenError(ValidationError):
    """The invitation was accepted, revoked or replaced, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This invitation can no longer be used."), code="not_open")


def name_of(user: User) -> str:
    """How a person is called on pages for signed-in people."""
    return user.get_full_name() or user.get_username()


def note(
    what: AccountEvent.What,
    person: User | None,
    by: User | None,
    detail: str = "",
    email: str = "",
) -> None:
    """Write a line of the history of accounts."""
    address = email or (person.email if person else "")
    AccountEvent.objects.create(what=what, person=person, by=by, email=address, detail=detail)


# Administrators -------------------------------------------------------------------------------------------


def administrators() -> QuerySet[User]:
    """Those who can sign in and administer."""
    may = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR)
    return User.objects.filter(may, is_active=True).distinct()


def keep_an_administrator(without: User) -> None:
    """Raise unless there is one beside this person. Two at once wait for each other until the commit."""
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
    if (
        administrators().filter(pk=without.pk).exists()
        and not administrators().exclude(pk=without.pk).exists()
    ):
        raise LastAdministratorError


# Invitations ----------------------------------------------------------------------------------------------


def hash_of(key: str) -> str:
    """What is kept of an invitation's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _new_key(invitation: Invitation) -> str:
    key = secrets.token_urlsafe(32)
    invitation.key_sha256 = hash_of(key)
    invitation.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    return key


@transaction.atomic
def invite(email: str, role: str, organisations: Iterable[Stakeholder], by: User) -> tuple[Invitation, str]:
    """An invitation and its key, which is nowhere else."""
    invitation = Invitation(email=email, role=role, invited_by=by)
    key = _new_key(invitation)
    invitation.save()
    invitation.organisations.set(organisations)
    names = ", ".join(each.short for each in invitation.organisations.all())
    note(What.INVITED, None, by, email=email, detail=" · ".join(filter(None, [role, names])))
    return invitation, key


@transaction.atomic
def resend(invitation: Invitation, by: User) -> str:
    """A new key with a new time; the old one no longer works. NotOpenError if it was accepted or revoked."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise NotOpenError
    key = _new_key(locked)
    locked.save()
    note(What.RESENT, None, by, email=locked.email)
    return key


@transaction.atomic
def revoke(invitation: Invitation, by: User) -> None:
    """Let the key no longer work."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not waiting.update(revoked_at=timezone.now()):
        raise NotOpenError
    note(What.REVOKED, None, by, email=invitation.email)


def open_invitation(key: str) -> Invitation | None:
    """The invitation that this key opens, if it can still be accepted."""
    return Invitation.objects.open().filter(key_sha256=hash_of(key)).first()


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address, or did."""
    return (
        User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists()
        or EmailAddress.objects.filter(email__iexact=email).exists()
    )


@transaction.atomic
def accept(invitation: Invitation, name: str, password: str) -> User:
    """Make the account that an invitation promises; NotOpenError for all but the first who comes."""
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise NotOpenError
    if has_account(invitation.email):
        raise NotOpenError
    user = User.objects.create_user(
        username=_free_username(), email=invitation.email, password=password, first_name=name
    )
    EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
    user.groups.set(Group.objects.filter(name=invitation.role))
    for organisation in invitation.organisations.all():
        Membership.objects.create(user=user, organisation=organisation)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    note(What.JOINED, user, user, detail=invitation.role)
    return user


def _free_username() -> str:
    """Nobody signs in with it: people use their address. It says nothing about the person."""
    return f"person-{secrets.token_hex(6)}"


# People ---------------------------------------------------------------------------------------------------


@transaction.atomic
def change_roles(person: User, roles: Collection[str], by: User) -> None:
    """Give exactly these roles."""
    before = set(person.groups.values_list("name", flat=True))
    if before == set(roles):
        return
    if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in roles and not person.is_superuser:
        keep_an_administrator(without=person)
    person.groups.set(Group.objects.filter(name__in=roles))
    note(What.ROLES, person, by, detail=f"{_listed(before)} → {_listed(roles)}")


@transaction.atomic
def change_organisations(person: User, organisations: Collection[Stakeholder], by: User) -> None:
    """Let the person work for exactly these organisations; memberships that stay are not touched."""
    had = {each.organisation: each for each in person.memberships.select_related("organisation")}
    if had.keys() == set(organisations):
        return
    for organisation, membership in had.items():
        if organisation not in organisations:
            membership.delete()
    for organisation in organisations:
        if organisation not in had:
            Membership.objects.create(user=person, organisation=organisation)
    before, after = (_listed(each.short for each in some) for some in (had, organisations))
    note(What.ORGANISATIONS, person, by, detail=f"{before} → {after}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "–"


@transaction.atomic
def change_details(person: User, name: str, email: str, by: User) -> bool:
    """Change how the person is called and written to; whether the address is another one now."""
    before = (name_of(person), person.email)
    if before == (name, email):
        return False
    person.first_name, person.last_name, person.email = name, "", email
    person.save(update_fields=["first_name", "last_name", "email"])
    EmailAddress.objects.filter(user=person).delete()
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    note(What.DETAILS, person, by, detail=f"{before[0]} <{before[1]}> → {name} <{email}>")
    return before[1].lower() != email.lower()


@transaction.atomic
def deactivate(person: User, by: User) -> None:
    """Let the person no longer sign in, and sign them out everywhere."""
    keep_an_administrator(without=person)
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return
    _end_sessions(person)
    note(What.DEACTIVATED, person, by)


@transaction.atomic
def reactivate(person: User, by: User) -> None:
    """Let the person sign in again."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        note(What.REACTIVATED, person, by)


@transaction.atomic
def end_sessions(person: User, by: User) -> None:
    """Sign the person out everywhere."""
    _end_sessions(person)
    note(What.SESSIONS_ENDED, person, by)


@transaction.atomic
def remove_second_factor(person: User, by: User) -> None:
    """Take away every second factor of somebody who lost it; they are signed out, and set up a new one."""
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    note(What.FACTOR_RESET, person, by)


def _end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
