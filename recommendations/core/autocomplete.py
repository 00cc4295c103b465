"""Widgets of the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect

if TYPE_CHECKING:
    from django.db.models import Model


class Autocomplete(AutocompleteSelect):
    """An autocomplete that takes the chosen row from memory where it is loaded already.

    Django's asks the database once for each field of each inline row, only to label the choice.
    """

    loaded: Model | None = None

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        """The chosen option, and an empty one where none need be chosen."""
        if self.loaded is None or [str(v) for v in value] != [str(self.loaded.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.loaded)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(self.create_option(name, self.loaded.pk, label, True, len(options)))
        return [(None, options, 0)]
