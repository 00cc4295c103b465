"""The second half of `make bench`: pages, search and exports over 41,066 and over 250,000 real records.

Needs PostgreSQL (the server of DATABASE_URL, or its programs for a cluster of our own) and the data set
in ../shared, which is not part of the project; says so where one is missing. `python -m tests.bench_size`
measures both sizes; with a number, only that one.
"""

from __future__ import annotations

import datetime
import os
import resource
import statistics
import sys
import time
from dataclasses import replace
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from tests.run import ROOT, cluster, postgresql_programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recommendations.importing import Row

DATA = ROOT.parent / "shared" / "realdata" / "datasets" / "upr_recommendations_s1-20_utf8.csv"
SIZES = (41_066, 250_000)
ROUNDS = 15
CHUNK = 5_000
# For each size the number of follow-up entries.
ENTRIES = {41_066: 20_000, 250_000: 100_000}

PAGES = [
    "/recommendations/",
    "/recommendations/?page=40",
    "/recommendations/?state=KAZ",
    "/recommendations/?position=supported",
    "/recommendations/?kind=recommendation&position=supported&mechanism=UPR",
    "/recommendations/?issue=women",
    "/recommendations/?issue=torture&issue=children&year=2013",
    "/recommendations/?stakeholder=recommending-fra",
    "/recommendations/?status=not_implemented",
    "/recommendations/?status=not_assessed",
    "/recommendations/?status=in_progress&assessor=state",
    "/recommendations/?status_state=implemented&status_un_body=not_implemented",
    "/recommendations/?disagree=1",
    "/recommendations/?stale=1",
    "/recommendations/?response=no",
    "/recommendations/?from=2012&to=2013",
    "/recommendations/?sort=status",
    "/recommendations/?sort=state",
    "/recommendations/?sort=updated",
    "/recommendations/?sort=due",
    "/recommendations/?q=torture",
    "/recommendations/?q=women",
    '/recommendations/?q="death penalty" -moratorium',
    "/recommendations/?q=torture&sort=relevance",
    "/recommendations/?q=torture&state=KAZ",
    "/recommendations.json?state=KAZ",
    "DETAIL",
    "/",
    "/issues/",
    "/issues/women/",
    "/stakeholders/",
    "/stakeholders/recommending-fra/",
    "/reviews/",
    "/reviews/kaz-upr7/",
    "/follow-up/",
    "/pictures/issues/",
]
EXPORTS = ["/recommendations.csv?state=KAZ", "/recommendations.csv?issue=women"]


def rows_up_to(number: int, path: Path) -> Iterator[Row]:
    """So many rows: those of the data set, then the same again under other numbers."""
    from recommendations.importing import read_upr_info

    def repeated() -> Iterator[Row]:
        yield from read_upr_info(path)
        for copy in count(2):
            for row in read_upr_info(path):
                yield replace(row, number=f"{row.number}.{copy}")

    return islice(repeated(), number)


def add_entries(number: int) -> None:
    """Published follow-up over records, roles, statuses and years, the same on every run."""
    from django.utils import timezone

    from recommendations.models import FollowUp, Recommendation, Stakeholder
    from tests.make import KIND_OF_ROLE

    people = {
        role: Stakeholder.objects.create(
            slug=f"bench-{role}", name=f"Bench {role}", kind=kind, published=True
        )
        for role, kind in KIND_OF_ROLE.items()
    }
    ids = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True))
    statuses, now = FollowUp.Status.values, timezone.now()
    entries = (
        FollowUp(
            recommendation_id=ids[(n * 7919) % len(ids)],
            assessor=people[role],
            reference=f"bench-{n}",
            role=role,
            status=statuses[(n * 31 + n // 7) % len(statuses)],
            as_of=datetime.date(2009 + n % 17, 1 + n % 12, 1),
            summary="An entry for measuring.",
            published_at=now,
        )
        for n in range(number)
        for role in [FollowUp.Role.values[(n // 3) % len(people)]]
    )
    while chunk := list(islice(entries, CHUNK)):
        FollowUp.objects.bulk_create(chunk)


def fill(number: int) -> None:
    """Fill the database, and print how long each step took."""
    from django.core.management import call_command
    from django.db import connection

    from recommendations import listing
    from recommendations.importing import import_upr_info
    from recommendations.loading import load

    print("\n| step | seconds | what |\n|---|---|---|")

    def step(name: str, work: Any) -> None:
        started = time.perf_counter()
        what = work()
        print(f"| {name} | {time.perf_counter() - started:.1f} | {what or ''} |", flush=True)

    def add() -> str:
        with listing.paused():
            add_entries(ENTRIES[number])
        return f"{ENTRIES[number]:,} entries"

    call_command("migrate", verbosity=0)
    step("load the fixtures", lambda: load(ROOT / "fixtures" / "built"))
    step("import", lambda: import_upr_info(DATA, rows_up_to(number, DATA)))
    step("add follow-up", add)
    step("compare the listing with its definition", lambda: f"{len(listing.differences())} differences")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def percentiles(times: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def measure(client: Any, page: str, rounds: int = ROUNDS) -> str:
    """A line of the table: the page's time, its queries, and the time of its bare SQL in the same run."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    read(client, page)
    with CaptureQueriesContext(connection) as captured:
        status, size = read(client, page)
    statements = [query["sql"] for query in captured.captured_queries]
    times, bare = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        read(client, page)
        times.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for sql in statements:
                if sql.startswith("SELECT"):
                    cursor.execute(sql)
                    cursor.fetchall()
        bare.append((time.perf_counter() - started) * 1000)
    median, high = percentiles(times)
    sql_median, sql_high = percentiles(bare)
    note = "" if status == 200 else f" ({status})"
    return (
        f"| `{page}`{note} | {median:.0f} | {high:.0f} | {sql_median:.0f} | {sql_high:.0f}"
        f" | {len(statements)} | {size / 1000:.0f} |"
    )


def read(client: Any, page: str) -> tuple[int, int]:
    """Fetch a page to its end: status and size."""
    answer = client.get(page)
    if answer.streaming:
        return answer.status_code, sum(len(part) for part in answer.streaming_content)
    return answer.status_code, len(answer.content)


def memory() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_all(number: int) -> None:
    """Every page and export on a database that is filled."""
    from django.test import Client

    from recommendations import facet_index
    from recommendations.models import FollowUp, Recommendation, Stakeholder

    client = Client()
    before = memory()
    started = time.perf_counter()
    facet_index.current()
    cold = time.perf_counter() - started
    print(f"\nSets for counting: {cold:.1f} s from nothing, {memory() - before:.0f} MB more.")
    Stakeholder.objects.filter(slug="bench-state").update(published=False)
    record = FollowUp.objects.order_by("pk").last().recommendation
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    Recommendation.objects.filter(pk=record.pk).update(published=True)
    started = time.perf_counter()
    facet_index.current()
    print(f"After two changes: {(time.perf_counter() - started) * 1000:.0f} ms for the first page.")
    print(f"\n| page | median ms | 95th ms | SQL alone | 95th | queries | kB |\n|{'---|' * 7}")
    for page in PAGES:
        print(measure(client, record.get_absolute_url() if page == "DETAIL" else page), flush=True)
    print("\n| export | seconds | rows | MB | peak memory MB |\n|---|---|---|---|---|")
    for page in [*EXPORTS, "/recommendations.csv?position=noted"]:
        started = time.perf_counter()
        lines = size = 0
        for part in client.get(page).streaming_content:
            lines, size = lines + part.count(b"\r\n"), size + len(part)
        seconds = time.perf_counter() - started
        print(f"| `{page}` | {seconds:.1f} | {lines:,} | {size / 1e6:.1f} | {memory():.0f} |", flush=True)
    print(f"\n{Recommendation.objects.count():,} records; peak memory of the process {memory():.0f} MB.")


def run(number: int) -> None:
    """Fill a database of its own on the server of DATABASE_URL, measure, and drop it."""
    import django
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection

    print(f"\n## {number:,} records (PostgreSQL)", flush=True)
    database, own = settings.DATABASES["default"], f"tracker_bench_{number}"
    kept = database["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {own}")
        cursor.execute(f"CREATE DATABASE {own}")
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = own
    try:
        fill(number)
        measure_all(number)
    finally:
        connection.close()
        database["NAME"] = connection.settings_dict["NAME"] = kept
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {own}")


def main(arguments: list[str]) -> None:
    """Measure where there is what it needs."""
    sizes = [int(one) for one in arguments] or list(SIZES)
    given, programs = os.environ.get("DATABASE_URL", ""), postgresql_programs()
    if not DATA.exists():
        print(f"\n## Size\n\nSkipped: the data set ../{DATA.relative_to(ROOT.parent)} is not here.")
    elif given.startswith("postgres"):
        for size in sizes:
            run(size)
    elif programs:
        with cluster(programs) as url:
            os.environ["DATABASE_URL"] = url
            for size in sizes:
                run(size)
    else:
        print("\n## Size\n\nSkipped: no PostgreSQL server in DATABASE_URL, and no PostgreSQL programs.")


if __name__ == "__main__":
    main(sys.argv[1:])
