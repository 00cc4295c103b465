"""Looks up what rows name: States, reviews, the data set's documents, stakeholders, issues and groups.

Missing rows are created when the table is written. Before that they are only listed, for a person to
confirm together, and have a negative id.
"""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from recommendations.importing.tables.items import RowError
from recommendations.models import Document, Issue, PopulationGroup, Review, Stakeholder, State
from recommendations.models.document_kinds import UnreadKind
from recommendations.reading.prose.state_names import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model

    from recommendations.importing.tables.items import DocumentOf, Item, PartyOf, ReviewOf

# Maximum number of names of each kind that a dry run lists.
LISTED = 300


class Lookup:
    """The rows looked up in one run, by the names used in the table.

    `make` creates a row of a model and returns its id; it is None in a dry run, which creates nothing.
    """

    def __init__(
        self,
        *,
        sha256: str,
        published: bool,
        unsorted: tuple[str, str] | None,
        same_issues: Mapping[str, str],
        make: Callable[[type[Model], dict[str, Any]], int] | None = None,
    ) -> None:
        self.sha256, self.published, self.unsorted, self.make_row = sha256, published, unsorted, make
        self.same_issues = same_issues
        self.fake = count(-1, -1)
        # Names of rows created (or to be created), by model; and names left out, with how often they occur.
        self.made: dict[str, list[str]] = {}
        self.made_count: Counter[str] = Counter()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.states: dict[str, tuple[int, str]] = {
            iso3: (pk, name) for pk, iso3, name in State.objects.values_list("pk", "iso3", "name")
        }
        self.reviews: dict[tuple[str, str, str], int] = {}
        self.documents: dict[str, tuple[int, str]] = {}
        self.parties: dict[PartyOf, int] = {}
        self.names_of_parties: dict[int, tuple[str, ...]] = {}
        self.issues: dict[str, int | None] = {}
        self.groups: dict[str, int | None] = {}
        self._issue_rows = list(
            Issue.objects.values_list("pk", "slug", "name", "path", "uhri_theme", "parent")
        )
        self._lines: dict[int, list[str]] = {}
        self._group_rows = list(PopulationGroup.objects.values_list("pk", "slug", "name"))

    def make(self, model: type[Model], label: str, **values: Any) -> int:
        """Create a row, or in a dry run only list its name; return its id."""
        name = str(model._meta.model_name)
        self.made_count[name] += 1
        if len(self.made.setdefault(name, [])) < LISTED:
            self.made[name].append(label)
        return next(self.fake) if self.make_row is None else self.make_row(model, values)

    # States, reviews and documents

    def state(self, iso3: str, region: str = "") -> int:
        """Return the id of the State with this code."""
        if iso3 not in self.states:
            name = NAMES[iso3]
            self.states[iso3] = self.make(State, name, iso3=iso3, name=name, region=region), name
        return self.states[iso3][0]

    def review(self, review: ReviewOf) -> int:
        """Return the id of the review. Raises RowError for a new review whose date is unknown."""
        key = (review.iso3, review.mechanism, review.session)
        if key not in self.reviews:
            found = Review.objects.filter(
                state__iso3=review.iso3, mechanism=review.mechanism, session=review.session
            )
            pk = found.values_list("pk", flat=True).first()
            if pk is None:
                if review.starts_on is None:
                    why = _("is a session of which it is not known here when it was")
                    raise RowError("session", review.session, why)
                pk = self.new_review(review)
            self.reviews[key] = pk
        return self.reviews[key]

    def new_review(self, review: ReviewOf) -> int:
        state = self.state(review.iso3, review.region)
        slug = free_slug(Review, f"{review.iso3}-{review.mechanism}{review.session}".replace("of ", "-"))
        label = f"{self.states[review.iso3][1]}, {review.mechanism} {review.session}"
        return self.make(
            Review,
            label,
            state_id=state,
            mechanism=review.mechanism,
            session=review.session,
            slug=slug,
            cycle=review.cycle,
            starts_on=review.starts_on,
            precision=review.precision,
            note=review.note,
        )

    def document(self, item: Item) -> tuple[int, str]:
        """Return the id of the data set's document on the review, and its source file's checksum."""
        wanted: DocumentOf = item.document
        if wanted.slug not in self.documents:
            review = self.review(item.review)
            found = Document.objects.filter(slug=wanted.slug).values_list("pk", "review", "sha256").first()
            if found is None:
                values = {"slug": wanted.slug, "title": wanted.title, "url": wanted.url, "note": wanted.note}
                pk = self.make(
                    Document,
                    wanted.title,
                    review_id=review,
                    kind=UnreadKind.DATA_SET,
                    sha256=self.sha256,
                    published=self.published,
                    **values,
                )
                found = pk, review, self.sha256
            if found[1] != review:
                raise RowError("session", wanted.slug, _("is the name of a document of another review"))
            self.documents[wanted.slug] = found[0], found[2]
        return self.documents[wanted.slug]

    # Who raised it

    def party(self, party: PartyOf) -> int:
        """Return the id of the stakeholder that raised it. Raises RowError for an unknown name."""
        if party not in self.parties:
            find = {"recommending_state": self.recommending_state, "committee": self.committee}
            self.parties[party] = find.get(party.kind, self.by_name)(party)
        return self.parties[party]

    def known_as(self, pk: int, *names: str) -> int:
        """Cache a public stakeholder's id under these names, and return it."""
        self.names_of_parties[pk] = tuple(dict.fromkeys(names))
        return pk

    def recommending_state(self, party: PartyOf) -> int:
        state = self.state(party.name, party.region)
        name = self.states[party.name][1]
        found = Stakeholder.objects.filter(kind=Stakeholder.Kind.RECOMMENDING_STATE, state=state).first()
        if found is not None:
            return self.stored(found)
        kind = Stakeholder.Kind.RECOMMENDING_STATE
        slug = free_slug(Stakeholder, f"recommending-{party.name}")
        values = {"slug": slug, "name": name, "kind": kind, "state_id": state, "published": True}
        return self.known_as(self.make(Stakeholder, name, **values), name, "")

    def stored(self, row: Stakeholder) -> int:
        return self.known_as(row.pk, *((row.name, row.acronym) if row.published else ()))

    def committee(self, party: PartyOf) -> int:
        name = str(Review.Mechanism(party.name).label)
        committees = Stakeholder.objects.filter(kind=Stakeholder.Kind.COMMITTEE)
        found = committees.filter(name=name).first() or committees.filter(acronym=party.name).first()
        if found is not None:
            return self.stored(found)
        slug = free_slug(Stakeholder, name)
        kind = Stakeholder.Kind.COMMITTEE
        values = {"slug": slug, "name": name, "acronym": party.name, "kind": kind, "published": True}
        return self.known_as(self.make(Stakeholder, name, **values), name, party.name)

    def by_name(self, party: PartyOf) -> int:
        found = stakeholders_called(party.name)
        if len(found) != 1:
            raise RowError(
                "raised_by", party.name[:200], why_not_one(len(found), (row.slug for row in found))
            )
        return self.stored(found[0])

    # Issues and groups

    def issue(self, name: str) -> int | None:
        """Return the id of the issue with this name; None if the tree has none and none is created."""
        if name not in self.issues:
            pk = issue_called(self.same_issues.get(name, name), self._issue_rows)
            if pk is None and self.unsorted:
                pk = self.unsorted_issue(name)
            self.issues[name] = pk
        return self.issues[name]

    def unsorted_issue(self, name: str) -> int:
        """Return the id of an issue in the group for names that the tree does not have."""
        assert self.unsorted is not None  # noqa: S101  (asked for only then)
        slug, heading = self.unsorted
        group = next((row[0] for row in self._issue_rows if row[1] == slug), None)
        if group is None:
            group = self.make(Issue, heading, slug=slug, path=slug, name=heading, position=1_000)
            self._issue_rows.append((group, slug, heading, slug, "", None))
        own = f"{slug}-{slugify(name)}"[:60].rstrip("-")
        found = next((row[0] for row in self._issue_rows if row[1] == own), None)
        if found is None:
            values = {"slug": own, "path": f"{slug}/{own}", "name": name[:150], "parent_id": group}
            found = self.make(Issue, name[:150], **values)
            self._issue_rows.append((found, own, name[:150], f"{slug}/{own}", "", group))
        return found

    def issue_names(self, pk: int) -> list[str]:
        """Return the names of an issue and all its ancestors."""
        if pk not in self._lines:
            rows = {row[0]: row for row in self._issue_rows}
            line: list[str] = []
            above: int | None = pk
            while above is not None and len(line) < 20:
                line.append(rows[above][2])
                above = rows[above][5]
            self._lines[pk] = line
        return self._lines[pk]

    def group(self, name: str) -> int | None:
        """Return the id of the population group with this name, or None."""
        if name not in self.groups:
            self.groups[name] = group_called(name, self._group_rows)
        return self.groups[name]

    def group_name(self, pk: int) -> str:
        """Return the name of a group."""
        return str(next(name for known, _slug, name in self._group_rows if known == pk))

    def report(self) -> dict[str, Any]:
        """Return the names of rows created (or to be created) and the names left out."""
        unknown: dict[str, list[list[Any]]] = {}
        for (column, name), number in self.unknown.most_common(LISTED):
            unknown.setdefault(column, []).append([name[:200], number])
        return {"new": self.made, "new_counts": dict(self.made_count), "unknown": unknown}


def free_slug(model: type[Model], wish: str) -> str:
    """Return an unused slug for the model."""
    slug = slugify(wish)[:55].strip("-")
    manager = model._default_manager
    return next(
        one
        for number in count(1)
        if not manager.filter(slug=(one := slug if number == 1 else f"{slug}-{number}"))
    )


def stakeholders_called(name: str) -> list[Stakeholder]:
    """Return stakeholders with this slug; else this name, with or without acronym; else this acronym."""
    rows = Stakeholder.objects.all()
    by_slug = list(rows.filter(slug=name))
    if by_slug:
        return by_slug
    plain, _space, behind = name.rpartition(" (")
    found = list(rows.filter(name=plain, acronym=behind.removesuffix(")"))) if behind.endswith(")") else []
    return found or list(rows.filter(name__iexact=name)[:20]) or list(rows.filter(acronym=name)[:20])


def why_not_one(number: int, slugs: Iterable[str]) -> str:
    """Return the reason why a name does not identify one row."""
    if not number:
        return _("is no stakeholder that is known; make the stakeholder first, or mend the name")
    return _("is the name of several stakeholders; write one of these: {slugs}").format(
        slugs=", ".join(sorted(slugs))
    )


def issue_rows() -> list[tuple[Any, ...]]:
    """Return for every issue: id, slug, name, path, UHRI theme and the parent's id."""
    return list(Issue.objects.values_list("pk", "slug", "name", "path", "uhri_theme", "parent"))


def issue_called(name: str, rows: list[tuple[Any, ...]]) -> int | None:
    """Return the issue's id by path, slug or name (also `Parent › Name`) or UHRI theme; None unless unique.

    Where the tree divides a UHRI theme into several issues, return their common parent.
    """
    wanted = name.casefold()
    names = {row[0]: row[2] for row in rows}
    for found in (
        [row for row in rows if name in (row[3], row[1])],
        [row for row in rows if row[2].casefold() == wanted],
        [row for row in rows if row[5] and f"{names.get(row[5])} › {row[2]}".casefold() == wanted],
    ):
        if len(found) == 1:
            return int(found[0][0])
    themed = [row for row in rows if row[4] and row[4].casefold() == wanted]
    above = {row[5] for row in themed}
    if len(themed) == 1:
        return int(themed[0][0])
    # If the group itself has the theme, use the group.
    groups = [row for row in themed if row[5] is None]
    if len(groups) == 1:
        return int(groups[0][0])
    return int(above.pop()) if len(above) == 1 and None not in above else None


def group_called(name: str, rows: list[tuple[Any, ...]]) -> int | None:
    """Return the id of the population group with this slug or name; "&" and "and" are equivalent."""
    wanted = name.casefold().replace(" & ", " and ")
    return next((int(pk) for pk, slug, known in rows if slug == wanted or known.casefold() == wanted), None)
