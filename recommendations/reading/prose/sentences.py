"""Splits the English of UN documents into sentences."""

from __future__ import annotations

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Followed by a name, whatever its first letter.
_TITLES = _words("mr mrs ms mx dr prof gen col lt sgt capt hon gov sen st mt rev messrs v vs cf e.g i.e viz")
# Followed by a number: "No. 23493", "Art. 6", "pp. 3-5".
_BEFORE_NUMBER = _words("no nos art arts para paras p pp vol ch sec fig add corr doc ref tel")
# May also end a sentence, and do if the next word can begin one.
_OPEN = _words("inc ltd co corp jr sr u.s u.k u.n d.c a.m p.m al etc ed eds approx dept")
_OPENERS = _words(
    "a an the this that these those it its they their he she his her we there here in on at by for from "
    "with as however moreover furthermore further also additionally while although despite according "
    "regarding since under after before during another other others some many several two three both all no "
    "one if when experts expert committee delegation responding concerning what how could would was "
    "were is are "
    "had has did do"
)
_STOP = re.compile(r"[.!?…]+[”\"’'»)\]]*(?=\s)")
_WORD_BEFORE = re.compile(r"[^\s“\"‘(\[«—–]+$")
_LIST_MARK = re.compile(r"\(?(?:[ivx]{1,5}|[a-z]|\d{1,2})[.)]$")
_NEXT_LIST_MARK = re.compile(r"\((?:[ivx]{1,5}|[a-z]|\d{1,2})\)\s|(?:[ivx]{1,5}|[a-z]|\d{1,2})\)\s")
_PAIRS = {"”": "“", ")": "(", "]": "[", "»": "«"}
_OPENING = "“\"‘([«'"
_REACH = 80


def split_sentences(text: str) -> list[str]:
    """Return the sentences of one paragraph whose white space is folded.

    Each is a verbatim slice; joined by single spaces they equal the text. A full stop does not
    end a sentence after an abbreviation, an initial or a list's mark, nor inside a quotation or
    brackets, unless the quotation ends the sentence.
    """
    depth = _depths(text)
    sentences: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        if depth[stop.end() - 1] == 0 and _ends(text, start, stop):
            sentences.append(text[start : stop.end()])
            start = stop.end() + 1
    if text[start:]:
        sentences.append(text[start:])
    return sentences


def _depths(text: str) -> list[int]:
    """Return for each character the number of quotations and brackets still open after it.

    Only matched marks count: a bracket that is never closed has no effect.
    """
    change = [0] * len(text)
    waiting: dict[str, list[int]] = {opener: [] for opener in '“([«"'}
    for position, character in enumerate(text):
        if character == '"':
            _match_straight(text, position, waiting['"'], change)
        elif character in waiting:
            waiting[character].append(position)
        elif character in _PAIRS and waiting[_PAIRS[character]]:
            change[waiting[_PAIRS[character]].pop()] += 1
            change[position] -= 1
    depth = 0
    depths = []
    for step in change:
        depth += step
        depths.append(depth)
    return depths


def _match_straight(text: str, position: int, waiting: list[int], change: list[int]) -> None:
    """Let a straight quotation mark close an open one, or open a new one where a word may begin."""
    if waiting:
        change[waiting.pop()] += 1
        change[position] -= 1
    elif position == 0 or text[position - 1].isspace() or text[position - 1] in _OPENING:
        waiting.append(position)


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    following = text[stop.end() + 1 : stop.end() + _REACH]
    if not _may_begin(following):
        return False
    if not stop.group().startswith("."):
        return True
    before = text[max(start, stop.start() - _REACH) : stop.start()]
    found = _WORD_BEFORE.search(before)
    if found is None:
        return True
    word = found.group()
    if _is_list_mark(before, found, stop.group()):
        return False
    return _word_may_end(word, following, stop.group())


def _may_begin(following: str) -> bool:
    """True if a sentence can begin with these characters."""
    if _NEXT_LIST_MARK.match(following):
        return False
    first = following.lstrip(_OPENING)[:1]
    return bool(first) and (first.isdigit() or (first.isalpha() and not first.islower()) or first in "•–—-")


def _is_list_mark(before: str, found: re.Match[str], stop: str) -> bool:
    """True if the word is the number of an item: "…: 1. Adopt", "a) The law"."""
    if not _LIST_MARK.fullmatch(found.group() + stop[:1]):
        return False
    earlier = before[: found.start()].rstrip()
    return not earlier or earlier[-1] in ".;:"


def _word_may_end(word: str, following: str, stop: str) -> bool:
    bare = word.strip(".,;:").lower()
    if bare in _TITLES:
        return False
    if bare in _BEFORE_NUMBER:
        return not re.match(r"[(\[]?[\dIVXLC]+\b", following)
    next_word = re.match(r"[A-Za-z]+", following.lstrip(_OPENING))
    opens = next_word is not None and next_word.group().lower() in _OPENERS
    is_initial = len(word) == 1 and word.isupper()
    if bare in _OPEN or is_initial or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word):
        return opens or len(stop) > 1
    return True
