"""The buttons of the entry form that change it without saving, so that it works without JavaScript.

Each takes the values of the form as they were typed and returns the control that has the focus next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recommendations.desk.entries import quoting
from recommendations.desk.entries.evidence_forms import EVIDENCE_MAX, copied_values
from recommendations.desk.entries.forms import graded
from recommendations.models import Evidence

if TYPE_CHECKING:
    from recommendations.models import FollowUp


@dataclass
class FormValues:
    """What the form shows: initial values of the entry form and of the evidence formset, and the search."""

    entry: dict[str, Any]
    evidence: list[dict[str, Any]]
    search: quoting.ParagraphSearch
    # The id of the control that has the focus when the page opens.
    focus: str = ""

    def add_evidence(self, kind: str, **values: Any) -> int:
        """Another piece of evidence after the last; returns its position, 0 where there are too many."""
        if sum(map(bool, self.evidence)) >= EVIDENCE_MAX:
            return 0
        self.evidence.append({"kind": kind} | values)
        return len(self.evidence)

    def evidence_at(self, position: str) -> dict[str, Any]:
        """The evidence at a position that a button names; empty where there is none."""
        number = int(position) if position.isdecimal() and len(position) < 5 else 0
        return self.evidence[number - 1] if 0 < number <= len(self.evidence) else {}

    def start_from(self, entry: FollowUp, *, own: bool) -> None:
        """Copy what an entry says; its evidence too where it is of one's own organisation."""
        self.entry |= {name: getattr(entry, name) for name in ("status", "summary", "confidence")}
        if entry.grade:
            self.entry["grade"] = graded(entry)
        if own:
            for values in copied_values(entry):
                self.add_evidence(**values)


def press(values: FormValues, button: str) -> None:
    """Do what a button does, like `add:link`; a button that there is not does nothing."""
    verb, _colon, what = button.partition(":")
    if verb in BUTTONS:
        values.focus = BUTTONS[verb](values, what)


def _quote(values: FormValues, _what: str) -> str:
    values.search.finding = "1"
    return "id_find"


def _find(values: FormValues, _what: str) -> str:
    search = values.search
    search.finding, search.around, search.found = "1", "", search.find.strip()
    return "found" if search.found else "id_find"


def _around(values: FormValues, what: str) -> str:
    values.search.finding, values.search.around = "1", what
    return "around" if values.search.passage else "found"


def _choose(values: FormValues, what: str) -> str:
    search, chosen = values.search, quoting.public_paragraph(what)
    if chosen is None:
        return "evidence"
    # Who reads it in its document means all of it; who looked for words, the sentences with them.
    text = quoting.cut(chosen.text, "" if search.around else search.found)
    position = values.add_evidence(Evidence.Kind.PARAGRAPH.value, paragraph=chosen.pk, text=text)
    if not position:
        return "evidence"
    search.close()
    return f"id_evidence-{position}-text"


def _whole(values: FormValues, what: str) -> str:
    evidence = values.evidence_at(what)
    paragraph = quoting.public_paragraph(str(evidence.get("paragraph", "")))
    if paragraph is None:
        return "evidence"
    evidence["text"] = paragraph.text
    return f"id_evidence-{what}-text"


def _stop_finding(values: FormValues, _what: str) -> str:
    values.search.close()
    return "quote"


def _add(values: FormValues, what: str) -> str:
    control = {Evidence.Kind.LINK: "url", Evidence.Kind.FILE: "file"}.get(what)  # type: ignore[call-overload]  # a button may say any word
    position = values.add_evidence(what) if control else 0
    return f"id_evidence-{position}-{control}" if position else "evidence"


def _remove(values: FormValues, what: str) -> str:
    values.evidence_at(what).clear()
    return "evidence"


BUTTONS = {
    "quote": _quote,
    "find": _find,
    "around": _around,
    "choose": _choose,
    "whole": _whole,
    "stop-finding": _stop_finding,
    "add": _add,
    "remove": _remove,
}
