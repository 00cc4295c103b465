"""Sending digests so that each person gets each one once, whatever happens to the process.

A run takes one person after another, in two transactions. The first claims the period: a row in the state
`prepared`. The second locks that row, writes down what the digest tells and that it is sent, hands the
mail to the mail server, and is committed. A run that is killed before the mail server has taken the mail
leaves a prepared row, which the next run sends. A run that is killed after that and before the commit
leaves one too: its mail goes out twice, under the same Message-ID. No order of the two steps is free of
both faults; a digest that comes twice is the smaller one, because a deadline may stand in it.
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
# How long it is remembered who was told of what.
KEPT = datetime.timedelta(days=100)
Frequency = AlertSetting.Frequency


class NoMailServerError(Exception):
    """The mail server cannot be reached, or does not let us in; what is not sent waits for the next run."""


@dataclass(slots=True)
class Report:
    """What a run did: digests `sent` (`again`: not at the first attempt), `empty`, and `failed`."""

    sent: int = 0
    again: int = 0
    empty: int = 0
    failed: int = 0


class Mailer:
    """One connection to the mail server for a run, opened at the first mail and again after a failure."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend = get_connection()
        self.is_open = False

    def send(self, message: EmailMessage) -> None:
        """Hand it over. Errors: NoMailServerError; whatever the e-mail backend raises for this message."""
        if not self.is_open:
            try:
                self.connection.open()
            except Exception as error:  # each backend has its own
                raise NoMailServerError(type(error).__name__) from error
            self.is_open = True
        if self.connection.send_messages([message]) != 1:
            raise OSError("The mail server did not take the message.")

    def close(self) -> None:
        """End the connection, if it still stands."""
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
        """Tell everyone whose day or week has ended. Errors: NoMailServerError, which ends the run."""
        try:
            for pk in list(self.waiting()):
                self.serve(pk)
        finally:
            self.mailer.close()
        forget(self.now)
        return self.report

    def waiting(self) -> QuerySet[AlertSetting, int]:
        """The settings of people whose period has ended, or whose digest is unfinished."""
        unfinished = Digest.objects.filter(setting=OuterRef("pk"), state=Digest.State.PREPARED)
        ended = Q(told_until__isnull=True) | Q(Exists(unfinished))
        for frequency in (Frequency.DAILY, Frequency.WEEKLY):
            ended |= Q(frequency=frequency, told_until__lt=latest_edge(self.now, frequency))
        can_be_told = AlertSetting.objects.filter(user__is_active=True).exclude(user__email="")
        chosen = can_be_told.exclude(frequency=Frequency.OFF).filter(ended)
        return chosen.order_by("pk").values_list("pk", flat=True)

    def serve(self, pk: int) -> None:
        """Send one person what is due: an unfinished digest of a former run, then the one of this run."""
        while (digest := self.claim(pk)) is not None:
            try:
                state = self.deliver(digest)
            except NoMailServerError:
                self.report.failed += 1
                raise
            except Exception as error:  # one person's mail is nobody else's trouble
                # No address and no words: the log is read by others than the person.
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
        """The digest to send now: one that a former run did not finish, or a new row; None if there is none.

        None too while another run has this person, and for somebody without any business at the desk.
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
            # Switched off and on again meanwhile: what it was to tell was not wanted.
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
        """Send a claimed digest, if there is anything to tell and it is still wanted; its state then."""
        locked = (
            Digest.objects.select_for_update(skip_locked=True, of=("self", "setting"))
            .select_related("setting")
            .filter(pk=digest.pk, state=Digest.State.PREPARED)
            .exclude(setting__frequency=Frequency.OFF)
            .first()
        )
        if locked is None:
            # Another run was quicker, or the person does not want any more.
            return Digest.State.PREPARED
        setting = locked.setting
        # The same person, whose rights have been read already.
        setting.user = digest.setting.user
        contents = self.composer.contents(setting, viewer_of(setting.user), locked.starts_at, locked.ends_at)
        self.write_down(locked, contents)
        if not contents.is_empty:
            made = mail.message(contents, setting, site_url=self.site_url, message_id=locked.message_id)
            # Last: what could go wrong in the database has gone well by now.
            self.mailer.send(made)
        return locked.state

    def write_down(self, digest: Digest, contents: Contents) -> None:
        """Record what is told, and up to when; it holds once the transaction does."""
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


def forget(now: datetime.datetime) -> None:
    """Delete who was told of what long ago; what the next digests are compared with is kept."""
    past = Digest.objects.exclude(state=Digest.State.PREPARED).filter(finished_at__lt=now - KEPT)
    past.filter(ends_at__lt=F("setting__told_until")).delete()


def site_address() -> str:
    """Where links in mails lead; empty where that is not known. The demo is on this machine."""
    return settings.SITE_URL or ("http://127.0.0.1:8000" if settings.DEMO else "")
