"""Adaptations of allauth: no open sign-up, no timing hints about accounts, and account history."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset
from allauth.account.utils import filter_users_by_email
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.accounts import services
from recommendations.core.http import client_address
from recommendations.models import AccountEvent

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import User
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's backend, but with one password check per attempt, so that timing reveals no accounts."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the user with these credentials, or None.

        An input in the form of an email address is tried as an address if an account has it, else as a name.
        """
        if email := credentials.get("email"):
            credentials.pop("username" if filter_users_by_email(email) else "email", None)
        user: User | None = super().authenticate(request, **credentials)
        return user


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's adapter without open sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        f"{method}_password_mismatch": gettext_lazy("The name or the password is not right.")
        for method in ("email", "username")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: people join by invitation only."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """False if the person entered the password or a code within the reauthentication timeout."""
        given = [
            record["at"]
            for record in get_authentication_records(self.request, self.request.user)
            if record["method"] in {"password", "mfa"}
        ]
        if given and time.time() - max(given) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address as elsewhere, or 0.0.0.0 for a server on a Unix socket."""
        return client_address(request) or "0.0.0.0"  # noqa: S104

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail, or show an error message: a broken mail server must not break the page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("A mail could not be sent.")
            messages.error(self.request, _("The mail could not be sent. Please tell an administrator."))


def _note_factor(what: AccountEvent.What, user: User, authenticator: Authenticator) -> None:
    services.record_event(what, user, user, detail=str(authenticator.get_type_display()))


def _factor_added(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    _note_factor(AccountEvent.What.FACTOR_ADDED, user, authenticator)


def _factor_removed(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    _note_factor(AccountEvent.What.FACTOR_REMOVED, user, authenticator)


def _password_changed(user: User, **_signal: Any) -> None:
    services.record_event(AccountEvent.What.PASSWORD, user, user)


def connect_signals() -> None:
    """Record changes that people make to their own accounts in the account history."""
    authenticator_added.connect(_factor_added, dispatch_uid="history")
    authenticator_removed.connect(_factor_removed, dispatch_uid="history")
    for signal in (password_changed, password_reset):
        signal.connect(_password_changed, dispatch_uid="history")
