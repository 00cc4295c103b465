"""States, reviews, documents and paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from recommendations.actions.forms import VersionedForm
from recommendations.admin.base import AddOnlyInline, TrackerAdmin, excerpt, public_mark
from recommendations.admin.confirmation import PublicationActions
from recommendations.admin.filters import PublicFilter, autocomplete_filter
from recommendations.models import (
    Document,
    Evidence,
    Paragraph,
    Recommendation,
    Review,
    State,
    StateResponse,
)
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString
    from django_stubs_ext import StrPromise


PARAGRAPHS = ngettext_lazy("%(n)s paragraph", "%(n)s paragraphs", "n")
RECORDS = ngettext_lazy("%(n)s record", "%(n)s records", "n")
RESPONSES = ngettext_lazy("%(n)s State response", "%(n)s State responses", "n")


def in_numbers(counted: StrPromise, number: int) -> str:
    """Return the count in words, such as "3 paragraphs"."""
    return str(counted % {"n": number})


def list_link(model: str, query: str, words: str) -> SafeString:
    """Return a link to another admin list with a filter."""
    address = reverse(f"admin:recommendations_{model}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, query, words)


@admin.register(State)
class StateAdmin(TrackerAdmin):
    """States under review."""

    list_display = ("name", "iso3", "region")
    search_fields = ("name", "iso3")
    fields = ("iso3", "name", "region")


class DocumentInline(AddOnlyInline):
    """The documents of a review."""

    model = Document
    fields = ("symbol", "slug", "kind", "title", "published_on")


@admin.register(Review)
class ReviewAdmin(TrackerAdmin):
    """Reviews."""

    list_display = ("slug", "state", "mechanism", "session", "cycle", "when")
    list_filter = ("mechanism", autocomplete_filter(_("State"), (Review, "state"), "state"))
    search_fields = ("slug", "state__name", "=state__iso3", "=session", "mechanism")
    ordering = ("-starts_on", "slug")
    autocomplete_fields = ("state",)
    select_related = ("state",)
    address_fields = ("slug",)
    inlines = (DocumentInline,)
    fieldsets = (
        (None, {"fields": ("state", "mechanism", "session", "cycle", "slug")}),
        (_("When"), {"fields": ("starts_on", "ends_on", "precision")}),
        (None, {"fields": ("note",)}),
    )

    @admin.display(description=_("when"), ordering="starts_on")
    def when(self, obj: Review) -> str:
        return obj.when

    def choice_label(self, obj: Review) -> str:
        return f"{obj.state}, {obj.short_label}"


@admin.register(Document)
class DocumentAdmin(PublicationActions, TrackerAdmin):
    """Documents; their paragraphs have a list of their own."""

    list_display = ("name", "publication", "kind", "about", "dated", "paragraph_count", "record_count")
    list_filter = (
        PublicFilter,
        "kind",
        autocomplete_filter(_("State"), (Review, "state"), "review__state"),
        autocomplete_filter(_("review"), (Document, "review"), "review"),
    )
    search_fields = ("symbol", "title", "slug", "considers")
    ordering = ("-pk",)
    autocomplete_fields = ("review",)
    select_related = ("review__state",)
    readonly_fields = ("publication", "paragraph_list", "record_list")
    actions = ("publish", "unpublish", "delete_selected")
    address_fields = ("slug",)
    fieldsets = (
        (None, {"fields": ("publication", "paragraph_list", "record_list")}),
        (_("What it is"), {"fields": ("review", "kind", "symbol", "title", "considers", "slug")}),
        (_("Where it comes from"), {"fields": ("published_on", "language", "url", "sha256", "note")}),
    )

    def prepare_rows(self, rows: list[Document]) -> None:
        """Attach the numbers of paragraphs and records to the documents of this page."""
        for model, name in ((Paragraph, "paragraph_total"), (Recommendation, "record_total")):
            counts = model._default_manager.filter(document__in=[row.pk for row in rows])
            totals = dict(counts.order_by().values_list("document").annotate(Count("pk")))
            for row in rows:
                setattr(row, name, totals.get(row.pk, 0))

    @admin.display(description=_("document"), ordering="symbol")
    def name(self, obj: Document) -> str:
        return obj.name

    @admin.display(description=_("review"))
    def about(self, obj: Document) -> str:
        return f"{obj.review.state}, {obj.review.short_label}"

    @admin.display(description=_("dated"), ordering="published_on")
    def dated(self, obj: Document) -> Any:
        return obj.published_on

    @admin.display(description=_("paragraphs"))
    def paragraph_count(self, obj: Any) -> SafeString:
        return list_link("paragraph", f"document={obj.pk}", str(obj.paragraph_total))

    @admin.display(description=_("records"))
    def record_count(self, obj: Any) -> SafeString:
        return list_link("recommendation", f"document={obj.pk}", str(obj.record_total))

    @admin.display(description=_("publication"), ordering="published")
    def publication(self, obj: Document) -> SafeString:
        return public_mark(obj.published)

    @admin.display(description=_("paragraphs"))
    def paragraph_list(self, obj: Document) -> SafeString | str:
        return (
            list_link("paragraph", f"document={obj.pk}", in_numbers(PARAGRAPHS, obj.paragraphs.count()))
            if obj.pk
            else "–"
        )

    @admin.display(description=_("records"))
    def record_list(self, obj: Document) -> SafeString | str:
        if not obj.pk:
            return "–"
        records = Recommendation.objects.filter(document=obj).count()
        responses = StateResponse.objects.filter(document=obj).count()
        return format_html(
            "{}, {}",
            list_link("recommendation", f"document={obj.pk}", in_numbers(RECORDS, records)),
            list_link("stateresponse", f"document={obj.pk}", in_numbers(RESPONSES, responses)),
        )

    @staticmethod
    def publication_effect(obj: Document) -> str:
        """Say how many public records appear or disappear with the document."""
        records = Recommendation.objects.filter(document=obj, published=True).count()
        responses = StateResponse.objects.filter(document=obj, published=True).count()
        if not obj.pk:
            return ""
        words = gettext("with it, %(records)s public records and %(responses)s public State responses")
        return words % {"records": records, "responses": responses}

    def choice_label(self, obj: Document) -> str:
        return f"{obj.name}: {excerpt(obj.title, 60)}"


class ParagraphForm(VersionedForm):
    """A form that refuses a text which no longer contains the quotes taken from it."""

    def clean(self) -> dict[str, Any] | None:
        """Add an error if a quote from the paragraph is missing in the new text."""
        cleaned = super().clean()
        text = (cleaned or {}).get("text")
        if text and self.instance.pk and "text" in self.changed_data:
            lost = self._lost_quotes(fold(text))
            if lost:
                sentence = gettext("These quotes would no longer stand in it: %(quotes)s.")
                self.add_error("text", sentence % {"quotes": "; ".join(lost)})
        return cleaned

    def _lost_quotes(self, text: str) -> list[str]:
        lost = [
            f"{row} (“{excerpt(row.text, 80)}”)"
            for model in (Recommendation, StateResponse)
            for row in model._default_manager.filter(paragraph=self.instance)
            if fold(row.text) not in text
        ][:5]
        # Evidence may be private to an organisation, so its quotes are not named.
        evidence = Evidence.objects.filter(paragraph=self.instance).values_list("text", flat=True)
        if any(fold(words) not in text for words in evidence):
            lost.append(gettext("words that are evidence of an entry"))
        return lost


@admin.register(Paragraph)
class ParagraphAdmin(TrackerAdmin):
    """Paragraphs of documents."""

    form = ParagraphForm
    list_display = ("number", "of", "speaker", "heading", "words")
    list_filter = (
        "speaker",
        autocomplete_filter(_("document"), (Paragraph, "document"), "document"),
    )
    search_fields = ("=number", "document__symbol", "document__slug", "text")
    search_help_text = _("A number, a document’s symbol, or words of the text.")
    ordering = ("-document", "position")
    autocomplete_fields = ("document",)
    select_related = ("document",)
    fields = ("document", "position", "number", "section", "speaker", "text", "quoted_by")
    readonly_fields = ("quoted_by",)

    def get_readonly_fields(self, request: HttpRequest, obj: Paragraph | None = None) -> tuple[str, ...]:
        """Make the document of a stored paragraph read-only, because quotes refer to it there."""
        return ("document", "quoted_by") if obj else ("quoted_by",)

    def why_kept(self, obj: Paragraph) -> str:
        if obj.document.published:
            sentence = gettext("%(document)s is public, so its paragraphs stay. Make it a draft first.")
            return sentence % {"document": obj.document}
        return ""

    def is_public(self, obj: Paragraph) -> bool:
        return obj.document.published

    @admin.display(description=_("document"), ordering="document")
    def of(self, obj: Paragraph) -> str:
        return obj.document.name

    @admin.display(description=_("under"))
    def heading(self, obj: Paragraph) -> str:
        return " › ".join(str(part) for part in obj.section[-2:]) if isinstance(obj.section, list) else ""

    @admin.display(description=_("text"))
    def words(self, obj: Paragraph) -> str:
        return excerpt(obj.text)

    @admin.display(description=_("quoted by"))
    def quoted_by(self, obj: Paragraph) -> SafeString | str:
        if not obj.pk:
            return "–"
        records = [str(row) for row in Recommendation.objects.filter(paragraph=obj)[:50]]
        records += [str(row) for row in StateResponse.objects.filter(paragraph=obj)[:50]]
        query = f"document={obj.document_id}&paragraph={obj.pk}"
        return format_html(
            '{} · <a href="{}?{}">{}</a>',
            ", ".join(records) or gettext("nothing yet"),
            reverse("admin:recommendations_recommendation_add"),
            query,
            gettext("Add a record that quotes it"),
        )

    def choice_label(self, obj: Paragraph) -> str:
        return f"{obj.document.name}, {obj.place}: {excerpt(obj.text, 60)}"
