"""What the pages share: badges, quotations in their paragraph, words in a sentence."""

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
def picture_cell(cell: Cell) -> SafeString:
    """A number of a picture, as a link where there is a list behind it; written as `filter_values` is."""
    if cell.url:
        return format_html('<a href="{}">{}</a>', cell.url, cell.words)
    if cell.number:
        return SafeString(cell.words)
    return SafeString('<span class="none">·<span class="visually-hidden">0</span></span>')


@register.simple_tag
def filter_values(name: str, values: Iterable[Value], *, apart: bool = False) -> SafeString:
    """Values of one filter as boxes to tick, with how many records each would give.

    `apart`: a value stands away from what holds it in the tree, so that is named with it. Not a template:
    a page has up to a thousand of them, and they were half of its time.
    """
    lines = []
    for value in values:
        option = value.option
        key, label, within = (html.escape(str(one)) for one in (option.value, option.label, option.within))
        of_item = ' class="within"' if within and not apart else ""
        of_label = ' class="empty-value"' if value.count == 0 else ""
        checked = " checked" if value.chosen else ""
        words = f"{within} › {label}" if within and apart else label
        number = "" if value.count is None else f' <span class="figure">{value.count}</span>'
        lines.append(
            f'<li{of_item}><label{of_label}><input type="checkbox" id="filter-{name}-{key}" name="{name}"'
            f' value="{key}"{checked}> <span>{words}</span>{number}</label></li>'
        )
    return mark_safe(f"<ul>{''.join(lines)}</ul>")  # noqa: S308  (all words are escaped above)


class Capture(template.Node):
    """What stands inside, blocks too, kept under a name instead of shown: a block can be used only once."""

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name = name
        # Under this name, Django finds the blocks inside.
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """Set the words, on one line; show nothing."""
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
    """A line of the main navigation; the section that the reader is in is marked."""
    url = reverse(url_name)
    request = context.get("request")
    path = request.path if request is not None else ""
    current = (
        format_html(' aria-current="{}"', "page" if path == url else "true") if path.startswith(url) else ""
    )
    return format_html('<li><a href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag(takes_context=True)
def desk_item(context: dict[str, Any], url_name: str, label: str) -> SafeString:
    """A line of the desk's navigation: marked on its page, and on those below it ("My work" is above all)."""
    url, path = reverse(url_name), context["request"].path
    current = SafeString("")
    if path == url:
        current = SafeString(' aria-current="page"')
    elif url_name != "desk" and path.startswith(url):
        current = SafeString(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag
def grade(entry: Any) -> SafeString:
    """The grade as the body gave it, with its scheme and what it means there, if that is known.

    `entry` is of a QuerySet `with_grade_meaning()`; nothing for an entry without a grade.
    """
    if not entry.grade:
        return SafeString("")
    given = gettext("Grade %(grade)s (%(scheme)s)") % {"grade": entry.grade, "scheme": entry.grade_scheme}
    meaning = f": {entry.grade_meaning}" if entry.grade_meaning else ""
    return format_html('<span class="grade"><strong>{}</strong>{}</span>', given, meaning)


@register.filter
def status_label(status: str | None) -> str:
    """The status in words."""
    status = status or FollowUp.NOT_ASSESSED
    return str(STATUS_LABELS.get(status, status))


@register.filter
def kind_noun(kind: str, number: int) -> str:
    """So many of a kind, without the number: `recommendation`, `recommendations`."""
    return str(KIND_NOUNS[Recommendation.Kind(kind)] % number)


@register.filter
def role_label(role: str) -> str:
    """The assessor role in words."""
    return str(ROLE_LABELS.get(role, role))


@register.filter
def position_label(position: str) -> str:
    """The State's formal position in words."""
    return str(POSITION_LABELS.get(position, position))


@register.filter
def stakeholder_link(stakeholder: Stakeholder | None) -> str:
    """The name linked to its page; a name that must stay off public pages is withheld."""
    if stakeholder is None or not stakeholder.published:
        return str(NAME_WITHHELD)
    return format_html('<a href="{}">{}</a>', stakeholder.get_absolute_url(), stakeholder.name)


@register.filter
def stakeholder_name(stakeholder: Stakeholder | None) -> str:
    """The short name; one that must stay off public pages is withheld."""
    return stakeholder.short if stakeholder is not None and stakeholder.published else str(NAME_WITHHELD)


@register.filter
def language_words(code: str) -> str:
    """A language in words; an unknown code as it is."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def excerpt(text: str, characters: int) -> str:
    """The beginning of the text, at most this many characters, cut between words, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= characters:
        return text
    cut = Truncator(text).chars(characters, truncate="")
    if " " in cut and not text[len(cut)].isspace():
        cut = cut.rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:–—')} …"


@register.filter
def join_and(words: Iterable[object]) -> str:
    """`A, B and C`; escaped words stay escaped."""
    return mark_safe(words_joined(conditional_escape(str(word)) for word in words))  # noqa: S308


@register.filter
def paragraph_with_quote(text: str, quote: str | Iterable[str]) -> SafeString:
    """The paragraph, escaped, with the quote (or each of several quotes) in <mark>."""
    quotes = [quote] if isinstance(quote, str) else quote
    parts: list[tuple[str]] = []
    done = 0
    for start, end in passages(text, quotes):
        parts.append((escape(text[done:start]),))
        parts.append((format_html("<mark>{}</mark>", text[start:end]),))
        done = end
    parts.append((escape(text[done:]),))
    return format_html_join("", "{}", parts)
