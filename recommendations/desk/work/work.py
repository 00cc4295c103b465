"""My work: a person's tasks by section, each row with its next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db.models import Count, F, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.core.paging import paged
from recommendations.desk.work.my_records import MyRecords, rows_of, with_record
from recommendations.models import FollowUp, SavedView, Stakeholder
from recommendations.models.deadlines import soon
from recommendations.models.recommendations import stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from recommendations.core.viewer import Viewer
    from recommendations.models import FollowUpQuerySet, RecommendationQuerySet

# Rows shown per section; each section links to its full list.
SHOWN = 5
VIEWS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Section:
    """Declaration of a section: its texts, including the one for an empty section, and its order."""

    slug: str
    title: _StrPromise
    lead: _StrPromise
    empty: _StrPromise
    of_entries: bool
    order: tuple[Any, ...]
    for_reviewers: bool = False

    @property
    def address(self) -> str:
        """Return the URL of the section's full list."""
        return reverse("desk_review") if self.for_reviewers else reverse("desk_section", args=[self.slug])


@dataclass(frozen=True, slots=True)
class SectionRows:
    """A section with its count and the rows shown."""

    section: Section
    count: int
    rows: Sequence[Any] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Return the number of rows not shown."""
        return self.count - len(self.rows)


SECTIONS = (
    Section(
        "returned",
        gettext_lazy("Returned to me"),
        gettext_lazy("A reviewer asks for a change. Revise the entry and submit it again."),
        gettext_lazy("Nothing has come back. What a reviewer returns stands here with the comment."),
        of_entries=True,
        order=("recorded_at", "pk"),
    ),
    Section(
        "drafts",
        gettext_lazy("My drafts"),
        gettext_lazy("Begun and not submitted yet. Nobody outside your organisation sees them."),
        gettext_lazy("No draft waits. An entry that you begin and do not submit is kept here."),
        of_entries=True,
        order=("-recorded_at", "-pk"),
    ),
    Section(
        "review",
        gettext_lazy("Waiting for review"),
        gettext_lazy("Submitted by others, the longest wait first. You approve, return or reject."),
        gettext_lazy("The queue is empty. What others submit stands here."),
        of_entries=True,
        order=("recorded_at", "pk"),
        for_reviewers=True,
    ),
    Section(
        "due",
        gettext_lazy("Due or overdue"),
        gettext_lazy(
            "A report is due within six months,"
            " or its date has passed and nobody has assessed the record since."
        ),
        gettext_lazy(
            "Nothing is due in the next six months."
            " Later dates, and those of all records, stand under Deadlines."
        ),
        of_entries=False,
        order=("listing__due_on", "reference"),
    ),
    Section(
        "stale",
        gettext_lazy("Out of date"),
        gettext_lazy("The status is old and may have been overtaken. Log what holds now."),
        gettext_lazy("No status among your records is out of date."),
        of_entries=False,
        order=("listing__status_as_of", "reference"),
    ),
    Section(
        "unassessed",
        gettext_lazy("Without any entry"),
        gettext_lazy("Nobody but the State has said yet what became of it. The newest review comes first."),
        gettext_lazy(
            "Each of your records has an entry. Follow more records or an issue to see what is missing there."
        ),
        of_entries=False,
        order=("-listing__starts_on", "reference"),
    ),
)


def section_condition(slug: str) -> Q:
    """Return the condition, on the listing, for records of a section."""
    if slug == "due":
        untouched = Q(listing__status_as_of__isnull=True) | Q(listing__status_as_of__lt=F("listing__due_on"))
        return Q(listing__due_on__lte=soon()) & untouched
    if slug == "stale":
        return stale()
    return Q(listing__status=FollowUp.NOT_ASSESSED)


@dataclass(slots=True)
class WorkSections:
    """The sections of one person, loaded in a fixed number of queries."""

    viewer: Viewer
    mine: MyRecords

    @property
    def sections(self) -> list[Section]:
        """Return the sections for this person's roles."""
        return [each for each in SECTIONS if self.viewer.reviews or not each.for_reviewers]

    def waiting(self, slug: str) -> Q:
        """Return the condition for entries of a section: own ones by stage, or those others submitted."""
        own = Q(recorded_by=self.viewer.user_id)
        if slug == "review":
            submitted = Q(stage=FollowUp.Stage.SUBMITTED)
            return submitted if settings.ALLOW_SELF_APPROVAL else submitted & ~own
        return own & Q(stage=FollowUp.Stage.RETURNED if slug == "returned" else FollowUp.Stage.DRAFT)

    def entries(self) -> FollowUpQuerySet:
        """Return the drafts that the viewer may see."""
        return FollowUp.objects.visible_to(self.viewer).drafts()

    def records(self, slug: str) -> RecommendationQuerySet:
        """Return the records of a section."""
        return self.mine.records().filter(section_condition(slug))

    def rows(self, section: Section) -> Any:
        """Return all rows of a section in order: entries, or ids of records."""
        if section.of_entries:
            return with_record(self.entries().filter(self.waiting(section.slug))).order_by(*section.order)
        return self.records(section.slug).order_by(*section.order).values_list("pk", flat=True)

    def totals(self) -> dict[str, int]:
        """Return the number of rows by section, and of all the person's records as `all`. Two queries."""
        entries = {each.slug: self.waiting(each.slug) for each in self.sections if each.of_entries}
        records = {each.slug: section_condition(each.slug) for each in self.sections if not each.of_entries}
        found: dict[str, int] = self.entries().aggregate(
            **{slug: Count("pk", filter=which) for slug, which in entries.items()}
        )
        return found | self.mine.records().order_by().aggregate(
            all=Count("pk"), **{slug: Count("pk", filter=which) for slug, which in records.items()}
        )

    def shown(self, totals: dict[str, int]) -> list[SectionRows]:
        """Return each section with its first rows; records of all sections are loaded together."""
        first = {each.slug: list(self.rows(each)[:SHOWN]) for each in self.sections}
        ids = {id for each in self.sections if not each.of_entries for id in first[each.slug]}
        loaded = {row.pk: row for row in rows_of(list(ids), self.viewer)}
        found = []
        for each in self.sections:
            rows = first[each.slug]
            if not each.of_entries:
                rows = [loaded[id] for id in rows if id in loaded]
            found.append(SectionRows(each, totals[each.slug], rows))
        return found


class MyWork(DeskView, TemplateView):
    """The start page of the desk: sections of tasks of the signed-in person."""

    template_name = "desk/my_work/my_work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = MyRecords.of(self.viewer)
        work = WorkSections(self.viewer, mine)
        totals = work.totals()
        sections = work.shown(totals)
        logged = FollowUp.objects.filter(recorded_by=self.viewer.user_id)
        return super().get_context_data(
            sections=sections,
            mine=mine,
            total=totals["all"],
            starting=mine.follows_nothing and not logged.exists(),
            organisations=Stakeholder.objects.filter(pk__in=mine.organisations),
            saved_views=SavedView.objects.filter(owner=self.viewer.user_id)[:VIEWS_SHOWN],
            today=timezone.localdate(),
            **kwargs,
        )


class SectionList(DeskView, TemplateView):
    """The full list of one section."""

    template_name = "desk/my_work/my_work_section.html"
    by_slug: ClassVar[dict[str, Section]] = {each.slug: each for each in SECTIONS if not each.for_reviewers}

    @cached_property
    def section(self) -> Section:
        """Return the section from the URL. Raises Http404; the review section has its own page."""
        if section := self.by_slug.get(self.kwargs["slug"]):
            return section
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = WorkSections(self.viewer, MyRecords.of(self.viewer))
        page, rows = paged(self.request, work.rows(self.section))
        if not self.section.of_entries:
            rows = rows_of(rows, self.viewer)
        return super().get_context_data(
            section=self.section,
            rows=rows,
            page=page,
            trail=[(reverse("desk"), _("My work"))],
            today=timezone.localdate(),
            **kwargs,
        )
