"""The definitions of the statuses: what is made of them is complete, and no two can be mistaken."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from recommendations.models import FollowUp
from recommendations.models.statuses import NOT_ASSESSED, STATUSES, Status, StatusDefinition
from recommendations.models.verdicts import Verdicts
from tests.make import make_follow_up, make_recommendation


def test_entry_may_have_every_status_but_not_assessed() -> None:
    assert FollowUp.Status.choices == [
        (value, status.label) for value, status in STATUSES.items() if value != NOT_ASSESSED
    ]
    assert [str(label) for label in FollowUp.Status.labels][:2] == ["Implemented", "Partially implemented"]
    assert FollowUp.Status("regressed") is Status.REGRESSED
    assert FollowUp(status="regressed").get_status_display() == "Regressed"


@pytest.mark.django_db
def test_database_takes_the_defined_statuses_and_no_other() -> None:
    record = make_recommendation()
    for status in Status.values:
        make_follow_up(record, status=status)
    for other in (NOT_ASSESSED, "done", ""):
        with pytest.raises(IntegrityError, match="follow_up_status_known"), transaction.atomic():
            make_follow_up(record, status=other)


@pytest.mark.parametrize("name", ["value", "label", "meaning", "shape", "texture", "symbol"])
def test_no_two_statuses_can_be_mistaken(name: str) -> None:
    found = [str(getattr(status, name)) for status in STATUSES.values()]
    assert all(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("colour", ["light", "dark"])
def test_statuses_differ_in_colour_on_screens(colour: str) -> None:
    assert len({getattr(status, colour) for status in STATUSES.values()}) == len(STATUSES)


def test_kind_of_record_may_call_a_status_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: getattr(STATUSES["implemented"], name) for name in StatusDefinition.__dataclass_fields__}
    own = StatusDefinition(**given | {"labels_by_kind": {"concern": "Addressed"}})
    monkeypatch.setitem(STATUSES, "implemented", own)
    entry = FollowUp(status="implemented")
    assert Verdicts(entry, kind="concern").label == "Addressed"
    assert Verdicts(entry, kind="recommendation").label == "Implemented"


def test_style_sheet_of_statuses_is_current() -> None:
    call_command("build_status_css", check=True, stdout=StringIO())


def test_outdated_style_sheet_is_noticed_and_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    current = finders.find("recommendations/css/statuses.css")
    assert isinstance(current, str)
    monkeypatch.setattr("django.apps.apps.get_app_config", lambda _label: type("App", (), {"path": tmp_path}))
    built = tmp_path / "static" / "recommendations" / "css" / "statuses.css"
    built.parent.mkdir(parents=True)
    built.write_text(".status-implemented { color: red; }")
    with pytest.raises(CommandError, match="not current"):
        call_command("build_status_css", check=True, stdout=StringIO())
    call_command("build_status_css", stdout=StringIO())
    assert built.read_text() == Path(current).read_text()
