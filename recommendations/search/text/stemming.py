"""Text → stems: the one way in which records are indexed and queries are read.

A word is folded (case, accents, ligatures, apostrophes, British spelling) and cut to its stem: Latin
letters by the English stemmer, Cyrillic ones by the Russian, unless the word has a letter of Kazakh, whose
words keep their endings. A stem holds letters or digits only, so it means nothing to any query syntax.
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

# Nobody's word is longer; an engine has a limit of its own.
STEM_MAX = 60
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´ʹ", "'"))
# Without width: soft hyphen, zero-width joiners and spaces. They part no words.
INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Letters that Unicode does not decompose, though a keyboard without them writes them so.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def _ranges(characters: str) -> str:
    """The characters as ranges of a regular expression's class."""
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
    # -isation and -ise are -ize, but for words that are spelled with an s everywhere.
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
# What the stemmer leaves apart, or would wrongly join.
_IRREGULAR = {"women": "woman", "men": "man", "children": "child", "aids": "aids"}

_english = snowballstemmer.stemmer("english")
_russian = snowballstemmer.stemmer("russian")
# A stemmer holds the word that it is cutting, so two threads must not use it at once.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """One word in a text: where it stands, its folded form, and its stem."""

    start: int
    end: int
    form: str
    stem: str


def fold(text: str) -> str:
    """Small letters without accents; й stays a letter of its own. Folding twice changes nothing more."""
    if text.isascii():
        return text.lower()
    plain = text.translate(APOSTROPHES).translate(INVISIBLE)
    for _ in range(2):  # a small letter may decompose again
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = plain.replace("и\u0306", "й").translate(LETTERS)
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M"))


@lru_cache(maxsize=65_536)
def stem(form: str) -> str:
    """The stem of a folded word; digits and words of other scripts are their own."""
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
    """The (form, stem) pairs of one run of letters: letters and digits are apart (JS1, JS 1)."""
    folded = fold(word)
    if not folded.isalnum():
        folded = _POSSESSIVE.sub("", folded.translate(APOSTROPHES))
        folded = _ONE_LETTER_FIRST.sub(r"\1 ", folded).replace("'", "")
    return tuple((form, stem(form)) for form in _PARTS.findall(folded))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order. Parts of one run of letters share its place."""
    for match in WORD.finditer(text):
        for form, its_stem in _parts(match.group()):
            yield Token(match.start(), match.end(), form, its_stem)


def forms_and_stems(text: str) -> list[tuple[str, str]]:
    """The (form, stem) pairs of a text in order; quicker than `tokens` where places do not matter."""
    return [pair for word in WORD.findall(text) for pair in _parts(word)]


def stems(text: str) -> list[str]:
    """The stems of a text in order."""
    return [its_stem for _, its_stem in forms_and_stems(text)]
