"""How people come in: by invitation only, and how often they say again who they are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's, without open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator invites."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether the password is asked for again: not of who gave it, or a code, a few minutes ago."""
        given = [
            record["at"]
            for record in get_authentication_records(self.request, self.request.user)
            if record["method"] in {"password", "mfa"}
        ]
        if given and time.time() - max(given) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **more))
