"""`manage.py rebuild_search`: rebuild the search index of all records."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.search.text.index import rebuild


class Command(BaseCommand):
    help = "Index every record for search anew, after records were written past the application."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        count = rebuild()
        self.stdout.write(f"Search: {count} records indexed in {time.monotonic() - began:.1f} s.")
