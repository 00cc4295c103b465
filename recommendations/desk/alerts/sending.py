"""Send each digest to each person once, even if the process is killed.

A run handles one person at a time, in two transactions. The first claims the period by creating a row in
state `prepared`. The second locks that row, records the contents and the state `sent`, passes the mail to the
mail server, and commits. If a run is killed before the mail server accepts the mail, the row stays prepared
and the next run sends it. If it is killed between that and the commit, the mail is sent twice with the same
Message-ID. Either a lost or a repeated mail is unavoidable; a repeated one is better, because a digest may
announce a deadline.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from recommendations.core.periods import latest_edge, previous_edge
from recommendations.core.viewer import viewer_of
from recommendations.desk.alerts import mail
from recommendations.desk.alerts.contents import Composer
from recommendations.models import AlertSetting, Digest, DigestEntry

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.core.mail.backends.base import BaseEmailBackend
    from django.db.models import QuerySet

    from recommendations.desk.alerts.contents import Contents

logger = logging.getLogger(__name__)
# How long sent digests and their entries are kept.
KEPT = datetime.timedelta(days=100)
Frequency = AlertSetting.Frequency


class NoMailServerError(Exception):
    """The mail server is unreachable or rejects the login; unsent digests are left for the next run."""


@dataclass(slots=True)
class Report:
    """Counts of a run: digests `sent` (of these, `again` after a failed attempt), `empty` and `failed`."""

    sent: int = 0
    again: int = 0
    empty: int = 0
    failed: int = 0


class Mailer:
    """The mail server connection of a run, opened for the first mail and reopened after a failure."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend = get_connection()
        self.is_open = False

    def send(self, message: EmailMessage) -> None:
        """Send a message. Raises NoMailServerError, or the email backend's error for this message."""
        if not self.is_open:
            try:
                self.connection.open()
            except Exception as error:  # backends raise different exceptions
                raise NoMailServerError(type(error).__name__) from error
            self.is_open = True
        if self.connection.send_messages([message]) != 1:
            raise OSError("The mail server did not take the message.")

    def close(self) -> None:
        """Close the connection, ignoring errors."""
        self.is_open = False
        with contextlib.suppress(Exception):
            self.connection.close()


@dataclass(slots=True)
class Run:
    """One run of `send_digests`."""

    now: datetime.datetime
    site_url: str
    mailer: Mailer = field(default_factory=Mailer)
    composer: Composer = field(default_factory=Composer)
    report: Report = field(default_factory=Report)

    def send_all(self) -> Report:
        """Send the digests of all ended periods. Raises NoMailServerError, which ends the run."""
        try:
            for pk in list(self.waiting()):
                self.send_to(pk)
        finally:
            self.mailer.close()
        delete_old_digests(self.now)
        return self.report

    def waiting(self) -> QuerySet[AlertSetting, int]:
        """Return ids of the settings whose period has ended or whose digest is unfinished."""
        unfinished = Digest.objects.filter(setting=OuterRef("pk"), state=Digest.State.PREPARED)
        ended = Q(told_until__isnull=True) | Q(Exists(unfinished))
        for frequency in (Frequency.DAILY, Frequency.WEEKLY):
            ended |= Q(frequency=frequency, told_until__lt=latest_edge(self.now, frequency))
        can_be_told = AlertSetting.objects.filter(user__is_active=True).exclude(user__email="")
        chosen = can_be_told.exclude(frequency=Frequency.OFF).filter(ended)
        return chosen.order_by("pk").values_list("pk", flat=True)

    def send_to(self, pk: int) -> None:
        """Send one person an unfinished digest of an earlier run, if any, then the current one."""
        while (digest := self.claim(pk)) is not None:
            try:
                state = self.deliver(digest)
            except NoMailServerError:
                self.report.failed += 1
                raise
            except Exception as error:  # one failing mail must not stop the others
                # Log neither address nor content: other people read the log.
                logger.error("Digest %d could not be sent: %s.", digest.pk, type(error).__name__)
                self.report.failed += 1
                self.mailer.close()
                return
            self.report.sent += state == Digest.State.SENT
            self.report.again += state == Digest.State.SENT and digest.attempts > 1
            self.report.empty += state == Digest.State.EMPTY
            if digest.attempts == 1:
                return

    @transaction.atomic
    def claim(self, pk: int) -> Digest | None:
        """Return the digest to send now: an unfinished one of an earlier run, or a new row.

        Returns None if none is due, another run has locked this person, or the person may not use the desk.
        """
        prepared = Digest.objects.filter(setting=OuterRef("pk"), state=Digest.State.PREPARED)
        setting = (
            AlertSetting.objects.annotate(is_begun=Exists(prepared))
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("user")
            .exclude(frequency=Frequency.OFF)
            .filter(pk=pk)
            .first()
        )
        if setting is None or not viewer_of(setting.user).is_staff:
            return None
        unfinished = setting.digests.filter(state=Digest.State.PREPARED).first() if setting.is_begun else None
        if unfinished and (setting.told_until is None or unfinished.ends_at > setting.told_until):
            unfinished.setting, unfinished.attempts = setting, unfinished.attempts + 1
            unfinished.save(update_fields=["attempts"])
            return unfinished
        if unfinished:
            # Digests were switched off and on again since, so this period is skipped.
            unfinished.delete()
        end = latest_edge(self.now, setting.frequency)
        start = setting.told_until or previous_edge(end, setting.frequency)
        if start >= end:
            return None
        return Digest.objects.create(
            setting=setting,
            starts_at=start,
            ends_at=end,
            message_id=mail.message_id(setting, end, self.site_url),
        )

    @transaction.atomic
    def deliver(self, digest: Digest) -> str:
        """Send a claimed digest unless it is empty or no longer wanted; return its state."""
        locked = (
            Digest.objects.select_for_update(skip_locked=True, of=("self", "setting"))
            .select_related("setting")
            .filter(pk=digest.pk, state=Digest.State.PREPARED)
            .exclude(setting__frequency=Frequency.OFF)
            .first()
        )
        if locked is None:
            # Another run has sent it, or the person switched digests off.
            return Digest.State.PREPARED
        setting = locked.setting
        # The same user object, which has its permissions cached.
        setting.user = digest.setting.user
        contents = self.composer.contents(setting, viewer_of(setting.user), locked.starts_at, locked.ends_at)
        self.record(locked, contents)
        if not contents.is_empty:
            made = mail.message(contents, setting, site_url=self.site_url, message_id=locked.message_id)
            # Send last, after all database writes have succeeded.
            self.mailer.send(made)
        return locked.state

    def record(self, digest: Digest, contents: Contents) -> None:
        """Record the contents and end of a digest, within the transaction that sends it."""
        setting = digest.setting
        DigestEntry.objects.bulk_create(
            DigestEntry(digest=digest, setting=setting, follow_up=entry) for entry in contents.entries
        )
        digest.state = Digest.State.EMPTY if contents.is_empty else Digest.State.SENT
        digest.finished_at = timezone.now()
        digest.save(update_fields=["state", "finished_at"])
        setting.told_until = digest.ends_at
        setting.work = contents.work.waits
        if not contents.is_empty and setting.work:
            setting.work_told_at = digest.ends_at
        setting.save(update_fields=["told_until", "work", "work_told_at"])


def delete_old_digests(now: datetime.datetime) -> None:
    """Delete digests older than KEPT, except those that the next digest is compared with."""
    past = Digest.objects.exclude(state=Digest.State.PREPARED).filter(finished_at__lt=now - KEPT)
    past.filter(ends_at__lt=F("setting__told_until")).delete()


def site_address() -> str:
    """Return the base URL for links in mails, "" if unknown; in the demo, the local server."""
    return settings.SITE_URL or ("http://127.0.0.1:8000" if settings.DEMO else "")
