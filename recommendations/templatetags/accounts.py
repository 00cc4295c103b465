"""Template tags about users and their sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext

from recommendations.accounts import services
from recommendations.accounts.middleware import lacks_second_factor as lacks
from recommendations.core.viewer import viewer_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest

    from recommendations.core.viewer import Viewer

register = template.Library()


@register.simple_tag
def viewer_for(user: User | AnonymousUser) -> Viewer:
    """Return the viewer of a user, with what they may see and do."""
    return viewer_of(user)


@register.simple_tag
def lacks_second_factor(request: HttpRequest) -> bool:
    """True if this person must set up a second factor first."""
    return lacks(request)


@register.filter
def called(user: User) -> str:
    """Return a person's name; for pages of signed-in people only."""
    return services.name_of(user)


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.filter
def program(user_agent: str) -> str:
    """Return browser and system of a user agent, or the shortened user agent if it is unknown."""
    known = (
        next((name for mark, name in marks.items() if mark in user_agent), "")
        for marks in (BROWSERS, SYSTEMS)
    )
    return " · ".join(filter(None, known)) or user_agent[:80] or gettext("Unknown program")
