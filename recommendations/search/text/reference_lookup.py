"""A reference typed as it stands leads to what it names."""

from __future__ import annotations

import re

from recommendations.models import Recommendation, StateResponse

# As the model's validator allows, with a digit, so that hardly any word looks like one.
REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]*")


def named(text: str) -> Recommendation | StateResponse | None:
    """The public record, or State response, with this reference in capitals or small letters; None for none.

    A reference of the past, as it was written, leads to the record that it means now.

    Nothing is asked of the database unless the text can be a reference: it has a digit, and no space.
    """
    if not REFERENCE.fullmatch(text):
        return None
    records = Recommendation.objects.published().filter(search__reference=text.lower())
    # Two references may differ by capitals alone; the one typed goes first.
    found = sorted(records, key=lambda record: record.reference != text)
    if found:
        return found[0]
    spellings = {text, text.upper(), text.lower()}
    response = StateResponse.objects.published().filter(reference__in=spellings).first()
    return response or Recommendation.objects.formerly(text).first()
