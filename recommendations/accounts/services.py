"""Operations on accounts: invite, join, change roles, deactivate. Each writes one line of account history.

Callers must check that an administrator, or the person concerned, is acting. Operations that would leave the
tracker without an administrator raise `LastAdministratorError`.
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
    """Raised if no administrator would be left to invite people and change roles."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make somebody else an administrator first."), code="last"
        )


class NotOpenError(ValidationError):
    """Raised for an invitation that was accepted, revoked or replaced, or has expired."""

    def __init__(self) -> None:
        super().__init__(_("This invitation can no longer be used."), code="not_open")


def name_of(user: User) -> str:
    """Return a person's name as shown to signed-in people."""
    return user.get_full_name() or user.get_username()


def record_event(
    what: AccountEvent.What,
    person: User | None,
    by: User | None,
    detail: str = "",
    email: str = "",
) -> None:
    """Write a line of the account history."""
    address = email or (person.email if person else "")
    AccountEvent.objects.create(what=what, person=person, by=by, email=address, detail=detail)


# Administrators -------------------------------------------------------------------------------------------


def administrators() -> QuerySet[User]:
    """Return the active users who are superusers or administrators."""
    may = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR)
    return User.objects.filter(may, is_active=True).distinct()


def require_other_administrator(than: User) -> None:
    """Raise LastAdministratorError if this person is the only active administrator.

    Locks the group until the commit, so that two administrators cannot remove each other at once.
    """
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
    if administrators().filter(pk=than.pk).exists() and not administrators().exclude(pk=than.pk).exists():
        raise LastAdministratorError


# Invitations ----------------------------------------------------------------------------------------------


def hash_of(key: str) -> str:
    """Return the hash under which an invitation's key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


def _new_key(invitation: Invitation) -> str:
    key = secrets.token_urlsafe(32)
    invitation.key_sha256 = hash_of(key)
    invitation.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    return key


@transaction.atomic
def invite(email: str, role: str, organisations: Iterable[Stakeholder], by: User) -> tuple[Invitation, str]:
    """Create an invitation; return it with its key, of which only the hash is stored."""
    invitation = Invitation(email=email, role=role, invited_by=by)
    key = _new_key(invitation)
    invitation.save()
    invitation.organisations.set(organisations)
    names = ", ".join(each.short for each in invitation.organisations.all())
    record_event(What.INVITED, None, by, email=email, detail=" · ".join(filter(None, [role, names])))
    return invitation, key


@transaction.atomic
def resend(invitation: Invitation, by: User) -> str:
    """Return a new key with a new expiry date; the old key stops working.

    Raises NotOpenError if the invitation was accepted or revoked.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise NotOpenError
    key = _new_key(locked)
    locked.save()
    record_event(What.RESENT, None, by, email=locked.email)
    return key


@transaction.atomic
def revoke(invitation: Invitation, by: User) -> None:
    """Revoke an invitation. Raises NotOpenError if it was accepted or revoked before."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not waiting.update(revoked_at=timezone.now()):
        raise NotOpenError
    record_event(What.REVOKED, None, by, email=invitation.email)


def open_invitation(key: str) -> Invitation | None:
    """Return the invitation for this key if it can still be accepted, else None."""
    return Invitation.objects.open().filter(key_sha256=hash_of(key)).first()


def has_account(email: str) -> bool:
    """True if an account, active or not, has this address."""
    return (
        User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists()
        or EmailAddress.objects.filter(email__iexact=email).exists()
    )


@transaction.atomic
def accept(invitation: Invitation, name: str, password: str) -> User:
    """Create the account for an invitation. Raises NotOpenError if it can no longer be accepted."""
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
    record_event(What.JOINED, user, user, detail=invitation.role)
    return user


def _free_username() -> str:
    """Return a random user name that reveals nothing about the person, who signs in by email address."""
    return f"person-{secrets.token_hex(6)}"


# People ---------------------------------------------------------------------------------------------------


@transaction.atomic
def change_roles(person: User, roles: Collection[str], by: User) -> None:
    """Give the person exactly these roles. Raises LastAdministratorError."""
    before = set(person.groups.values_list("name", flat=True))
    if before == set(roles):
        return
    if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in roles and not person.is_superuser:
        require_other_administrator(than=person)
    person.groups.set(Group.objects.filter(name__in=roles))
    record_event(What.ROLES, person, by, detail=f"{_joined(before)} → {_joined(roles)}")


@transaction.atomic
def change_organisations(person: User, organisations: Collection[Stakeholder], by: User) -> None:
    """Make the person a member of exactly these organisations; existing memberships are kept."""
    had = {each.organisation: each for each in person.memberships.select_related("organisation")}
    if had.keys() == set(organisations):
        return
    for organisation, membership in had.items():
        if organisation not in organisations:
            membership.delete()
    for organisation in organisations:
        if organisation not in had:
            Membership.objects.create(user=person, organisation=organisation)
    before, after = (_joined(each.short for each in some) for some in (had, organisations))
    record_event(What.ORGANISATIONS, person, by, detail=f"{before} → {after}")


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "–"


@transaction.atomic
def change_details(person: User, name: str, email: str, by: User) -> bool:
    """Change a person's name and email address; return True if the address changed."""
    before = (name_of(person), person.email)
    if before == (name, email):
        return False
    person.first_name, person.last_name, person.email = name, "", email
    person.save(update_fields=["first_name", "last_name", "email"])
    EmailAddress.objects.filter(user=person).delete()
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    record_event(What.DETAILS, person, by, detail=f"{before[0]} <{before[1]}> → {name} <{email}>")
    return before[1].lower() != email.lower()


@transaction.atomic
def deactivate(person: User, by: User) -> None:
    """Deactivate the account and end all its sessions. Raises LastAdministratorError."""
    require_other_administrator(than=person)
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return
    _end_sessions(person)
    record_event(What.DEACTIVATED, person, by)


@transaction.atomic
def reactivate(person: User, by: User) -> None:
    """Reactivate the account."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        record_event(What.REACTIVATED, person, by)


@transaction.atomic
def end_sessions(person: User, by: User) -> None:
    """Sign the person out everywhere."""
    _end_sessions(person)
    record_event(What.SESSIONS_ENDED, person, by)


@transaction.atomic
def remove_second_factor(person: User, by: User) -> None:
    """Remove all second factors of a person and sign them out; they set up a new one at next sign-in."""
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    record_event(What.FACTOR_RESET, person, by)


def _end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
