"""Writes what was decided: many rows at once, each with its history, its search entry and its trace."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from simple_history.models import HistoricalRecords

from recommendations.core.database import analyse
from recommendations.importing.tables import bulk
from recommendations.importing.tables.current import REASON, SCALARS
from recommendations.models import ImportedRow, IssueTag, Recommendation, SearchEntry
from recommendations.search.text.index import Entry, entry_of, index_recommendations, learn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model

    from recommendations.importing.tables.decisions import Decision
    from recommendations.importing.tables.lookup import Lookup
    from recommendations.models import Import

# From so many records on an import is a large one: the listing is derived at the end, all at once.
MANY = 2_000
# Ids that are asked for at a time.
RESERVED = 50
EDITED = "Edited in a spreadsheet"
RAISED: Any = Recommendation.raised_by.through
GROUPS: Any = Recommendation.groups.through
HISTORY: Any = Recommendation.history.model
TAG_HISTORY: Any = IssueTag.history.model
RAISED_HISTORY: Any = HISTORY._meta.get_field("historicalrecommendation_raised_by").related_model
GROUPS_HISTORY: Any = HISTORY._meta.get_field("historicalrecommendation_groups").related_model
# What a large import fills beside what the listing is derived of, which is analysed there.
WRITTEN = (HISTORY, RAISED_HISTORY, TAG_HISTORY, SearchEntry, ImportedRow)
# How both are linked: the table, its history, the column of the other side.
LINKS = {
    "raised_by": (RAISED, RAISED_HISTORY, "stakeholder_id"),
    "groups": (GROUPS, GROUPS_HISTORY, "populationgroup_id"),
}
RECORD = (
    "reference",
    "kind",
    "document_id",
    "locator",
    "text",
    "summary",
    "position",
    "selected_for_follow_up",
    "due_on",
    "published",
)
TRACE = ("source_id", "action", "model", "object_id", "locator", "before")
PAST = ("history_date", "history_change_reason", "history_type", "history_user_id")


def acting() -> int | None:
    """The id of the person in whose name is written."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


class Writer:
    """One run's writing. `counts` what was done."""

    def __init__(self, source: Import, reason: str = REASON) -> None:
        self.source, self.reason = source, reason
        self.user, self.now = acting(), timezone.now()
        self.counts: Counter[str] = Counter()
        self.vocabulary: Counter[str] = Counter()
        # Ids that may be given, and rows that wait to be written.
        self.ids: dict[type[Model], list[int]] = {}
        self.made: dict[type[Model], list[dict[str, Any]]] = {}

    def past(self, kind: str) -> tuple[Any, ...]:
        """When, why, how and by whom, for the history."""
        return self.now, self.reason, kind, self.user

    def make(self, model: type[Model], values: dict[str, Any]) -> int:
        """The id of a new State, review, document, stakeholder or issue, which `flush()` will write."""
        ids = self.ids.setdefault(model, [])
        if not ids:
            ids += bulk.reserve(model, RESERVED)
        pk = ids.pop(0)
        empty = model()
        kept = {field.attname: getattr(empty, field.attname) for field in model._meta.concrete_fields}
        self.made.setdefault(model, []).append({**kept, **values, "id": pk})
        return pk

    def flush(self) -> None:
        """Write what was made, with history and traces."""
        past = self.past("+")
        for model, rows in self.made.items():
            history: Any = model.history.model  # type: ignore[attr-defined]  # simple_history adds it
            bulk.insert(model, list(rows[0]), (list(row.values()) for row in rows))
            names = [field.attname for field in history.tracked_fields]
            bulk.insert(history, (*names, *PAST), ((*(row[name] for name in names), *past) for row in rows))
            created, name = ImportedRow.Action.CREATED.value, str(model._meta.model_name)
            self.trace((created, name, row["id"], "", None) for row in rows)
        self.made.clear()

    def trace(self, rows: Iterable[tuple[str, str, int, str, Any]]) -> None:
        """Leave traces: action, model, id, locator, and what was there before."""
        bulk.insert(ImportedRow, TRACE, ((self.source.pk, *row) for row in rows))

    # New records

    def create(self, decisions: Sequence[Decision], lookup: Lookup) -> None:
        """Write new records."""
        self.flush()
        if not decisions:
            return
        ids = bulk.reserve(Recommendation, len(decisions))
        past_ids = bulk.reserve(HISTORY, len(decisions))
        rows = [record_values(decision, lookup.published) for decision in decisions]
        numbered = list(zip(ids, rows, strict=True))
        bulk.insert(
            Recommendation, ("id", *RECORD, "updated_at"), ((pk, *row, self.now) for pk, row in numbered)
        )
        past = self.past("+")
        bulk.insert(
            HISTORY,
            ("history_id", "id", *RECORD, *PAST),
            ((number, pk, *row, *past) for number, (pk, row) in zip(past_ids, numbered, strict=True)),
        )
        self.link("raised_by", ids, past_ids, [one.wanted.raised_by for one in decisions if one.wanted])
        self.link("groups", ids, past_ids, [one.wanted.groups for one in decisions if one.wanted])
        origin = IssueTag.Origin.SOURCE.value
        self.tag(
            [
                (pk, issue, origin)
                for pk, one in zip(ids, decisions, strict=True)
                for issue in (one.wanted.issues if one.wanted else ())
            ]
        )
        created = ImportedRow.Action.CREATED.value
        self.trace(
            (created, "recommendation", pk, str(one.row), None)
            for pk, one in zip(ids, decisions, strict=True)
        )
        self.index(ids, decisions, lookup)
        self.counts["created"] += len(decisions)

    def link(
        self, column: str, ids: Sequence[int], past_ids: Sequence[int], others: Sequence[Iterable[int]]
    ) -> None:
        """Write who raised records, or their groups, into the table and into its history."""
        model, history, name = LINKS[column]
        pairs = [
            (pk, past, other) for pk, past, of in zip(ids, past_ids, others, strict=True) for other in of
        ]
        numbers = bulk.reserve(model, len(pairs))
        bulk.insert(
            model,
            ("id", "recommendation_id", name),
            ((number, pk, other) for number, (pk, _past, other) in zip(numbers, pairs, strict=True)),
        )
        bulk.insert(
            history,
            ("id", "history_id", "recommendation_id", name),
            ((number, past, pk, other) for number, (pk, past, other) in zip(numbers, pairs, strict=True)),
        )

    def tag(self, tags: Sequence[tuple[int, int, str]]) -> None:
        """Write tags (record, issue, origin) with their history."""
        numbers = bulk.reserve(IssueTag, len(tags))
        names = ("id", "recommendation_id", "issue_id", "origin")
        rows = [(number, *tag) for number, tag in zip(numbers, tags, strict=True)]
        bulk.insert(IssueTag, names, rows)
        past = self.past("+")
        bulk.insert(TAG_HISTORY, (*names, *PAST), ((*row, *past) for row in rows))

    def index(self, ids: Sequence[int], decisions: Sequence[Decision], lookup: Lookup) -> None:
        """Write the entries of search."""

        def entries() -> Iterable[Entry]:
            for pk, decision in zip(ids, decisions, strict=True):
                wanted = decision.wanted
                assert wanted is not None  # noqa: S101  (a new record is wanted)
                item = wanted.item
                found: list[Iterable[str]] = [lookup.names_of_parties[one] for one in wanted.raised_by]
                found += [lookup.issue_names(one) for one in sorted(wanted.issues)]
                found.append([lookup.group_name(one) for one in sorted(wanted.groups)])
                iso3 = item.review.iso3
                names = [*dict.fromkeys(chain.from_iterable(found)), lookup.states[iso3][1], iso3]
                vocabulary = self.vocabulary if lookup.published else None
                yield entry_of(pk, decision.reference, item.summary or "", item.text, "", names, vocabulary)

        bulk.insert(SearchEntry, Entry._fields, entries())

    # Known records

    def update(self, decisions: Sequence[Decision], *, origin: str) -> None:
        """Write what changes in known records; `origin` is that of new tags."""
        self.flush()
        if not decisions:
            return
        records = {one.before.pk: one for one in decisions if one.before}
        rows = []
        for pk, one in records.items():
            values = {**one.before.values, **one.values}  # type: ignore[union-attr]  # all of records have one
            rows.append((*(values[name] for name in SCALARS), self.now, pk))
        bulk.update(Recommendation, (*SCALARS, "updated_at"), rows)
        self.relink(records)
        self.retag(records, origin)
        self.remember(list(records))
        updated = ImportedRow.Action.UPDATED.value
        self.trace(
            (updated, "recommendation", pk, str(one.row), before_of(one)) for pk, one in records.items()
        )
        index_recommendations(records)
        self.counts["updated"] += len(decisions)

    def relink(self, records: dict[int, Decision]) -> None:
        """Set who raised them, and their groups."""
        for column, (model, _history, name) in LINKS.items():
            new: list[tuple[int, int]] = []
            for pk, one in records.items():
                if column in one.values and one.before:
                    there = one.before.value(column)
                    gone = there - one.values[column]
                    if gone:
                        rows = model._default_manager.filter(recommendation=pk, **{f"{name}__in": gone})
                        rows._raw_delete(connection.alias)
                    new += [(pk, other) for other in sorted(one.values[column] - there)]
            bulk.insert(model, ("recommendation_id", name), new)

    def retag(self, records: dict[int, Decision], origin: str) -> None:
        """Set their issues; what was only suggested becomes a tag."""
        new: list[tuple[int, int, str]] = []
        gone: list[int] = []
        for pk, one in records.items():
            if "issues" not in one.values or one.before is None:
                continue
            wanted = one.values["issues"]
            dropped = {issue for issue in one.before.tags if issue in one.before.issues - wanted}
            replaced = wanted - one.before.issues
            gone += IssueTag.objects.filter(recommendation=pk, issue__in=dropped | replaced).values_list(
                "pk", flat=True
            )
            new += [(pk, issue, origin) for issue in sorted(replaced)]
        self.untag(gone)
        self.tag(new)

    def untag(self, gone: Sequence[int]) -> None:
        """Take tags away, which their history tells."""
        names = ("id", "recommendation_id", "issue_id", "origin")
        past = self.past("-")
        rows = list(IssueTag.objects.filter(pk__in=gone).values_list(*names))
        bulk.insert(TAG_HISTORY, (*names, *PAST), ((*row, *past) for row in rows))
        IssueTag.objects.filter(pk__in=gone)._raw_delete(connection.alias)

    def remember(self, pks: Sequence[int]) -> None:
        """The history of records that were changed, as they are now."""
        kept = (*RECORD, "paragraph_id", "parent_id", "merged_into_id")
        rows = list(Recommendation.objects.filter(pk__in=pks).order_by("pk").values_list("pk", *kept))
        numbers = bulk.reserve(HISTORY, len(rows))
        past = self.past("~")
        bulk.insert(
            HISTORY,
            ("history_id", "id", *kept, *PAST),
            ((number, *row, *past) for number, row in zip(numbers, rows, strict=True)),
        )
        number_of = {row[0]: number for row, number in zip(rows, numbers, strict=True)}
        for model, history, name in LINKS.values():
            links = model._default_manager.filter(recommendation__in=pks)
            bulk.insert(
                history,
                ("history_id", "id", "recommendation_id", name),
                ((number_of[link[1]], *link) for link in links.values_list("pk", "recommendation_id", name)),
            )

    def finish(self) -> None:
        """What is left to the end: new words for "did you mean", and news for the database's planner."""
        learn(self.vocabulary)
        if sum(self.counts.values()) >= MANY:
            analyse(connection, [model._meta.db_table for model in WRITTEN])


def record_values(decision: Decision, published: bool) -> tuple[Any, ...]:
    """The values of a new record, in the order of RECORD."""
    wanted = decision.wanted
    assert wanted is not None  # noqa: S101  (a new record is wanted)
    item = wanted.item
    return (
        decision.reference,
        item.kind,
        wanted.document,
        wanted.locator,
        item.text,
        item.summary or "",
        item.position or "",
        bool(item.selected_for_follow_up),
        item.due_on,
        published,
    )


def before_of(decision: Decision) -> dict[str, Any]:
    """The former values of what changes, as JSON can hold them."""
    record = decision.before
    assert record is not None  # noqa: S101  (a known record is changed)
    before: dict[str, Any] = {}
    for column in decision.values:
        value = record.value(column)
        if column == "issues":
            before[column] = sorted([issue, origin] for issue, origin in record.tags.items())
        elif isinstance(value, frozenset):
            before[column] = sorted(value)
        else:
            before[column] = value.isoformat() if hasattr(value, "isoformat") else value
    return before
