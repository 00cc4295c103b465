"""A table at the desk: brought in, looked at, decided on, written, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recommendations.models import ColumnMapping, Import, Recommendation
from tests import make
from tests.importing.helpers import upload, worked_on
from tests.importing.tables import edit_csv, export, line, write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db


def brought_in(desk: Client, path: Path) -> Import:
    """A table that was uploaded and read."""
    upload(desk, path.read_bytes(), path.name)
    return worked_on(Import.objects.get())


def decide(desk: Client, source: Import, **data: Any) -> str:
    """Send the choices; what the next page says, after a worker had its turn."""
    page = desk.post(f"{source.get_absolute_url()}table/", data, follow=True)
    worked_on(source)
    return page.text


def test_list_is_previewed_written_and_undone(desk: Client, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [line(), line(Text="Another."), line(Session="x")])
    source = brought_in(desk, path)
    page = desk.get(source.get_absolute_url()).text
    assert "UPR Info’s list" in page
    assert "is not the number of a session" in page
    assert "Kazakhstan, UPR 7" in page
    rows = desk.get(f"{source.get_absolute_url()}rows.csv")
    assert b"3,created" in b"".join(rows.streaming_content)
    assert "1 rows are refused" in decide(desk, source)
    assert source.state == "ready"
    assert not Recommendation.objects.exists()
    decide(desk, source, leave_out="yes", published="yes")
    assert (source.state, Recommendation.objects.published().count()) == ("done", 2)
    page = desk.get(source.get_absolute_url()).text
    assert "Undo the import" in page
    assert source.applied_by is not None
    history = Recommendation.history.first()
    assert history.history_user == source.applied_by
    desk.post(source.get_absolute_url(), {"act": "undo", "confirmed": "yes"})
    worked_on(source)
    assert (source.state, Recommendation.objects.count()) == ("undone", 0)


def test_records_that_block_undoing_are_named(desk: Client, tmp_path: Path) -> None:
    source = brought_in(desk, write_csv(tmp_path / "list.csv", [line()]))
    decide(desk, source)
    record = Recommendation.objects.get()
    assert not record.published
    make.make_follow_up(recommendation=record)
    page = desk.get(source.get_absolute_url()).text
    assert "It can no longer be undone as a whole" in page
    assert record.reference in page


def test_conflict_shows_both_versions_and_a_choice(desk: Client, tmp_path: Path) -> None:
    record = make.make_recommendation(reference="FRE-1", summary="Before")
    path = edit_csv(export(tmp_path / "export.csv"), {"FRE-1": {"Summary": "From the file"}})
    record.summary = "From the desk"
    record.save()
    source = brought_in(desk, path)
    page = desk.get(source.get_absolute_url()).text
    assert "From the desk" in page
    assert "From the file" in page
    assert "1 in conflict" in decide(desk, source)
    decide(desk, source, **{"row-2": "file"})
    assert Recommendation.objects.get().summary == "From the file"


def test_column_mapping_is_chosen_and_saved(desk: Client, tmp_path: Path) -> None:
    record = make.make_recommendation()
    review = record.document.review
    path = write_csv(tmp_path / "ours.csv", [{"What": "Release him.", "Nr": "7", "Etc": "x"}])
    source = brought_in(desk, path)
    assert "Name the columns" in desk.get(source.get_absolute_url()).text
    address = f"{source.get_absolute_url()}columns/"
    page = desk.get(address).text
    assert "Release him." in page
    problems = desk.post(address, {"column-0": "summary", "column-1": "summary"}).text
    assert "Two columns cannot both be “Summary”" in problems
    assert "Say which column holds the words" in problems
    said = {"column-0": "text", "column-1": "own_id", "name": "Ours", "review": review.slug}
    desk.post(address, said)
    worked_on(source)
    assert ColumnMapping.objects.get().columns == {"What": "text", "Nr": "own_id"}
    assert (source.kind, source.report["created"]) == ("mapped", 1)
    # The dry run made anew keeps what was said.
    desk.post(source.get_absolute_url(), {"act": "read"})
    worked_on(source)
    assert source.kind == "mapped"
    decide(desk, source, published="yes")
    assert Recommendation.objects.get(text="Release him.").document.review == review


def test_discarded_table_leaves_no_file(desk: Client, tmp_path: Path, settings: Any) -> None:
    source = brought_in(desk, write_csv(tmp_path / "list.csv", [line()]))
    desk.post(source.get_absolute_url(), {"act": "discard", "confirmed": "yes"})
    left = [found.name for found in (settings.MEDIA_ROOT / "imports").iterdir()]
    assert not [name for name in left if name.endswith(".csv")]
    assert desk.get(f"{source.get_absolute_url()}rows.csv").status_code == 404


def test_refused_table_says_why(desk: Client, tmp_path: Path) -> None:
    row = {name: value for name, value in line().items() if name != "Session"}
    source = brought_in(desk, write_csv(tmp_path / "list.csv", [row]))
    assert source.state == "refused"
    assert "has no column Session" in desk.get(source.get_absolute_url()).text
