"""What rows name, looked up: States, reviews, the data set's documents, parties, issues, groups.

What is not there yet is made when the table is written, and before that only listed, for a person to
confirm as a whole; such a row has a negative id.
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

# Names that a dry run lists of each kind.
LISTED = 300


class Lookup:
    """What one run has looked up, by the names that rows use.

    `make` makes a row of a model and gives its id; None for a dry run, which makes none.
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
        # What would be, or was, made: names by model; and names that were not taken, with how often.
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
        """A new row, or before anything is written only its name in the list."""
        name = str(model._meta.model_name)
        self.made_count[name] += 1
        if len(self.made.setdefault(name, [])) < LISTED:
            self.made[name].append(label)
        return next(self.fake) if self.make_row is None else self.make_row(model, values)

    # States, reviews and documents

    def state(self, iso3: str, region: str = "") -> int:
        """The State of this code."""
        if iso3 not in self.states:
            name = NAMES[iso3]
            self.states[iso3] = self.make(State, name, iso3=iso3, name=name, region=region), name
        return self.states[iso3][0]

    def review(self, review: ReviewOf) -> int:
        """The review; RowError where it is new and nobody knows when it was."""
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
        """The data set's document on the item's review, and the digest of the file that it was made of."""
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
        """Who raised it; RowError for a name that nobody here has."""
        if party not in self.parties:
            find = {"recommending_state": self.recommending_state, "committee": self.committee}
            self.parties[party] = find.get(party.kind, self.by_name)(party)
        return self.parties[party]

    def known_as(self, pk: int, *names: str) -> int:
        """Remember the names under which a public stakeholder is found."""
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
        """The issue that a name stands for; None where the tree has no place for it and none is made."""
        if name not in self.issues:
            pk = issue_called(self.same_issues.get(name, name), self._issue_rows)
            if pk is None and self.unsorted:
                pk = self.unsorted_issue(name)
            self.issues[name] = pk
        return self.issues[name]

    def unsorted_issue(self, name: str) -> int:
        """An issue below the group of those that the tree has no place for."""
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
        """The name of an issue and those of all above it."""
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
        """The population group of this name."""
        if name not in self.groups:
            self.groups[name] = group_called(name, self._group_rows)
        return self.groups[name]

    def group_name(self, pk: int) -> str:
        """The name of a group."""
        return str(next(name for known, _slug, name in self._group_rows if known == pk))

    def report(self) -> dict[str, Any]:
        """What would be, or was, made, and what names were not taken."""
        unknown: dict[str, list[list[Any]]] = {}
        for (column, name), number in self.unknown.most_common(LISTED):
            unknown.setdefault(column, []).append([name[:200], number])
        return {"new": self.made, "new_counts": dict(self.made_count), "unknown": unknown}


def free_slug(model: type[Model], wish: str) -> str:
    """A slug that no row of the model has."""
    slug = slugify(wish)[:55].strip("-")
    manager = model._default_manager
    return next(
        one
        for number in count(1)
        if not manager.filter(slug=(one := slug if number == 1 else f"{slug}-{number}"))
    )


def stakeholders_called(name: str) -> list[Stakeholder]:
    """Those with this slug; else with this name, with or without the acronym; else with this acronym."""
    rows = Stakeholder.objects.all()
    by_slug = list(rows.filter(slug=name))
    if by_slug:
        return by_slug
    plain, _space, behind = name.rpartition(" (")
    found = list(rows.filter(name=plain, acronym=behind.removesuffix(")"))) if behind.endswith(")") else []
    return found or list(rows.filter(name__iexact=name)[:20]) or list(rows.filter(acronym=name)[:20])


def why_not_one(number: int, slugs: Iterable[str]) -> str:
    """Why a name does not do."""
    if not number:
        return _("is no stakeholder that is known; make the stakeholder first, or mend the name")
    return _("is the name of several stakeholders; write one of these: {slugs}").format(
        slugs=", ".join(sorted(slugs))
    )


def issue_rows() -> list[tuple[Any, ...]]:
    """Of every issue: id, slug, name, path, UHRI's theme, and the id of the one above."""
    return list(Issue.objects.values_list("pk", "slug", "name", "path", "uhri_theme", "parent"))


def issue_called(name: str, rows: list[tuple[Any, ...]]) -> int | None:
    """The issue by path, slug or name (also `Parent › Name`), or by UHRI's theme; None for no or several.

    Where the tree divides a theme of UHRI more finely, the issue above them all.
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
    # A theme that the group bears itself is the group's.
    groups = [row for row in themed if row[5] is None]
    if len(groups) == 1:
        return int(groups[0][0])
    return int(above.pop()) if len(above) == 1 and None not in above else None


def group_called(name: str, rows: list[tuple[Any, ...]]) -> int | None:
    """The population group by slug or name; "&" and "and" are the same."""
    wanted = name.casefold().replace(" & ", " and ")
    return next((int(pk) for pk, slug, known in rows if slug == wanted or known.casefold() == wanted), None)
