"""Who speaks in each sentence of a dialogue's account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recommendations.reading.document import Speaker
from recommendations.reading.kinds.dialogue.layout import Block

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAYS = (
    r"(?:said|says|stated|noted|added|explained|responded|replied|answered|confirmed|informed|reported|told|asked"
    r"|emphasi[sz]ed|underlined|underscored|stressed|highlighted|pointed out|clarified|recalled|reiterated"
    r"|assured|affirmed|expressed|thanked|acknowledged|recogni[sz]ed|welcomed|concluded|commended|appreciated|hoped"
    r"|regretted|disagreed|agreed|announced|gave|provided|presented|introduced|cited|was concerned|urged"
    r"|called)"
)
_PREFACE = re.compile(
    r"(?:(?:Also |Then )?(?:In|On|At|During|Following|After|Presenting|Introducing|Responding|Replying"
    r"|Opening|Closing|Concluding|Continuing|Turning|Speaking|Asked|Regarding|Concerning|As for)\b"
    r"[^,]{0,120},\s+)+"
)
_EXPERTS = re.compile(
    r"(?:(?:an?|one|another|other|the|some|several|many|two|most|all|these)\s+)?(?:other\s+)?"
    r"(?:committee\s+(?:experts?|members?|(?:co-?)?rapporteurs?)|experts?|(?:country\s+)?(?:co-?)?rapporteurs?"
    r"|members? of the committee)\b"
    rf"|the committee (?:also |further |then )?(?:{_SAYS}|sought|wished|wanted|wondered|expressed)\b"
    r"|questions were\b|(?:other|further|additional) (?:issues|questions) (?:raised|asked|posed)\b",
    re.IGNORECASE,
)
_CHAIR = re.compile(r"the (?:committee )?(?:acting |vice-)?chair(?:person|man|woman)?\b", re.IGNORECASE)
_HEAD = re.compile(r"the head of (?:the )?(?:\w+ )?delegation\b", re.IGNORECASE)
_DELEGATION = re.compile(
    r"(?:(?:an? |the )?(?:members?|representatives?) of )?the (?:\w+ )?delegation\b(?: of [^,]{1,60}?)?"
    rf"(?:,[^,]{{1,100}},)?(?: also| then| further| had)* {_SAYS}\b|delegates {_SAYS}\b",
    re.IGNORECASE,
)
_ASKED_BY = re.compile(
    rf"[”\"’',?] {_SAYS} (?P<who>(?:an?|one|another|the) (?:committee )?(?:expert|member|rapporteur))\b",
    re.IGNORECASE,
)
_VOICES = (
    (_EXPERTS, Speaker.EXPERTS),
    (_CHAIR, Speaker.CHAIRPERSON),
    (_HEAD, Speaker.HEAD_OF_DELEGATION),
    (_DELEGATION, Speaker.DELEGATION),
)

_STYLE = re.compile(r"(?:Mr|Ms|Mrs|Mx|Dr|Sir|Dame|H\.\s?E)\.?\s+(?=\S)")
_PARTICLES = {
    "de",
    "da",
    "di",
    "do",
    "dos",
    "del",
    "della",
    "den",
    "der",
    "van",
    "von",
    "bin",
    "bint",
    "al",
    "el",
    "la",
}
_NOT_A_NAME = {
    "the",
    "a",
    "an",
    "in",
    "one",
    "another",
    "committee",
    "on",
    "at",
    "this",
    "that",
    "these",
    "however",
}
_LONGEST_NAME = 7

_ROLES = (
    (
        re.compile(r"\bhead of (?:the |its |his |her )?(?:\w+ )?delegation\b", re.IGNORECASE),
        Speaker.HEAD_OF_DELEGATION,
    ),
    (
        re.compile(
            r"\bCommittee (?:Acting )?(?:Vice-)?Chair"
            r"|^\s*(?:the )?(?:Acting )?(?:Vice-)?Chair(?:person|man|woman)?(?: of the Committee|\s*,|\s*$)",
            re.IGNORECASE,
        ),
        Speaker.CHAIRPERSON,
    ),
    (
        re.compile(
            r"\bCommittee (?:Expert|Member|Rapporteur)|\bCountry (?:Co-?)?Rapporteur"
            r"|\bmember of the Committee",
            re.IGNORECASE,
        ),
        Speaker.EXPERTS,
    ),
)
_APPOSITION = 240  # characters after a name in which its holder's office is looked for

_COMMITTEE_BLOCKS = {Block.QUESTIONS, Block.FOLLOW_UP}
_DECIDED_BY_HEADING = _COMMITTEE_BLOCKS | {Block.ANSWERS}
_READ_BY_SENTENCE = {Block.OPENING, Block.REPORT, Block.STATEMENT, Block.OTHER, Block.DISCUSSION}
_DEFAULTS = dict.fromkeys(Block, Speaker.NARRATOR) | {
    Block.QUESTIONS: Speaker.EXPERTS,
    Block.FOLLOW_UP: Speaker.EXPERTS,
    Block.DISCUSSION: Speaker.EXPERTS,
    Block.ANSWERS: Speaker.DELEGATION,
    Block.PRESENTATION: Speaker.HEAD_OF_DELEGATION,
}


def _named_person(sentence: str) -> tuple[str, str | None] | None:
    """The person with whom a sentence opens and the office after the name; None where nobody is named.

    The office is None for a bare name ("Ms. Azimova noted …"), which only somebody introduced before has.
    """
    style = _STYLE.match(sentence)
    rest = sentence[style.end() :] if style else sentence
    name = _name_at(rest, stop_at_comma=not style)
    if not name or name.split()[0].casefold() in _NOT_A_NAME:
        return None
    after = rest[len(name) :]
    if after.startswith(","):
        return name, _office(after[1:_APPOSITION])
    return (name, None) if style else None


def _name_at(text: str, *, stop_at_comma: bool) -> str:
    """The run of capitalised words at the start; where a comma must follow, empty without it."""
    words: list[str] = []
    for word in text.split(" ")[: _LONGEST_NAME + 1]:
        bare = word.rstrip(",")
        if not bare or not (bare[0].isupper() or bare in _PARTICLES):
            break
        words.append(bare)
        if word != bare:
            return " ".join(words) if len(words) > 1 or not stop_at_comma else ""
    return "" if stop_at_comma or len(words) > _LONGEST_NAME else " ".join(words)


def _office(apposition: str) -> str:
    said = re.search(rf"(?:^|,)\s*{_SAYS}\b", apposition)
    return apposition[: said.start()] if said else apposition


def _role(office: str) -> Speaker:
    return next((speaker for pattern, speaker in _ROLES if pattern.search(office)), Speaker.NONE)


class Floor:
    """Gives the floor: knows the people whom the account introduces, follows who speaks."""

    def __init__(self, passages: Iterable[tuple[Block, list[str]]]) -> None:
        self._people: dict[str, Speaker] = {}
        self._speaker = Speaker.NONE
        self._section: tuple[str, ...] = ()
        presenters: list[str] = []
        for block, sentences in passages:
            for sentence in sentences:
                self._introduce(block, sentence, presenters)
        if presenters and Speaker.HEAD_OF_DELEGATION not in self._people.values():
            self._people[presenters[0]] = Speaker.HEAD_OF_DELEGATION

    def _introduce(self, block: Block, sentence: str, presenters: list[str]) -> None:
        preface = _PREFACE.match(sentence)
        person = _named_person(sentence[preface.end() :] if preface else sentence)
        if person is None or person[1] is None:
            return
        name, role = person[0].casefold(), _role(person[1])
        if role is not Speaker.NONE:
            self._people.setdefault(name, role)
        elif block is Block.PRESENTATION or (
            preface and preface.group().startswith(("Presenting", "Introducing"))
        ):
            presenters.append(name)

    def _known(self, name: str) -> Speaker:
        wanted = name.casefold()
        for known, role in self._people.items():
            if known == wanted or known.endswith(f" {wanted}"):
                return role
        return Speaker.NONE

    def _voice(self, block: Block, sentence: str) -> Speaker:
        """Who the sentence says is speaking; none where it does not say."""
        preface = _PREFACE.match(sentence)
        rest = sentence[preface.end() :] if preface else sentence
        for pattern, speaker in _VOICES:
            if pattern.match(rest):
                return speaker
        person = _named_person(rest)
        if person is None:
            return Speaker.EXPERTS if _ASKED_BY.search(rest) else Speaker.NONE
        role = self._known(person[0]) or _role(person[1] or "")
        if role is not Speaker.NONE or person[1] is None:
            return role
        if block in _COMMITTEE_BLOCKS:
            return Speaker.EXPERTS
        return Speaker.NARRATOR if block is Block.STATEMENT else Speaker.DELEGATION

    def speakers(self, section: tuple[str, ...], block: Block, sentences: list[str]) -> list[Speaker]:
        """The speaker of each sentence of the next paragraph.

        In blocks of questions and of answers the heading decides unless the paragraph opens with somebody
        else; in presentations and closing remarks whoever has the floor keeps it. Elsewhere each sentence is
        read for itself: in the opening summary it is the narrator's until it names a speaker, in discussions
        without headings it belongs to whoever spoke last.
        """
        if section != self._section:
            self._section, self._speaker = section, Speaker.NONE
        if block in _READ_BY_SENTENCE:
            kept = self._speaker if block is Block.DISCUSSION else Speaker.NONE
            speakers = self._sentence_by_sentence(block, sentences, kept or _DEFAULTS[block])
            self._speaker = speakers[-1]
            return speakers
        kept = Speaker.NONE if block in _DECIDED_BY_HEADING else self._speaker
        self._speaker = self._voice(block, sentences[0]) or kept or _DEFAULTS[block]
        return [self._speaker] * len(sentences)

    def _sentence_by_sentence(self, block: Block, sentences: list[str], first: Speaker) -> list[Speaker]:
        speakers = []
        current = first
        for sentence in sentences:
            current = self._voice(block, sentence) or current
            speakers.append(current)
        return speakers
