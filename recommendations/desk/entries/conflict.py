"""Two versions of a draft, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.forms import ChoiceField
from django.utils.translation import gettext as _

from recommendations.desk.entries.quoting import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms.boundfield import BoundField

    from recommendations.desk.entries.evidence_forms import EvidenceForm
    from recommendations.desk.entries.forms import EntryForm


class Difference(NamedTuple):
    """What stands in one place in the stored draft, and what was typed; in words."""

    label: str
    theirs: str
    yours: str


def differences(form: EntryForm, stored: EntryForm | None = None) -> list[Difference]:
    """Where what was typed and the stored draft say something else; without a draft, all that was typed."""
    theirs, yours = all_in_words(stored) if stored else {}, all_in_words(form)
    labels: dict[str | int, str] = {field.name: str(field.label) for field in form}
    numbers = sorted(name for name in theirs.keys() | yours.keys() if isinstance(name, int))
    labels |= {number: _("Evidence {number}").format(number=number) for number in numbers}
    found = [Difference(label, theirs.get(name, ""), yours.get(name, "")) for name, label in labels.items()]
    return [each for each in found if each.theirs != each.yours]


def all_in_words(form: EntryForm) -> dict[str | int, str]:
    """All that a form says, by the name of the field or the position of the evidence."""
    said: dict[str | int, str] = {field.name: in_words(field) for field in form}
    return said | {each.position: evidence_in_words(each) for each in form.evidence_formset.filled}


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


def evidence_in_words(form: EvidenceForm) -> str:
    """A piece of evidence in one line."""
    parts = [str(form.evidence_kind.label), place_of(form.quoted) if form.quoted else ""]
    parts += [in_words(field) for field in form if field.name not in {"kind", "paragraph", "file", "file_of"}]
    return " · ".join(part for part in parts if part)
