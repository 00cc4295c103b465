"""Filters that tolerate any address: a value is either understood or reported in a sentence."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recommendations.search.filters.panel import (
    Control,
    Value,
    branches_with_chosen_first,
    chosen_first,
    offered,
)
from recommendations.search.filters.values import UNKNOWN_MAX, Given, Narrow, Option, Rows, named
from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django_stubs_ext import StrOrPromise


# Values of a filter with more options than this are typed instead of ticked.
OPTIONS_MAX = 200


def allowed_are(values: Iterable[str]) -> str:
    """Return a sentence that lists the allowed values."""
    return gettext("Allowed: %(values)s.") % {"values": ", ".join(values)}


class ListFilter(django_filters.Filter):
    """One filter: reads raw values, and narrows rows to those that match any of them.

    `by` is a lookup such as `kind__in`, a function of rows and keys, or None if the FilterSet itself
    combines this filter with another.
    """

    field_class = forms.Field
    kind: ClassVar[str] = "choices"
    tree: ClassVar[bool] = False
    several: bool = True

    def __init__(
        self,
        label: StrOrPromise,
        by: str | Narrow | None = None,
        *,
        param: str = "",
        help: StrOrPromise = "",
        panel: bool = True,
        open: bool = False,
    ) -> None:
        super().__init__(label=label)
        self.by = by
        self.param = param
        self.help = help
        self.in_panel = panel
        self.open = open
        self.name = ""  # the parameter; set by the FilterSet

    def options(self) -> list[Option]:
        """Return the values to offer."""
        return []

    def find(self, values: list[str]) -> dict[str, Option]:
        """Return the option for each of these raw values; unknown values are left out."""
        by_value = {option.value.lower(): option for option in self.options()}
        return {value: by_value[value.lower()] for value in values if value.lower() in by_value}

    def allowed(self) -> str:
        """Return a sentence on the values that are allowed."""
        return allowed_are(option.value for option in self.options())

    def read(self, raw: list[str]) -> Given:
        """Parse the raw values of the address; empty ones count as not given."""
        values = list(dict.fromkeys(value.strip() for value in raw if value.strip()))
        problems = []
        if len(values) > 1 and not self.several:
            sentence = gettext("“%(filter)s” (%(name)s) takes one value; only the last one counts.")
            problems.append(sentence % {"filter": self.label, "name": self.name})
            values = values[-1:]
        found = self.find(values) if values else {}
        chosen = dict.fromkeys(found[value] for value in values if value in found)
        unknown = [value for value in values if value not in found]
        if unknown:
            sentence = ngettext(
                "“%(filter)s” (%(name)s) does not know %(values)s, so it matches nothing. %(allowed)s",
                "“%(filter)s” (%(name)s) does not know %(values)s, so they match nothing. %(allowed)s",
                len(unknown),
            )
            words = {"filter": self.label, "name": self.name, "values": named(unknown)}
            problems.append(sentence % (words | {"allowed": self.allowed()}))
        return Given(tuple(chosen), tuple(unknown[:UNKNOWN_MAX]), tuple(problems))

    def narrow(self, rows: Rows, given: Given) -> Rows:
        """Return the rows that match."""
        if self.by is None:
            return rows
        if callable(self.by):
            return self.by(rows, given.keys)
        return rows.filter(**{self.by: given.keys})

    def control(self, given: Given, counts: Mapping[str, int] | None = None) -> Control:
        """Return the filter as the panel shows it, with the number of records for each value."""
        options = self.options()
        typed = len(options) > OPTIONS_MAX
        if typed:
            options = self.most_frequent(counts or {})
        values, empty = offered(options, given, counts)
        return Control(
            self.name,
            str(self.label or ""),
            self.kind,
            str(self.help),
            given,
            values=branches_with_chosen_first(values) if self.tree else self.arrange(values),
            empty=empty,
            typed=typed,
            open=self.open,
        )

    def arrange(self, values: list[Value]) -> list[Value]:
        """Return the values in the order in which the panel shows them."""
        return chosen_first(values)

    def most_frequent(self, counts: Mapping[str, int]) -> list[Option]:
        """Return the most frequent options, for when there are too many to tick."""
        return []


class Words(ListFilter):
    """Free text, of which each word must be found; `by` gets the words folded."""

    kind = "search"
    several = False

    def too_long(self, words: int) -> str:
        """Return the sentence for a reader who entered more than this many words, or too many characters."""
        sentence = gettext(
            "“%(filter)s” (%(name)s) takes at most %(words)s words and %(length)s characters;"
            " the rest is left out."
        )
        return sentence % {"filter": self.label, "name": self.name, "words": words, "length": LENGTH_MAX}

    def read(self, raw: list[str]) -> Given:
        text = " ".join(" ".join(raw).split())
        words = words_of(text[:LENGTH_MAX])
        problems = []
        if len(text) > LENGTH_MAX or len(words) > WORDS_MAX:
            problems.append(self.too_long(WORDS_MAX))
        if not words:
            return Given(problems=tuple(problems))
        text = text[:LENGTH_MAX]
        return Given((Option(text, f"“{text}”", tuple(words[:WORDS_MAX])),), (), tuple(problems))


class Choices(ListFilter):
    """A fixed set of values, such as the choices of a field."""

    def __init__(
        self,
        label: StrOrPromise,
        by: str | Narrow | None,
        choices: Iterable[tuple[Any, Any]],
        *,
        several: bool = True,
        help: StrOrPromise = "",
        panel: bool = True,
        open: bool = False,
    ) -> None:
        super().__init__(label, by, help=help, panel=panel, open=open)
        self.choices = [(str(value), words) for value, words in choices]
        self.several = several

    def options(self) -> list[Option]:
        return [Option(value, str(words), (value,)) for value, words in self.choices]


class Flag(ListFilter):
    """True or false; `by` gets a list of one bool."""

    several = False
    SAID = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

    def __init__(
        self,
        label: StrOrPromise,
        by: str | Narrow,
        *,
        yes: StrOrPromise = "",
        no: StrOrPromise = "",
    ) -> None:
        super().__init__(label, by)
        self.words = {True: yes or _("Yes"), False: no or _("No")}

    def options(self) -> list[Option]:
        return [Option(str(said).lower(), str(words), (said,)) for said, words in self.words.items()]

    def find(self, values: list[str]) -> dict[str, Option]:
        yes, no = self.options()
        said = {value: self.SAID.get(value.lower()) for value in values}
        return {value: yes if answer else no for value, answer in said.items() if answer is not None}

    def allowed(self) -> str:
        return gettext("Allowed: true (or 1, yes), false (or 0, no).")


class Edge(ListFilter):
    """The first or last day of a period, given as a date, a month or a year."""

    kind = "date"
    several = False
    WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

    def __init__(
        self,
        label: StrOrPromise,
        field_name: str,
        *,
        param: str,
        last: bool = False,
        help: StrOrPromise = "",
    ) -> None:
        def narrow(rows: Rows, days: list[Any]) -> Rows:
            return rows.filter(**{f"{field_name}__{'lte' if last else 'gte'}": days[0]})

        super().__init__(label, narrow, param=param, help=help)
        self.last = last

    def find(self, values: list[str]) -> dict[str, Option]:
        days = {value: self.day(value) for value in values}
        return {value: Option(value, value, (day,)) for value, day in days.items() if day}

    def day(self, written: str) -> datetime.date | None:
        """Return the day: for a month or year its first day, or its last to end a period; None if invalid."""
        if not (match := self.WRITTEN.fullmatch(written)):
            return None
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # noqa: S101  (the first group is not optional)
        try:
            if day and month:
                return datetime.date(year, month, day)
            first = datetime.date(year, month or 1, 1)
            if not self.last:
                return first
            if month and month < 12:
                return datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)
            return datetime.date(year, 12, 31)
        except ValueError:
            return None

    def allowed(self) -> str:
        return gettext("Allowed: a date such as 2010-02-08, a month such as 2010-02, or a year such as 2010.")


class PublicFilterSet(django_filters.FilterSet):
    """The filters of one list. OR within one filter, AND across them; invalid values never raise."""

    # The sections of a long panel: filter names by heading. Filters in no section come first.
    sections: ClassVar[Mapping[Any, Sequence[str]]] = {}

    @classmethod
    def get_filters(cls) -> Any:
        """Return the declared filters by the parameter they read (`from` cannot be a name in Python)."""
        declared = super().get_filters().items()  # type: ignore[no-untyped-call]  # django-filter has no types here
        filters = {item.param or name: item for name, item in declared}
        for name, item in filters.items():
            item.name = name
        return filters

    @cached_property
    def given(self) -> dict[str, Given]:
        """Return the values that the address gives each filter."""
        found = {name: item.read(self.data.getlist(name)) for name, item in self.filters.items()}
        start, end = found.get("from", Given()), found.get("to", Given())
        if start.keys and end.keys and start.keys[0] > end.keys[0]:
            late = gettext("“From” lies after “to”, so nothing can match.")
            found["from"] = Given(start.chosen, start.unknown, (*start.problems, late))
        return found

    @property
    def problems(self) -> dict[str, list[str]]:
        """Return sentences about invalid values, by filter."""
        return {name: list(given.problems) for name, given in self.given.items() if given.problems}

    def is_valid(self) -> bool:
        return not self.problems

    @property
    def usual_sort(self) -> str:
        """Return the name of the sort order that these filters suggest; empty for the list's own."""
        return ""

    def hidden(self) -> list[tuple[str, str]]:
        """Return the active values that no control of the panel holds, so that its form can keep them."""
        found = []
        for name, item in self.filters.items():
            given = self.given[name]
            if not item.in_panel:
                found += [(name, value) for value in given.values]
            elif item.kind == "choices":
                found += [(name, value) for value in given.unknown]
        return found

    @cached_property
    def qs(self) -> Rows:
        """Return the rows that match."""
        return self.rows_without()

    def rows_without(self, *names: str) -> Rows:
        """Return the rows that match all filters but these, as counts beside a filter's values need."""
        rows: Rows = self.queryset.all()
        asked = {name: given for name, given in self.given.items() if given.asked and name not in names}
        if any(not given.chosen for given in asked.values()):
            return rows.none()
        for name, given in asked.items():
            rows = self.filters[name].narrow(rows, given)
        return self.narrow_jointly(rows, {name: given.keys for name, given in asked.items()})

    def narrow_jointly(self, rows: Rows, keys: dict[str, list[Any]]) -> Rows:
        """Apply filters whose combined meaning differs from each alone; `keys` by name of active filters."""
        return rows

    def controls(self, counts: Mapping[str, Mapping[str, int]] | None = None) -> list[Control]:
        """Return the filters as the panel shows them; `counts` are numbers of rows by filter and value."""
        shown_of = counts or {}
        loose: dict[str, Control] = {
            name: item.control(self.given[name], shown_of.get(name))
            for name, item in self.filters.items()
            if item.in_panel
        }
        parted: list[Control] = []
        for heading, names in self.sections.items():
            part = [loose.pop(name) for name in names]
            first = next((control for control in part if control.shown), None)
            parted += [replace(each, heading=str(heading)) if each is first else each for each in part]
        return [*loose.values(), *parted]
