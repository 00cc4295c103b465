"""From a paragraph of concluding observations to its statements: sentences, and sub-items (a) to (z)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recommendations.reading.document import Act, Statement
from recommendations.reading.prose.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recommendations.reading.prose.numbered import Numbered


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MUCH = r"(?:\w+(?:\s+and)?\s+){0,4}?"
_RECOMMENDS = re.compile(
    r"\b(?:State\s+part(?:y|ies)|Government|authorities|[Ii]t|[Tt]hey)\s+(?:\w+[\s,]+){0,4}?(?:should|must)\b"
    rf"|\b(?:Committee|[Ii]t|and|also)(?:,[^;:]{{1,300}}?,)?\s+{_MUCH}"
    r"(?:recommends|urges|calls\s+(?:up)?on|calls\s+for|encourages|invites|requests|advises|proposes|suggests|exhorts"
    r"|reiterates\s+(?:its|the)\s+(?:\w+\s+){0,3}?(?:recommendations?|calls?|requests?|invitation))\b"
    rf"|\b(?:State\s+party|[Ii]t)\s+is\s+{_MUCH}(?:requested|invited|encouraged|urged|called\s+upon)\b"
)
_SHOULD = re.compile(r"\bshould\b(?!\s+have\b)")
_CONCERN = re.compile(
    r"\b(?:is|are|remains|remain)\s+(?:\w+[\s,]+){0,4}?(?:concerned|alarmed|dismayed|worried|disturbed|troubled|perturbed)\b"
    r"|\b(?:regrets?|deplores?|condemns?)\b"
    r"|\b(?:notes?|observes?|takes\s+note)\s+(?:\w+\s+)?with\s+(?:\w+\s+)?(?:concern|regret|alarm|dismay)\b"
    r"|\b(?:expresses|reiterates|shares|raises)\s+(?:(?:its|the|their|previous|deep|serious|grave|particular|strong)\s+)*"
    r"(?:concerns?|regret|alarm)\b|\bconcerns?\s+(?:remains?|persists?|about)\b"
)
_COMMENDS = re.compile(
    r"\b(?:welcomes?|commends?|appreciates?|congratulates?|applauds?)\b"
    r"|\b(?:notes?|takes\s+note)\s+(?:\w+\s+)?with\s+(?:\w+\s+)?(?:appreciation|satisfaction|interest)\b"
    r"|\bexpresses\s+(?:its\s+)?(?:\w+\s+)?(?:appreciation|satisfaction|gratitude)\b"
)
_ITEM = re.compile(
    r"(?:^|(?<=[:;.,])\s+|(?<=\band)\s+|(?<=[:;])|(?P<unexpected>(?<=[^\W\d_])\s+(?=\(\w{1,2}\)\s+[A-Z])))"
    r"\((?P<letter>[a-z]{1,2})\)\s+(?=\S)"
)
_LONGEST = 3_000  # characters
_OPENS_SENTENCE = re.compile(
    r"(?:The\s+(?:Committee|State\s+party)|It\s+(?:\w+\s+)?(?:is|should|recommends|notes|urges))\b"
)
# An opening that only leads to the items: nothing but these words after its verb.
_LEADS = _words(
    "a about additionally adopt adopted adoption alia all also and any appropriate area areas at "
    "by carried certain committee concern concerned concerning deeply developments effective "
    "efforts ensure ensuring following for framework frameworks from further furthermore gravely "
    "immediate in including institutional inter is it its legal legislation legislative made make "
    "measures moreover necessary of on other particular particularly party place policy positive "
    "procedural progress recommendation recommendations reform regard regarding remains respect "
    "seriously specifically state steps strategic such take taken taking that the their these "
    "this to towards undertaken urgent view welcomes which with"
)


def statements_of(paragraph: Numbered, committee: str) -> tuple[Statement, ...]:
    """The statements of a paragraph in order, each a slice of its text, all made by the committee.

    The words before the items, where they only lead to them ("It should also:"), are information; the
    items have the act that these words announce.
    """
    statements = []
    for start, end, letter, act in _slices(paragraph.text):
        marks = tuple(number for offset, number in paragraph.marks if start < offset <= end)
        text = paragraph.text[start:end]
        statements.append(Statement(text, act, (committee,), marks, item=letter))
    return tuple(statements)


def act_of(sentence: str) -> Act:
    """What a sentence of the committee does, by its first words (a sentence has no more than _LONGEST)."""
    sentence = sentence[:_LONGEST]
    concern = _CONCERN.search(sentence)
    if _RECOMMENDS.search(sentence) or (_SHOULD.search(sentence) and not concern):
        return Act.RECOMMENDATION
    if concern:
        return Act.CONCERN
    return Act.COMMENDATION if _COMMENDS.search(sentence) else Act.INFORMATION


def _slices(text: str) -> Iterator[tuple[int, int, str, Act]]:
    """(start, end, letter of the item, act) of each statement."""
    items = list(_items(text))
    before = text[: items[0].start()].rstrip() if items else text
    announced = Act.INFORMATION
    for start, end in _sentences(before, 0):
        announced = act_of(text[start:end])
        leads = bool(items) and end == len(before) and _only_leads(text[start:end])
        yield start, end, "", Act.INFORMATION if leads else announced
    for index, item in enumerate(items):
        limit = items[index + 1].start() if index + 1 < len(items) else len(text)
        yield from _item_slices(text, item.end(), limit, item["letter"], announced)


def _item_slices(
    text: str, start: int, limit: int, letter: str, announced: Act
) -> Iterator[tuple[int, int, str, Act]]:
    """An item, and the sentences after it in which the committee speaks anew."""
    end = start
    anew: list[tuple[int, int]] = []
    for begin, stop in _sentences(text[start:limit].rstrip(), start):
        if anew or (end > start and _OPENS_SENTENCE.match(text, begin)):
            anew.append((begin, stop))
        else:
            end = stop
    stripped = text[start:end].rstrip(" ;,") or text[start:end]
    if stripped:
        act = announced
        if announced is Act.INFORMATION:
            act = act_of(stripped)
        yield start, start + len(stripped), letter, act
    for begin, stop in anew:
        yield begin, stop, "", act_of(text[begin:stop])


def _sentences(text: str, offset: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, counted from `offset`; the text begins with none of white space."""
    start = 0
    for sentence in split_sentences(text):
        yield offset + start, offset + start + len(sentence)
        start += len(sentence) + 1


def _items(text: str) -> Iterator[re.Match[str]]:
    """The marks of sub-items: (a), (b) … in their order; one that the text has lost may be missing."""
    expected = 0
    for match in _ITEM.finditer(text):
        letter = match["letter"]
        if len(letter) == 2 and letter[0] != letter[1]:
            continue
        place = ord(letter[0]) - ord("a") + (26 if len(letter) == 2 else 0)
        # Where no stop stands before a mark, it must be the very next one.
        furthest = expected if match["unexpected"] else expected + 1
        if (place == 0 and expected == 0) or (expected and expected <= place <= furthest):
            expected = place + 1
            yield match


def _only_leads(opening: str) -> bool:
    """Whether a sentence before items says nothing but that they follow."""
    if not opening.endswith(":"):
        return False
    verb = max(
        (found.end() for one in (_RECOMMENDS, _CONCERN, _COMMENDS) for found in one.finditer(opening)),
        default=0,
    )
    words = re.findall(r"[^\W\d_]+", opening[verb:].lower())
    return all(word in _LEADS for word in words)
