"""Render a digest as an email in plain text and HTML, without remote content, with one-click unsubscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext, override

if TYPE_CHECKING:
    import datetime

    from recommendations.desk.alerts.contents import Contents
    from recommendations.models import AlertSetting


def message_id(setting: AlertSetting, ends_at: datetime.datetime, site_url: str) -> str:
    """Return a Message-ID that depends only on setting and period end, and does not reveal the person."""
    mark = salted_hmac("recommendations.desk.alerts", f"{setting.key} {ends_at.isoformat()}").hexdigest()
    return f"<digest-{mark[:24]}@{host_of(site_url)}>"


def host_of(site_url: str) -> str:
    """Return the host name of the site."""
    return urlsplit(site_url).hostname or "localhost"


def subject(contents: Contents) -> str:
    """Return a subject with the site's name and counts only; it names no person and no record."""
    return f"{' '.join(settings.SITE_NAME.split())}: {', '.join(headlines(contents))}"


def headlines(contents: Contents) -> list[str]:
    """Return the counts in words, in order of urgency after new entries."""
    work = contents.work.waits if contents.tells_work else {}
    found = []
    if number := len(contents.entries):
        found.append(ngettext("%(n)s new entry", "%(n)s new entries", number) % {"n": number})
    if number := work.get("overdue", 0):
        found.append(ngettext("%(n)s report overdue", "%(n)s reports overdue", number) % {"n": number})
    if number := work.get("due", 0):
        found.append(ngettext("%(n)s report due", "%(n)s reports due", number) % {"n": number})
    if number := work.get("returned", 0):
        found.append(ngettext("%(n)s entry returned", "%(n)s entries returned", number) % {"n": number})
    if number := work.get("review", 0):
        found.append(ngettext("%(n)s entry to review", "%(n)s entries to review", number) % {"n": number})
    return found


def message(
    contents: Contents, setting: AlertSetting, *, site_url: str, message_id: str
) -> EmailMultiAlternatives:
    """Return the mail to one person, in the site's default language."""
    with override(settings.LANGUAGE_CODE):
        stop = f"{site_url}{reverse('unsubscribe', args=[setting.key])}"
        context: dict[str, Any] = {
            "contents": contents,
            "setting": setting,
            "subject": subject(contents),
            "site_name": settings.SITE_NAME,
            "site_url": site_url,
            "stop_url": stop,
        }
        made = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("desk/alerts/email/digest.txt", context),
            to=[setting.user.email],
            headers={
                "Message-ID": message_id,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-Id": f"<digests.{host_of(site_url)}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        made.attach_alternative(render_to_string("desk/alerts/email/digest.html", context), "text/html")
    return made
