"""Fills a database for measuring: real recommendations of the UPR, and made-up follow-up and links."""

from __future__ import annotations

import contextlib
import csv
import datetime
import os
import tempfile
import time
from collections import defaultdict
from itertools import count, cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.run import ROOT, cluster, postgresql_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.models import RecommendationLink

DATA = ROOT.parent / "shared" / "realdata" / "datasets" / "upr_recommendations_s1-20_utf8.csv"
# For each size the number of follow-up entries, and of links.
ENTRIES = {41_066: 20_000, 250_000: 100_000}
LINKS = {41_066: 5_000, 250_000: 25_000}
CHUNK = 5_000


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The PostgreSQL server of DATABASE_URL, or one of our own, and the settings for it.

    Yields a sentence on what is lacking, or nothing.
    """
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    given, programs = os.environ.get("DATABASE_URL", ""), postgresql_programs()
    with contextlib.ExitStack() as stack:
        if not DATA.exists():
            yield f"the data set ../{DATA.relative_to(ROOT.parent)} is not here."
            return
        if not given.startswith("postgres"):
            if not programs:
                yield "no PostgreSQL server in DATABASE_URL, and no PostgreSQL programs."
                return
            os.environ["DATABASE_URL"] = stack.enter_context(cluster(programs))
        django.setup()
        yield ""


@contextlib.contextmanager
def database_of_its_own(name: str, *, keep: bool = False) -> Iterator[bool]:
    """A database on that server, the default one as long as the block lasts; yields whether it is new.

    It is dropped afterwards, or, if the block came to its end, kept for the next time.
    """
    from django.conf import settings
    from django.db import connection

    database = settings.DATABASES["default"]
    usual = database["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        new = not keep or cursor.fetchone() is None
        if new:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = name
    done = False
    try:
        yield new
        done = True
    finally:
        connection.close()
        database["NAME"] = connection.settings_dict["NAME"] = usual
        # Half a database is of no use to the next run.
        if not (keep and (done or not new)):
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")


def table_of(number: int, path: Path) -> Path:
    """A table of so many rows: those of the data set, then the same again."""
    with DATA.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows(islice(cycle(rows), number))
    return path


def import_rows(number: int) -> str:
    """Import so many rows as the command does."""
    from recommendations.importing.tables.import_from_path import import_table

    with tempfile.TemporaryDirectory() as folder:
        source = import_table(table_of(number, Path(folder) / "rows.csv"))
    return f"{source.report['done']['created']:,} created"


def add_entries(number: int) -> str:
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
            stage=FollowUp.Stage.PUBLISHED,
        )
        for n in range(number)
        for role in [FollowUp.Role.values[(n // 3) % len(people)]]
    )
    while chunk := list(islice(entries, CHUNK)):
        FollowUp.objects.bulk_create(chunk)
    return f"{number:,} entries"


def links_between_cycles(number: int) -> Iterator[RecommendationLink]:
    """Links from records of a State's first review to such of its next, the same on every run."""
    from recommendations.models import Recommendation, RecommendationLink

    reviews: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = Recommendation.objects.filter(document__kind="data_set").order_by(
        "document__review__starts_on", "pk"
    )
    for state, review, pk in rows.values_list("document__review__state", "document__review", "pk"):
        reviews[state][review].append(pk)
    pairs = [list(of_state.values())[:2] for of_state in reviews.values() if len(of_state) > 1]
    relations = RecommendationLink.Relation.values
    seen = set()
    for n in count():
        first, second = pairs[n % len(pairs)]
        step = n // len(pairs)
        ends = first[step * 3 % len(first)], second[step * 5 % len(second)]
        if ends in seen:
            continue
        seen.add(ends)
        yield RecommendationLink(
            earlier_id=ends[0],
            later_id=ends[1],
            relation=relations[n % len(relations)],
            rationale="A link for measuring.",
            confirmed=True,
        )
        if len(seen) == number:
            return


def add_links(number: int) -> str:
    """So many links."""
    from recommendations.models import RecommendationLink

    links = links_between_cycles(number)
    while chunk := list(islice(links, CHUNK)):
        RecommendationLink.objects.bulk_create(chunk)
    return f"{number:,} links"


def fill(number: int) -> None:
    """Fill the database, and print how long each step took."""
    from django.core.management import call_command
    from django.db import connection

    from recommendations.importing.fixtures.load import load
    from recommendations.search import listing

    print("\n| step | seconds | what |\n|---|---|---|")

    def step(name: str, work: Any) -> None:
        started = time.perf_counter()
        what = work()
        print(f"| {name} | {time.perf_counter() - started:.1f} | {what or ''} |", flush=True)

    def follow_up() -> str:
        with listing.paused():
            entries = add_entries(ENTRIES.get(number, number // 2))
            return f"{entries}, {add_links(LINKS.get(number, number // 10))}"

    call_command("migrate", verbosity=0)
    step("load the fixtures", lambda: load(ROOT / "fixtures" / "built"))
    step("import", lambda: import_rows(number))
    step("add follow-up and links", follow_up)
    step("compare the listing with its definition", lambda: f"{len(listing.differences())} differences")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
