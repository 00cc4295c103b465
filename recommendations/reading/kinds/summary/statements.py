"""From a paragraph to its statements: words, act, who says it, endnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.document import Statement
from recommendations.reading.prose.acts import act_of
from recommendations.reading.prose.sentences import split_sentences
from recommendations.reading.prose.speech import (
    COLLECTIVE,
    COLLECTIVE_NAME,
    COLLECTIVE_PASSIVE,
    OFFICE,
    PRONOUN,
    UNKNOWN,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recommendations.reading.kinds.summary.layout import RawParagraph
    from recommendations.reading.kinds.summary.stakeholders import Parties

_CONNECTOR = re.compile(r"(?:[,;]\s+(?:and|while|whereas|but)|[,;]|\s(?:and|while|whereas|but))\s+$")
_LONGEST_CONNECTOR = 12
_SENTENCE_AFTER_MARK = re.compile(
    r"\s(?=(?:In|The|It|They|However|Moreover|Furthermore|This|These|According|Several|Numerous|Many|Two)\s)"
)
_NAME_FIRST = re.compile(r"(?:[^,()]{1,80},\s+)?(?:[Tt]he\s+)?(?P<name>[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class _Speech:
    """One place where somebody speaks: where, whose verb follows, and who (None: carried over)."""

    start: int
    verb: int
    speakers: tuple[str, ...]
    form: str  # "named", "collective", "pronoun" or "unknown"
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A slice of the paragraph that one speaker makes."""

    start: int
    end: int
    speeches: tuple[_Speech, ...]


@dataclass(slots=True)
class _Carried:
    """Whom "it", "they" and sentences without a subject stand for."""

    speakers: tuple[str, ...] = ()
    is_collective: bool = False


def sentences_of(paragraph: RawParagraph) -> list[str]:
    """The sentences; also where a mark stands in for a full stop that the text has lost."""
    text = paragraph.text
    sentences: list[str] = []
    start = 0
    for sentence in split_sentences(text):
        end = start + len(sentence)
        for offset, _ in paragraph.marks:
            lost_stop = start < offset < end and text[offset - 1].isalnum()
            if lost_stop and _SENTENCE_AFTER_MARK.match(text, offset):
                sentences.append(text[start:offset])
                start = offset + 1
        sentences.append(text[start:end])
        start = end + 1
    return sentences


def statements_of(
    paragraph: RawParagraph, sentences: list[str], parties: Parties, notes: Mapping[int, str]
) -> tuple[Statement, ...]:
    """The statements of a paragraph in order; each text is a slice of the paragraph's text."""
    attributed = _Attribution(paragraph, parties, notes)
    statements = []
    parts = list(_parts(sentences, parties))
    for index, part in enumerate(parts):
        text = paragraph.text[part.start : part.end]
        marks = tuple(number for offset, number in paragraph.marks if part.start < offset <= part.end)
        verbs = tuple(speech.verb for speech in part.speeches)
        speakers = attributed.speakers_of(part, parts[index + 1 :])
        statements.append(Statement(text, act_of(text, verbs), speakers, marks))
    return tuple(statements)


def _parts(sentences: list[str], parties: Parties) -> Iterator[_Part]:
    """The sentences, divided where a different known speaker begins; places are the paragraph's."""
    start = 0
    for sentence in sentences:
        speeches = _speeches(sentence, parties)
        cuts = list(_cuts(sentence, speeches))
        begins = [0, *(after for _, after in cuts)]
        ends = [*(before for before, _ in cuts), len(sentence)]
        for begin, end in zip(begins, ends, strict=True):
            inside = tuple(
                _Speech(s.start - begin, s.verb - begin, s.speakers, s.form, s.name)
                for s in speeches
                if begin <= s.start < end
            )
            yield _Part(start + begin, start + end, inside)
        start += len(sentence) + 1


def _cuts(sentence: str, speeches: list[_Speech]) -> Iterator[tuple[int, int]]:
    """(end of the part before, start of the part after) for each change of speaker."""
    speaking = next((s.speakers for s in speeches), ())
    for speech in speeches[1:]:
        if speech.form not in ("named", "collective") or (speech.speakers == speaking and speech.speakers):
            continue
        before = max(0, speech.start - _LONGEST_CONNECTOR)
        connector = _CONNECTOR.search(sentence[before : speech.start])
        if connector is not None:
            end = before + connector.start()
            yield end + (sentence[end] in ",;"), speech.start
            speaking = speech.speakers


def _speeches(sentence: str, parties: Parties) -> list[_Speech]:
    found: list[_Speech] = []
    for match in parties.speaking.finditer(sentence):
        if match.group("according"):
            named = parties.named_in(match.group("according"))
            found.append(_Speech(match.start(), match.end(), named, "named"))
        else:
            named = parties.named_in(match.group("names"))
            found.append(_Speech(match.start(), match.start("verb"), named, "named"))
    found.extend(_Speech(m.start(), m.start("verb"), (), "collective") for m in COLLECTIVE.finditer(sentence))
    found.extend(
        _Speech(0, match.start("verb") if match.group("verb") else match.start(), (), "collective")
        for match in COLLECTIVE_PASSIVE.finditer(sentence)
    )
    found.extend(_Speech(m.start(), m.start("verb"), (), "pronoun") for m in PRONOUN.finditer(sentence))
    verbs = {speech.verb for speech in found}
    unknown = UNKNOWN.match(sentence)
    if unknown and not OFFICE.search(unknown.group("name")):
        start, verb = unknown.start("name"), unknown.start("verb")
        if verb not in verbs:
            found.append(_Speech(start, verb, (), "unknown", unknown.group("name")))
    return sorted(found, key=lambda speech: speech.verb)


@dataclass(slots=True)
class _Attribution:
    """Gives each part of one paragraph, taken in order, its speakers."""

    paragraph: RawParagraph
    parties: Parties
    notes: Mapping[int, str]
    _carried: _Carried = field(default_factory=_Carried)
    _previous_end: int = -1

    def speakers_of(self, part: _Part, later: list[_Part]) -> tuple[str, ...]:
        """The part's speakers. Parts are taken in order; `later` are those that follow it."""
        speakers, collective = self._resolve(part, later)
        self._previous_end = part.end
        self._carried = _Carried(speakers, collective)
        return speakers

    def _resolve(self, part: _Part, later: list[_Part]) -> tuple[tuple[str, ...], bool]:
        first = part.speeches[0] if part.speeches else None
        if first is None:
            return self._without_verb(part, later)
        if first.form == "named":
            return first.speakers, False
        if first.form == "collective":
            return self._cited(part), True
        if first.form == "unknown":
            return self._by_name(part, first.name), False
        if self._carried.is_collective:
            return self._cited(part) or self._carried.speakers, True
        return self._carried.speakers or self._cited(part), False

    def _without_verb(self, part: _Part, later: list[_Part]) -> tuple[tuple[str, ...], bool]:
        """A part without a verb of speech: its subject if it is a party, its note, or who spoke before."""
        text = self.paragraph.text[part.start : part.end]
        opening = _NAME_FIRST.match(text)
        if opening:
            known = self.parties.names.match(text, opening.start("name"))
            if known and re.match(r"\s+(?:the|has|had|have|will|would)\b", text[known.end() :]):
                return self.parties.named_in(known.group()), False
        if re.match(COLLECTIVE_NAME, text):
            return self._cited(part), True
        if self._begins_group(part, later) or not self._carried.speakers:
            cited = self._cited(part)
            if cited:
                return cited, self._carried.is_collective
        return self._carried.speakers, self._carried.is_collective

    def _begins_group(self, part: _Part, later: list[_Part]) -> bool:
        """Whether the part opens a group of sentences that one endnote supports, all of one speaker.

        The part before it ended with a mark, and nobody else speaks before the next mark.
        """
        offsets = [offset for offset, _ in self.paragraph.marks]
        next_mark = next((offset for offset in offsets if offset > part.start), None)
        if self._previous_end not in offsets or next_mark is None:
            return False
        return not any(
            speech.form == "named"
            for following in later
            if following.start < next_mark
            for speech in following.speeches
        )

    def _by_name(self, part: _Part, name: str) -> tuple[str, ...]:
        """A name that no spelling matches: a similar name, what the note cites, or who spoke before."""
        similar = self.parties.find(name) or self.parties.find_similar(name)
        return (similar,) if similar else self._cited(part) or self._carried.speakers

    def _cited(self, part: _Part) -> tuple[str, ...]:
        """The parties that the part's endnotes cite: its own, or else the next one's."""
        own = [number for offset, number in self.paragraph.marks if part.start < offset <= part.end]
        later = [number for offset, number in self.paragraph.marks if offset > part.end]
        cited: list[str] = []
        for number in own or later[:1]:
            cited += self.parties.cited_in(self.notes.get(number, ""))
        return tuple(dict.fromkeys(cited))
