"""The second half of `make bench`: pages, search and exports over 41,066 and over 250,000 real records.

Needs PostgreSQL (the server of DATABASE_URL, or its programs for a cluster of our own) and the data set
in ../shared, which is not part of the project; says so where one is missing. `python -m tests.bench_size`
measures both sizes; with a number, only that one. With `--keep` the filled database stays, and is used
again by the next run; with `--only WORD` only addresses with this word in them are measured.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench_fill import database_of_its_own, fill, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SIZES = (41_066, 250_000)
ROUNDS = 40
# A page that takes very long is measured fewer times.
SECONDS_MAX = 20

# In capitals: a record with follow-up, the first of the chains, and a response.
PAGES = [
    "/recommendations/",
    "/recommendations/?page=40",
    "/recommendations/?per_page=200",
    "/recommendations/?state=KAZ",
    "/recommendations/?position=supported",
    "/recommendations/?kind=recommendation&position=supported&mechanism=UPR",
    "/recommendations/?issue=women",
    "/recommendations/?issue=torture&issue=children&year=2013",
    "/recommendations/?stakeholder=recommending-fra",
    "/recommendations/?status=not_implemented",
    "/recommendations/?status=not_assessed",
    "/recommendations/?status=in_progress&assessor=state",
    "/recommendations/?status=in_progress&assessor=bench-state",
    "/recommendations/?status_state=implemented&status_un_body=not_implemented",
    "/recommendations/?disagree=1",
    "/recommendations/?stale=1",
    "/recommendations/?response=no",
    "/recommendations/?chain=open",
    "/recommendations/?chain=none",
    "/recommendations/?from=2012&to=2013",
    "/recommendations/?sort=status",
    "/recommendations/?sort=state",
    "/recommendations/?sort=updated",
    "/recommendations/?sort=due",
    "/recommendations/?q=torture",
    "/recommendations/?q=women",
    "/recommendations/?q=rights",
    '/recommendations/?q="death penalty" -moratorium',
    "/recommendations/?q=women&sort=newest",
    "/recommendations/?q=torture&state=KAZ",
    "/recommendations/?q=tortrue",
    "/recommendations.json?state=KAZ",
    "/recommendations.atom",
    "RECORD",
    "/",
    "/issues/",
    "/issues/women/",
    "/issues/torture/",
    "/stakeholders/",
    "/stakeholders/recommending-fra/",
    "/reviews/",
    "/reviews/kaz-upr7/",
    "/documents/",
    "/documents/upr-info-kaz-upr7/",
    "/follow-up/",
    "/follow-up/?state=KAZ",
    "/chains/",
    "/chains/?state=KAZ",
    "CHAIN",
    "/pictures/",
    "/pictures/?state=KAZ",
    "/pictures/?issue=women",
    "/pictures/issues.svg",
    "/pictures/reviews.png",
    "/compare/?by=state&item=KAZ&item=FRA",
    "/compare/?by=issue&item=women&item=children",
    "/compare/?by=stakeholder&item=recommending-fra&item=recommending-usa",
    "/api/v1/recommendations/",
    "/api/v1/recommendations/?issue=women&page_size=200",
    "/api/v1/follow-up/",
    "/data/",
    "/sitemap.xml",
    "/sitemap-recommendations-5.xml",
]
# What a reader may have chosen when the panel of filters is counted.
CHOSEN = [
    "",
    "state=KAZ",
    "position=supported",
    "kind=recommendation&position=supported&mechanism=UPR",
    "issue=women",
    "issue=torture&issue=children&year=2013",
    "status=in_progress&assessor=state",
    "response=no",
    "chain=open",
    "from=2012&to=2013",
]
EXPORTS = [
    "/recommendations.csv?state=KAZ",
    "/recommendations.csv?issue=women",
    "/recommendations.csv",
    "/recommendations.xlsx?issue=women",
    "/follow-up.csv",
    "/chains.csv",
    "/data/recommendation-tracker.zip",
]


def high(times: list[float]) -> float:
    """The 95th percentile: the time that at most one in twenty takes longer than."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def worked(server: int) -> float:
    """Milliseconds that this process and its server process have computed; not those spent waiting."""
    own = time.process_time() * 1000
    spent = Path(f"/proc/{server}/schedstat")
    return own + int(spent.read_text().split()[0]) / 1e6 if spent.exists() else own


def measure(client: Any, page: str) -> str:
    """A line of the table: the page's time, its queries, and the time of its bare SQL in the same run.

    Also the first time of all, when nothing of it was found yet for this version of the data; and how
    much of the time was computing, by Python and the database: what is left of it if nothing else runs
    on the machine.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    started = time.perf_counter()
    read(client, page)
    first = (time.perf_counter() - started) * 1000
    with CaptureQueriesContext(connection) as captured:
        status, size = read(client, page)
    statements = [query["sql"] for query in captured.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    times: list[float] = []
    computed: list[float] = []
    bare: list[float] = []
    until = time.perf_counter() + SECONDS_MAX
    while len(times) < ROUNDS and (len(times) < 3 or time.perf_counter() < until):
        started, before = time.perf_counter(), worked(server)
        read(client, page)
        times.append((time.perf_counter() - started) * 1000)
        computed.append(worked(server) - before)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for sql in statements:
                if sql.startswith("SELECT"):
                    cursor.execute(sql)
                    cursor.fetchall()
        bare.append((time.perf_counter() - started) * 1000)
    note = "" if status == 200 else f" ({status})"
    return (
        f"| `{page}`{note} | {first:.0f} | {statistics.median(times):.0f} | {high(times):.0f}"
        f" | {statistics.median(computed):.0f} | {high(computed):.0f} | {statistics.median(bare):.0f}"
        f" | {len(statements)} | {size / 1000:.0f} |"
    )


def read(client: Any, page: str) -> tuple[int, int]:
    """Fetch a page to its end: status and size."""
    answer = client.get(page)
    if answer.streaming:
        return answer.status_code, sum(len(part) for part in answer.streaming_content)
    return answer.status_code, len(answer.content)


def forget_peak() -> None:
    """From here on `memory()` is the most held since now (Linux; elsewhere since the start)."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def memory(what: str = "VmHWM") -> float:
    """The most memory this process has held, in MB; with `VmRSS`, what it holds now."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines[what].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_sets() -> None:
    """The sets that pages count by: from nothing, and after edits of each kind."""
    from recommendations.models import FollowUp, Recommendation, RecommendationLink, Stakeholder
    from recommendations.search.facets import index

    before = memory("VmRSS")
    forget_peak()
    started = time.perf_counter()
    index.current()
    print(
        f"\nSets for counting: {time.perf_counter() - started:.1f} s from nothing,"
        f" {memory('VmRSS') - before:.0f} MB more ({memory() - before:.0f} MB meanwhile)."
    )
    record = Recommendation.objects.get(
        pk=FollowUp.objects.order_by("pk").values("recommendation")[1000:1001]
    )
    link: Any = RecommendationLink.objects.order_by("-pk").first()
    person = Stakeholder.objects.get(slug="bench-state")
    print("\n| edit | ms | then ms for the sets |\n|---|---|---|")
    for name, row, field, values in (
        ("a record hidden and shown again", record, "published", (False, True)),
        ("a link withdrawn and confirmed again", link, "confirmed", (False, True)),
        ("a name withheld and given again", person, "published", (False, True)),
        ("a summary, which nothing is counted by", record, "summary", ("In other words.", "")),
    ):
        edits, reads = [], []
        for value in values * 5:
            setattr(row, field, value)
            started = time.perf_counter()
            row.save()
            edits.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            index.current()
            reads.append((time.perf_counter() - started) * 1000)
        print(f"| {name} | {statistics.median(edits):.0f} | {statistics.median(reads):.0f} |", flush=True)


def measure_counts() -> None:
    """What pages do with the sets once they have them, without the database and without writing a page."""
    from django.http import QueryDict

    from recommendations.models import Recommendation
    from recommendations.search.facets.index import current
    from recommendations.search.facets.record_set import Records
    from recommendations.search.filters import RecommendationFilters
    from recommendations.search.filters.facet_counts import Facets

    index = current()
    number = sum(map(len, index.facets.values()))
    print(f"\n| chosen | records | ms for {number} counts | ms for a page's stretch | ms for all ids |")
    print("|---|---|---|---|---|")
    for chosen in CHOSEN:
        filters = RecommendationFilters(QueryDict(chosen), Recommendation.objects.published())
        records = Facets(filters, index).records
        works: list[Callable[[], Any]] = [
            partial(lambda filters: Facets(filters, index).counts(), filters),
            partial(records.stretch, records.number // 2, 25, newest=True),
            partial(getattr, records, "ids"),
        ]
        times = " | ".join(f"{median_of(work):.2f}" for work in works)
        print(f"| `{chosen}` | {records.number:,} | {times} |", flush=True)
    links, members = index.links, Records.all().having("issue", "women").bits
    asked = median_of(lambda: [link for link in links if link.earlier in members or link.later in members])
    print(f"\nWhich of {len(links):,} links lead to records of one issue: {asked:.2f} ms.")


def median_of(work: Callable[[], Any]) -> float:
    """The median of the times that this process computes, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def measure_suggestions() -> None:
    """What is suggested for records of many States: at first, after that, and after a tag was given."""
    from recommendations.desk import suggestions
    from recommendations.desk.suggestions import learning
    from recommendations.models import Issue, Recommendation

    kinds = {
        "issues": suggestions.suggest_issues,
        "responses": suggestions.suggest_responses,
        "earlier records": suggestions.suggest_earlier,
        "asks taken up": suggestions.suggest_taken_up,
    }
    before, started = memory("VmRSS"), time.perf_counter()
    learning.profiles()
    print(
        f"\nIssues for suggestions: learned in {time.perf_counter() - started:.1f} s from nothing,"
        f" {memory('VmRSS') - before:.0f} MB more."
    )
    step = max(1, Recommendation.objects.count() // ROUNDS)
    ids = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True)[::step])
    rows = Recommendation.objects.select_related("document__review", "paragraph")
    times: dict[tuple[str, str], list[float]] = {}

    def measured(when: str, record: Any) -> None:
        for name, suggest in kinds.items():
            started = time.perf_counter()
            suggest(record)
            times.setdefault((when, name), []).append((time.perf_counter() - started) * 1000)

    issue = Issue.objects.order_by("pk")[0]
    for record in rows.filter(pk__in=ids):
        measured("a State’s first", record)
        measured("the next", record)
        tag, made = record.tags.get_or_create(issue=issue)
        measured("after a tag was given", record)
        if made:
            tag.delete()
    print("\n| suggestion | kind | median ms | 95th |\n|---|---|---|---|")
    for (when, name), each in times.items():
        print(f"| {when} | {name} | {statistics.median(each):.0f} | {high(each):.0f} |")


def measure_exports(client: Any, exports: Iterable[str]) -> None:
    """Whole lists as files: they must not need more memory the longer they are."""
    print("\n| export | seconds | lines | MB | MB of memory more |\n|---|---|---|---|---|")
    for page in exports:
        forget_peak()
        before, started = memory("VmRSS"), time.perf_counter()
        lines = size = 0
        answer = client.get(page)
        for part in answer.streaming_content if answer.streaming else [answer.content]:
            lines, size = lines + part.count(b"\r\n"), size + len(part)
        seconds = time.perf_counter() - started
        shown = f"{lines:,}" if ".csv" in page else ""
        print(
            f"| `{page}` | {seconds:.1f} | {shown} | {size / 1e6:.1f} | {memory() - before:.0f} |", flush=True
        )


def measure_all(only: str) -> None:
    """Every page and export on a database that is filled."""
    from django.test import Client

    from recommendations.models import FollowUp, Recommendation, RecommendationLink
    from tracker.start import tune_garbage_collection

    tune_garbage_collection()
    client = Client()
    if only in "sets":
        measure_sets()
        measure_counts()
    if only in "suggestions":
        measure_suggestions()
    record = FollowUp.objects.order_by("pk")[1000].recommendation
    link = RecommendationLink.objects.filter(relation="repeated").order_by("-pk")[0]
    places = {"RECORD": record.get_absolute_url(), "CHAIN": f"/chains/{link.earlier.reference}/"}
    heads = ("page", "first ms", "median", "95th", "computing", "95th", "SQL alone", "queries", "kB")
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for page in PAGES:
        if only in page:
            print(measure(client, places.get(page, page)), flush=True)
    measure_exports(client, [page for page in EXPORTS if only in page])
    print(f"\n{Recommendation.objects.count():,} records; the process holds {memory('VmRSS'):.0f} MB.")


def run(number: int, *, keep: bool, only: str) -> None:
    """Fill a database of its own, measure, and drop it."""
    from django.core.management import call_command

    print(f"\n## {number:,} records (PostgreSQL)", flush=True)
    with database_of_its_own(f"tracker_bench_{number}", keep=keep) as new:
        if new:
            fill(number)
        else:
            call_command("migrate", verbosity=0)
        measure_all(only)


def main() -> None:
    """Measure where there is what it needs."""
    parser = argparse.ArgumentParser(description="Measure pages and exports at size.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--keep", action="store_true", help="keep the database, and use it again")
    parser.add_argument("--only", default="", help="only addresses that hold this, “sets” or “suggestions”")
    options = parser.parse_args()
    with server() as lacking:
        if lacking:
            print(f"\n## Size\n\nSkipped: {lacking}")
            return
        for size in options.sizes:
            run(size, keep=options.keep, only=options.only)


if __name__ == "__main__":
    main()
