"""Dates and ordinal numbers as UN documents write them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
DATES = (
    re.compile(r"\b(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}}) {_MONTH},? (?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})\b", re.IGNORECASE),
)

_CARDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_TENS = ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"]
_NUMBERS = (
    {word: number for number, word in enumerate(_CARDINALS, start=1)}
    | {word: number for number, word in enumerate(_ORDINALS, start=1)}
    | {stem + "y": 10 * number for number, stem in enumerate(_TENS, start=2)}
    | {stem + "ieth": 10 * number for number, stem in enumerate(_TENS, start=2)}
)
_NUMBER_WORD = (
    "(?:" + "|".join(sorted([*_NUMBERS, "hundred", "hundredth", "and"], key=len, reverse=True)) + ")"
)
SESSION = re.compile(
    rf"\b(?P<number>\d{{1,3}}(?:st|nd|rd|th)|{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD}){{0,5}}) session\b",
    re.IGNORECASE,
)


def iso_date(parts: dict[str, str]) -> str:
    """Return the ISO date of a match of DATES (its `groupdict()`); empty if the day does not exist."""
    month = _MONTHS.index(parts["month"].lower()) + 1 if "month" in parts else int(parts["number"])
    try:
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return ""


def ordinal(words: str) -> int:
    """Return an ordinal ("144th", "one hundred and forty-fourth") as a number; 0 if it is not one."""
    if words[0].isdigit():
        return int(words[:-2])
    total = 0
    for word in re.split("[ -]", words):
        if word.startswith("hundred"):
            total = max(total, 1) * 100
        elif word != "and":
            total += _NUMBERS[word]
    return total if words.endswith(("th", "st", "nd", "rd")) or words.split("-")[-1] in _ORDINALS else 0


def date_in(text: str) -> str:
    """Return the first date in the text, in ISO form; empty if there is none."""
    found = [match for pattern in DATES if (match := pattern.search(text))]
    first = min(found, key=lambda match: match.start(), default=None)
    return iso_date(first.groupdict()) if first else ""


def session_in(text: str) -> str:
    """Return the number of the first session named in the text ("its seventh session"), in digits."""
    found = SESSION.search(text)
    number = ordinal(found["number"].lower()) if found else 0
    return str(number) if number else ""
