"""One page for each public thing. What is not public answers 404, like what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.utils.translation import gettext
from django.views.generic import DetailView

from recommendations.charts import statistics
from recommendations.charts.build import build
from recommendations.charts.selection import Selection
from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Issue,
    IssueTag,
    Note,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from recommendations.models.deadlines import where_from
from recommendations.models.recommendations import stale_before
from recommendations.models.verdicts import attach_verdicts
from recommendations.public.document_text import with_headings
from recommendations.public.read_only import ReadOnlyView
from recommendations.public.redirects import redirect_to_current
from recommendations.public.status_sentences import disagreement_sentence, headline_sentence
from recommendations.public.timeline import steps
from recommendations.search.facets.record_set import Records

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


# A detail page shows so many rows of a list, then a link to the list itself.
SHOWN = 50


class RecommendationDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """The heart: one record, the verdicts on it, and its path in time."""

    template_name = "public/recommendation_detail.html"
    slug_field = slug_url_kwarg = "reference"
    context_object_name = "record"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; the address of a record that was merged, or had another reference, leads to it."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return redirect_to_current(request, Recommendation.objects.all(), "reference")

    def get_queryset(self) -> QuerySet[Recommendation]:
        records = Recommendation.objects.published().with_status().with_context()
        return records.select_related("document__review__state", "paragraph__document", "parent__document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record: Any = self.object
        parts = list(record.parts.published().with_status())
        attach_verdicts([record, *parts])
        before, after = neighbours(record)
        return super().get_context_data(
            issues=[tag.issue for tag in record.public_tags],
            verdicts=record.verdicts,
            headline=headline_sentence(record.verdicts),
            disagreement=disagreement_sentence(record.verdicts),
            steps=steps(record, linked_records(record), log_of(record)),
            parts=parts,
            parent=record.parent if record.parent and is_public(record.parent) else None,
            before=before,
            after=after,
            notes=public_notes(record),
            stale_before=stale_before(),
            stale_after=settings.STALE_AFTER_MONTHS,
            due_date_from=where_from(record) if record.due_on else "",
            **kwargs,
        )


def is_public(record: Recommendation) -> bool:
    """As `published()` has it, for a record whose document is loaded."""
    return record.published and record.document.published


def log_of(record: Recommendation) -> QuerySet[FollowUp]:
    """The log of a record, oldest first, with public evidence; what is replaced or withdrawn included."""
    evidence = Evidence.objects.published().select_related("paragraph__document")
    return (
        FollowUp.objects.public_places()
        .filter(recommendation=record)
        .with_grade_meaning()
        .select_related("assessor", "recorded_by", "replaces", "replaced_by")
        .prefetch_related(Prefetch("evidence", queryset=evidence, to_attr="public_evidence"))
        .order_by("as_of", "published_at", "pk")
    )


def public_notes(record: Recommendation) -> QuerySet[Note]:
    """What organisations wrote about the record beside the log, for everyone; newest first."""
    return Note.objects.published().filter(recommendation=record).select_related("organisation", "author")


def linked_records(record: Any) -> dict[int, Recommendation]:
    """The records at the other end of its public links, with status and who raised them, by id."""
    ids = [link.earlier_id for link in record.public_earlier_links]
    ids += [link.later_id for link in record.public_later_links]
    records = (
        Recommendation.objects.published()
        .with_status()
        .with_stakeholders()
        .select_related("document__review", "paragraph__document")
    )
    return records.in_bulk(ids)


def neighbours(record: Recommendation) -> tuple[Recommendation | None, Recommendation | None]:
    """The public records before and after this one in its document, in the order of its paragraphs."""
    others = Recommendation.objects.published().filter(document=record.document_id)
    reference = record.reference
    if record.paragraph is None:
        # Rows of a data set are many; they run in the order of their references, which is indexed.
        rows = others.filter(paragraph=None)
        return (
            rows.filter(reference__lt=reference).order_by("-reference").first(),
            rows.filter(reference__gt=reference).order_by("reference").first(),
        )
    here, place = Q(paragraph=record.paragraph), record.paragraph.position
    earlier = Q(paragraph__position__lt=place) | here & Q(reference__lt=reference)
    later = Q(paragraph__position__gt=place) | here & Q(reference__gt=reference)
    forwards = others.filter(later).order_by("paragraph__position", "reference")
    backwards = others.filter(earlier).order_by("-paragraph__position", "-reference")
    return backwards.first(), forwards.first()


class ResponseDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """One State response, and everything it answers."""

    template_name = "public/response_detail.html"
    slug_field = slug_url_kwarg = "reference"
    context_object_name = "response"

    def get_queryset(self) -> QuerySet[StateResponse]:
        return StateResponse.objects.published().select_related(
            "document__review__state", "paragraph__document"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        response = self.object
        links = list(ResponseLink.objects.published().filter(response=response))
        answered = Recommendation.objects.published().filter(
            pk__in=[link.recommendation_id for link in links]
        )
        records = {record.pk: record for record in statistics.cards(answered)}
        answers = sorted(
            ((link, records[link.recommendation_id]) for link in links),
            key=lambda answer: (
                answer[1].document.review.starts_on,
                answer[1].paragraph.position if answer[1].paragraph else 0,
                answer[1].reference,
            ),
        )
        return super().get_context_data(
            answers=answers,
            **kwargs,
        )


class IssueDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """One issue of the tree: what was said about it, review by review, and what became of it."""

    template_name = "public/issue_detail.html"
    slug_field = slug_url_kwarg = "path"
    context_object_name = "issue"

    def get_queryset(self) -> QuerySet[Issue]:
        return Issue.objects.select_related("parent__parent__parent")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; an address from before the issue was moved in the tree leads to it, by its slug."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return redirect_to_current(request, Issue.objects.all(), "path")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        issue = self.object
        tags = IssueTag.objects.published().filter(issue__in=Issue.objects.within(issue.path))
        records = Recommendation.objects.published().filter(pk__in=tags.values("recommendation"))
        found = Records.all().having("issue", issue.path)
        selection = Selection(
            found, (("issue", issue.path),), f"{gettext('Issue')}: {issue.name}", issues=(issue.path,)
        )
        above: list[Issue] = []
        parent = issue.parent
        while parent is not None:
            above.insert(0, parent)
            parent = parent.parent
        return super().get_context_data(
            above=above,
            children=statistics.children_of(issue, found),
            kinds=statistics.by_kind(found),
            statuses=statistics.by_status(found),
            followed_up_kinds=statistics.FOLLOWED_UP_KINDS,
            total=found.number,
            records=statistics.first_cards(records, SHOWN),
            newest=statistics.newest_entries().filter(recommendation__in=records.values("pk"))[:3],
            charts=[build(name, selection) for name in ("issues", "stakeholders")],
            **kwargs,
        )


class StakeholderDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """One stakeholder: who they are, what they asked, what became of it, and what they assessed."""

    template_name = "public/stakeholder_detail.html"
    context_object_name = "stakeholder"

    def get_queryset(self) -> QuerySet[Stakeholder]:
        public = Stakeholder.objects.published()
        of_public_review = Review.objects.published().filter(pk=OuterRef("review"))
        return (
            public.annotate(review_is_public=Exists(of_public_review))
            .select_related("review__state")
            .prefetch_related(
                Prefetch("members", queryset=public, to_attr="public_members"),
                Prefetch("member_of", queryset=public, to_attr="public_memberships"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stakeholder: Any = self.object
        records = Recommendation.objects.published().filter(raised_by=stakeholder)
        found = Records.all().having("stakeholder", stakeholder.slug)
        selection = Selection(
            found, (("stakeholder", stakeholder.slug),), f"{gettext('Raised by')}: {stakeholder}"
        )
        entries = statistics.newest_entries().filter(assessor=stakeholder)
        return super().get_context_data(
            review=stakeholder.review if stakeholder.review_is_public else None,
            kinds=statistics.by_kind(found),
            statuses=statistics.by_status(found),
            followed_up_kinds=statistics.FOLLOWED_UP_KINDS,
            total=found.number,
            records=statistics.first_cards(records, SHOWN),
            entries=entries[:SHOWN],
            total_entries=FollowUp.objects.published().filter(assessor=stakeholder).count(),
            chart=build("issues", selection),
            **kwargs,
        )


class ReviewDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """One review: its documents, its figures, who raised what, and the reviews before and after."""

    template_name = "public/review_detail.html"
    context_object_name = "review"

    def get_queryset(self) -> QuerySet[Review]:
        return (
            Review.objects.published()
            .select_related("state")
            .prefetch_related(
                Prefetch("documents", queryset=Document.objects.published(), to_attr="public_documents")
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.object
        found = Records.all().having("review", review.slug)
        selection = Selection(
            found, (("review", review.slug),), f"{gettext('Review')}: {review.state}, {review.short_label}"
        )
        return super().get_context_data(
            kinds=statistics.by_kind(found),
            statuses=statistics.by_status(found),
            followed_up_kinds=statistics.FOLLOWED_UP_KINDS,
            total=found.number,
            answered=found.having("response", "yes").number,
            responses=StateResponse.objects.published().filter(document__review=review).count(),
            stakeholders=statistics.stakeholders_of(found),
            issues=statistics.records_by_issue(review, SHOWN),
            chains=statistics.chains_of(review),
            charts=[build(name, selection) for name in ("issues", "stakeholders")],
            shown=SHOWN,
            **kwargs,
        )


class DocumentDetail(ReadOnlyView, DetailView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """The whole text of a document, and beside each paragraph the records made from it."""

    template_name = "public/document_detail.html"
    context_object_name = "document"

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.published().select_related("review__state")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.object
        records = Recommendation.objects.published().with_status().order_by("reference")
        responses = StateResponse.objects.published().order_by("reference")
        paragraphs = document.paragraphs.order_by("position").prefetch_related(
            Prefetch("recommendations", queryset=records, to_attr="public_records"),
            Prefetch("stateresponses", queryset=responses, to_attr="public_responses"),
        )
        blocks = with_headings(paragraphs)
        rows = Recommendation.objects.published().filter(document=document, paragraph=None)
        return super().get_context_data(
            blocks=blocks,
            contents=[heading for block in blocks for heading in block.headings if heading.level <= 3],
            rows=statistics.first_cards(rows, SHOWN),
            total=Recommendation.objects.published().filter(document=document).count(),
            total_responses=StateResponse.objects.published().filter(document=document).count(),
            **kwargs,
        )
