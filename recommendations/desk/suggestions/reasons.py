"""Why something is suggested, in sentences."""

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
# Words that a sentence names.
NAMED_MAX = 5


class Forms:
    """How stems stand in a text."""

    def __init__(self, *texts: str) -> None:
        """Read them."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for text in texts:
            for token in tokens(text):
                found[token.stem][text[token.start : token.end].lower()] = None
        self.found = {stem: tuple(forms) for stem, forms in found.items()}

    def of(self, stem: str) -> tuple[str, ...]:
        """The forms of a stem, in small letters, in the order of the text."""
        return self.found.get(stem, ())

    def first(self, stem: str) -> str:
        """One of them; the stem itself where there is none."""
        return next(iter(self.of(stem)), stem)


def quoted(words: Iterable[str]) -> str:
    """Words in a sentence: “libel”, “press” and “fine”."""
    return join_and([f"“{word}”" for word in dict.fromkeys(words)])


def shared_words(stems: Iterable[str], here: Forms, there: Forms | None) -> tuple[Shared, ...]:
    """The stems with their forms in both texts."""
    return tuple(Shared(stem, here.of(stem), there.of(stem) if there else ()) for stem in stems)


def said_by_both(ranked: Ranked, here: Forms) -> list[str]:
    """What both say, for a sentence: phrases first, then single words."""
    found = [f"{here.first(one)} {here.first(two)}" for one, two in ranked.phrases]
    covered = {stem for pair in ranked.phrases for stem in pair}
    return (found + [here.first(stem) for stem in ranked.words if stem not in covered])[:NAMED_MAX]


def of_pair(
    ranked: Ranked, here: Forms, around: Forms, issues: Mapping[int, str], place: str = ""
) -> tuple[list[str], str]:
    """The sentences for a pair of passages, and of these those that a link's rationale begins with: facts."""
    facts: list[str] = []
    guesses: list[str] = []
    if both := said_by_both(ranked, here):
        facts.append(gettext("Both say %(words)s.") % {"words": quoted(both)})
    if names := [issues[pk] for pk in ranked.issues if pk in issues]:
        sentence = (
            ngettext("Both have the issue %(names)s.", "Both have the issues %(names)s.", len(names))
            if ranked.said
            else ngettext(
                "Both sound like the issue %(names)s.", "Both sound like the issues %(names)s.", len(names)
            )
        )
        (facts if ranked.said else guesses).append(sentence % {"names": join_and(names)})
    rationale = " ".join(facts or guesses)[:RATIONALE_MAX]
    reasons = facts + guesses
    if ranked.around and len(ranked.words) < 2:
        words = quoted([around.first(stem) for stem in ranked.around][:NAMED_MAX])
        reasons.append(gettext("The paragraphs around them share %(words)s.") % {"words": words})
    if ranked.same_place and place:
        reasons.append(gettext("Both belong to one part of the dialogue: %(name)s.") % {"name": place})
    return reasons, rationale


def of_time(here: datetime.date, there: datetime.date, review: str) -> str:
    """When the other one was said, seen from this one."""
    years = there.year - here.year
    if years == 0:
        return gettext("From the same year: %(review)s.") % {"review": review}
    sentence = (
        ngettext("%(years)s year later: %(review)s.", "%(years)s years later: %(review)s.", years)
        if years > 0
        else ngettext("%(years)s year earlier: %(review)s.", "%(years)s years earlier: %(review)s.", -years)
    )
    return sentence % {"years": abs(years), "review": review}


def of_issue(ranked: RankedIssue, here: Forms, around: Forms) -> list[str]:
    """The sentences for an issue: of its name, of what was tagged with it, and of the paragraph."""
    own = [stem for stem in ranked.words if here.of(stem)]
    reasons = []
    if named := [here.first(stem) for stem in own if stem in ranked.named][:NAMED_MAX]:
        reasons.append(gettext("%(words)s: in the name of the issue.") % {"words": quoted(named)})
    if learned := [here.first(stem) for stem in own if stem not in ranked.named][:NAMED_MAX]:
        reasons.append(gettext("%(words)s: in records that have the issue.") % {"words": quoted(learned)})
    if beside := [around.first(stem) for stem in ranked.words if stem not in own][:NAMED_MAX]:
        reasons.append(gettext("Only around the record: %(words)s.") % {"words": quoted(beside)})
    return reasons
