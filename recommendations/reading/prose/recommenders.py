"""Finds the recommenders of a Universal Periodic Review recommendation: the names in its brackets.

"To consider ratifying (Slovenia)/ratify (Republic of Korea) the Convention (art. 3);" names two States;
"(Paris Principles)" names none. States are known by the table of countries; at the end of an item, where
the report always names the recommending States, a name that is not in the table is taken as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from recommendations.reading.document import ParsedStakeholder
from recommendations.reading.prose import state_names

RECOMMENDING_STATE = "recommending_state"

# Observers and organizations that UN documents name in the same way as States; all others are States.
_ORGANIZATIONS = {
    "african union": "regional_body",
    "association of southeast asian nations": "regional_body",
    "caribbean community": "regional_body",
    "council of europe": "regional_body",
    "european union": "regional_body",
    "league of arab states": "regional_body",
    "organization of american states": "regional_body",
    "organization for security and co-operation in europe": "regional_body",
    "organization for security and cooperation in europe": "regional_body",
    "organization of islamic cooperation": "regional_body",
    "organization of the islamic conference": "regional_body",
    "united nations children’s fund": "un_body",
    "united nations population fund": "un_body",
    "international labour organization": "un_body",
    "world health organization": "un_body",
}
_JOINS = re.compile(r"(?:\s|,|;|/|&|\band\b|\bas well as\b|\bthe\b|\bon behalf of\b)+", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;/]\s*|\s+and\s+")
_WORD = r"[A-ZÀ-Ý][’']?[^\W\d_A-Z]+(?:[’'-][^\W\d_]+)*"
_NAME = re.compile(rf"{_WORD}(?: (?:of|the|and|de|{_WORD})){{0,6}}")
# Capitalised words in brackets at the end of an item that are not parties: treaties, principles, plans.
_THINGS = re.compile(
    r"\b(?:Principles?|Rules?|Conventions?|Protocols?|Covenants?|Acts?|Laws?|Codes?|Plans?|Programmes?|Agenda"
    r"|Guidelines|Committee|Commission|Council|Court|Statute|Declaration|Goals?|Strategy|Treaty|Ministry"
    r"|Constitution|Article|Bill|Fund|Office|Agreement|Framework|Accords?|Charter|Rapporteur|Group)\b"
)
_LONGEST_BRACKET = 600
_LONGEST_OPENING = 80


@dataclass(slots=True)
class Recommenders:
    """The recommending parties of one document, in order of their first recommendation."""

    reviewed: str = ""  # the code of the State under review, which makes no recommendations to itself
    parties: dict[str, ParsedStakeholder] = field(default_factory=dict)

    def of(self, item: str) -> tuple[str, ...]:
        """Return the acronyms of the parties that make this item (codes of States, else names)."""
        brackets = _brackets(item)
        named: list[str] = []
        for (start, end), is_last in zip(brackets, _end_clauses(item, brackets), strict=True):
            named += self._named(item[start + 1 : end - 1], is_last=is_last)
        return tuple(dict.fromkeys(named))

    def first_in(self, sentence: str) -> str:
        """Return the code of the State that begins a sentence ("The Sudan welcomed …"), else an empty string.

        It is recorded as a party, unless it is the State under review.
        """
        start, _, code = next(state_names.names_in(sentence[:_LONGEST_OPENING]), (0, 0, ""))
        if not code or sentence[:start] not in ("", "The ", "the "):
            return ""
        return code if code == self.reviewed else self._party(code)

    def _named(self, inside: str, *, is_last: bool) -> list[str]:
        found: list[tuple[int, str]] = []
        others: list[tuple[int, str]] = []
        position = 0
        for start, end, code in [*state_names.names_in(inside), (len(inside), len(inside), "")]:
            others += [(position, name) for name in _names_between(inside[position:start])]
            if code:
                found.append((start, code))
            position = end
        if any(code == self.reviewed for _, code in found) and self.reviewed:
            return []
        is_list = all(_is_party(name) for _, name in others)
        if not is_list or (others and not (is_last or found)):
            return []
        return [self._party(name) for _, name in sorted([*found, *others])]

    def _party(self, name: str) -> str:
        """Record a party by its code or name, and return its acronym."""
        if name in state_names.NAMES:
            party = ParsedStakeholder(name, state_names.NAMES[name], RECOMMENDING_STATE)
        else:
            kind = _ORGANIZATIONS.get(name.lower().replace("'", "’"), RECOMMENDING_STATE)
            party = ParsedStakeholder(name, name, kind)
        self.parties.setdefault(party.acronym, party)
        return party.acronym


def last_bracket(item: str, recommenders: Recommenders) -> int:
    """Return the offset after the last bracket that names recommending parties; 0 if none does."""
    ends = [end for start, end in _brackets(item) if recommenders.of(item[start:end])]
    return ends[-1] if ends else 0


def _brackets(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the outermost round brackets no longer than a list, in text order.

    Unmatched brackets do not hide others.
    """
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    for position, character in enumerate(text):
        if character == "(":
            waiting.append(position)
        elif character == ")" and waiting:
            start = waiting.pop()
            if position - start <= _LONGEST_BRACKET:
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                pairs.append((start, position + 1))
    return pairs


def _end_clauses(text: str, brackets: list[tuple[int, int]]) -> list[bool]:
    """Return for each bracket whether a clause ends with it, or with brackets directly after it."""
    starts = [*(start for start, _ in brackets), len(text)][1:]
    ends: list[bool] = []
    after = True
    for (_, end), following in zip(reversed(brackets), reversed(starts), strict=True):
        gap = text[end:following].strip()
        after = gap[0] in ";." if gap else after
        ends.append(after)
    return ends[::-1]


def _names_between(text: str) -> list[str]:
    """Return the text between the States of a list, without conjunctions and separators."""
    if not text or _JOINS.fullmatch(text):
        return []
    parts = (re.sub(r"^(?:and|the|as well as)\s+", "", part.strip()) for part in _PARTS.split(text))
    return [part for part in parts if part and not _JOINS.fullmatch(part)]


def _is_party(name: str) -> bool:
    """True if a word in the list may be the name of a party."""
    return bool(_NAME.fullmatch(name)) and not _THINGS.search(name) and len(name) > 2
