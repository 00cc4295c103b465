"""Emails about accounts that allauth does not send. None contains private content."""

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
    """Send a template (first line: subject) to each address once; return False if any mail failed."""
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
    """Send the link for joining to the invited person. Return False if the mail failed."""
    return _send(request, [invitation.email], "invitation", invitation=invitation, address=address)


def send_details_changed(request: HttpRequest, to: Iterable[str]) -> bool:
    """Tell the old and the new address that the address of an account was changed."""
    return _send(request, to, "address_changed")


def send_factor_removed(request: HttpRequest, person: User) -> bool:
    """Tell the owner of an account that an administrator removed the second factor."""
    return _send(request, [person.email], "factor_removed")
