"""Template tags for citations, JSON-LD and marked text differences."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.exports import citations, schema_org
from recommendations.exports.citations import Citation, Site

register = template.Library()
NAMES = {"bib": "BibTeX", "ris": "RIS"}
MARKS = {
    "del": ("del", _("not in the later wording")),
    "ins": ("ins", _("new in the later wording")),
    "both": ("mark", _("in both")),
}
END = SafeString('<span class="visually-hidden">]</span>')


def site_of(context: dict[str, Any]) -> Site:
    """Return the site's name and URL from the context."""
    return Site(context.get("site_url", ""), context.get("site_name", ""))


@register.inclusion_tag("public/partials/cite.html", takes_context=True)
def how_to_cite(
    context: dict[str, Any], thing: Any, heading: str = "", level: int = 2, anchor: str = "cite"
) -> dict[str, Any]:
    """Render the block on how to cite a page; `thing` is a model instance, a chart or a Citation."""
    citation = thing if isinstance(thing, Citation) else citations.cite(thing, site_of(context))
    files = [(NAMES[ending], address) for ending, address in citation.files.items()]
    return {
        "citation": citation,
        "heading": heading or gettext("How to cite it"),
        "files": files,
        "level": level,
        "anchor": anchor,
    }


@register.simple_tag(takes_context=True)
def json_ld(context: dict[str, Any], thing: Any = None) -> SafeString:
    """Return the page's JSON-LD script, for an object or for the whole site."""
    site = site_of(context)
    return schema_org.script(
        schema_org.describe_site(site) if thing is None else schema_org.describe(thing, site)
    )


@register.filter
def marked(pieces: list[Any]) -> SafeString:
    """Return text with differing or common pieces marked, with hidden labels for screen readers."""
    parts: list[tuple[SafeString]] = []
    for piece in pieces:
        if piece.mark:
            tag, said = MARKS[piece.mark]
            hidden = format_html('<span class="visually-hidden">[{}: </span>', said)
            parts.append((format_html("<{}>{}{}{}</{}>", tag, hidden, piece.words, END, tag),))
        else:
            parts.append((format_html("{}", piece.words),))
    return format_html_join(" ", "{}", parts)
