"""The endnotes of a stakeholder summary, and the list of stakeholders that one of them holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recommendations.reading.document import ParsedStakeholder
from recommendations.reading.files.lines import MARK, Joiner
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOTE_START = re.compile(rf"^\s*(?:{MARK.pattern}|(\d{{1,3}}))(?:\s+(.*)|\s*)$")
_LISTS_STAKEHOLDERS = re.compile(r"stakeholders\s+listed\s+below|have\s+contributed\s+information", re.I)
NGO = "ngo"
JOINT_SUBMISSION = "joint_submission"
_KIND_HEADINGS = (
    (
        re.compile(r"^(?:civil society|individual submissions?|non-governmental organi[sz]ations?)\b", re.I),
        NGO,
    ),
    (re.compile(r"^joint submissions?\s*:?$", re.I), JOINT_SUBMISSION),
    (re.compile(r"^national human rights institutions?(?:\(s\))?\b", re.I), "nhri"),
    (re.compile(r"^regional (?:\w+ )?organi[sz]ations?(?:\(s\))?\b", re.I), "regional_body"),
    (re.compile(r"^united nations (?:\w+ )?(?:bodies|organi[sz]ations|agencies)\b", re.I), "un_body"),
)
_JOINT = re.compile(r"^\s*((?:[\w-]+/)?JS\s?\d{1,3})\b\s*(.*)$")
_SUBMITTED_BY = re.compile(r"submi(?:tted|ssion) by\s*:?\s*", re.I)
_COLUMNS = re.compile(r"^\s*(\S+(?: \S+){0,3}?)\s{2,}(\S.*)$")
_ATTACHMENT = re.compile(r"^\s*\(([A-Z][\w/-]{1,20})\)\s*[-–]?\s*(\S.*)$")
_CITED = re.compile(r"(?:^|[;,.]\s|\band\s)([^\W\d_][\w/ -]{0,30}?),?\s+(?:pp?|paras?)\b\.?")
_ENTRY_ENDS = re.compile(r"[;.]\**\s*$|\*\s*$")
_PLACE_IN_BRACKETS = re.compile(r"\s*\((?:the )?(?:[A-Z]|united )[^()]*\)$")
_ACRONYM_IN_BRACKETS = re.compile(r"\([^()]*[A-Z]{2}[^()]*\)$")
_CITY = re.compile(r"[.,]\s+[A-ZÀ-Ý][\w’-]+(?:\s(?:de|do|da|del|of|[A-ZÀ-Ý][\w’-]*)){0,2}$")
_DOCUMENT_TITLE = re.compile(r"^(?:memorandum|issue paper|resolution|recommendation|report|opinion)\b", re.I)
_KIND_BY_NAME = (
    (re.compile(r"ombuds|human rights (?:commission|institution)|defensor|public defender of", re.I), "nhri"),
    (
        re.compile(
            r"council of europe|inter-?american (?:commission|court)|osce|african commission"
            r"|european (?:commission|committee|union)\b",
            re.I,
        ),
        "regional_body",
    ),
    (re.compile(r"\bcoalition\b|\balliance\b", re.I), "coalition"),
)


def key(name: str) -> str:
    """A name reduced to its letters and digits: "JS 12" and "JS12", "C-fam" and "C-FAM" are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def kind_of(acronym: str, name: str) -> str:
    """The kind of a party that only the text introduces, judged by its name."""
    if re.fullmatch(r"JS\d+", acronym):
        return JOINT_SUBMISSION
    return next((kind for pattern, kind in _KIND_BY_NAME if pattern.search(name)), NGO)


def read_notes(lines: Iterable[str]) -> dict[int, list[str]]:
    """The lines of each endnote by its number; numbers rise one by one."""
    notes: dict[int, list[str]] = {}
    current = 0
    for line in lines:
        match = _NOTE_START.match(line)
        number = int(match.group(1) or match.group(2)) if match else 0
        if match and (number == current + 1 or (match.group(1) and number > current)):
            current = number
            notes[current] = [match.group(3) or ""]
        elif current and line.strip():
            notes[current].append(line.rstrip())
    return notes


def note_text(lines: Sequence[str]) -> str:
    return fold(Joiner("\n".join(lines)).join(lines))


def find_listing(notes: dict[int, list[str]]) -> int | None:
    """The number of the note that lists the stakeholders, if one does."""
    return next((n for n, lines in notes.items() if _LISTS_STAKEHOLDERS.search(" ".join(lines))), None)


def read_listing(notes: dict[int, list[str]]) -> list[ParsedStakeholder]:
    """The stakeholders that the notes list, in their order; empty where no note lists them."""
    listing = find_listing(notes)
    if listing is None:
        return []
    cited = set()
    for number, lines in notes.items():
        if number != listing:
            cited |= {key(name) for name in _CITED.findall(note_text(lines))}
    reader = _Listing(cited)
    for line in notes[listing]:
        reader.take(line)
    stakeholders: dict[str, ParsedStakeholder] = {}
    for entry in reader.entries:
        party = entry.party(cited)
        stakeholders.setdefault(party.acronym, party)
    return list(stakeholders.values())


@dataclass(slots=True)
class _Entry:
    kind: str
    acronym: str
    lines: list[str]
    is_attachment: bool = False  # a document of a body, listed under the organization that sent it

    def party(self, cited: set[str]) -> ParsedStakeholder:
        text = fold(Joiner("\n".join(self.lines)).join(self.lines))
        if self.kind == JOINT_SUBMISSION:
            return self._joint(text)
        acronym, name = (self.acronym, text) if self.acronym else split_acronym(text, cited)
        if re.search(r"\(joint submission\)", name, re.I):
            name = fold(re.sub(r"\(joint submission\);?", "", name, flags=re.I))
            return ParsedStakeholder(acronym, name, JOINT_SUBMISSION)
        name = _author_of(name, acronym) if self.is_attachment else without_place(name)
        name = re.sub(rf"\s*\({re.escape(acronym)}\)", "", name)
        return ParsedStakeholder(acronym, re.sub(r"^[Tt]he ", "", name), self.kind)

    def _joint(self, text: str) -> ParsedStakeholder:
        name, found, members = text, _SUBMITTED_BY.search(text), ""
        if found:
            name, members = text[: found.start()], text[found.end() :]
        name = name.strip(" :;,.") or f"Joint submission {self.acronym.removeprefix('JS')}"
        return ParsedStakeholder(self.acronym, name, self.kind, _members(members))


def _members(text: str) -> tuple[str, ...]:
    """The members of a joint submission, without places; a place that stands alone at the end goes."""
    raw = [re.sub(r"^and\s+", "", member.replace("|", "").strip(" ;.")) for member in text.split(";")]
    raw = [member for member in raw if member]
    if len(raw) > 1 and re.fullmatch(r"\w+ \([^()]+\)", raw[-1]) and not raw[-2].endswith(")"):
        raw.pop()
    return tuple(without_place(member) for member in raw)


def _author_of(title: str, acronym: str) -> str:
    """The body behind a document that the list names: "Group of Experts …, Evaluation Report on …"."""
    if not _DOCUMENT_TITLE.match(title):
        return re.split(r",|’s conclusions", title, maxsplit=1)[0].strip()
    named = re.search(r"\b(?:by|of) the ((?:Committee|Commissioner)\b[^,;]*?)(?= on the|,|;|$)", title)
    return named.group(1) if named else acronym


@dataclass(slots=True)
class _Listing:
    """Takes the lines of the note and parts them into entries."""

    cited: set[str]
    entries: list[_Entry] = field(default_factory=list)
    _kind: str = ""
    _complete: bool = True

    def take(self, line: str) -> None:
        folded = fold(line)
        for pattern, kind in _KIND_HEADINGS:
            if pattern.match(folded) and len(folded) < 60 and not folded.endswith(";"):
                self._kind, self._complete = kind, True
                return
        if not self._kind or not folded:
            return
        if folded == "Attachments:":
            self._complete = True
            return
        acronym, text = self._opening(line, folded)
        if text is None:
            self.entries[-1].lines.append(folded)
        else:
            self.entries.append(_Entry(self._kind, acronym, [text], is_attachment=folded.startswith("(")))
        self._complete = bool(_ENTRY_ENDS.search(folded))

    def _opening(self, line: str, folded: str) -> tuple[str, str | None]:
        """Acronym (where its column shows) and text, where the line opens an entry; else no text."""
        joint = _JOINT.match(folded)
        if joint:
            self._kind = JOINT_SUBMISSION
            return re.sub(r"JS\s+", "JS", joint.group(1)), joint.group(2)
        if self._kind == JOINT_SUBMISSION and self.entries and self.entries[-1].kind == self._kind:
            return "", None
        attachment = _ATTACHMENT.match(folded)
        if attachment and self._complete and re.search(r"[A-Z].*[A-Z]", attachment.group(1)):
            return attachment.group(1), attachment.group(2)
        columns = _COLUMNS.match(line)
        if columns and len(columns.group(1)) <= 24 and not columns.group(1).islower():
            return columns.group(1), columns.group(2)
        begins_cited = any(
            key(" ".join(folded.split()[:size])) in self.cited and len(folded.split()) > size
            for size in (1, 2)
        )
        return ("", folded) if self._complete or begins_cited else ("", None)


def split_acronym(text: str, cited: set[str]) -> tuple[str, str]:
    """Acronym and name of an entry whose columns have run together.

    "Broken Chalk Broken Chalk" repeats itself; otherwise the acronym is what the notes cite.
    """
    words = text.split()
    for size in range(min(4, len(words) // 2), 0, -1):
        acronym = " ".join(words[:size])
        name = re.sub(r"^[Tt]he ", "", " ".join(words[size:]))
        if key(" ".join(name.split()[:size])).rstrip(".,") == key(acronym):
            return acronym, name
    for size in (3, 2, 1):
        acronym = " ".join(words[:size])
        if key(acronym) in cited and len(words) > size:
            return acronym, " ".join(words[size:])
    return (words[0], " ".join(words[1:])) if len(words) > 1 else (text, text)


def without_place(name: str) -> str:
    """The name without the city and country that the list sets behind it."""
    name = name.strip(" ;.,*")
    if re.search(r"\([^()]*$", name):
        name += ")"
    bracket = _PLACE_IN_BRACKETS.search(name)
    if bracket and not _ACRONYM_IN_BRACKETS.search(name):
        name = name[: bracket.start()].rstrip(" ,")
        city = _CITY.search(name)
        return name[: city.start()] if city and city.start() > 0 else name
    parts = name.split(", ")
    if len(parts) > 2 and all(re.fullmatch(r"[A-ZÀ-Ý][\w’ -]{2,40}\*?", part) for part in parts[-2:]):
        return ", ".join(parts[:-2])
    return name.strip(" *")
