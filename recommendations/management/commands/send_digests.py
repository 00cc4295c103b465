"""`manage.py send_digests`: send due email digests; run it by cron once a day or more often."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.desk.alerts.sending import NoMailServerError, Report, Run, site_address


class Command(BaseCommand):
    """Safe to run at any time: each person gets at most one digest per day or week."""

    help = "Send the e-mail digests of days and weeks that have ended; each is sent once."

    def handle(self, **options: Any) -> None:
        site_url = site_address()
        if not site_url:
            raise CommandError("SITE_URL is not set: the links in the mails would lead nowhere.")
        run = Run(timezone.now(), site_url)
        try:
            run.send_all()
        except NoMailServerError as error:
            raise CommandError(
                f"The mail server cannot be used ({error}). {in_words(run.report)}"
                " Run the command again: what was not sent is not lost."
            ) from error
        if run.report.failed:
            raise CommandError(f"{in_words(run.report)} Those that failed are tried again at the next run.")
        self.stdout.write(in_words(run.report))


def in_words(report: Report) -> str:
    """Return the counts of a run in one sentence."""
    again = f" ({report.again} at a further attempt)" if report.again else ""
    return f"Digests: {report.sent} sent{again}, {report.empty} with nothing to tell, {report.failed} failed."
