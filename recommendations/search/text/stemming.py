"""Turns text into stems, in the same way for indexing records and for parsing queries.

A word is folded (case, accents, ligatures, apostrophes, British spelling) and stemmed: in Latin letters
with the English stemmer, in Cyrillic letters with the Russian one, unless the word has a Kazakh letter;
Kazakh words are not stemmed. A stem has only letters or digits, so it is never query syntax.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterator

# Longer than any real word; the engines have limits of their own.
STEM_MAX = 60
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´ʹ", "'"))
# Zero-width characters (soft hyphen, joiners, spaces), which do not separate words.
INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Letters that Unicode does not decompose, with their usual spelling on other keyboards.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def _ranges(characters: str) -> str:
    """Return the characters as ranges for a character class in a regular expression."""
    found = []
    for _, run in groupby(enumerate(characters), key=lambda pair: ord(pair[1]) - pair[0]):
        numbers = [ord(character) for _, character in run]
        found.append(f"\\u{numbers[0]:04x}-\\u{numbers[-1]:04x}")
    return "".join(found)


_MARKS = _ranges("".join(c for c in map(chr, range(0x10000)) if unicodedata.category(c).startswith("M")))
_LETTER = rf"(?:[^\W_]|[{_MARKS}\u00ad\u200b-\u200d\u2060\ufeff])"
WORD = re.compile(rf"{_LETTER}+(?:['’‘`´]{_LETTER}+)*")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_POSSESSIVE = re.compile(r"'s?$")
_ONE_LETTER_FIRST = re.compile(r"^(\w)'")
_CYRILLIC = re.compile(r"[а-яёѓќўџђјљњћєіїґ]+")
_KAZAKH = re.compile(r"[әғқңөұүһі]")

_BRITISH = [
    # -isation and -ise become -ization and -ize, except in words always spelled with an s.
    (re.compile(r"isation(s?)$"), r"ization\1"),
    (
        re.compile(
            r"(?<!^adv)(?<!^dev)(?<!^rev)(?<!^superv)(?<!^improv)(?<!^prov)(?<!^exerc)(?<!^exc)(?<!^inc)"
            r"(?<!^conc)(?<!^prec)(?<!^circumc)(?<!^prom)(?<!^comprom)(?<!^prem)(?<!^dem)(?<!^surm)(?<!^chast)"
            r"(?<!^desp)(?<!^disgu)(?<!gu)(?<!pr)(?<!^r)(?<!^ar)(?<!^upr)(?<!ra)(?<!no)(?<!po)(?<!w)(?<!franch)"
            r"(?<!merchand)(?<!parad)(?<!expert)(?<!treat)(?<!^v)(?<!^m)(?<!^t)"
            r"is(e|es|ed|er|ers|ing)$"
        ),
        r"iz\1",
    ),
    (
        re.compile(
            r"^(dis|mis|un)?(lab|fav|behavi|col|hon|neighb|endeav|hum|rum|harb|vig|rig|arm|sav|val|vap|cand)our"
        ),
        r"\1\2or",
    ),
    (re.compile(r"^(cent|theat)re(s?)$"), r"\1er\2"),
    (re.compile(r"^(def|off|pret)ence(s?)$"), r"\1ense\2"),
    (re.compile(r"^licence(s?)$"), r"license\1"),
    (re.compile(r"^practis"), "practic"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"judgement"), "judgment"),
    (re.compile(r"^(enrol|fulfil)(ment.*|s)?$"), r"\1l\2"),
    (re.compile(r"^ageing$"), "aging"),
    (re.compile(r"^p(ae|æ)d(?=iatr|oph)"), "ped"),
]
# Words that the stemmer fails to join, or would join wrongly.
_IRREGULAR = {"women": "woman", "men": "man", "children": "child", "aids": "aids"}

_english = snowballstemmer.stemmer("english")
_russian = snowballstemmer.stemmer("russian")
# A stemmer keeps the current word as state, so threads must not share it.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """One word in a text: its position, folded form and stem."""

    start: int
    end: int
    form: str
    stem: str


def fold(text: str) -> str:
    """Return the text in lower case without accents, keeping й as a separate letter. Idempotent."""
    if text.isascii():
        return text.lower()
    plain = text.translate(APOSTROPHES).translate(INVISIBLE)
    for _ in range(2):  # a lower-case letter may decompose again
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = plain.replace("и\u0306", "й").translate(LETTERS)
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M"))


@lru_cache(maxsize=65_536)
def stem(form: str) -> str:
    """Return the stem of a folded word; digits and words in other scripts are returned unchanged."""
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    if form.isascii() and form.isalpha():
        for pattern, spelling in _BRITISH:
            form = pattern.sub(spelling, form)
        with _one_at_a_time:
            form = _english.stemWord(form)
    elif _CYRILLIC.fullmatch(form) and not _KAZAKH.search(form):
        with _one_at_a_time:
            form = _russian.stemWord(form)
    return form[:STEM_MAX]


@lru_cache(maxsize=65_536)
def _parts(word: str) -> tuple[tuple[str, str], ...]:
    """Return the (form, stem) pairs of one run, separating letters from digits (JS1 as JS 1)."""
    folded = fold(word)
    if not folded.isalnum():
        folded = _POSSESSIVE.sub("", folded.translate(APOSTROPHES))
        folded = _ONE_LETTER_FIRST.sub(r"\1 ", folded).replace("'", "")
    return tuple((form, stem(form)) for form in _PARTS.findall(folded))


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text in order. Parts of one run share its position."""
    for match in WORD.finditer(text):
        for form, its_stem in _parts(match.group()):
            yield Token(match.start(), match.end(), form, its_stem)


def forms_and_stems(text: str) -> list[tuple[str, str]]:
    """Return the (form, stem) pairs of a text in order; faster than `tokens`, without positions."""
    return [pair for word in WORD.findall(text) for pair in _parts(word)]


def stems(text: str) -> list[str]:
    """Return the stems of a text in order."""
    return [its_stem for _, its_stem in forms_and_stems(text)]
