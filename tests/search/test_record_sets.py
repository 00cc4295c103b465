"""Sets of records: what they say is what the database says, and pages cut from them hold the right rows."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from recommendations.models import FollowUp, Recommendation, Stakeholder
from recommendations.public import record_list as views
from recommendations.search.facets.bitset import EMPTY, Bits, Gathering, from_octets, union
from recommendations.search.facets.index import ids_of
from recommendations.search.facets.record_set import Records
from recommendations.search.filters import RecommendationFilters, facet_counts
from tests import make
from tests.row_fixtures import kept_rows

IDS = [*random.Random(5).sample(range(1, 300_000), 3_000), 2**40 + 7, 2**40 + 8]  # noqa: S311  (no secret)


def test_set_returns_the_ids_put_in() -> None:
    gathering = Gathering()
    for pk in IDS:
        gathering.add("all" if pk % 2 else "even", pk)
    sets = gathering.sets()
    assert sets["all"]
    assert sets["even"]
    assert list(union(sets.values())) == sorted(IDS)
    assert from_octets(b"".join(pk.to_bytes(8) for pk in IDS)) == Bits(IDS) == union(sets.values())
    assert union([]) == EMPTY


def test_a_set_that_is_shared_does_not_change() -> None:
    shared = found = Bits(IDS)
    found |= Bits([2**50])
    found -= Bits(IDS[:9])
    assert list(shared) == sorted(IDS)
    assert len(found) == len(IDS) - 8


@kept_rows("module")
def records() -> None:
    """Records of several reviews, three of which began on the same day; some hidden."""
    for n in range(9):
        day = datetime.date(2010 + n // 3, 1, 1)
        document = make.make_document(review=make.make_review(starts_on=day), published=n != 4)
        for m in range(3):
            record = make.make_recommendation(
                document=document, published=(n + m) % 5 != 0, kind="concern" if m == 2 else "recommendation"
            )
            if n % 2:
                make.make_follow_up(record, as_of=datetime.date(2012 + n, 1, 1 + m))


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("by_id_max", [0, 5_000])
@pytest.mark.parametrize("sort", ["newest", "oldest", "reference", "state", "status", "due", "updated"])
@pytest.mark.parametrize("filters", ["", "kind=concern", "status=in_progress", "stale=1", "q=libel"])
def test_consecutive_pages_equal_the_list(
    monkeypatch: pytest.MonkeyPatch, by_id_max: int, sort: str, filters: str
) -> None:
    monkeypatch.setattr(views, "BY_ID_MAX", by_id_max)
    matching = RecommendationFilters(QueryDict(filters), Recommendation.objects.published()).qs
    order: Any = views.RecommendationList.sorts[sort]
    wanted = list(order.apply(matching).values_list("reference", flat=True))
    found: list[str] = []
    address = f"/recommendations.json?{filters}&sort={sort}&per_page=4"
    while address:
        page = Client().get(address).json()
        assert page["count"] == len(wanted)
        found += [row["reference"] for row in page["results"]]
        address = page["next"]
    assert found == wanted


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
def test_stretch_holds_its_rows_within_few_days() -> None:
    everything = Records.all()
    for newest in (True, False):
        order = ("-" if newest else "") + "listing__starts_on"
        ids = list(Recommendation.objects.published().order_by(order, "pk").values_list("pk", flat=True))
        for start in range(len(ids)):
            found, place, days = everything.stretch(start, 3, newest=newest)
            before = start - place
            assert set(ids[before : before + found.number]) == set(found.ids)
            assert place >= 0
            assert before + found.number >= min(start + 3, len(ids))
            assert len(days) <= 2
            assert set(found.on(days).ids) == set(found.ids)


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
def test_ids_are_read_alike_from_both_databases() -> None:
    rows = Recommendation.objects.published()
    assert list(ids_of(rows)) == sorted(rows.values_list("pk", flat=True))
    assert ids_of(rows.none()) == EMPTY
    assert ids_of(rows.filter(pk=0)) == EMPTY


@pytest.mark.django_db
@pytest.mark.usefixtures("records")
def test_stakeholder_counts_by_its_latest_status() -> None:
    record = FollowUp.objects.earliest("pk").recommendation
    person = make.make_stakeholder(slug="watch")
    for year, status in ((2001, "implemented"), (2003, "regressed"), (2002, "in_progress")):
        make.make_follow_up(
            record, role="civil_society", assessor=person, status=status, as_of=datetime.date(year, 1, 1)
        )
    make.make_follow_up(record, role="tracker", status="implemented", as_of=datetime.date(2004, 1, 1))
    filters = RecommendationFilters(QueryDict("assessor=watch"), Recommendation.objects.published())
    counts = facet_counts.counts(filters)
    assert counts["status"]["regressed"] == 1
    assert "implemented" not in counts["status"]
    assert counts["status"]["not_assessed"] == Recommendation.objects.published().count() - 1
    assert Stakeholder.objects.get(slug="watch") == person
