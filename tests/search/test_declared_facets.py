"""What a facet declares is all that its triggers, its sets and its filter need."""

from __future__ import annotations

import sqlite3

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import BooleanField, Q

from recommendations.models import Listing, Recommendation
from recommendations.models.derived import columns_of, derived, reads_of
from recommendations.search.facets import declared, index
from recommendations.search.facets.facet import in_sql
from recommendations.search.filters import RecommendationFilters, facet_filters
from recommendations.search.listing import triggers
from recommendations.search.listing.derive import VIEW
from tests import make
from tests.row_fixtures import kept_rows

pytestmark = pytest.mark.django_db

CONDITIONS = [
    Q(answered=True),
    ~Q(answered=True),
    Q(kind="concern") & ~Q(status="implemented"),
    Q(kind="concern") | Q(answered=True) & ~Q(status="implemented"),
    ~(Q(kind="concern") | Q(answered=True)),
    ~(Q(linked=False) & ~Q(kind="question")),
    Q(state_status=None) & Q(disagree=False),
]


@kept_rows("module")
def records() -> None:
    """Records of two kinds, answered and assessed or not; one is hidden."""
    made = [make.make_recommendation(kind=kind) for kind in ("concern", "recommendation") for _ in range(4)]
    make.make_recommendation(kind="concern", published=False)
    make.make_response(answers=[made[0], made[4]])
    for record in (made[0], made[1], made[5]):
        make.make_follow_up(record, role="un_body", status="implemented")
    make.make_follow_up(made[4], role="state", status="regressed")
    make.make_link(made[2], made[6])


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_condition_finds_same_records_in_sets_and_sql(condition: Q) -> None:
    found = index.current()
    rows = Recommendation.objects.published().filter(in_sql(condition))
    assert list(found.where(condition)) == sorted(rows.values_list("pk", flat=True))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite says which columns a statement reads")
def test_triggers_watch_every_column_the_view_reads() -> None:
    read: set[tuple[str, str]] = set()

    def note(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table and column and table != VIEW:
            read.add((table, column))
        return sqlite3.SQLITE_OK

    connection.ensure_connection()
    connection.connection.set_authorizer(note)
    try:
        connection.connection.execute(f"SELECT * FROM {VIEW}")
    finally:
        connection.connection.set_authorizer(None)
    watched = {(source.table, column) for source in triggers.SOURCES for column in source.columns}
    assert ("recommendations_followup", "withdrawn_at") in read
    assert read - watched == set()


def test_column_of_a_field_knows_what_it_reads() -> None:
    reads = reads_of(columns_of(Listing)["state_name"], Recommendation)
    assert reads == {
        "recommendations_recommendation": {"document_id"},
        "recommendations_document": {"review_id"},
        "recommendations_review": {"state_id"},
        "recommendations_state": {"name"},
    }


def test_column_reading_a_table_without_route_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    field = derived(BooleanField(), lambda: Q(), {"recommendations_note": ("text",)})
    monkeypatch.setattr(triggers, "columns_of", lambda _model: {"noted": field.derived})  # type: ignore[attr-defined]  # set by derived()
    with pytest.raises(ImproperlyConfigured, match="noted reads recommendations_note"):
        triggers._watched(triggers._ROUTES)


def test_facet_without_a_place_comes_last_in_the_panel() -> None:
    placed = [name for names in RecommendationFilters.sections.values() for name in names]
    assert facet_filters.not_among(name for name in placed if name not in ("kind", "chain")) == [
        "chain",
        "kind",
    ]
    assert facet_filters.not_among(placed) == []


def test_labelled_facets_are_filters_and_counted_as_declared() -> None:
    make.make_recommendation()
    counted = index.current().facets
    for name, facet in declared.FACETS.items():
        assert name in RecommendationFilters.base_filters
        assert (name in counted) == facet.counted
