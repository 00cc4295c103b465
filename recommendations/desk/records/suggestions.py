"""Page of suggestions for one record, which an editor accepts or dismisses."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.desk import suggestions
from recommendations.desk.records.record_pages import RecordView
from recommendations.desk.suggestions import Kind, decisions
from recommendations.models import (
    Issue,
    IssueTag,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    StateResponse,
    SuggestionDecision,
)
from recommendations.search.text.highlight import hits, passage
from recommendations.search.text.query import Words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    from recommendations.desk.suggestions import Suggestion

# Maximum characters shown of a text, around the shared words.
PASSAGE_MAX = 600


@dataclass
class SuggestionRow:
    """A suggestion as shown on the page: its target, its text with the shared words marked, its form."""

    suggestion: Suggestion
    target: Any
    there: SafeString
    label: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    # Initial values of the form, or the values submitted.
    value: str = ""
    rationale: str = ""
    # Anchor of the suggestion to go to after the decision.
    then: str = ""

    @property
    def anchor(self) -> str:
        """Return the id of the row's element on the page."""
        return f"{self.suggestion.kind}-{self.suggestion.target}"

    @property
    def name(self) -> str:
        """Return the name of the target for button labels."""
        return str(self.target)

    @property
    def address(self) -> str:
        """Return the URL of the full text; for a record at the desk, because it may not be public."""
        if isinstance(self.target, Recommendation):
            return reverse("desk_record", args=[self.target.reference])
        return str(self.target.place_url)

    @property
    def stems(self) -> str:
        """Return the shared stems, by which the page marks words of the record."""
        return " ".join(each.stem for each in self.suggestion.shared)

    @property
    def reason(self) -> str:
        """Return the reasons for the suggestion in one line."""
        return " ".join(self.suggestion.reasons)[: decisions.REASON_MAX]


@dataclass(frozen=True)
class Section:
    """The suggestions of one kind, with heading and the text shown if there are none."""

    kind: Kind
    title: str
    none: str
    shown: list[SuggestionRow]


HEADINGS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    Kind.ISSUE: (gettext_lazy("Issues"), gettext_lazy("No other issue has words in common with the record.")),
    Kind.RESPONSE: (
        gettext_lazy("State responses that may answer it"),
        gettext_lazy("No other response of the State has anything in common with the record."),
    ),
    Kind.EARLIER: (
        gettext_lazy("Earlier records that it may repeat"),
        gettext_lazy("No other record of an earlier review has anything in common with it."),
    ),
    Kind.TAKEN_UP: (
        gettext_lazy("Asks that may have been taken up"),
        gettext_lazy("No ask of a stakeholder and record of an examiner have anything in common here."),
    ),
}
TEXTS: dict[str, Any] = {
    Kind.ISSUE: Issue.objects.select_related("parent"),
    Kind.RESPONSE: StateResponse.objects.select_related("document__review", "paragraph"),
    Kind.EARLIER: Recommendation.objects.select_related("document__review"),
    Kind.TAKEN_UP: Recommendation.objects.select_related("document__review"),
}


def choices_of(kind: str) -> tuple[str, list[tuple[str, str]]]:
    """Return label and choices of the field needed to accept a suggestion of this kind."""
    if kind == Kind.RESPONSE:
        return _("Stance"), [(value, str(label)) for value, label in ResponseLink.Stance.choices]
    if kind == Kind.ISSUE:
        return "", []
    return _("Relation"), [(value, str(label)) for value, label in RecommendationLink.Relation.choices]


def sections_for(record: Recommendation) -> list[Section]:
    """Return all suggestions for a record, without taken-up ones that are also suggested as earlier."""
    found: dict[Kind, list[Suggestion]] = {
        Kind.ISSUE: suggestions.suggest_issues(record),
        Kind.RESPONSE: suggestions.suggest_responses(record),
        Kind.EARLIER: suggestions.suggest_earlier(record),
        Kind.TAKEN_UP: suggestions.suggest_taken_up(record),
    }
    earlier = {each.target for each in found[Kind.EARLIER]}
    found[Kind.TAKEN_UP] = [each for each in found[Kind.TAKEN_UP] if each.target not in earlier]
    sections = [
        Section(kind, str(HEADINGS[kind][0]), str(HEADINGS[kind][1]), suggestion_rows(kind, each))
        for kind, each in found.items()
    ]
    rows = [each for section in sections for each in section.shown]
    for each, following in pairwise(rows):
        each.then = following.anchor
    if len(rows) > 1:
        rows[-1].then = rows[-2].anchor
    return sections


def suggestion_rows(kind: Kind, found: list[Suggestion]) -> list[SuggestionRow]:
    """Return the suggestions with their texts, without targets that no longer exist."""
    rows = TEXTS[kind].in_bulk([each.target for each in found])
    label, choices = choices_of(kind)
    result = []
    for each in found:
        if each.target in rows:
            target = rows[each.target]
            wanted = [Words((shared.stem,), (), shared.stem) for shared in each.shared]
            text = str(target) if kind == Kind.ISSUE else target.text
            there = passage(text, wanted, PASSAGE_MAX)
            result.append(SuggestionRow(each, target, there, label, choices, each.default, each.rationale))
    return result


def marked(text: str, sections: list[Section]) -> SafeString:
    """Return the record's text escaped, with a <mark data-stem> around words that suggestions share."""
    rows = [each.suggestion for section in sections for each in section.shown]
    found = {shared.stem for each in rows for shared in each.shared}
    wanted = [Words((stem,), (), stem) for stem in sorted(found)]
    parts, done = [], 0
    for hit in hits(text, wanted):
        stem = wanted[hit.which].stems[0]
        words = text[hit.start : hit.end]
        parts.append(format_html('{}<mark data-stem="{}">{}</mark>', text[done : hit.start], stem, words))
        done = hit.end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[done:]]))


class DecisionForm(forms.Form):
    """One decision, as submitted by a row of the page."""

    act = forms.ChoiceField(choices=[(each, each) for each in ("accept", "dismiss", "take_back")])
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    target = forms.IntegerField(min_value=1, max_value=2**62)
    value = forms.CharField(max_length=20, required=False)
    rationale = forms.CharField(max_length=500, required=False)
    reason = forms.CharField(max_length=decisions.REASON_MAX, required=False)
    # Anchor to go to after the decision.
    then = forms.SlugField(max_length=40, required=False)


class Suggestions(RecordView):
    """The suggestions for a record; each decision takes one click or key and leads to the next one."""

    template_name = "desk/records/suggestion_list.html"
    needs = "edits"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decided = SuggestionDecision.objects.filter(recommendation=self.record)
        sections = [] if self.record.merged_into else sections_for(self.record)
        judged = self.record.tags.exclude(origin=IssueTag.Origin.SUGGESTION)
        return super().get_context_data(
            sections=sections,
            words=marked(self.record.text, sections),
            tags=judged.select_related("issue__parent"),
            decided=decided.select_related("issue__parent", "response", "other", "by"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Save one decision; show errors on the page."""
        if self.record.merged_into:
            raise PermissionDenied(_("A merged record is kept as it is."))
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.refused(_("That is not a decision that can be made here."), status=400)
        try:
            sentence = self.decide(form.cleaned_data)
        except ValidationError as error:
            return self.refused(" ".join(error.messages), typed=form.cleaned_data)
        messages.success(request, sentence)
        then = form.cleaned_data["then"]
        address = reverse("desk_suggestions", args=[self.record.reference])
        return HttpResponseRedirect(f"{address}#{then}" if then else address)

    def refused(self, sentence: str, status: int = 200, typed: dict[str, Any] | None = None) -> HttpResponse:
        """Show the page again with an error message and the submitted values."""
        messages.error(self.request, sentence)
        context = self.get_context_data()
        for section in context["sections"]:
            for each in section.shown:
                if typed and (typed["kind"], typed["target"]) == (section.kind, each.suggestion.target):
                    each.value, each.rationale = typed["value"], typed["rationale"]
        return self.render_to_response(context, status=status)

    def decide(self, typed: dict[str, Any]) -> str:
        """Save the decision and return a message. Raises ValidationError."""
        by: Any = self.request.user
        if typed["act"] == "take_back":
            mine = SuggestionDecision.objects.filter(recommendation=self.record)
            decision = mine.filter(pk=typed["target"]).first()
            if decision is None:
                raise ValidationError(_("This decision was taken back already."))
            target = decision.target
            decisions.take_back(decision, by=by)
            return _("Taken back: {target}.").format(target=target)
        if not typed["kind"]:
            raise ValidationError(_("That is not a decision that can be made here."))
        choice = decisions.Choice(
            Kind(typed["kind"]), typed["target"], typed["value"], typed["rationale"], typed["reason"]
        )
        if typed["act"] == "accept":
            decision = decisions.accept(self.record, choice, by=by)
            return _("Accepted: {target}.").format(target=decision.target)
        decision = decisions.dismiss(self.record, choice, by=by)
        return _("Dismissed: {target}. It will not be suggested again.").format(target=decision.target)
