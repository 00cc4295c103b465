"""Finding the paragraph to quote: by words, by the symbol of its document, by its number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When

from recommendations.models import Paragraph
from recommendations.search import LENGTH_MAX, WORDS_MAX, contains, words_of
from recommendations.search.highlight import passage
from recommendations.search.query import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

SHOWN = 12
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
