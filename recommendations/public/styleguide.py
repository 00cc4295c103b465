"""Every part of the design system on one page, for those who make pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.http import Http404
from django.views.generic import TemplateView

from recommendations.charts import statistics
from recommendations.core.widgets import DefinedChoices
from recommendations.models import FollowUp, Recommendation, ResponseLink, StateResponse
from recommendations.models.recommendations import stale_before
from recommendations.models.statuses import STATUS_LABELS, STATUS_MEANINGS
from recommendations.public.badges import status_badge
from recommendations.public.read_only import ReadOnlyView

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

COLOURS = (
    *("paper", "surface", "sunken", "ink", "muted", "rule", "rule-strong", "accent", "accent-strong"),
    *("accent-soft", "mark", "mark-line", "danger", "danger-soft"),
)
SIZES = ("xs", "s", "m", "title", "l", "xl", "xxl")
SPACES = ("xs", "s", "m", "l", "xl")


class Example(forms.Form):
    """A field of each shape; nothing is ever saved."""

    status = forms.ChoiceField(
        choices=FollowUp.Status.choices, widget=DefinedChoices(STATUS_MEANINGS, status_badge)
    )
    as_of = forms.DateField(
        label="As of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The day for which it is true.",
    )
    summary = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), help_text="What changed, in one or two sentences."
    )
    link = forms.URLField(label="Link to the evidence", required=False, assume_scheme="https")
    confidence = forms.ChoiceField(choices=FollowUp.Confidence.choices, widget=forms.RadioSelect)
    stance = forms.ChoiceField(choices=[("", "Choose"), *ResponseLink.Stance.choices], required=False)
    file = forms.FileField(
        required=False, help_text="PDF, DOCX or an image, up to 20 MB. Drop it here, or choose."
    )
    sure = forms.BooleanField(label="I have read the whole paragraph", help_text="Not only the marked words.")

    def clean(self) -> None:
        """A mistake of the form as a whole, to be seen in the summary."""
        raise ValidationError("The entry is older than the one it corrects.")


class Styleguide(ReadOnlyView, TemplateView):
    """All colours, sizes and components, through the templates that pages use. For makers only."""

    template_name = "public/styleguide.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 on a site for readers."""
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        records = statistics.first_cards(Recommendation.objects.published(), 2)
        levels = (constants.INFO, constants.SUCCESS, constants.WARNING, constants.ERROR)
        words = (
            "The draft was saved.",
            "The entry is public now.",
            "Another person has changed this record since you opened it.",
            "Nothing was saved: the connection was lost.",
        )
        return super().get_context_data(
            colours=COLOURS,
            sizes=SIZES,
            spaces=SPACES,
            statuses=STATUS_LABELS,
            kinds=Recommendation.Kind.values,
            stances=ResponseLink.Stance.values,
            form=Example(),
            wrong=Example({"status": "done", "link": "nowhere", "summary": ""}, auto_id="wrong_%s"),
            messages=[Message(level, text) for level, text in zip(levels, words, strict=True)],
            records=records,
            stale_before=stale_before(),
            stale_after=settings.STALE_AFTER_MONTHS,
            response=StateResponse.objects.published().select_related("document", "paragraph").first(),
            entries=statistics.newest_entries()[:2],
            **kwargs,
        )
