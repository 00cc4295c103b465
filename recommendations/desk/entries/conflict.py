"""Two versions of one sheet, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.forms import ChoiceField
from django.utils.translation import gettext as _

from recommendations.desk.entries.forms import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms.boundfield import BoundField

    from recommendations.desk.entries.entry_form import Sheet
    from recommendations.desk.entries.forms import PieceForm


class Difference(NamedTuple):
    """What stands in one place in the stored draft, and what was typed; in words."""

    label: str
    theirs: str
    yours: str


def differences(there: Sheet | None, here: Sheet) -> list[Difference]:
    """Where a stored draft and a sheet say something else; without a draft, all that the sheet says."""
    found = []
    for field in here.form:
        theirs, yours = in_words(there.form[field.name]) if there else "", in_words(field)
        if theirs != yours:
            found.append(Difference(str(field.label), theirs, yours))
    stored = {each.position: each for each in there.pieces} if there else {}
    typed = {each.position: each for each in here.filled}
    for position in sorted(stored.keys() | typed.keys()):
        theirs, yours = piece_in_words(stored.get(position)), piece_in_words(typed.get(position))
        if theirs != yours:
            found.append(Difference(_("Evidence {number}").format(number=position), theirs, yours))
    return found


def in_words(field: BoundField) -> str:
    """The value of a field as a person would say it."""
    value = field.value()
    if value in (None, ""):
        return ""
    control = field.field
    if not isinstance(control, ChoiceField):
        return " ".join(str(value).split())
    labels = {str(key): str(label) for key, label in cast("Iterable[tuple[Any, Any]]", control.choices)}
    return labels.get(str(value), str(value))


def piece_in_words(form: PieceForm | None) -> str:
    """A piece of evidence in one line."""
    if form is None:
        return ""
    parts = [str(form.of_kind.label)]
    if form.quoted is not None:
        parts.append(place_of(form.quoted))
    parts += [
        in_words(form[name]) for name in form.fields if name not in {"kind", "paragraph", "file", "file_of"}
    ]
    return " · ".join(part for part in parts if part)
