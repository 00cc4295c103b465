"""Template tags for forms: a field with label, help and errors, and the error summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.formsets import BaseFormSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BaseForm
    from django.forms.boundfield import BoundField

register = template.Library()


class Problem(NamedTuple):
    """One line of the error summary: the message, the field's label and the id of its control."""

    sentence: str
    label: str
    target: str


@register.inclusion_tag("partials/form_field.html")
def form_field(field: BoundField, label_hidden: bool = False) -> dict[str, Any]:
    """Render a field with label, help and errors; a hidden field is rendered as the bare input."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        shape = "box"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        shape = "choices"
    else:
        shape = "parts" if field.use_fieldset else "line"
    return {"field": field, "shape": shape, "label_hidden": label_hidden}


@register.inclusion_tag("partials/form_errors.html")
def form_errors(*forms: BaseForm | BaseFormSet[Any] | list[BaseForm], focus: bool = True) -> dict[str, Any]:
    """Render the error summary of forms, formsets and lists of forms, each error linked to its field."""
    flat = [form for each in forms for form in (each if isinstance(each, list) else [each])]
    problems = [problem for form in flat if form.is_bound for problem in problems_of(form)]
    return {"problems": problems, "focus": focus}


def problems_of(form: BaseForm | BaseFormSet[Any]) -> Iterator[Problem]:
    """Yield the errors of a bound form or formset: first non-field errors, then those of each field."""
    if isinstance(form, BaseFormSet):
        yield from (Problem(str(sentence), "", "") for sentence in form.non_form_errors())
        for each in form.forms:
            yield from problems_of(each)
        return
    yield from (Problem(str(sentence), "", "") for sentence in form.non_field_errors())
    for field in form:
        label = "" if field.is_hidden else str(field.label)
        for sentence in field.errors:
            yield Problem(str(sentence), label, "" if field.is_hidden else first_control(field))


def first_control(field: BoundField) -> str:
    """Return the id of the field's control, of the first one if there are several."""
    several = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple | MultiWidget)
    return f"{field.auto_id}_0" if several else str(field.id_for_label)
