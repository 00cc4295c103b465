"""Our own export of records, edited in a spreadsheet and imported again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.exports import columns
from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.edits import FIXED
from recommendations.importing.tables.items import Cells

if TYPE_CHECKING:
    from recommendations.exports.columns import Column
    from recommendations.importing.tables.reading import Table

# Columns of our other exports, by the name used in the message that only records can be changed.
OTHERS = {
    "responses": columns.RESPONSES,
    "follow-up": columns.FOLLOW_UPS,
    "stakeholders": columns.STAKEHOLDERS,
    "documents": columns.DOCUMENTS,
    "reviews": columns.REVIEWS,
}
# A pair of columns that no other table has.
MARKS = ("version", "url")


def names_of(headings: list[str], listed: list[Column]) -> dict[str, int]:
    """Return the positions of a list's columns, by name or by heading in any language of the site."""
    found: dict[str, int] = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for column in listed:
                if column.name in found or not column.sheet:
                    continue
                for heading in (str(column.heading), column.name):
                    if heading in headings:
                        found[column.name] = headings.index(heading)
                        break
    return found


class OwnExport:
    """Rows that edit records by reference."""

    kind = "own_export"

    def __init__(self, table: Table, places: dict[str, int]) -> None:
        self.cells = Cells(table, places)
        self.columns = tuple(name for name in columns.EDITABLE if name in places)
        used = {places[name] for name in (*self.columns, *FIXED, *MARKS, "reference") if name in places}
        self.ignored = [
            heading for place, heading in enumerate(table.headings) if heading and place not in used
        ]

    @classmethod
    def recognised(cls, table: Table, _filename: str) -> OwnExport | None:
        """Return the format if the table is our export. Raises RefusedError for an export of another list."""
        places = names_of(table.headings, columns.RECOMMENDATIONS)
        ours = len(places) / max(sum(1 for heading in table.headings if heading), 1)
        other = max(OTHERS, key=lambda name: len(names_of(table.headings, OTHERS[name])))
        of_other = names_of(table.headings, OTHERS[other])
        if len(of_other) > len(places) and "url" in of_other:
            raise RefusedError(
                _(
                    "This is our export of another list ({name}); only records are changed by a spreadsheet."
                ).format(name=other)
            )
        if "reference" not in places or not (any(mark in places for mark in MARKS) or ours == 1):
            return None
        form = cls(table, places)
        if not form.columns:
            raise RefusedError(_("This export has no column that can be changed by a spreadsheet."))
        return form
