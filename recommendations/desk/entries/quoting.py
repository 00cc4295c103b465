"""Finding the paragraph to quote: by words, by the symbol of its document, by its number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext

from recommendations.models import Paragraph
from recommendations.reading.files.text import fold
from recommendations.reading.prose.sentences import split_sentences
from recommendations.search.text.highlight import highlight, hits, passage
from recommendations.search.text.query import read
from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, contains, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.safestring import SafeString

SHOWN = 12
# So many paragraphs before and after one that is read in its document.
AROUND = 3
NUMBER = re.compile(r"(?:para(?:graph)?\.?|§|¶)?\s*(\d[\w.]{0,18})")
SAYS_NOTHING = {"para", "para.", "paragraph", "§", "¶"}


@dataclass(frozen=True, slots=True)
class Found:
    """A paragraph, and the passage of it to show with what was looked for marked."""

    paragraph: Paragraph
    words: SafeString


def public_paragraphs() -> QuerySet[Paragraph]:
    """Those that may be quoted."""
    return Paragraph.objects.filter(document__published=True).select_related("document__review")


def public_paragraph(pk: str) -> Paragraph | None:
    """The one with this id, as it comes from a page."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return public_paragraphs().filter(pk=int(pk)).first()


def place_of(paragraph: Paragraph) -> str:
    """Where words stand, short."""
    return gettext("{document}, para. {number}").format(
        document=paragraph.document.name, number=paragraph.number
    )


def find(text: str, states: Iterable[int], everywhere: bool = False) -> tuple[list[Found], bool]:
    """Public paragraphs with all of these words, and whether there are more than shown.

    Those with the number that was typed come first, then by document, the newest first.

    Each word stands in the paragraph, or in the symbol or title of its document, or is its number. Only
    documents on these States (ids), unless it is to be everywhere.
    """
    text = text[:LENGTH_MAX]
    words = [word for word in words_of(text) if word not in SAYS_NOTHING][:WORDS_MAX]
    rows = Paragraph.objects.filter(document__published=True)
    if not everywhere:
        rows = rows.filter(document__review__state__in=list(states))
    numbered = Q(pk=None)
    for word in words:
        matches = contains(word, ["text", "document__symbol", "document__title"])
        if number := NUMBER.fullmatch(word):
            numbered |= Q(number__iexact=number[1])
            matches |= Q(number__iexact=number[1])
        rows = rows.filter(matches)
    if not words:
        return [], False
    first = Case(When(numbered, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.select_related("document__review__state").order_by(
        first, "-document__review__starts_on", "document", "position"
    )
    found = list(rows[: SHOWN + 1])
    wanted = read(text).wanted
    return [Found(each, passage(each.text, wanted)) for each in found[:SHOWN]], len(found) > SHOWN


def cut(text: str, looked_for: str) -> str:
    """The sentences of a paragraph that matter: the fewest in a row with the most of what was looked for.

    Verbatim but for white space, which is folded; the whole text where nothing of it was looked for.
    """
    folded = fold(text)
    wanted = read(looked_for[:LENGTH_MAX]).wanted
    ends, end = [0], 0
    for sentence in split_sentences(folded):
        end += len(sentence) + 1
        ends.append(end)
    places = hits(folded, wanted)
    # What each sentence has of it, as (sentence, which word).
    held = [(sum(place.start >= end for end in ends[1:]), place.which) for place in places]
    if not held:
        return text
    most = len({which for _, which in held})
    runs = [
        (last - first, first, last)
        for first, _ in held
        for last, _ in held
        if len({which for at, which in held if first <= at <= last}) == most
    ]
    _, first, last = min(runs)
    matters = folded[ends[first] : ends[last + 1]].strip()
    return text if matters == folded else matters


@dataclass(frozen=True, slots=True)
class Around:
    """Some paragraphs of a document in a row, read around one of them, and where it goes on."""

    centre: Paragraph
    rows: list[Found]
    before: Paragraph | None
    after: Paragraph | None


def around(pk: str, text: str) -> Around | None:
    """The public paragraph with this id among its neighbours, with what was looked for marked."""
    centre = public_paragraph(pk)
    if centre is None:
        return None
    beside = public_paragraphs().filter(document=centre.document_id)
    before = list(beside.filter(position__lt=centre.position).order_by("-position")[: AROUND + 1])
    after = list(beside.filter(position__gt=centre.position).order_by("position")[: AROUND + 1])
    wanted = read(text[:LENGTH_MAX]).wanted
    shown = [*reversed(before[:AROUND]), centre, *after[:AROUND]]
    return Around(
        centre,
        [Found(each, highlight(each.text, wanted)) for each in shown],
        before[AROUND] if len(before) > AROUND else None,
        after[AROUND] if len(after) > AROUND else None,
    )


@dataclass
class ParagraphSearch:
    """The search for a paragraph to quote, as it stands in the form; the fields are the controls' names."""

    states: frozenset[int]
    # Whether it is open; what is typed; what was looked for last, and where; the paragraph read in its place.
    finding: str = ""
    find: str = ""
    found: str = ""
    everywhere: str = ""
    around: str = ""

    @classmethod
    def posted(cls, data: QueryDict, states: Iterable[int]) -> ParagraphSearch:
        """As it stands on the page that was sent."""
        names = ("finding", "find", "found", "everywhere", "around")
        return cls(frozenset(states), **{name: data.get(name, "") for name in names})

    @cached_property
    def results(self) -> tuple[list[Found], bool]:
        """The paragraphs that were looked for, and whether there are more."""
        return find(self.found, self.states, bool(self.everywhere))

    @cached_property
    def passage(self) -> Around | None:
        """The paragraph that is read in its document, among its neighbours."""
        return around(self.around, self.found)

    def close(self) -> None:
        """Look for nothing any more."""
        self.finding = self.find = self.found = self.around = ""
