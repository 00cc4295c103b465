"""Rows of UPR Info's list become records, once, with who raised them, issues, history and provenance."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables import results_of, storage, undo
from recommendations.models import (
    Document,
    ImportedRow,
    Issue,
    IssueTag,
    Recommendation,
    Review,
    SearchEntry,
    Stakeholder,
    State,
)
from recommendations.search import listing
from recommendations.search.text import index
from tests import make
from tests.importing.tables import bring_in, line, numbers, plan, quiet, write_csv

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared/realdata/datasets"
REAL, KAZAKHSTAN = SHARED / "upr_recommendations_s1-20_utf8.csv", SHARED / "kazakhstan_327_utf8.csv"
ORIGINAL = "SuR,Rgrp,Org,Recommendation,RS,Rgrp,Org,Response,Action,Issue,Session"
needs_shared = pytest.mark.skipif(
    not REAL.exists(), reason="the real list is not shipped, and ../shared is not here"
)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """A function that writes rows as such a list, and returns its path."""

    def write(*lines: dict[str, str], name: str = "list.csv") -> Path:
        return write_csv(tmp_path / name, list(lines))

    return write


def test_row_becomes_a_public_record(file: Any) -> None:
    life = make.make_issue(slug="life", name="Right to life")
    make.make_issue(slug="death-penalty", name="The death penalty", parent=life)
    bring_in(file(line()))
    record = Recommendation.objects.published().get()
    assert (record.reference, record.position, record.locator) == ("KAZ-UPR7-UI2", "supported", "row 2")
    assert (record.document.kind, record.document.review.slug) == ("data_set", "kaz-upr7")
    assert [each.name for each in record.raised_by.all()] == ["Austria"]
    assert {tag.issue.path for tag in record.tags.all()} == {
        "life/death-penalty",
        "upr-info/upr-info-elections",
    }
    assert {tag.origin for tag in record.tags.all()} == {"source"}
    record.full_clean()
    for made in (record.document, record.document.review, *record.raised_by.all(), *Issue.objects.all()):
        made.full_clean()
        assert made.history.count() == 1
    assert Client().get(record.get_absolute_url()).status_code == 200
    assert listing.differences() == []


def test_imported_search_entry_equals_reindexed_one(file: Any) -> None:
    bring_in(file(line(Text="Ratify the “Optional Protocol”.")))
    columns = ("reference", "title", "words", "names")
    (written,) = SearchEntry.objects.values(*columns)
    index.rebuild()
    (again,) = SearchEntry.objects.values(*columns)
    written["names"], again["names"] = (set(row["names"].split(" | ")) for row in (written, again))
    assert written == again


def test_importing_again_changes_nothing(file: Any) -> None:
    path = file(line(), line(Response="Noted", Session="20"), line())
    assert numbers(bring_in(path)) == {"created": 3}
    history = Recommendation.history.count()
    assert numbers(plan(path)) == {"unchanged": 3}
    with pytest.raises(RefusedError, match="nothing to write"):
        bring_in(path)
    assert Recommendation.objects.count() == 3
    assert Recommendation.history.count() == history


def test_reordered_list_with_new_row_creates_no_duplicates(file: Any) -> None:
    one, two, three = (line(Text=f"Do {number}.") for number in ("one", "two", "three"))
    bring_in(file(one, two))
    later = bring_in(file(three, two, one, name="later.csv"))
    assert numbers(later) == {"created": 1, "unchanged": 2}
    # Row 2 is another recommendation there, and has a reference of its own.
    assert set(Recommendation.objects.values_list("text", "reference", "locator")) == {
        ("Do one.", "KAZ-UPR7-UI2", "row 2"),
        ("Do two.", "KAZ-UPR7-UI3", "row 3"),
        ("Do three.", "KAZ-UPR7-UI2-2", "row 2 of later.csv"),
    }


def test_list_updates_apply_and_editor_changes_stay(file: Any) -> None:
    make.make_issue(slug="death-penalty", name="The death penalty")
    bring_in(file(line(Text="One."), line(Text="Two."), line(Text="Three.")))
    by_editor, both = (Recommendation.objects.get(text=text) for text in ("Two.", "Three."))
    by_editor.position = both.position = "supported_in_part"
    by_editor.save()
    both.save()
    by_editor.tags.get(issue__slug="death-penalty").delete()
    changed = file(
        line(Text="One.", Response="Noted", Issue="Elections"),
        line(Text="Two."),
        line(Text="Three.", Response="Noted"),
    )
    source = bring_in(changed, leave_out=True)
    assert numbers(source) == {"updated": 1, "unchanged": 1, "conflicts": 1}
    (conflict,) = source.report["shown"]["conflicts"]
    assert conflict["changes"] == [["position", "supported_in_part", "noted"]]
    positions = dict(Recommendation.objects.values_list("text", "position"))
    assert positions == {"One.": "noted", "Two.": "supported_in_part", "Three.": "supported_in_part"}
    tags = IssueTag.objects.filter(recommendation__text="One.")
    assert [tag.issue.slug for tag in tags] == ["upr-info-elections"]
    assert numbers(bring_in(changed, conflicts="file")) == {"unchanged": 2, "conflicts": 1}
    assert Recommendation.objects.get(text="Three.").position == "noted"
    assert listing.differences() == []


def test_corrected_stakeholder_does_not_duplicate_the_record(file: Any) -> None:
    path = file(line())
    bring_in(path)
    record = Recommendation.objects.get()
    record.raised_by.set([make.make_stakeholder(slug="somebody-else")])
    record.save()
    assert numbers(plan(path)) == {"unchanged": 1}


def test_existing_state_and_review_are_used(file: Any) -> None:
    state = make.make_state(iso3="KAZ", name="Kazakhstan", region="Asia-Pacific")
    review = make.make_review(state=state, session="7", slug="kaz-upr7", starts_on=datetime.date(2010, 2, 12))
    bring_in(file(line()))
    assert Review.objects.get() == review
    assert Document.objects.get().review == review
    assert Review.objects.get().starts_on == datetime.date(2010, 2, 12)


def test_new_review_is_dated_no_more_exactly_than_known(file: Any) -> None:
    bring_in(file(line(Session="14")))
    review = Review.objects.get()
    assert (review.when, review.cycle) == ("October 2012", "2")


def test_dry_run_lists_what_would_be_new(file: Any) -> None:
    source = plan(file(line()))
    assert source.report["new"] == {
        "state": ["Kazakhstan", "Austria"],
        "review": ["Kazakhstan, UPR 7"],
        "document": ["UPR Info’s list of recommendations: Kazakhstan, session 7"],
        "stakeholder": ["Austria"],
        "issue": ["Unsorted (UPR Info)", "Death penalty", "Elections"],
    }
    assert not State.objects.exists()
    assert not Issue.objects.exists()


def test_history_of_new_record_names_its_stakeholders(file: Any) -> None:
    bring_in(file(line()))
    entry = Recommendation.objects.get().history.get()
    assert entry.history_change_reason == "Imported from a data set"
    assert [each.stakeholder.name for each in entry.raised_by.all()] == ["Austria"]


def test_upr_info_spellings_of_states_are_recognised(file: Any) -> None:
    bring_in(file(line(To="St Lucia"), line(From="DPR Korea"), line(From="&#40;Unknown&#41;")))
    assert State.objects.filter(iso3="LCA", name="Saint Lucia").exists()
    assert Stakeholder.objects.get(slug="recommending-prk").published
    assert not Recommendation.objects.get(reference="KAZ-UPR7-UI4").raised_by.exists()


def test_original_headings_and_semicolons_are_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    head = ORIGINAL.replace(",", ";")
    path.write_text(
        f"{head}\nKazakhstan;Asia;OIC;Do it.;Austria;WEOG;EU;Rejected;5;Elections;7\n", encoding="utf-8-sig"
    )
    source = bring_in(path)
    assert source.kind == "upr_info"
    assert source.report["ignored"] == ["Org", "Org (2)", "Action"]
    record = Recommendation.objects.get()
    assert (record.text, record.position) == ("Do it.", "noted")
    assert record.document.review.state.region == "Asia-Pacific"


def test_xls_format_is_read() -> None:
    source = plan(Path(__file__).parent / "files" / "upr_info.xls")
    assert (source.kind, numbers(source)) == ("upr_info", {"created": 3})


@pytest.mark.parametrize(
    ("values", "column", "why"),
    [
        ({"Session": "seven"}, "Session", "is not the number of a session"),
        ({"Session": "99"}, "Session", "is a session of which it is not known here when it was"),
        ({"To": "Freedonia"}, "To", "is the name of no State"),
        ({"From": ""}, "From", "is empty"),
        ({"Response": "Maybe"}, "Response", "is no answer that is known"),
        ({"Text": " "}, "Text", "is empty"),
    ],
)
def test_invalid_row_is_named_and_nothing_is_written(
    values: dict[str, str], column: str, why: str, file: Any
) -> None:
    path = file(line(), line(**values))
    source = plan(path)
    (refused,) = source.report["shown"]["refused"]
    assert (refused["row"], refused["column"]) == (3, column)
    assert why in refused["why"]
    with pytest.raises(RefusedError, match="1 rows are refused"):
        bring_in(path)
    assert not Recommendation.objects.exists()
    assert not Issue.objects.exists()
    assert numbers(bring_in(path, leave_out=True)) == {"created": 1, "refused": 1}
    assert Recommendation.objects.count() == 1


def test_missing_columns_are_named(file: Any) -> None:
    row = {name: value for name, value in line().items() if name != "Session"}
    with pytest.raises(RefusedError, match="“UPR Info’s list”, but has no column Session"):
        plan(file(row))


def test_records_changed_since_dry_run_stop_the_writing(file: Any) -> None:
    from recommendations.importing.tables import import_from_path

    bring_in(file(line()))
    source = plan(file(line(Response="Noted"), line(Text="New.")))
    Recommendation.objects.get().delete()
    with pytest.raises(RefusedError, match="dry run"):
        import_from_path.write(source, quiet)
    assert not Recommendation.objects.exists()


def test_results_are_kept_row_by_row(file: Any) -> None:
    source = plan(file(line(Text="=cmd"), line(Session="x")))
    with storage().open(results_of(source)) as kept:
        rows = list(csv.DictReader(kept.read().decode("utf-8-sig").splitlines()))
    assert [(row["Row"], row["Result"], row["Column"], row["Words"]) for row in rows] == [
        ("2", "created", "", "'=cmd"),
        ("3", "refused", "Session", ""),
    ]


def test_undoing_leaves_nothing_but_history(file: Any) -> None:
    make.make_issue(slug="death-penalty", name="The death penalty")
    source = bring_in(file(line(), line(Session="8")))
    undo(source, quiet)
    for model in (Recommendation, Document, Review, State, Stakeholder, SearchEntry, ImportedRow, IssueTag):
        assert not model.objects.exists(), model
    assert [issue.slug for issue in Issue.objects.all()] == ["death-penalty"]
    reasons = Recommendation.history.filter(history_type="-")
    assert {entry.history_change_reason for entry in reasons} == {"Imported from a data set: taken back"}
    assert listing.differences() == []
    assert numbers(bring_in(file(line(), line(Session="8")))) == {"created": 2}


@needs_shared
def test_every_row_of_the_real_lists_is_accepted(tmp_path: Path) -> None:
    source = plan(REAL)
    assert numbers(source) == {"created": 41_066}
    # One row of each State under review, recommending State and session is written.
    seen: set[str] = set()
    rows = []
    with REAL.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            new = {f"to {row['To']}", f"from {row['From']}", f"session {row['Session']}"} - seen
            if new:
                seen |= new
                rows.append(row)
    assert numbers(bring_in(write_csv(tmp_path / "some.csv", rows))) == {"created": len(rows)}
    assert State.objects.count() >= 193
    assert numbers(plan(KAZAKHSTAN))["created"] > 300
