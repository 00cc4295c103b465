"""The table formats: each is recognised by its columns and defines what a row becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.formats.mapped import Mapped
from recommendations.importing.tables.formats.own import OwnExport, names_of
from recommendations.importing.tables.formats.uhri import Uhri
from recommendations.importing.tables.formats.upr_info import UprInfo
from recommendations.models import ColumnMapping, Review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recommendations.importing.tables.reading import Table

__all__ = ["KINDS", "Mapped", "OwnExport", "Uhri", "UprInfo", "names_of", "recognise"]

KINDS = {
    OwnExport.kind: gettext_lazy("Our own export"),
    UprInfo.kind: gettext_lazy("UPR Info’s list"),
    Uhri.kind: gettext_lazy("Export of the Universal Human Rights Index"),
    Mapped.kind: gettext_lazy("Another table"),
}
AnyFormat = OwnExport | UprInfo | Uhri | Mapped


def recognise(table: Table, filename: str, options: Mapping[str, Any]) -> tuple[AnyFormat | None, list[Any]]:
    """Return the table's format and the evidence for it; None for a table whose columns a person must name.

    Raises RefusedError for a table that nearly matches a known format, naming the missing columns.
    """
    columns, name = options.get("columns"), str(options.get("mapping") or "")
    if isinstance(columns, dict):
        return mapped(table, columns, name, options), [told(_("The columns were named by a person."), table)]
    for kind in (UprInfo, Uhri, OwnExport):
        if form := kind.recognised(table, filename):
            words = _("{columns} are the columns of: {kind}").format(
                columns=", ".join(table.headings[place] for place in form.cells.places.values())[:300],
                kind=KINDS[form.kind],
            )
            return form, [told(words, table)]
    for kind in (UprInfo, Uhri):
        if missing := kind.missing(table.headings):
            raise RefusedError(
                _("This looks like “{kind}”, but has no column {columns}.").format(
                    kind=KINDS[kind.kind], columns=", ".join(missing)
                )
            )
    fits = [
        one
        for one in ColumnMapping.objects.all()
        if one.columns and all(heading in table.headings for heading in one.columns)
    ]
    if len(fits) == 1 and options.get("review"):
        words = _("The table has all columns of the mapping “{name}”.").format(name=fits[0].name)
        return mapped(table, fits[0].columns, fits[0].name, options), [told(words, table)]
    return None, [told(_("No table that is known has these columns."), table)]


def mapped(table: Table, columns: Mapping[str, str], name: str, options: Mapping[str, Any]) -> AnyFormat:
    """Return the format a person described; it edits records if a column holds their references."""
    meanings = {heading: meaning for heading, meaning in columns.items() if meaning}
    if "reference" in meanings.values():
        places = {
            meaning: table.headings.index(heading)
            for heading, meaning in meanings.items()
            if heading in table.headings and meaning != "text"
        }
        form = OwnExport(table, places)
        if not form.columns:
            raise RefusedError(_("Name at least one column that is to be changed."))
        return form
    slug = str(options.get("review") or "")
    review = Review.objects.filter(slug=slug).select_related("state").first() if slug else None
    return Mapped(table, meanings, name, review)


def told(words: str, table: Table) -> dict[str, str]:
    """Return one piece of evidence: the words, and where they occur."""
    return {"words": words, "place": f"{table.form}, {table.place}"}
