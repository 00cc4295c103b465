"""What the listing holds of a record, as SQL: a view made of the models' own definitions, and its copying."""

# ruff: noqa: S608 (all SQL here is made of the names of our own tables and columns)

from __future__ import annotations

import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce

from recommendations.models import (
    FollowUp,
    Listing,
    ListingVersion,
    Recommendation,
    RecommendationLink,
    ResponseLink,
)
from recommendations.models.links import AGAIN

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LISTING = Listing._meta.db_table
VERSION = ListingVersion._meta.db_table
RECORD = Recommendation._meta.db_table
VIEW = "recommendations_listing_derived"
NEVER = datetime.date(1, 1, 1)
ROLE_STATUSES = tuple(f"{role}_status" for role in FollowUp.Role.values)

# The public links of a record with later ones, and with earlier ones.
_LATER = RecommendationLink.objects.published().filter(earlier=OuterRef("pk"))
_EARLIER = RecommendationLink.objects.published().filter(later=OuterRef("pk"))
# Columns of the listing, and what each is of a record with its statuses.
DERIVED: dict[str, Any] = {
    "recommendation_id": F("pk"),
    "review_id": F("document__review"),
    "state_id": F("document__review__state"),
    "public": Case(When(published=True, document__published=True, then=True), default=False),
    "mechanism": F("document__review__mechanism"),
    "kind": F("kind"),
    "position": F("position"),
    "answered": Exists(ResponseLink.objects.published().filter(recommendation=OuterRef("pk"))),
    "linked": Exists(_LATER) | Exists(_EARLIER),
    "asked_again": Exists(_LATER.filter(relation__in=AGAIN)),
    "status": F("status"),
    "status_as_of": F("status_as_of"),
    "status_order": Coalesce("status_as_of", Value(NEVER)),
    "status_entry": F("status_entry"),
    **{
        f"{role}_{what}": F(f"{role}_{what}") for role in FollowUp.Role.values for what in ("entry", "status")
    },
    "starts_on": F("document__review__starts_on"),
    "state_name": F("document__review__state__name"),
    "document_slug": F("document__slug"),
    "paragraph_position": F("paragraph__position"),
    "reference": F("reference"),
    "due_on": F("due_on"),
}


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"cannot be written into SQL: {value!r}")


def view_sql(connection: BaseDatabaseWrapper) -> str:
    """The query that derives all columns of the listing but `disagree` and `version`."""
    # Aliases must not clash with the model's own fields.
    named = {f"l_{column}": value for column, value in DERIVED.items()}
    records = Recommendation.objects.with_derived_status().annotate(**named).order_by().values(*named)
    sql, params = records.query.get_compiler(connection=connection).as_sql()
    return str(sql % tuple(_literal(value) for value in params))


def _disagree() -> str:
    """SQL, over the columns of the view: whether two roles' current statuses differ.

    "No information" says nothing of the record, so it differs from nothing.
    """
    silent = f"'{FollowUp.Status.NO_INFORMATION.value}'"
    # A role without an entry is null, and differs from nothing.
    pairs = (
        f"({a} <> {b} AND {a} <> {silent} AND {b} <> {silent})"
        for a, b in combinations((f"d.l_{name}" for name in ROLE_STATUSES), 2)
    )
    return f"CASE WHEN {' OR '.join(pairs)} THEN TRUE ELSE FALSE END"


def derived_sql(ids: str | None, vendor: str) -> str:
    """A query for the listing's columns, `disagree` the last, of records (`ids`: SQL for a list of them)."""
    columns = ", ".join(f"d.l_{column}" for column in DERIVED)
    # The limit keeps the planner from copying each status's subquery into every comparison.
    fence = "LIMIT -1 OFFSET 0" if vendor == "sqlite" else "OFFSET 0"
    where = f" WHERE l_recommendation_id {ids}" if ids else ""
    return f"SELECT {columns}, {_disagree()} FROM (SELECT * FROM {VIEW}{where} {fence}) d"


def insert_sql(ids: str | None, version: str, vendor: str) -> str:
    """A statement that writes the rows of these records; of all, only those that are not right already."""
    columns = [*DERIVED, "disagree"]
    new = ", ".join(f"{name} = excluded.{name}" for name in [*columns[1:], "version"])
    source = derived_sql(ids, vendor)
    only = ""
    if not ids:
        kept, right = (", ".join(f"{row}.{name}" for name in columns) for row in (LISTING, "excluded"))
        only = f" WHERE ({kept}) {'IS NOT' if vendor == 'sqlite' else 'IS DISTINCT FROM'} ({right})"
    return (
        f"INSERT INTO {LISTING} ({', '.join(columns)}, version)"
        f" SELECT s.*, {version} FROM ({source}) s WHERE TRUE"
        f" ON CONFLICT (recommendation_id) DO UPDATE SET {new}{only}"
    )
