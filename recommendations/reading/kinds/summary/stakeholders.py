"""The parties of a stakeholder summary and every spelling under which the text speaks of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from recommendations.reading.document import DocumentError, ParsedStakeholder
from recommendations.reading.kinds.summary.notes import JOINT_SUBMISSION, key, kind_of
from recommendations.reading.prose.speech import (
    ADVERBS,
    CAPITAL_NAME,
    COLLECTIVE_NAME,
    OFFICE,
    UNKNOWN,
    VERB,
    named_pattern,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_JOINT_LONG = re.compile(
    r"\b[Jj]oint\s+[Ss]ubmission\s+(?:\(JS\)\s?(\d{1,3})|(\d{1,3})(?:\s\(JS\s?\d{1,3}\))?)"
)
_JOINT_SHORT = re.compile(r"\bJS\s?(\d{1,3})\b")
# What stands before the verb, where it holds the bracket that introduces a party.
_INTRODUCES = re.compile(
    rf"^(?P<subject>.{{1,400}}\([^()]{{1,80}}\)(?:\s?\d{{1,3}})?)"
    rf"(?:(?:,|\s+and|,\s+and)\s+[^().]{{2,80}}?)?{ADVERBS}\s+(?:{VERB})"
)
_ACCORDING = re.compile(r"^According\s+to\s+(?P<subject>[^,]{1,200}\([^()]{1,40}\)),")
_LEAD_IN = re.compile(r"^(?:According to\s+|[^,()]{1,90},\s+)(?=(?:the\s+)?[A-ZÀ-Ý])")
_ITEM = re.compile(r"(?:,\s+and\s+|\s+and\s+|,\s+)?(?P<name>[^()]+?)\s*(?P<brackets>(?:\([^()]{1,80}\)\s*)+)")
_BRACKET = re.compile(r"\(([^()]{1,80})\)")
_ADDRESSED = re.compile(
    r"\b(?:urged|recommended(?:\s+that)?|called\s+(?:up)?on|encouraged)\s+(?:the\s+)?([A-Z][\w’-]*(?:\s[A-Z][\w’-]*)*)"
)
_NAME_AND_ACRONYM = re.compile(rf"(?P<name>{CAPITAL_NAME})\s\((?:the\s)?(?P<acronym>[^()]{{2,24}})\)")
_ACRONYM_FIRST = re.compile(
    rf"(?:[^,()]{{1,60}},\s+)?(?:[Tt]he\s+)?([A-Z][\w-]{{2,15}})(?:\s+and\s|,\s|{ADVERBS}\s+(?:{VERB}))"
)
_TOO_SHORT = frozenset({"The", "In", "And", "Office", "Commission", "Committee"})
_SEE_ALSO = re.compile(r"\bSee\s+(?:also|laso)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"^(?:[\w&./-]*[A-Z][\w&./-]*)(?: [\w&./-]+)*$")
MOST_PARTIES = 500  # the longest lists have about 150
_LONGEST_ACRONYM = 24


@dataclass(slots=True)
class Parties:
    """The known parties, by acronym, and the spellings that lead to them."""

    by_acronym: dict[str, ParsedStakeholder] = field(default_factory=dict)
    _spellings: dict[str, str] = field(default_factory=dict)  # spelling → acronym
    _by_key: dict[str, str] = field(default_factory=dict)  # folded spelling → acronym
    _pattern: re.Pattern[str] | None = None
    _names: re.Pattern[str] | None = None

    def add(self, party: ParsedStakeholder) -> None:
        self.by_acronym.setdefault(party.acronym, party)
        if len(self.by_acronym) > MOST_PARTIES:
            raise DocumentError(f"more than {MOST_PARTIES} stakeholders are named: this is no summary")
        self.spell(party.acronym, party.acronym)
        self.spell(party.name, party.acronym)
        for part in party.acronym.split("/"):
            self.spell(part, party.acronym)

    def spell(self, spelling: str, acronym: str) -> None:
        """Lets a spelling lead to a party; the first party that a spelling leads to keeps it."""
        spelling = re.sub(r"^[Tt]he\s+", "", spelling.strip())
        if len(spelling) > 1 and key(spelling) not in self._by_key:
            self._by_key[key(spelling)] = acronym
        if len(spelling) > 1 and spelling not in self._spellings:
            self._spellings[spelling] = self._by_key[key(spelling)]
            self._pattern = self._names = None

    def find(self, spelling: str) -> str | None:
        """The acronym of the party that is meant, or None."""
        spelling = re.sub(r"^[Tt]he\s+", "", spelling.strip())
        return self._by_key.get(key(spelling))

    def find_similar(self, name: str) -> str | None:
        """The one party whose name or acronym holds this name, or is held in it."""
        wanted = key(re.sub(r"^[Tt]he\s+", "", name))
        if len(wanted) < 4:
            return None
        found = {
            acronym
            for spelling, acronym in self._by_key.items()
            if wanted in spelling or (len(spelling) > 5 and spelling in wanted)
        }
        return found.pop() if len(found) == 1 else None

    @property
    def names(self) -> re.Pattern[str]:
        """Any one spelling."""
        if self._names is None:
            self._names = re.compile(rf"(?<![\w-])(?:{self._alternation()})(?![\w-])")
        return self._names

    @property
    def speaking(self) -> re.Pattern[str]:
        """Known parties with a verb of speech (see `speech.named_pattern`)."""
        if self._pattern is None:
            self._pattern = named_pattern(self._alternation())
        return self._pattern

    def named_in(self, text: str) -> tuple[str, ...]:
        """The parties named in a text, in its order, each once."""
        found = (self.find(match.group()) for match in self.names.finditer(text))
        return tuple(dict.fromkeys(acronym for acronym in found if acronym))

    def cited_in(self, note: str) -> tuple[str, ...]:
        """The parties that an endnote cites, without those that it only refers to ("See also")."""
        primary = _SEE_ALSO.split(note)[0]
        found = []
        for segment in re.split(r";|\band\b|,(?=\s*[A-Z])|\.\s(?=[A-Z])", primary):
            named = self.named_in(segment)
            found += list(named) if named else self._misspelt(segment)
        return tuple(dict.fromkeys(found))

    def _misspelt(self, segment: str) -> list[str]:
        """Notes misspell acronyms now and then ("GCNK" for CGNK)."""
        word = re.match(r"\s*([\w-]{4,})", segment)
        return self.similar_acronym(word.group(1)) if word else []

    def similar_acronym(self, word: str) -> list[str]:
        """The one listed acronym that an unknown one is a slip for, if any."""
        if not re.match(r"[A-Z]+[\w-]*[A-Z]", word) or re.match(r"JS\d", word):
            return []
        close = get_close_matches(key(word), [key(name) for name in self.by_acronym], n=1, cutoff=0.75)
        return [self._by_key[close[0]]] if close else []

    def _alternation(self) -> str:
        spelt = [_as_pattern(spelling) for spelling in sorted(self._spellings, key=len, reverse=True)]
        return "|".join([r"[Jj]oint\s+[Ss]ubmission\s+(?:\(JS\)\s?)?\d{1,3}", r"JS\s?\d{1,3}", *spelt])


def _as_pattern(spelling: str) -> str:
    pattern = r"\s+".join(re.escape(word) for word in spelling.split())
    return f"(?i:{pattern})" if len(spelling) > 4 or "-" in spelling else pattern


def find_parties(listed: Iterable[ParsedStakeholder], paragraphs: Iterable[list[str]]) -> Parties:
    """All parties: those that an endnote lists, then those that the text introduces.

    `paragraphs` holds the sentences of each paragraph.
    """
    parties = Parties()
    for party in listed:
        parties.add(party)
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph]
    has_list = bool(parties.by_acronym)
    for sentence in sentences:
        _take_joint(parties, sentence)
        _take_introduced(parties, sentence)
    if has_list:
        _take_spellings(parties, sentences)
    else:
        _take_names_alone(parties, sentences)
        _in_order_of_appearance(parties, sentences)
    return parties


def _take_joint(parties: Parties, sentence: str) -> None:
    for match in (*_JOINT_LONG.finditer(sentence), *_JOINT_SHORT.finditer(sentence)):
        number = next(group for group in match.groups() if group)
        acronym = parties.find(f"JS{number}") or f"JS{number}"
        if acronym not in parties.by_acronym:
            parties.add(ParsedStakeholder(acronym, f"Joint submission {number}", JOINT_SUBMISSION))
        parties.spell(f"Joint submission {number}", acronym)
        parties.spell(f"Joint submission (JS){number}", acronym)


def _take_introduced(parties: Parties, sentence: str) -> None:
    """Parties that a subject introduces with their acronym in brackets."""
    match = _INTRODUCES.match(sentence) or _ACCORDING.match(sentence)
    if match is None or re.search(rf"\b(?:that|which)\s|{COLLECTIVE_NAME}", match.group("subject")):
        return
    subject = _LEAD_IN.sub("", match.group("subject"), count=1)
    if re.search(rf"\s(?:{VERB})", subject):
        return
    for item in _ITEM.finditer(subject):
        name = _without_known(parties, item.group("name"))
        if name and not OFFICE.search(name):
            _introduce(parties, name, _BRACKET.findall(item.group("brackets")))


def _without_known(parties: Parties, name: str) -> str:
    """The name without known parties that stand before it: "Criola and the Center for …"."""
    name = re.sub(r"^(?:and\s+)?(?:[Tt]he\s+)?", "", name.strip())
    known = parties.names.match(name)
    while known and re.match(r"(?:,\s+and\s+|\s+and\s+|,\s+)", name[known.end() :]):
        name = re.sub(r"^(?:,\s+and\s+|\s+and\s+|,\s+)(?:the\s+)?", "", name[known.end() :])
        known = parties.names.match(name)
    return name if name[:1].isupper() and len(name) < 160 else ""


def _introduce(parties: Parties, name: str, brackets: list[str]) -> None:
    acronyms = [text for text in brackets if _is_acronym(text)]
    short = re.sub(r"^[Tt]he\s+", "", acronyms[-1]) if acronyms else ""
    if short == "JS":
        return
    known = (parties.find(short) if short else None) or parties.find(name) or parties.find_similar(name)
    if known is None:
        known = short or name
        parties.add(ParsedStakeholder(known, name, kind_of(known, name)))
    for spelling in (name, short, *brackets):
        parties.spell(spelling, known)


def _is_acronym(text: str) -> bool:
    text = re.sub(r"^[Tt]he\s+", "", text)
    return (
        len(text) <= _LONGEST_ACRONYM
        and bool(_ACRONYM.match(text))
        and not re.search(r"\b(?:of|for)\b", text)
    )


def _take_spellings(parties: Parties, sentences: list[str]) -> None:
    """Other names and misspelt acronyms of listed parties: "Society … (STP-CH)", "CoE-CM" for CoE-CoM."""
    for sentence in sentences:
        for match in _NAME_AND_ACRONYM.finditer(sentence):
            known = parties.find(match.group("acronym"))
            name = _without_known(parties, match.group("name")) if known else ""
            if known and name not in _TOO_SHORT:
                parties.spell(name, known)
        first = _ACRONYM_FIRST.match(sentence)
        if first and parties.find(first.group(1)) is None:
            for known in parties.similar_acronym(first.group(1)):
                parties.spell(first.group(1), known)


def _take_names_alone(parties: Parties, sentences: list[str]) -> None:
    """Parties that speak under a name without an acronym ("Forum 18 stated")."""
    addressed = {name for sentence in sentences for name in _ADDRESSED.findall(sentence)}
    for sentence in sentences:
        match = UNKNOWN.match(sentence)
        if match is None or parties.speaking.match(sentence):
            continue
        name = match.group("name")
        if OFFICE.search(name) or name in addressed or parties.find(name) or " and " in name:
            continue
        parties.add(ParsedStakeholder(name, name, kind_of(name, name)))


def _in_order_of_appearance(parties: Parties, sentences: list[str]) -> None:
    first = {acronym: place for place, acronym in enumerate(reversed(parties.named_in(" ".join(sentences))))}
    order = sorted(parties.by_acronym, key=lambda acronym: -first.get(acronym, -1))
    parties.by_acronym = {acronym: parties.by_acronym[acronym] for acronym in order}
