"""`manage.py rebuild_listing [--check]`: recompute the stored listing, or check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Recommendation
from recommendations.search import listing

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHOWN = 5


class Command(BaseCommand):
    """With --check, nothing is written, and the exit status is 1 if the listing is wrong."""

    help = "Derive the listing that filters and counts read, anew from the records; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Compare, write nothing, fail if it differs."
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        if not check:
            if listing.is_kept():
                listing.rebuild()
            else:
                listing.install()
            number = Recommendation.objects.count()
            self.stdout.write(f"Listing: {number} {'row' if number == 1 else 'rows'} derived.")
            return
        if not listing.is_kept():
            raise CommandError("The listing is not kept: triggers are missing. Run `rebuild_listing`.")
        if wrong := listing.differences():
            records = Recommendation.objects.filter(pk__in=wrong[:SHOWN]).values_list("reference", flat=True)
            raise CommandError(
                f"{len(wrong)} of {Recommendation.objects.count()} rows differ from the records:"
                f" {', '.join(records)}{' …' if len(wrong) > SHOWN else ''}. Run `rebuild_listing`."
            )
        self.stdout.write("Listing: every row is as derived.")
