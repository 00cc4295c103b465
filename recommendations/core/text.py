"""Text formatting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable


def join_and(words: Iterable[object]) -> str:
    """Join words as a list in a sentence: `A`, `A and B`, `A, B and C`; "" for none."""
    found = [str(word) for word in words]
    if len(found) < 2:
        return "".join(found)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}
