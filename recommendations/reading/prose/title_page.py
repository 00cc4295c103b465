"""Reads the first page of a UN document: symbol, date, State, session, title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recommendations.reading.files.text import fold
from recommendations.reading.prose import state_names
from recommendations.reading.prose.dates import date_in

if TYPE_CHECKING:
    from collections.abc import Sequence

_DISTRIBUTION = re.compile(r"^Distr\.?\s*:?", re.IGNORECASE)
_SESSION_DATES = re.compile(r"\d\s*[–-]\s*\d|^Geneva\b|session", re.IGNORECASE)
_TITLE_LINES = 6
_CONTENTS = re.compile(r"^Contents?$", re.IGNORECASE)


def published_on(header: Sequence[str]) -> str:
    """Return the date under "Distr.:", else the first date that is not a session's; ISO, may be empty."""
    for index, line in enumerate(header):
        if _DISTRIBUTION.match(line) and (found := date_in(" ".join(header[index : index + 3]))):
            return found
    dated = (date_in(line) for line in header if not _SESSION_DATES.search(line))
    return next((found for found in dated if found), "")


def title(header: Sequence[str], opening: re.Pattern[str]) -> str:
    """Return the title, from the line that matches `opening` to its last line; empty if none matches.

    A title continues over several lines while lines begin in lower case or end in a short word.
    """
    for index, line in enumerate(header):
        if not opening.search(line):
            continue
        words = [line]
        for following in header[index + 1 : index + _TITLE_LINES]:
            goes_on = following[:1].islower() or re.search(r"\b(?:of|the|on|and|in)$|,$", words[-1])
            if not goes_on and not following.startswith("Review"):
                break
            words.append(following)
        return fold(" ".join(word.rstrip("* ") for word in words))
    return ""


def state_after_title(header: Sequence[str], opening: re.Pattern[str]) -> str:
    """Return the code of the State whose name is alone on a line under the title; empty if none is."""
    start = next((index for index, line in enumerate(header) if opening.search(line)), len(header))
    for line in header[start : start + _TITLE_LINES]:
        if _CONTENTS.match(line):
            break
        if found := state_names.code_of(line.strip("* ")):
            return found
    return ""
