"""`manage.py rebuild_search [--check]`: rebuild the search index of all records, or check it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Recommendation
from recommendations.search.text.index import differences, rebuild

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHOWN = 5


class Command(BaseCommand):
    """With --check, nothing is written, and the exit status is 1 if the index is wrong."""

    help = "Index every record for search anew, after changes past the application; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Compare, write nothing, fail if it differs."
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        if not check:
            began = time.monotonic()
            count = rebuild()
            self.stdout.write(f"Search: {count} records indexed in {time.monotonic() - began:.1f} s.")
            return
        if wrong := differences():
            records = Recommendation.objects.filter(pk__in=wrong[:SHOWN]).values_list("reference", flat=True)
            raise CommandError(
                f"{len(wrong)} of {Recommendation.objects.count()} records are not indexed as they are:"
                f" {', '.join(records)}{' …' if len(wrong) > SHOWN else ''}. Run `rebuild_search`."
            )
        self.stdout.write("Search: every record is indexed as it is.")
