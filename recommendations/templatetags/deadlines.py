"""Template tag for due dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recommendations.models import deadlines
from recommendations.public.badges import day, icon

if TYPE_CHECKING:
    import datetime

register = template.Library()


@register.simple_tag
def due(due_on: datetime.date | None) -> SafeString:
    """Return `due in 214 days` or `overdue by 12 days` with the date; "" without a date."""
    if due_on is None:
        return SafeString("")
    late = due_on < timezone.localdate()
    return format_html(
        '<span class="due{}">{}{} (<time datetime="{}">{}</time>)</span>',
        " due-late" if late else "",
        icon("warning") if late else "",
        deadlines.countdown(due_on),
        due_on.isoformat(),
        day(due_on),
    )
