"""Logging for several records with one form; correcting what is published, and what came back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.models import FollowUp
from tests import make
from tests.desk.entries.form_pages import LOG, WHY, complete, errors, form_of, forms, page, press

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder

pytestmark = pytest.mark.django_db


# Several records


def test_form_for_three_records_makes_three_drafts(
    desk: Client, ngo: Stakeholder, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    records = [make.make_recommendation() for _ in range(3)]
    data = complete(records[0], ngo, record=[each.reference for each in records], do="submit")
    data |= forms(2) | {"evidence-1-kind": "link", "evidence-1-url": "example.org/law"}
    data |= {"evidence-1-stance": "supports", "evidence-1-access": "partners", "evidence-2-kind": "file"}
    data |= {"evidence-2-stance": "context", "evidence-2-access": "private"}
    data["evidence-2-file"] = SimpleUploadedFile("a.txt", b"What the source said.")
    assert desk.post(LOG, data)["Location"] == "/desk/drafts/"
    entries = list(FollowUp.objects.order_by("pk"))
    assert [entry.recommendation for entry in entries] == records
    assert {(entry.stage, entry.summary) for entry in entries} == {("submitted", WHY)}
    for entry in entries:
        link, file = entry.evidence.order_by("position")
        assert (link.url, link.access, file.stance) == ("https://example.org/law", "partners", "context")
        assert Path(file.file.path).read_bytes() == b"What the source said."
    # The same form again, by a second click, makes no more.
    desk.post(LOG, data | {"evidence-2-file": SimpleUploadedFile("a.txt", b"What the source said.")})
    assert FollowUp.objects.count() == 3


def test_failed_submission_of_several_saves_none(
    desk: Client, ngo: Stakeholder, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    from django.core.exceptions import ValidationError

    from recommendations.actions import review_workflow

    settings.MEDIA_ROOT = tmp_path
    records = [make.make_recommendation() for _ in range(3)]
    submit, done = review_workflow.submit, []

    def third_time_unlucky(entry: FollowUp, *, by: User) -> FollowUp:
        done.append(entry)
        if len(done) == 3:
            raise ValidationError("The third cannot be submitted.")
        return submit(entry, by=by)

    monkeypatch.setattr(review_workflow, "submit", third_time_unlucky)
    data = complete(records[0], ngo, record=[each.reference for each in records], do="submit")
    data |= forms(1) | {
        "evidence-1-kind": "file",
        "evidence-1-stance": "context",
        "evidence-1-access": "private",
    }
    data["evidence-1-file"] = SimpleUploadedFile("a.txt", b"What the source said.")
    tree = page(desk.post(LOG, data))
    assert "The third cannot be submitted." in tree.text_content()
    assert form_of(tree)["summary"] == [WHY]
    assert not FollowUp.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# Corrections


@pytest.fixture
def published(record: Recommendation, ngo: Stakeholder) -> FollowUp:
    entry = make.make_follow_up(record, role="civil_society", assessor=ngo, summary="A wrong date.")
    make.make_evidence(follow_up=entry, access="private")
    return entry


def test_correction_starts_from_entry_and_needs_reason(desk: Client, published: FollowUp) -> None:
    tree = page(desk.get(LOG, {"replaces": published.pk}))
    values = form_of(tree)
    assert (values["summary"], values["as_of"]) == (["A wrong date."], ["2024-01-01"])
    assert values["evidence-1-url"] == ["https://example.org/law"]
    assert "record" not in values
    tree = page(press(desk, tree, "submit"))
    assert errors(tree) == ["Why the entry is corrected: Say why the entry is corrected."]
    press(desk, tree, "submit", correction_reason="The date was wrong.", summary="The right date.")
    correction = FollowUp.objects.get(replaces=published)
    assert (correction.stage, correction.correction_reason) == ("submitted", "The date was wrong.")
    assert correction.recommendation == published.recommendation
    # A second correction is not begun beside it.
    answer = desk.get(LOG, {"replaces": published.pk})
    assert answer["Location"] == f"/desk/entries/{correction.pk}/"
    assert f"?replaces={published.pk}" in desk.get("/desk/drafts/").content.decode()


@pytest.mark.parametrize("broken", ["x", "999999999999999999999", "0"])
def test_correction_of_unknown_entry_is_not_found(desk: Client, broken: str) -> None:
    assert desk.get(LOG, {"replaces": broken}).status_code == 404


def test_entry_of_another_organisation_cannot_be_corrected(
    client: Client, bob: User, published: FollowUp
) -> None:
    client.force_login(bob)
    assert client.get(LOG, {"replaces": published.pk}).status_code == 404
    assert client.post(LOG, {"replaces": published.pk, "do": "save"}).status_code == 404


def test_returned_draft_shows_comment_and_is_resubmitted(
    desk: Client, record: Recommendation, ngo: Stakeholder
) -> None:
    from recommendations.actions import review_workflow

    desk.post(LOG, complete(record, ngo, do="submit"))
    entry = FollowUp.objects.get()
    review_workflow.send_back(entry, by=make.make_user("reviewer"), comment="Which reading?")
    assert "Which reading?" in page(desk.get("/desk/drafts/")).text_content()
    tree = page(desk.get(f"/desk/entries/{entry.pk}/"))
    assert "Which reading?" in tree.text_content()
    press(desk, tree, "submit", summary="The second reading.")
    entry.refresh_from_db()
    assert (entry.stage, entry.summary) == ("submitted", "The second reading.")
