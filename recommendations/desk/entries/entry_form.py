"""The sheet on which an entry is written: its fields, its evidence, and what its buttons do to it.

A sheet is nothing but what was typed (a QueryDict), so that every button works without JavaScript: the
page comes back with one piece of evidence more, with paragraphs that were found, and nothing is lost.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from recommendations.desk.entries import quoting
from recommendations.desk.entries.forms import EntryForm, PieceForm, grade_choices
from recommendations.desk.entries.services import Content, version_of
from recommendations.models import Evidence, FollowUp, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from recommendations.models import Recommendation

PIECES_MAX = 20
ENTRY_FIELDS = ("organisation", "correction_reason", "status", "as_of", "summary", "grade", "confidence")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sheet is about: for which records, in whose name, correcting what, changing which draft."""

    organisations: Sequence[Stakeholder]
    records: Sequence[Recommendation]
    replaces: FollowUp | None = None
    entry: FollowUp | None = None


@dataclass
class Sheet:
    """One sheet. `check` is None (show what was typed), "draft" or "complete"."""

    setting: Setting
    data: QueryDict
    files: MultiValueDict[str, UploadedFile[bytes]] = field(default_factory=MultiValueDict)
    check: str | None = None
    # The control that has the focus when the page opens.
    focus: str = ""

    @cached_property
    def form(self) -> EntryForm:
        """The fields of the entry."""
        form = EntryForm(
            self.data if self.check else None,
            initial=self.typed("", ENTRY_FIELDS),
            organisations=self.setting.organisations,
            grades=grade_choices(self.setting.records),
            corrects=self.setting.replaces,
            complete=self.check == "complete",
        )
        self.set_focus(form)
        return form

    def set_focus(self, form: EntryForm | PieceForm) -> None:
        """Let the page open at the control that has the focus, if the form holds it."""
        for name, control in form.fields.items():
            if form[name].auto_id == self.focus:
                control.widget.attrs["autofocus"] = True

    @cached_property
    def pieces(self) -> list[PieceForm]:
        """A form for each piece of evidence."""
        return [form for position in self.positions if (form := self.piece(position)) is not None]

    @property
    def positions(self) -> list[int]:
        """The positions of the evidence on the sheet, in the order in which it stands there."""
        given = [value for value in self.data.getlist("piece") if value.isdecimal() and len(value) < 5]
        return list(dict.fromkeys(int(value) for value in given if int(value)))[:PIECES_MAX]

    @cached_property
    def stored(self) -> dict[int, Evidence]:
        """The evidence of the draft as it is stored, by position."""
        if self.setting.entry is None:
            return {}
        rows = Evidence.objects.filter(follow_up=self.setting.entry).select_related("paragraph__document")
        return {row.position: row for row in rows}

    @cached_property
    def shared(self) -> list[Evidence]:
        """Files that may be used again: those of published entries of one's own organisations."""
        return list(
            Evidence.objects.filter(
                kind=Evidence.Kind.FILE,
                follow_up__assessor__in=[each.pk for each in self.setting.organisations],
                follow_up__recommendation__in=[record.pk for record in self.setting.records],
                follow_up__published_at__isnull=False,
                follow_up__withdrawn_at__isnull=True,
            )
        )

    def piece(self, position: int) -> PieceForm | None:
        """The form of the evidence at a position; None for a kind that there is not."""
        kind = self.data.get(f"piece-{position}-kind", "")
        if kind not in Evidence.Kind.values:
            return None
        names = ("kind", "paragraph", "text", "url", "title", "date", "stance", "access", "file_of")
        about: dict[str, Any] = {
            "initial": self.typed(f"piece-{position}-", names),
            "position": position,
            "kind": kind,
            "stored": self.stored.get(position),
            "shared": self.shared if kind == Evidence.Kind.FILE else (),
        }
        shown = PieceForm(**about)
        left_empty = shown.is_blank and f"piece-{position}-file" not in self.files
        form = PieceForm(self.data, self.files, **about) if self.check and not left_empty else shown
        self.set_focus(form)
        return form

    def typed(self, prefix: str, names: Sequence[str]) -> dict[str, str]:
        """What was typed into these fields."""
        return {name: str(self.data[prefix + name]) for name in names if prefix + name in self.data}

    @property
    def problems(self) -> list[EntryForm | PieceForm]:
        """The forms in which something is wrong; pieces that were left empty are none of them."""
        forms: list[EntryForm | PieceForm] = [] if self.form.is_valid() else [self.form]
        return forms + [each for each in self.filled if not each.is_valid()]

    @property
    def filled(self) -> list[PieceForm]:
        """The pieces into which something was typed."""
        return [each for each in self.pieces if each.is_bound or not each.is_blank]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen, written or added: no draft is made of that."""
        said = [self.data.get(name, "").strip() for name in ("status", "summary", "correction_reason")]
        return not any(said) and not self.filled

    @property
    def to_confirm(self) -> list[PieceForm]:
        """Evidence that would become public and was not stored as public before, in these words."""
        return [
            each
            for each in self.filled
            if each.is_valid()
            and each.cleaned_data["access"] == Evidence.Access.PUBLIC
            and not is_stored_as_public(each)
        ]

    @property
    def consent(self) -> str:
        """What the box beside the list of what becomes public stands for: exactly this list."""
        said = "\n".join(f"{each.position} {each.in_words}" for each in self.to_confirm)
        return hashlib.sha256(said.encode()).hexdigest()[:16] if said else ""

    @property
    def is_confirmed(self) -> bool:
        """Whether it was asked, and answered, that all this becomes public."""
        return self.data.get("consent", "") == self.consent

    def content(self) -> Content:
        """All that is valid. What is to become public and was not confirmed is kept private."""
        assessor = self.form.cleaned_data["organisation"]
        unconfirmed = {each.position for each in self.to_confirm} if not self.is_confirmed else set()
        private = Evidence.Access.PRIVATE.value
        valid = [each for each in self.filled if each.is_valid()]
        pieces = [
            each.piece(private if each.position in unconfirmed else each.cleaned_data["access"])
            for each in valid
        ]
        kept = {each.position for each in self.filled} - {each.position for each in valid}
        return Content(assessor, self.form.values(), pieces, frozenset(kept))

    @cached_property
    def found(self) -> tuple[list[quoting.Found], bool]:
        """The paragraphs that were looked for, and whether there are more."""
        states = {record.document.review.state_id for record in self.setting.records}
        return quoting.find(self.data.get("found", ""), states, "everywhere" in self.data)

    @cached_property
    def around(self) -> quoting.Around | None:
        """The paragraph that is read in its document, among its neighbours."""
        return quoting.around(self.data.get("around", ""), self.data.get("found", ""))


def is_stored_as_public(form: PieceForm) -> bool:
    """Whether the same words, link or file are stored with the public level already."""
    stored = form.stored
    if stored is None or stored.access != Evidence.Access.PUBLIC or form.cleaned_data.get("file"):
        return False
    same = {"paragraph", "text", "url", "title"} & form.fields.keys()
    return all((getattr(stored, name) or "") == (form.cleaned_data[name] or "") for name in same)


def blank(setting: Setting) -> QueryDict:
    """A sheet on which nothing was typed: today, and what a correction starts from."""
    data = QueryDict(mutable=True)
    data["key"] = uuid.uuid4().hex
    data["as_of"] = timezone.localdate().isoformat()
    data["confidence"] = FollowUp.Confidence.MEDIUM.value
    if setting.replaces is not None:
        start_from(data, setting.replaces, own=True)
        data["as_of"] = setting.replaces.as_of.isoformat()
    return data


def start_from(data: QueryDict, entry: FollowUp, *, own: bool) -> None:
    """Copy what an entry says; its evidence too where it is of one's own organisation."""
    data["status"], data["summary"], data["confidence"] = entry.status, entry.summary, entry.confidence
    if entry.grade:
        data["grade"] = f"{entry.grade_scheme}|{entry.grade}"
    if own:
        for piece in entry.evidence.order_by("position"):
            position = add_piece(data, piece.kind)
            put_piece(data, position, piece)
            if piece.file:
                data[f"piece-{position}-file_of"] = str(piece.pk)


def put_piece(data: QueryDict, position: int, piece: Evidence) -> None:
    """Write stored evidence onto the sheet."""
    date = piece.date.isoformat() if piece.date else ""
    values = {"kind": piece.kind, "stance": piece.stance, "access": piece.access, "title": piece.title}
    values |= {"date": date, "text": piece.text, "url": piece.url, "paragraph": str(piece.paragraph_id or "")}
    for name, value in values.items():
        data[f"piece-{position}-{name}"] = value


def written(entry: FollowUp) -> QueryDict:
    """A stored draft as a sheet."""
    data = QueryDict(mutable=True)
    data["version"] = version_of(entry)
    data["organisation"] = str(entry.assessor_id)
    for name in ("status", "summary", "confidence", "correction_reason"):
        data[name] = getattr(entry, name)
    data["as_of"] = entry.as_of.isoformat()
    data["grade"] = f"{entry.grade_scheme}|{entry.grade}" if entry.grade else ""
    for piece in Evidence.objects.filter(follow_up=entry).order_by("position"):
        data.appendlist("piece", str(piece.position))
        put_piece(data, piece.position, piece)
    return data


def add_piece(data: QueryDict, kind: str) -> int:
    """Another piece of evidence after the last; returns its position, 0 where there are too many."""
    taken = [int(value) for value in data.getlist("piece") if value.isdecimal() and len(value) < 5]
    if len(taken) >= PIECES_MAX:
        return 0
    position = max(taken, default=0) + 1
    data.appendlist("piece", str(position))
    data[f"piece-{position}-kind"] = kind
    return position


def press(sheet: Sheet, button: str) -> bool:
    """Do what a button of the sheet does to what was typed, without saving; False for another button."""
    verb, _colon, what = button.partition(":")
    act = BUTTONS.get(verb)
    if act is not None:
        sheet.focus = act(sheet, what)
    return act is not None


# What is typed and found while a paragraph is looked for.
FINDING = ("finding", "found", "find", "around")


def _quote(sheet: Sheet, _what: str) -> str:
    sheet.data["finding"] = "1"
    return "id_find"


def _find(sheet: Sheet, _what: str) -> str:
    sheet.data["finding"] = "1"
    sheet.data.pop("around", None)
    sheet.data["found"] = sheet.data.get("find", "").strip()
    return "found" if sheet.data["found"] else "id_find"


def _around(sheet: Sheet, what: str) -> str:
    sheet.data["finding"], sheet.data["around"] = "1", what
    return "around" if sheet.around else "found"


def _choose(sheet: Sheet, what: str) -> str:
    paragraphs = PieceForm.base_fields["paragraph"].queryset.all()  # type: ignore[attr-defined]  # a ModelChoiceField
    chosen = paragraphs.filter(pk=int(what)).first() if what.isdecimal() and len(what) < 19 else None
    position = add_piece(sheet.data, Evidence.Kind.PARAGRAPH) if chosen else 0
    if chosen is None or not position:
        return "evidence"
    sheet.data[f"piece-{position}-paragraph"] = str(chosen.pk)
    # Who reads it in its document means all of it; who looked for words, the sentences with them.
    looked_for = "" if "around" in sheet.data else sheet.data.get("found", "")
    sheet.data[f"piece-{position}-text"] = quoting.cut(chosen.text, looked_for)
    _stop_finding(sheet, "")
    return f"id_piece-{position}-text"


def _whole(sheet: Sheet, what: str) -> str:
    piece = sheet.piece(int(what)) if what.isdecimal() and len(what) < 5 else None
    if piece is None or piece.quoted is None:
        return "evidence"
    sheet.data[f"piece-{what}-text"] = quoting.cut(piece.quoted.text, "")
    return f"id_piece-{what}-text"


def _stop_finding(sheet: Sheet, _what: str) -> str:
    for name in FINDING:
        sheet.data.pop(name, None)
    return "quote"


def _add(sheet: Sheet, what: str) -> str:
    if what not in {Evidence.Kind.LINK, Evidence.Kind.FILE}:
        return "evidence"
    position = add_piece(sheet.data, what)
    return (
        f"id_piece-{position}-{'url' if what == Evidence.Kind.LINK else 'file'}" if position else "evidence"
    )


def _remove(sheet: Sheet, what: str) -> str:
    sheet.data.setlist("piece", [value for value in sheet.data.getlist("piece") if value != what])
    return "evidence"


def _show(_sheet: Sheet, _what: str) -> str:
    return ""


BUTTONS = {
    "quote": _quote,
    "find": _find,
    "around": _around,
    "choose": _choose,
    "whole": _whole,
    "stop-finding": _stop_finding,
    "add": _add,
    "remove": _remove,
    "show": _show,
}


def button_of(request: HttpRequest) -> str:
    """The button that was pressed. The return key finds, if something new is to be found, and else saves."""
    button = request.POST.get("do", "enter")
    if button != "enter":
        return button
    find = request.POST.get("find", "").strip()
    return "find" if find and find != request.POST.get("found", "") else "save"
