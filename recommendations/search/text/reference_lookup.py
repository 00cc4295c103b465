"""Finds the record or response for a reference typed into the search box."""

from __future__ import annotations

import re

from recommendations.models import Recommendation, StateResponse

# As allowed by the model's validator, but with at least one digit, to exclude ordinary words.
REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]*")


def named(text: str) -> Recommendation | StateResponse | None:
    """Return the public record or State response with this reference, ignoring case; None if there is none.

    A former reference, matched exactly, gives the record that now has it.

    The database is only queried if the text could be a reference: it has a digit and no space.
    """
    if not REFERENCE.fullmatch(text):
        return None
    records = Recommendation.objects.published().filter(search__reference=text.lower())
    # Two references may differ only in case; prefer the one that matches exactly.
    found = sorted(records, key=lambda record: record.reference != text)
    if found:
        return found[0]
    spellings = {text, text.upper(), text.lower()}
    response = StateResponse.objects.published().filter(reference__in=spellings).first()
    return response or Recommendation.objects.formerly(text).first()
