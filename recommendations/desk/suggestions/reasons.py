"""Reasons for suggestions, as sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from recommendations.core.text import join_and
from recommendations.desk.suggestions.results import Shared
from recommendations.search.text.stemming import tokens

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from recommendations.desk.suggestions.ranking import Ranked, RankedIssue

RATIONALE_MAX = 500
# Maximum number of words named in a sentence.
NAMED_MAX = 5


class WordForms:
    """The word forms of each stem in some texts."""

    def __init__(self, *texts: str) -> None:
        """Collect the forms in these texts."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for text in texts:
            for token in tokens(text):
                found[token.stem][text[token.start : token.end].lower()] = None
        self.found = {stem: tuple(forms) for stem, forms in found.items()}

    def of(self, stem: str) -> tuple[str, ...]:
        """Return the forms of a stem in lower case, in text order."""
        return self.found.get(stem, ())

    def first(self, stem: str) -> str:
        """Return the first form of a stem, or the stem itself if there is none."""
        return next(iter(self.of(stem)), stem)


def quoted(words: Iterable[str]) -> str:
    """Return words for a sentence: “libel”, “press” and “fine”."""
    return join_and([f"“{word}”" for word in dict.fromkeys(words)])


def shared_words(stems: Iterable[str], here: WordForms, there: WordForms | None) -> tuple[Shared, ...]:
    """Return the stems with their forms in both texts."""
    return tuple(Shared(stem, here.of(stem), there.of(stem) if there else ()) for stem in stems)


def shared_expressions(ranked: Ranked, here: WordForms) -> list[str]:
    """Return expressions in both texts, at most NAMED_MAX: phrases first, then single words."""
    found = [f"{here.first(one)} {here.first(two)}" for one, two in ranked.phrases]
    covered = {stem for pair in ranked.phrases for stem in pair}
    return (found + [here.first(stem) for stem in ranked.words if stem not in covered])[:NAMED_MAX]


def pair_reasons(
    ranked: Ranked, here: WordForms, around: WordForms, issues: Mapping[int, str], place: str = ""
) -> tuple[list[str], str]:
    """Return the sentences for a pair of passages, and the draft of a link's rationale, of facts if any."""
    facts: list[str] = []
    guesses: list[str] = []
    if both := shared_expressions(ranked, here):
        facts.append(gettext("Both say %(words)s.") % {"words": quoted(both)})
    if names := [issues[pk] for pk in ranked.issues if pk in issues]:
        sentence = (
            ngettext("Both have the issue %(names)s.", "Both have the issues %(names)s.", len(names))
            if ranked.tagged
            else ngettext(
                "Both sound like the issue %(names)s.", "Both sound like the issues %(names)s.", len(names)
            )
        )
        (facts if ranked.tagged else guesses).append(sentence % {"names": join_and(names)})
    rationale = " ".join(facts or guesses)[:RATIONALE_MAX]
    reasons = facts + guesses
    if ranked.around and len(ranked.words) < 2:
        words = quoted([around.first(stem) for stem in ranked.around][:NAMED_MAX])
        reasons.append(gettext("The paragraphs around them share %(words)s.") % {"words": words})
    if ranked.same_place and place:
        reasons.append(gettext("Both belong to one part of the dialogue: %(name)s.") % {"name": place})
    return reasons, rationale


def time_reason(here: datetime.date, there: datetime.date, review: str) -> str:
    """Return a sentence about the years between this date and the other one."""
    years = there.year - here.year
    if years == 0:
        return gettext("From the same year: %(review)s.") % {"review": review}
    sentence = (
        ngettext("%(years)s year later: %(review)s.", "%(years)s years later: %(review)s.", years)
        if years > 0
        else ngettext("%(years)s year earlier: %(review)s.", "%(years)s years earlier: %(review)s.", -years)
    )
    return sentence % {"years": abs(years), "review": review}


def issue_reasons(ranked: RankedIssue, here: WordForms, around: WordForms) -> list[str]:
    """Return the sentences for an issue: words in its name, in its records, and in the paragraph."""
    own = [stem for stem in ranked.words if here.of(stem)]
    reasons = []
    if named := [here.first(stem) for stem in own if stem in ranked.named][:NAMED_MAX]:
        reasons.append(gettext("%(words)s: in the name of the issue.") % {"words": quoted(named)})
    if learned := [here.first(stem) for stem in own if stem not in ranked.named][:NAMED_MAX]:
        reasons.append(gettext("%(words)s: in records that have the issue.") % {"words": quoted(learned)})
    if beside := [around.first(stem) for stem in ranked.words if stem not in own][:NAMED_MAX]:
        reasons.append(gettext("Only around the record: %(words)s.") % {"words": quoted(beside)})
    return reasons
