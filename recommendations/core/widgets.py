"""Form widgets that Django lacks: choices with a description beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Defined(forms.widgets.ChoiceWidget):
    """Choices with the meaning of each value beside it, and optionally a badge.

    `meanings` maps a value to a sentence; `badge` renders a value (such as `status_badge`) in place of its
    label.
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
        """Return Django's option plus `meaning`, `badge` and, for `aria-describedby`, `meaning_id`."""
        option = super().create_option(name, value, *args, **kwargs)
        meaning = self.meanings.get(str(value), "")
        option["meaning"] = meaning
        option["badge"] = self.badge(str(value)) if self.badge and value else ""
        if meaning and option["attrs"].get("id"):
            option["meaning_id"] = f"{option['attrs']['id']}_meaning"
            option["attrs"]["aria-describedby"] = option["meaning_id"]
        return option


class DefinedChoices(Defined, forms.RadioSelect):
    """Radio buttons with a meaning beside each."""


class DefinedBoxes(Defined, forms.CheckboxSelectMultiple):
    """Checkboxes with a meaning beside each."""
