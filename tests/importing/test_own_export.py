"""Our export, edited in a spreadsheet and brought back: exactly the cells that were changed, by reference."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommendations.exports.spreadsheets import safe, unsafe, xlsx_cell
from recommendations.importing.errors import RefusedError
from recommendations.importing.tables import undo, undo_blockers
from recommendations.models import IssueTag, Recommendation, RecommendationLink, Stakeholder
from recommendations.search import listing
from tests import make
from tests.amounts import examples
from tests.importing.tables import bring_in, edit_csv, edit_xlsx, export, numbers, plan, quiet

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def records() -> dict[str, Recommendation]:
    """Three public records, the first with everything that can be edited."""
    parent = make.make_issue(slug="expression", name="Freedom of expression")
    issue = make.make_issue(slug="defamation", name="Defamation", parent=parent)
    make.make_issue(slug="assembly", name="Assembly")
    found = {
        reference: make.make_recommendation(reference=reference, summary=f"Summary of {reference}")
        for reference in ("FRE-1", "FRE-2", "FRE-3")
    }
    first = found["FRE-1"]
    first.raised_by.add(
        make.make_stakeholder(slug="one", name="Committee; of Jurists", acronym="CJ", published=True),
        make.make_stakeholder(slug="withheld", name="A name at risk", published=False),
    )
    make.make_stakeholder(slug="two", name="Press Watch", published=True)
    first.groups.add(make.make_group(slug="women", name="Women and girls"))
    make.make_group(slug="youth", name="Youth")
    IssueTag.objects.create(recommendation=first, issue=issue, origin="source")
    return found


def test_unedited_export_changes_nothing(records: Any, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        source = plan(export(tmp_path / f"export.{ending}", ending))
        assert (source.kind, numbers(source)) == ("own_export", {"unchanged": 3})
        assert not source.report["ignored_changes"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_only_changed_cells_are_written(records: Any, ending: str, tmp_path: Path) -> None:
    path = export(tmp_path / f"export.{ending}", ending)
    edit = edit_csv if ending == "csv" else edit_xlsx
    edit(
        path,
        {
            "FRE-1": {
                "Summary": "Shorter",
                "Raised by": "Committee; of Jurists (CJ); Press Watch",
                "Issues": "Assembly; defamation",
                "Population groups": "Youth",
            },
            "FRE-2": {"Position": "Noted", "Selected for follow up": "yes", "Due": "2027-01-31"},
        },
    )
    source = bring_in(path)
    assert numbers(source) == {"updated": 2, "unchanged": 1}
    first, second, third = Recommendation.objects.order_by("reference")
    assert (first.summary, first.position) == ("Shorter", records["FRE-1"].position)
    # The name that is withheld from the export stays.
    assert {row.slug for row in first.raised_by.all()} == {"one", "two", "withheld"}
    assert {row.slug for row in first.groups.all()} == {"youth"}
    assert {(tag.issue.slug, tag.origin) for tag in first.tags.all()} == {
        ("defamation", "source"),
        ("assembly", "editor"),
    }
    assert (second.position, second.selected_for_follow_up) == ("noted", True)
    assert second.due_on == datetime.date(2027, 1, 31)
    newest = first.history.first()
    assert (newest.history_change_reason, newest.history_type) == ("Edited in a spreadsheet", "~")
    assert {row.stakeholder.slug for row in newest.raised_by.all()} == {"one", "two", "withheld"}
    assert third.history.count() == 1
    assert "shorter" in first.search.title
    assert listing.differences() == []
    # The same file once more: what it says is there.
    assert numbers(plan(path)) == {"unchanged": 3}


def test_unknown_reference_is_refused_and_adds_no_row(records: Any, tmp_path: Path) -> None:
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-2": {"Reference": "FRE-99", "Summary": "New"}})
    source = plan(path)
    assert numbers(source) == {"unchanged": 2, "refused": 1}
    (refused,) = source.report["shown"]["refused"]
    assert (refused["column"], refused["value"]) == ("Reference", "FRE-99")
    assert refused["why"].startswith("is the reference of no record")
    with pytest.raises(RefusedError):
        bring_in(path)
    assert Recommendation.objects.count() == 3


def test_repeated_reference_is_refused(records: Any, tmp_path: Path) -> None:
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-2": {"Reference": "FRE-1"}})
    (refused,) = plan(path).report["shown"]["refused"]
    assert "already" in refused["why"]


def test_row_changed_meanwhile_is_a_conflict(records: Any, tmp_path: Path) -> None:
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-1": {"Summary": "Mine"}})
    record = Recommendation.objects.get(reference="FRE-1")
    record.summary = "Theirs"
    record.save()
    source = plan(path)
    assert numbers(source) == {"unchanged": 2, "conflicts": 1}
    (conflict,) = source.report["shown"]["conflicts"]
    assert conflict["changes"] == [["summary", "Theirs", "Mine"]]
    with pytest.raises(RefusedError, match="1 in conflict"):
        bring_in(path)
    bring_in(path, leave_out=True)
    assert Recommendation.objects.get(reference="FRE-1").summary == "Theirs"
    bring_in(path, choices={str(conflict["row"]): "file"})
    assert Recommendation.objects.get(reference="FRE-1").summary == "Mine"


def test_change_of_another_column_is_conflict_and_stays(records: Any, tmp_path: Path) -> None:
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-1": {"Summary": "Mine"}})
    IssueTag.objects.filter(recommendation__reference="FRE-1").delete()
    source = bring_in(path, conflicts="file")
    assert "issues" in source.report["shown"]["conflicts"][0]["why"]
    record = Recommendation.objects.get(reference="FRE-1")
    assert (record.summary, record.tags.count()) == ("Mine", 0)


def test_changes_stay_where_the_file_was_not_edited(records: Any, tmp_path: Path) -> None:
    path = export(tmp_path / "export.csv")
    Recommendation.objects.filter(reference="FRE-1").update(summary="Theirs", position="noted")
    assert numbers(plan(path)) == {"unchanged": 3}


def test_export_of_chosen_columns_can_be_imported(records: Any, tmp_path: Path) -> None:
    path = export(tmp_path / "export.csv", columns="reference,summary")
    edit_csv(path, {"FRE-1": {"Summary": "Mine"}}, delimiter=";")
    assert numbers(bring_in(path)) == {"updated": 1, "unchanged": 2}


def test_rows_without_version_are_conflicts(records: Any, tmp_path: Path) -> None:
    path = edit_csv(
        export(tmp_path / "export.csv"), {name: {"Version": "", "Summary": "X"} for name in records}
    )
    source = plan(path)
    assert numbers(source) == {"conflicts": 3}
    assert "column Version" in source.report["shown"]["conflicts"][0]["why"]


def test_computed_and_verbatim_columns_are_reported_and_ignored(records: Any, tmp_path: Path) -> None:
    path = edit_csv(
        export(tmp_path / "export.csv"), {"FRE-1": {"Words": "Other words", "Status": "implemented"}}
    )
    source = plan(path)
    assert numbers(source) == {"unchanged": 3}
    assert {"Status", "State responses", "Chain"} <= set(source.report["ignored"])
    assert source.report["ignored_changes"] == {"text": 1}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Summary": "x" * 301}, "is longer than 300 characters"),
        ({"Kind": "wish"}, "is none of these: recommendation"),
        ({"Due": "03/04/2027", "Selected for follow up": "yes"}, "is no clear date"),
        ({"Due": "2027-02-01"}, "not selected for follow-up"),
        ({"Raised by": "Nobody known"}, "is no stakeholder that is known"),
        ({"Issues": "Unheard of"}, "is no issue of the tree"),
        ({"Population groups": "Everyone"}, "is no population group"),
        ({"Selected for follow up": "maybe"}, "is none of these: yes, no"),
    ],
)
def test_invalid_cell_is_refused_by_row_and_column(
    changes: dict[str, str], why: str, records: Any, tmp_path: Path
) -> None:
    source = plan(edit_csv(export(tmp_path / "export.csv"), {"FRE-2": changes}))
    (refused,) = source.report["shown"]["refused"]
    assert (refused["row"], refused["column"]) == (3, next(iter(changes)))
    assert why in refused["why"]


def test_date_reformatted_by_spreadsheet_is_unchanged(records: Any, tmp_path: Path) -> None:
    Recommendation.objects.filter(reference="FRE-1").update(
        selected_for_follow_up=True, due_on=datetime.date(2027, 4, 3)
    )
    path = export(tmp_path / "export.csv")
    assert numbers(plan(edit_csv(path, {"FRE-1": {"Due": "03/04/2027"}}))) == {"unchanged": 3}
    assert numbers(plan(edit_csv(path, {"FRE-1": {"Due": "24/12/2027"}}))) == {"updated": 1, "unchanged": 2}


def test_export_of_another_list_is_refused(records: Any, tmp_path: Path) -> None:
    from django.test import Client

    make.make_response()
    path = tmp_path / "responses.csv"
    path.write_bytes(b"".join(Client().get("/responses.csv").streaming_content))
    with pytest.raises(RefusedError, match="another list"):
        plan(path)


def test_undoing_restores_previous_values(records: Any, tmp_path: Path) -> None:
    first = records["FRE-1"]
    suggestion = make.make_issue(slug="suggested", name="Suggested")
    IssueTag.objects.create(recommendation=first, issue=suggestion, origin="suggestion")
    path = edit_csv(
        export(tmp_path / "export.csv"),
        {
            "FRE-1": {
                "Summary": "Mine",
                "Raised by": "two",
                "Issues": "suggested",
                "Population groups": "",
                "Selected for follow up": "yes",
                "Due": "2027-01-31",
            }
        },
    )
    source = bring_in(path)
    assert set(first.tags.values_list("issue__slug", "origin")) == {("suggested", "editor")}
    undo(source, quiet)
    again = Recommendation.objects.get(reference="FRE-1")
    assert (again.summary, again.selected_for_follow_up, again.due_on) == ("Summary of FRE-1", False, None)
    assert {row.slug for row in again.raised_by.all()} == {"one", "withheld"}
    assert {row.slug for row in again.groups.all()} == {"women"}
    assert set(again.tags.values_list("issue__slug", "origin")) == {
        ("defamation", "source"),
        ("suggested", "suggestion"),
    }
    assert listing.differences() == []
    assert numbers(plan(path)) == {"updated": 1, "unchanged": 2}


def test_later_change_blocks_undoing(records: Any, tmp_path: Path) -> None:
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-1": {"Summary": "Mine"}})
    source = bring_in(path)
    assert undo_blockers(source) == []
    record = Recommendation.objects.get(reference="FRE-1")
    record.summary = "Later"
    record.save()
    assert undo_blockers(source) == ["A record was changed since the import (FRE-1)."]
    with pytest.raises(RefusedError, match="FRE-1"):
        undo(source, quiet)
    assert Recommendation.objects.get(reference="FRE-1").summary == "Later"


def test_entries_notes_and_links_block_undoing(tmp_path: Path) -> None:
    from tests.importing.tables import line, write_csv

    source = bring_in(write_csv(tmp_path / "list.csv", [line(), line(Text="Another.")]))
    assert undo_blockers(source) == []
    one, two = Recommendation.objects.order_by("reference")
    make.make_follow_up(recommendation=one)
    RecommendationLink.objects.create(
        earlier=two,
        later=make.make_recommendation(),
        relation="repeated",
        rationale="The same.",
        confirmed=True,
    )
    reasons = " ".join(undo_blockers(source))
    assert one.reference in reasons
    assert two.reference in reasons
    with pytest.raises(RefusedError):
        undo(source, quiet)
    assert Recommendation.objects.count() == 3


SURE = {"rationale": "The same.", "confirmed": True}
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@given(CELLS)
def test_formula_escape_is_removed_on_import(text: str) -> None:
    assert unsafe(str(safe(text))) == text


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(summary=CELLS, name=CELLS.filter(lambda text: text.strip()))
@example(summary="\n", name="=0")
@example(summary="'", name="'=")
def test_any_text_survives_export_and_import(summary: str, name: str, tmp_path: Path) -> None:
    record = Recommendation.objects.filter(reference="FRE-X").first()
    record = record or make.make_recommendation(reference="FRE-X")
    record.summary = summary[:300]
    record.save()
    party = record.raised_by.first() or make.make_stakeholder(published=True)
    Stakeholder.objects.filter(pk=party.pk).update(name=name)
    record.raised_by.set([party])
    for ending in ("csv", "xlsx"):
        source = plan(export(tmp_path / f"export.{ending}", ending))
        assert numbers(source) == {"unchanged": 1}, source.report["shown"]


def test_formula_escape_in_workbook_is_removed_on_import() -> None:
    book = openpyxl.Workbook()
    book.active.append([xlsx_cell("'=1"), xlsx_cell("=1")])
    kept = io.BytesIO()
    book.save(kept)
    again = openpyxl.load_workbook(kept).active
    assert [unsafe(str(cell.value)) for cell in again[1]] == ["'=1", "=1"]
