"""Form controls that Django has not: choices with their meaning beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Defined(forms.widgets.ChoiceWidget):
    """Choices, each with the meaning of its value beside it, and its badge where there is one.

    `meanings` maps a value to a sentence; `badge` makes the mark of a value (`status_badge`), which then
    stands in the place of the label.
    """

    def __init__(
        self,
        meanings: Mapping[Any, Any],
        badge: Callable[[str], str] | None = None,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.meanings = {str(value): meaning for value, meaning in meanings.items()}
        self.badge = badge

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's option, with `meaning`, `meaning_id` and `badge`; screen readers hear the meaning last."""
        option = super().create_option(name, value, *args, **kwargs)
        meaning = self.meanings.get(str(value), "")
        option["meaning"] = meaning
        option["badge"] = self.badge(str(value)) if self.badge and value else ""
        if meaning and option["attrs"].get("id"):
            option["meaning_id"] = f"{option['attrs']['id']}_meaning"
            option["attrs"]["aria-describedby"] = option["meaning_id"]
        return option


class DefinedChoices(Defined, forms.RadioSelect):
    """Radio buttons with meanings."""


class DefinedBoxes(Defined, forms.CheckboxSelectMultiple):
    """Boxes to tick with meanings."""
