"""Autocomplete widget of the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect

if TYPE_CHECKING:
    from django.db.models import Model


class Autocomplete(AutocompleteSelect):
    """Autocomplete that labels the selected row from memory if it is already loaded.

    Django's widget queries the database once per field of each inline row just for that label.
    """

    loaded: Model | None = None

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        """Return the selected option, preceded by an empty one if the field is optional."""
        if self.loaded is None or [str(v) for v in value] != [str(self.loaded.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.loaded)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(self.create_option(name, self.loaded.pk, label, True, len(options)))
        return [(None, options, 0)]
