"""Finding the paragraph to quote: by words, by the symbol of its document, by its number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When

from recommendations.models import Paragraph
from recommendations.reading.files.text import fold
from recommendations.reading.prose.sentences import split_sentences
from recommendations.search.text.highlight import highlight, hits, passage
from recommendations.search.text.query import read
from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, contains, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    if not pk.isdecimal() or len(pk) > 18:
        return None
    public = Paragraph.objects.filter(document__published=True).select_related("document__review")
    centre = public.filter(pk=int(pk)).first()
    if centre is None:
        return None
    beside = public.filter(document=centre.document_id)
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
