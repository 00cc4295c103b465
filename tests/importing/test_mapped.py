"""Somebody's own table: its columns are named by a person, and that is kept under a name."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from recommendations.importing.errors import RefusedError
from recommendations.models import ColumnMapping, Import, Recommendation
from tests import make
from tests.importing.tables import bring_in, line, numbers, plan, write_csv

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

ROW = {
    "No.": "7",
    "What": "Release him.",
    "By": "Press Watch",
    "Theme": "Assembly",
    "Answer": "Noted",
    "Etc": "x",
}
COLUMNS = {"No.": "own_id", "What": "text", "By": "stakeholders", "Theme": "issues", "Answer": "position"}


@pytest.fixture
def options() -> dict[str, Any]:
    """What a person chose: the review, and what the columns mean."""
    make.make_state(iso3="KAZ", name="Kazakhstan")
    review = make.make_review(state=make.make_state(iso3="KAZ"), session="7", slug="kaz-upr7")
    make.make_stakeholder(slug="watch", name="Press Watch", published=True)
    make.make_issue(slug="assembly", name="Assembly")
    return {"columns": COLUMNS, "mapping": "Ours", "review": review.slug}


def test_table_with_unknown_columns_waits_for_mapping(tmp_path: Path) -> None:
    source = plan(write_csv(tmp_path / "ours.csv", [ROW]))
    assert source.kind == ""
    assert source.report["needs_mapping"]
    assert source.report["headings"] == list(ROW)
    assert source.report["first"] == [list(ROW.values())]
    with pytest.raises(RefusedError, match="what the columns of the table mean"):
        bring_in(write_csv(tmp_path / "ours.csv", [ROW | {"No.": "8"}]))


def test_mapped_rows_become_records_of_the_review(options: Any, tmp_path: Path) -> None:
    source = bring_in(write_csv(tmp_path / "ours.csv", [ROW]), **options, published=False)
    record = Recommendation.objects.get()
    assert (record.reference, record.locator, record.position) == ("KAZ-UPR7-T7", "7", "noted")
    assert (record.published, record.document.published) == (False, False)
    assert [row.slug for row in record.raised_by.all()] == ["watch"]
    assert source.report["ignored"] == ["Etc"]
    record.full_clean()
    changed = write_csv(tmp_path / "later.csv", [ROW | {"What": "Release him now."}])
    assert numbers(bring_in(changed, **options)) == {"updated": 1}
    assert Recommendation.objects.get().text == "Release him now."


@pytest.mark.parametrize(
    ("values", "column"),
    [({"By": "Nobody"}, "By"), ({"Theme": "Nothing"}, "Theme"), ({"Answer": "?"}, "Answer")],
)
def test_unknown_names_are_refused_not_created(
    values: dict[str, str], column: str, options: Any, tmp_path: Path
) -> None:
    source = plan(write_csv(tmp_path / "ours.csv", [ROW | values]), **options)
    (refused,) = source.report["shown"]["refused"]
    assert refused["column"] == column


def test_reference_column_updates_known_records(options: Any, tmp_path: Path) -> None:
    make.make_recommendation(reference="FRE-1", summary="Before")
    path = write_csv(tmp_path / "ours.csv", [{"Ref": "FRE-1", "Short": "After", "Words": "ignored"}])
    columns = {"Ref": "reference", "Short": "summary", "Words": "text"}
    source = bring_in(path, columns=columns, conflicts="file")
    assert numbers(source) == {"conflicts": 1}
    assert Recommendation.objects.get().summary == "After"


def test_command_accepts_saved_mapping(options: Any, tmp_path: Path) -> None:
    ColumnMapping.objects.create(name="Ours", columns=COLUMNS)
    path = write_csv(tmp_path / "ours.csv", [ROW])
    out = StringIO()
    call_command("import_table", path, "--mapping", "Ours", "--review", "kaz-upr7", stdout=out)
    assert "Written: 1 created, 0 updated." in out.getvalue()
    with pytest.raises(CommandError, match="Saved are: Ours"):
        call_command("import_table", path, "--mapping", "X")
    with pytest.raises(CommandError, match="--mapping NAME"):
        call_command("import_table", write_csv(tmp_path / "other.csv", [ROW]))


def test_command_dry_run_reports_and_leaves_nothing(tmp_path: Path, settings: Any) -> None:
    path, report = write_csv(tmp_path / "list.csv", [line(), line(Session="x")]), tmp_path / "report.csv"
    out, err = StringIO(), StringIO()
    call_command("import_table", path, "--dry-run", "--report", report, stdout=out, stderr=err)
    assert "1 created" in out.getvalue()
    assert "new: 2 × state" in out.getvalue()
    assert "row 3: Session: “x” is not the number of a session" in err.getvalue()
    assert report.read_text(encoding="utf-8-sig").startswith("Row,Result,Reference")
    assert not Import.objects.exists()
    assert [found for found in (tmp_path / "imports").iterdir() if found.suffix == ".csv"] == []
    with pytest.raises(CommandError, match="1 rows are refused"):
        call_command("import_table", path, stdout=out, stderr=err)
    call_command("import_table", path, "--leave-out", stdout=out, stderr=err)
    assert Recommendation.objects.count() == 1
    assert Import.objects.get().state == "done"
    call_command("import_table", path, "--leave-out", stdout=out, stderr=err)
    assert Recommendation.objects.count() == 1


def test_same_file_is_not_imported_twice_at_once(tmp_path: Path) -> None:
    from recommendations.importing.tables.import_from_path import brought_in

    path = write_csv(tmp_path / "list.csv", [line()])
    with brought_in(path), pytest.raises(RefusedError, match="on its way in already"), brought_in(path):
        pass
    # What a process left that was killed does not stand in the way.
    with brought_in(path) as source:
        Import.objects.filter(pk=source.pk).update(state="ready")
    assert not Import.objects.exists()
