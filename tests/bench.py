"""`make bench`: how well documents are read, how good suggestions are, how quick loading and pages are.

Figures are for reading, not for passing or failing: the numbers of one machine on one day. Database: the
one of DATABASE_URL if set (filled in a transaction that is taken back), else SQLite in a file of its own.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

PAGES = [
    "/",
    "/recommendations/",
    "/recommendations/?issue=torture&kind=concern",
    "/recommendations/?status=not_implemented&per_page=200",
    "/recommendations/?q=torture",
    "/recommendations/KAZ-UPR7-36.7/",
    "/recommendations.json?per_page=200",
    "/recommendations.csv",
    "/recommendations.xlsx",
    "/responses/",
    "/issues/",
    "/issues/torture/",
    "/stakeholders/",
    "/stakeholders/amnesty-international/",
    "/reviews/kaz-upr7/",
    "/documents/a-hrc-wg6-7-kaz-3/",
    "/documents/ccpr-144-kaz-dialogue/",
    "/follow-up/",
    "/follow-up.atom",
    "/methodology/",
]
ROUNDS = 15


def measure_reading() -> None:
    """Precision and recall of the readers on the annotated sets."""
    from tests import reading_quality

    print("\n## Reading\n")
    reading_quality.main()


def measure_suggestions() -> None:
    """How good suggestions are, by the shipped curation; the records are loaded."""
    from tests import bench_suggestions

    print("\n## Suggestions\n")
    print("\n".join(bench_suggestions.table(bench_suggestions.load())))


def measure_loading() -> None:
    """Building the fixtures and loading them twice."""
    from django.conf import settings

    from recommendations.importing.fixtures.build import build
    from recommendations.importing.fixtures.load import load

    print("\n## Fixtures\n\n| step | seconds | what |\n|---|---|---|")
    folder = settings.BASE_DIR / "fixtures"
    started = time.perf_counter()
    files = build(folder)
    print(f"| build | {time.perf_counter() - started:.1f} | {sum(map(len, files.values())):,} bytes |")
    for step in ("load", "load again"):
        started = time.perf_counter()
        loaded = load(folder / "built")
        print(f"| {step} | {time.perf_counter() - started:.1f} | {loaded} |")


def measure_pages() -> None:
    """Each page in milliseconds, from the request's first line to the last byte, without a network."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"\n## Pages ({connection.vendor}, {ROUNDS} rounds each, after one to warm up)\n")
    print("| page | median ms | 95th percentile ms | queries | kB |\n|---|---|---|---|---|")
    client = Client()
    for page in PAGES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body = _body(client.get(page))
            number = len(queries)
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            _body(client.get(page))
            times.append((time.perf_counter() - started) * 1000)
        high = statistics.quantiles(times, n=20)[-1]
        median, size = statistics.median(times), len(body) / 1000
        print(f"| `{page}` | {median:.0f} | {high:.0f} | {number} | {size:.0f} |")


def _body(response: object) -> bytes:
    if response.status_code != 200:  # type: ignore[attr-defined]  # the test client's answers have it
        sys.exit(f"the page answered {response.status_code}")  # type: ignore[attr-defined]  # the test client's answers have it
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # the test client's answers have it


def main() -> None:
    """Measure everything, in a database that is as it was afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import transaction

        measure_reading()
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            measure_loading()
            measure_suggestions()
            measure_pages()
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
