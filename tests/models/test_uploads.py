"""Uploaded evidence: nobody else on the machine reads it, and it goes with its row."""

import stat
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from recommendations.models import Evidence, FollowUp
from tests.make import make_evidence, make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploaded(settings, tmp_path):
    """A file that is evidence of a draft."""
    settings.MEDIA_ROOT = tmp_path / "media"
    entry = make_follow_up(published_at=None)
    return make_evidence(
        follow_up=entry, kind="file", url="", access="private", file=ContentFile(b"who said so", "a.txt")
    )


def test_uploaded_file_is_readable_by_server_only(uploaded):
    path = Path(uploaded.file.path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def delete_row(evidence):
    evidence.delete()


def delete_rows(evidence):
    Evidence.objects.filter(pk=evidence.pk).delete()


def delete_entry(evidence):
    FollowUp.objects.get(pk=evidence.follow_up_id).delete()


@pytest.mark.parametrize("delete", [delete_row, delete_rows, delete_entry])
def test_uploaded_file_is_deleted_only_after_commit(uploaded, delete, django_capture_on_commit_callbacks):
    path = Path(uploaded.file.path)
    with django_capture_on_commit_callbacks() as final:
        delete(uploaded)
    assert not Evidence.objects.exists()
    assert path.exists()
    for step in final:
        step()
    assert not path.exists()


def test_uploaded_file_stays_while_another_row_uses_it(uploaded, django_capture_on_commit_callbacks):
    make_evidence(follow_up=uploaded.follow_up, kind="file", url="", file=uploaded.file.name)
    path = Path(uploaded.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        uploaded.delete()
    assert path.exists()


def test_missing_file_does_not_block_deletion(uploaded, django_capture_on_commit_callbacks):
    Path(uploaded.file.path).unlink()
    with django_capture_on_commit_callbacks(execute=True):
        uploaded.delete()
    assert not Evidence.objects.exists()
