"""The mails about accounts that are not allauth's. None holds a word of what is private."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from recommendations.models import Invitation

logger = logging.getLogger(__name__)


def _send(request: HttpRequest, to: Iterable[str], template: str, **context: object) -> bool:
    """Send the mail of a template (its first line is the subject) to each address; whether it was sent."""
    text = render_to_string(f"accounts/email/{template}.txt", context, request)
    subject, _, body = text.strip().partition("\n")
    sent = True
    for address in dict.fromkeys(filter(None, to)):
        message = EmailMessage(f"{settings.SITE_NAME}: {subject}", body.strip() + "\n", to=[address])
        try:
            message.send()
        except (OSError, SMTPException):
            logger.exception("A mail could not be sent.")
            sent = False
    return sent


def send_invitation(request: HttpRequest, invitation: Invitation, address: str) -> bool:
    """The way in, to who is invited."""
    return _send(request, [invitation.email], "invitation", invitation=invitation, address=address)


def send_details_changed(request: HttpRequest, to: Iterable[str]) -> bool:
    """That the address of an account is another one now, to the old and the new."""
    return _send(request, to, "address_changed")


def send_factor_removed(request: HttpRequest, person: User) -> bool:
    """That an administrator removed the second factor, to its owner."""
    return _send(request, [person.email], "factor_removed")
