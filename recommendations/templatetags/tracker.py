"""Template tags shared by all pages: badges, labels, navigation, quotes in their paragraph."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language_info, gettext

from recommendations.core.text import join_and as words_joined
from recommendations.models import FollowUp, Recommendation
from recommendations.models.statuses import STATUS_LABELS
from recommendations.public.badges import (
    KIND_NOUNS,
    NAME_WITHHELD,
    POSITION_LABELS,
    ROLE_LABELS,
    day,
    icon,
    kind_badge,
    known_to,
    stance_badge,
    status_badge,
)
from recommendations.reading.quotes import passages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.charts.drawing.heat_map import Cell
    from recommendations.models import Stakeholder
    from recommendations.search.filters.panel import Value

register = template.Library()
for _tag in (icon, status_badge, kind_badge, stance_badge):
    register.simple_tag(_tag)
for _filter in (day, known_to):
    register.filter(_filter)


@register.simple_tag
def chart_cell(cell: Cell) -> SafeString:
    """Return a number of a chart's table, linked to its list if there is one.

    Written without a template for speed, as `filter_values` is.
    """
    if cell.url:
        return format_html('<a href="{}">{}</a>', cell.url, cell.words)
    if cell.number:
        return SafeString(cell.words)
    return SafeString('<span class="numeric-zero">·<span class="visually-hidden">0</span></span>')


@register.simple_tag
def filter_values(name: str, values: Iterable[Value], *, apart: bool = False) -> SafeString:
    """Return the values of a filter as checkboxes with the number of records for each.

    With `apart`, values are shown away from their parents in the tree, so each is labelled with its parent.
    Written without a template, because a page has up to a thousand values, which took half its time.
    """
    lines = []
    for value in values:
        option = value.option
        key, label, within = (html.escape(str(one)) for one in (option.value, option.label, option.within))
        of_item = ' class="nested"' if within and not apart else ""
        of_label = ' class="facet-value-zero"' if value.count == 0 else ""
        checked = " checked" if value.chosen else ""
        words = f"{within} › {label}" if within and apart else label
        number = "" if value.count is None else f' <span class="numeric">{value.count}</span>'
        lines.append(
            f'<li{of_item}><label{of_label}><input type="checkbox" id="filter-{name}-{key}" name="{name}"'
            f' value="{key}"{checked}> <span>{words}</span>{number}</label></li>'
        )
    return mark_safe(f"<ul>{''.join(lines)}</ul>")  # noqa: S308  (all words are escaped above)


class Capture(template.Node):
    """Renders its content, including blocks, into a variable, because a block can be output only once."""

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name = name
        # Django finds blocks inside a node by this attribute name.
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """Set the variable to the content on one line; output nothing."""
        words = " ".join(self.nodelist.render(context).split())
        context[self.name] = mark_safe(words)  # noqa: S308  (what a template rendered is escaped already)
        return SafeString("")


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> Capture:
    """`{% capture "name" %}…{% endcapture %}`, then `{{ name }}` as often as needed."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(name.strip('"'), nodelist)


@register.simple_tag(takes_context=True)
def nav_item(context: dict[str, Any], url_name: str, label: str) -> SafeString:
    """Return an item of the main navigation, marked if the current page is in its section."""
    url = reverse(url_name)
    request = context.get("request")
    path = request.path if request is not None else ""
    current = (
        format_html(' aria-current="{}"', "page" if path == url else "true") if path.startswith(url) else ""
    )
    return format_html('<li><a href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag(takes_context=True)
def desk_item(context: dict[str, Any], url_name: str, label: str) -> SafeString:
    """Return an item of the desk's navigation, marked on its page and, except for "My work", on subpages."""
    url, path = reverse(url_name), context["request"].path
    current = SafeString("")
    if path == url:
        current = SafeString(' aria-current="page"')
    elif url_name != "desk" and path.startswith(url):
        current = SafeString(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag
def grade(entry: Any) -> SafeString:
    """Return the body's grade with its scheme and, if known, its meaning; "" for an entry without a grade.

    `entry` must come from a QuerySet `with_grade_meaning()`.
    """
    if not entry.grade:
        return SafeString("")
    given = gettext("Grade %(grade)s (%(scheme)s)") % {"grade": entry.grade, "scheme": entry.grade_scheme}
    meaning = f": {entry.grade_meaning}" if entry.grade_meaning else ""
    return format_html('<span class="grade"><strong>{}</strong>{}</span>', given, meaning)


@register.filter
def status_label(status: str | None) -> str:
    """Return the label of a status; None is not assessed."""
    status = status or FollowUp.NOT_ASSESSED
    return str(STATUS_LABELS.get(status, status))


@register.filter
def kind_noun(kind: str, number: int) -> str:
    """Return the singular or plural noun for the number: `recommendation`, `recommendations`."""
    return str(KIND_NOUNS[Recommendation.Kind(kind)] % number)


@register.filter
def role_label(role: str) -> str:
    """Return the label of an assessor role."""
    return str(ROLE_LABELS.get(role, role))


@register.filter
def position_label(position: str) -> str:
    """Return the label of the State's formal position."""
    return str(POSITION_LABELS.get(position, position))


@register.filter
def stakeholder_link(stakeholder: Stakeholder | None) -> str:
    """Return the stakeholder's name linked to its page, or "name withheld" if it is not public."""
    if stakeholder is None or not stakeholder.published:
        return str(NAME_WITHHELD)
    return format_html('<a href="{}">{}</a>', stakeholder.get_absolute_url(), stakeholder.name)


@register.filter
def stakeholder_name(stakeholder: Stakeholder | None) -> str:
    """Return the stakeholder's short name, or "name withheld" if it is not public."""
    return stakeholder.short if stakeholder is not None and stakeholder.published else str(NAME_WITHHELD)


@register.filter
def language_words(code: str) -> str:
    """Return the name of a language, or the code itself if it is unknown."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def excerpt(text: str, characters: int) -> str:
    """Return the text cut between words to at most this many characters, with an ellipsis if cut."""
    text = " ".join(text.split())
    if len(text) <= characters:
        return text
    cut = Truncator(text).chars(characters, truncate="")
    if " " in cut and not text[len(cut)].isspace():
        cut = cut.rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:–—')} …"


@register.filter
def join_and(words: Iterable[object]) -> str:
    """Join words as `A, B and C`, escaping those that are not safe."""
    return mark_safe(words_joined(conditional_escape(str(word)) for word in words))  # noqa: S308


@register.filter
def paragraph_with_quote(text: str, quote: str | Iterable[str]) -> SafeString:
    """Return the paragraph escaped, with the quote or quotes in <mark>."""
    quotes = [quote] if isinstance(quote, str) else quote
    parts: list[tuple[str]] = []
    done = 0
    for start, end in passages(text, quotes):
        parts.append((escape(text[done:start]),))
        parts.append((format_html("<mark>{}</mark>", text[start:end]),))
        done = end
    parts.append((escape(text[done:]),))
    return format_html_join("", "{}", parts)
