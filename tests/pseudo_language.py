"""A pseudo-language: every letter that comes out of a catalogue is changed; what is not came from elsewhere.

`%(names)s` and mark-up stay as they are. What is put into a sentence is therefore seen too, which marks
around whole sentences would hide.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe

from recommendations.models import (
    Document,
    Evidence,
    FollowUp,
    Grade,
    Issue,
    Paragraph,
    PopulationGroup,
    Recommendation,
    RecommendationLink,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHANGED = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
CHANGE = str.maketrans(PLAIN, CHANGED)
KEPT = re.compile(r"(%\(\w+\)s|%[sd%]|\{\w*\}|<[^>]*>|&\w+;)")
# Nobody else's language, so that what is kept by language (badges, the schema) is made for this one only.
CODE = "en-au"
# Formats of dates, in the letters of a filter of Django: translatable, and no words.
FORMATS = "in the letters of Django’s date filter"


def changed(text: str) -> str:
    """The text in the pseudo-language."""
    parts = KEPT.split(text)
    words = "".join(part if n % 2 else part.translate(CHANGE) for n, part in enumerate(parts))
    return mark_safe(words) if isinstance(text, SafeData) else words  # noqa: S308


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Everything that is translated within comes out changed, lazily translated strings too."""
    from recommendations.api.schema import _schema
    from recommendations.public.badges import _badge

    def pgettext(context: str, text: str) -> str:
        return text if FORMATS in context else changed(text)

    fakes = {
        "gettext": changed,
        "ngettext": lambda one, many, number: changed(one if number == 1 else many),
        "pgettext": pgettext,
        "npgettext": lambda context, one, many, number: changed(one if number == 1 else many),
    }
    with translation.override(CODE):
        real = {name: getattr(translation._trans, name) for name in fakes}  # type: ignore[attr-defined]  # Django's own, in no stub
        try:
            for name, fake in fakes.items():
                setattr(translation._trans, name, fake)  # type: ignore[attr-defined]  # Django's own, in no stub
            yield
        finally:
            for name, function in real.items():
                setattr(translation._trans, name, function)  # type: ignore[attr-defined]  # Django's own, in no stub
            _badge.cache_clear()
            _schema.cache_clear()


# Names of formats, and words of HTTP and the web, which no language translates.
NAMES = {
    *("JSON", "CSV", "XLSX", "SVG", "PNG", "BibTeX", "RIS", "bib", "ris", "API", "ATOM", "Atom", "ICS"),
    *("GET", "HEAD", "OPTIONS"),
}
# Elements that hold data or code as a whole: quoted words are marked and cut in ways no list of values has.
QUOTING = {"blockquote", "q", "mark", "del", "ins"}
QUOTING_CLASSES = {
    "quoted-text",
    "raised-again-text",
    "whole-paragraph",
    "paragraph-body",
    "hits-elsewhere",
    "card-title",
}
CODE_ELEMENTS = {"code", "pre", "script", "style"}
VOID = {"meta", "link", "input", "img", "br", "hr", "use", "path", "rect", "line", "circle"}
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-copy", "data-copied", "data-values")
SEPARATORS = re.compile(r", |; |”\. |: | · | › | → | – | \(|\)\.? | — |\n")
ADDRESS = re.compile(r"(?<![^\s(“])(?:https?:/)?/[a-z]\S*")
EDGES = " \t\n\r.,:;()[]“”‘’\"'…–—·→›↓×/|+%?!-0123456789<>="


def bare(text: str) -> str:
    """The text without figures and punctuation at its ends, white space folded."""
    return " ".join(text.split()).strip(EDGES)


class Data:
    """All that the database says, to recognise it on a page; `codes` may stand in messages about addresses.

    Values of choices are left out: a page shows their labels, which are often the same words.
    """

    def __init__(self, *more: str, codes: Iterable[str] = ()) -> None:
        self.codes = {bare(code) for code in codes}
        values: set[str] = {*NAMES, *map(bare, more), *Review.Mechanism.values}
        texts: list[str] = []
        for model in MODELS:
            fields = [
                field
                for field in model._meta.fields
                if isinstance(field, TEXTS) and not isinstance(field, models.SlugField) and not field.choices
            ]
            for row in model._default_manager.values_list(*(field.name for field in fields)):
                for value in row:
                    for one in value if isinstance(value, list) else [value]:
                        if isinstance(one, str) and one:
                            values.add(bare(one))
                            texts.append(" ".join(one.split()))
        self.values = values
        self.beginnings = sorted(values)
        self.corpus = "\n".join(texts)

    def explains(self, text: str, place: str = "") -> bool:
        """Whether all that is unchanged in this text is data; `place`: "quote" or "message", if it is one."""
        text = ADDRESS.sub(" ", text)
        return all(self._known(part, place) for part in re.split(f"[{CHANGED}]+", text))

    def _known(self, part: str, place: str) -> bool:
        return self._known_whole(part, place) or self._made_of_known(part, place)

    def _known_whole(self, part: str, place: str) -> bool:
        words = bare(part)
        if not re.search(r"[A-Za-z]", words) or words in self.values:
            return True
        if (place == "quote" and words in self.corpus) or (place == "message" and words in self.codes):
            return True
        return "…" in part and len(words) > 15 and self._begins(words)

    def _made_of_known(self, part: str, place: str) -> bool:
        """Whether the part falls into known pieces at separators, some of which stand within data too."""
        cuts = [(0, 0), *(found.span() for found in SEPARATORS.finditer(part)), (len(part), len(part))]
        if len(cuts) == 2:
            return False
        reached = {0}
        for n in range(1, len(cuts)):
            whole = (0, n) if n == len(cuts) - 1 else (-1, n)
            for start in [one for one in reached if (one, n) != whole]:
                piece = part[cuts[start][1] : cuts[n][0]]
                if self._known_whole(piece, place):
                    reached.add(n)
                    break
        return len(cuts) - 1 in reached

    def _begins(self, words: str) -> bool:
        place = bisect_left(self.beginnings, words)
        return place < len(self.beginnings) and self.beginnings[place].startswith(words)


MODELS: tuple[type[models.Model], ...] = (
    *(
        Document,
        Evidence,
        FollowUp,
        Grade,
        Issue,
        Paragraph,
        PopulationGroup,
        Recommendation,
        RecommendationLink,
    ),
    *(ResponseLink, Review, Stakeholder, State, StateResponse),
)
TEXTS = (models.CharField, models.TextField, models.JSONField)


class Reader(HTMLParser):
    """Gathers what a person reads or hears of a page: text, its labels, its title and description."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        # (words, path of elements, kind of place)
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        for name in SPOKEN:
            if given.get(name):
                self.found.append((given[name], f"{tag}[{name}]", self.place))
        if tag == "meta" and given.get("name", given.get("property", "")).endswith(("description", "title")):
            self.found.append((given["content"], "meta", "quote"))
        if tag not in VOID:
            classes = set((given.get("class") or "").split())
            quoting = tag in QUOTING or classes & QUOTING_CLASSES
            self.open.append((tag, "quote" if quoting else "message" if "notice" in classes else ""))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    @property
    def place(self) -> str:
        """Whether this is a quotation or a message."""
        return next((place for _, place in reversed(self.open) if place), "")

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in CODE_ELEMENTS for tag, _ in self.open):
            self.found.append((data, " ".join(tag for tag, _ in self.open[-3:]), self.place))


def untranslated(html: str, data: Data) -> list[str]:
    """The words of a page made in the pseudo-language that are neither changed nor data."""
    reader = Reader()
    reader.feed(html)
    return [
        f"{where}: {' '.join(words.split())[:160]}"
        for words, where, place in reader.found
        if not data.explains(words, place)
    ]
