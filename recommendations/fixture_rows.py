"""The rows of the fixtures that follow from one table of a curation file, and the checks on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recommendations.curation import CurationError, Source
from recommendations.models import references

if TYPE_CHECKING:
    import datetime

Row = dict[str, Any]


def reference(source: Source, at: str, *, response: bool = False) -> str:
    """`KAZ-UPR7-36.7`, as `references.py` makes it."""
    review = source.review
    return references.reference(
        source.meta["state"],
        review["mechanism"],
        review["session"],
        source.meta["kind"],
        at,
        response=response,
    )


class naming:  # noqa: N801  (reads as a phrase: `with naming(entry)`)
    """Name file and entry in whatever goes wrong inside."""

    def __init__(self, entry: Row) -> None:
        self.entry = entry

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        place = (
            self.entry.get("at")
            or self.entry.get("on")
            or self.entry.get("earlier")
            or self.entry.get("response")
        )
        if isinstance(error, CurationError):
            raise CurationError(f"{self.entry['_file']}, {place}: {error}") from error
        if isinstance(error, KeyError):
            raise CurationError(f"{self.entry['_file']}, {place}: {error} is missing") from error


def row(model: str, fields: Row) -> Row:
    """One row of a Django fixture."""
    return {"model": f"recommendations.{model}", "fields": fields}


def once(name: str, table: dict[str, str], value: str) -> None:
    """Enter a name into a table; CurationError if it stands there."""
    if name in table:
        raise CurationError(f"{name} is given twice")
    table[name] = value


def of_source(entry: Row) -> Source:
    """The document a record or response belongs to."""
    source: Source | None = entry["_source"]
    if source is None:
        raise CurationError("the file's name does not begin like a document's")
    return source


def source_body(source: Source) -> str:
    """The acronym of the committee that speaks in a dialogue."""
    acronym: str = next(party["acronym"] for party in source.stakeholders if party["kind"] == "committee")
    return acronym


def iso(moment: datetime.datetime | None) -> str:
    """A moment of a curation file, as fixtures write it."""
    if moment is None:
        raise CurationError("the file has no recorded_at")
    return moment.isoformat().replace("+00:00", "Z")


def stamp(source: Source) -> str:
    """When the document's curation was written."""
    return iso(source.meta.get("curated_at"))


def review_start(source: Source) -> tuple[str, str]:
    """First day of the review as far as known, and how exactly: ("2010-02-01", "month")."""
    if "starts_on" in source.review:
        return str(source.review["starts_on"]), "day"
    month = source.review["month"]
    return f"{month}-01", "month"


def review_fields(source: Source) -> Row:
    """The fields of the document's review."""
    start, precision = review_start(source)
    ends_on = source.review.get("ends_on")
    return {
        "state": [source.meta["state"]],
        "slug": source.review["slug"],
        "mechanism": source.review["mechanism"],
        "cycle": source.review.get("cycle", ""),
        "session": source.review["session"],
        "starts_on": start,
        "ends_on": str(ends_on) if ends_on else None,
        "precision": precision,
        "note": source.review.get("note", ""),
    }


def document_fields(source: Source) -> Row:
    """The document's own fields; what reader and curation both say must agree."""
    meta, parsed = source.meta, source.parsed
    for name, ours in (("symbol", parsed.symbol), ("kind", parsed.kind), ("state", parsed.state)):
        if meta[name] != ours:
            raise CurationError(
                f"{source.path.name}: {name} is {ours!r} in the text, {meta[name]!r} in the curation"
            )
    published_on = meta.get("published_on")
    return {
        "review": [source.review["slug"]],
        "slug": meta["slug"],
        "symbol": meta["symbol"],
        "considers": meta.get("considers", ""),
        "kind": meta["kind"],
        "title": meta["title"],
        "published_on": str(published_on) if published_on else None,
        "language": meta["language"],
        "url": meta.get("url", ""),
        "sha256": source.sha256,
        "note": meta.get("note", ""),
        "published": True,
    }


def stakeholder_fields(source: Source, party: Row) -> Row:
    """A stakeholder's fields; a joint submission belongs to its review, a State to itself."""
    return {
        "slug": party["slug"],
        "name": party["name"],
        "acronym": party["acronym"],
        "kind": party["kind"],
        "review": [source.review["slug"]] if party["kind"] == "joint_submission" else None,
        "state": [source.meta["state"]] if party["kind"] == "state" else None,
        "note": party.get("note", ""),
        "published": True,
    }
