"""Columns: what each declares, and which of them an edited spreadsheet may change."""

from __future__ import annotations

import jsonschema
import pytest

from recommendations.exports import columns
from recommendations.exports.columns import Column
from recommendations.models import Recommendation

TABLES = {
    name: getattr(columns, name) for name in columns.__all__ if isinstance(getattr(columns, name), list)
}


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_meaning_and_a_fitting_example(name: str) -> None:
    for column in TABLES[name]:
        assert str(column.meaning).endswith("."), column.name
        jsonschema.validate(column.example, column.schema)


@pytest.mark.parametrize("name", TABLES)
def test_no_name_stands_for_two_columns(name: str) -> None:
    names = [column.name for column in TABLES[name]]
    assert len(set(names)) == len(names)


def test_editable_columns_keep_their_places_in_the_mark() -> None:
    # Marks stand in files that people have exported: another order makes conflicts of all of them.
    assert columns.ROW_VERSION.names == (
        *("summary", "kind", "position", "selected_for_follow_up", "due_on"),
        *("stakeholders", "issues", "groups"),
    )
    places = [column.editable.place for column in columns.EDITABLE.values() if column.editable]
    assert places == list(range(1, len(places) + 1))


def test_editable_columns_are_fields_of_the_record() -> None:
    for column in columns.EDITABLE.values():
        assert isinstance(column, Column)
        assert column.editable
        field = Recommendation._meta.get_field(column.editable.field or column.name)
        assert column.is_list == field.many_to_many if field.is_relation else not column.is_list
