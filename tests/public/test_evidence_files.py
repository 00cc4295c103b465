"""Uploaded evidence is handed out to who may see it, as a download, and to nobody else."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse

from recommendations.actions import review_workflow
from recommendations.models import Evidence, FollowUp, Recommendation
from tests import make
from tests.admin.form_data import evidence_data, typed
from tests.files_with_metadata import CANARY, make_image
from tests.pages import admin_address

pytestmark = pytest.mark.django_db
WORDS = b"who said so"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def organisation():
    return make.make_stakeholder()


@pytest.fixture
def viewers(organisation) -> dict[str, Any]:
    """Everyone who might come by, by what they are to the organisation."""
    partner = make.make_stakeholder(partner=True)
    return {
        "nobody": None,
        "no role": make.make_user(),
        "other": make.make_user("contributor", organisations=[make.make_stakeholder()]),
        "partner": make.make_user("contributor", organisations=[partner]),
        "own": make.make_user("contributor", organisations=[organisation]),
        "reviewer": make.make_user("reviewer"),
        "editor": make.make_user("editor"),
        "administrator": make.make_user("administrator"),
    }


def read(answer) -> bytes:
    """The whole of a download, whose file is closed with it."""
    return b"".join(answer.streaming_content)


def piece(organisation, access: str, stage: str, name: str = "a.txt") -> Evidence:
    """A file that is evidence of an entry of the organisation at this stage."""
    author = make.make_user("contributor", organisations=[organisation])
    entry = make.make_follow_up(
        role="civil_society", assessor=organisation, recorded_by=author, published_at=None
    )
    evidence = make.make_evidence(
        follow_up=entry,
        kind="file",
        url="",
        access=access,
        title="Приказ № 5",
        file=ContentFile(WORDS, name),
    )
    if stage != "draft":
        entry = review_workflow.submit(entry, by=author)
    if stage in {"published", "withdrawn"}:
        review_workflow.approve(entry, by=make.make_user("reviewer"))
    return evidence


ALL = ("nobody", "no role", "other", "partner", "own", "reviewer", "editor", "administrator")
OWN = {"own"}
# Whoever reviews reads what waits, and evidence for partners with it; an administrator reviews.
REVIEW = {"own", "reviewer", "administrator"}
STAFF = {"other", "partner", "own", "reviewer", "editor", "administrator"}
# stage and level → who gets the file at the desk, and whether everyone does at the public address.
TABLE = [
    ("draft", "private", OWN, False),
    ("draft", "partners", OWN, False),
    ("draft", "public", OWN, False),
    ("submitted", "private", OWN, False),
    ("submitted", "partners", REVIEW, False),
    ("submitted", "public", REVIEW, False),
    ("published", "private", OWN, False),
    ("published", "partners", REVIEW | {"partner"}, False),
    ("published", "public", STAFF, True),
]


@pytest.mark.parametrize(("stage", "access", "seen_by", "public"), TABLE)
def test_evidence_file_is_served_only_to_permitted_viewers(
    client, viewers, organisation, stage, access, seen_by, public
):
    key = piece(organisation, access, stage).file_key
    for name in ALL:
        client.logout()
        if viewers[name]:
            client.force_login(viewers[name])
        answer = client.get(reverse("evidence_file", args=[key]))
        if name in seen_by:
            assert (answer.status_code, read(answer)) == (200, WORDS), name
            assert "no-store" in answer["Cache-Control"]
            assert "private" in answer["Cache-Control"]
            assert "ETag" not in answer
        elif name == "nobody":
            assert answer.status_code == 302
            assert answer.url.startswith("/desk/account/login/")
        else:
            assert answer.status_code == 404, name
        answer = client.get(reverse("public_file", args=[key]))
        assert answer.status_code == (200 if public else 404), name
        if public:
            assert read(answer) == WORDS


def test_evidence_file_is_served_as_harmless_download(client, organisation):
    key = piece(organisation, "public", "published").file_key
    answer = client.get(reverse("public_file", args=[key]))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert ".txt" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert read(answer) == WORDS
    assert client.post(reverse("public_file", args=[key])).status_code == 405
    odd = piece(organisation, "public", "published", name="a.html").file_key
    answer = client.get(reverse("public_file", args=[odd]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert "html" not in answer["Content-Disposition"]
    assert read(answer) == WORDS


def test_cached_evidence_file_is_revalidated(client, organisation):
    evidence = piece(organisation, "public", "published")
    address = reverse("public_file", args=[evidence.file_key])
    answer = client.get(address)
    assert read(answer) == WORDS
    assert answer["Cache-Control"] == "no-cache"
    kept = {"headers": {"If-None-Match": answer["ETag"]}}
    assert client.get(address, **kept).status_code == 304
    Recommendation.objects.update(published=False)
    assert client.get(address, **kept).status_code == 404
    Recommendation.objects.update(published=True)
    assert client.get(address, **kept).status_code == 304


def test_withdrawn_evidence_file_is_gone(client, organisation, viewers, django_capture_on_commit_callbacks):
    evidence = piece(organisation, "public", "published")
    stored = Path(evidence.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        review_workflow.withdraw(evidence.follow_up, by=viewers["reviewer"], reason="For safety.")
    assert not stored.exists()
    client.force_login(viewers["own"])
    for name in ("public_file", "evidence_file"):
        assert client.get(reverse(name, args=[evidence.file_key])).status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "../../settings", "0" * 31, "%", "A" * 32, "0" * 32 + ".txt"])
def test_unknown_file_keys_are_404(client, viewers, key):
    client.force_login(viewers["own"])
    for folder in ("/evidence/", "/desk/evidence/"):
        assert client.get(f"{folder}{key}/").status_code == 404


def test_lost_evidence_file_is_404(client, organisation):
    evidence = piece(organisation, "public", "published")
    Path(evidence.file.path).unlink()
    assert client.get(reverse("public_file", args=[evidence.file_key])).status_code == 404


def test_upload_folder_is_not_served(client, organisation):
    evidence = piece(organisation, "public", "published")
    for address in (f"/{evidence.file}", f"/media/{evidence.file}", f"/data/media/{evidence.file}"):
        assert client.get(address).status_code == 404


def test_public_pages_and_lists_link_the_file(client, organisation):
    evidence = piece(organisation, "public", "published")
    address = reverse("public_file", args=[evidence.file_key])
    record = evidence.follow_up.recommendation
    assert f'href="{address}"' in client.get(record.get_absolute_url()).text
    (entry,) = client.get("/follow-up.json").json()["results"]
    assert entry["evidence"][0]["url"] == address


def test_evidence_position_does_not_reveal_private_evidence(client):
    entry = make.make_follow_up()
    make.make_evidence(follow_up=entry, access="private")
    make.make_evidence(follow_up=entry, title="One")
    make.make_evidence(follow_up=entry, access="partners")
    make.make_evidence(follow_up=entry, title="Two")
    packed = b"".join(client.get("/data/recommendation-tracker.zip").streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("evidence.csv")]
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    assert [(row["title"], row["position"]) for row in rows] == [("One", "1"), ("Two", "2")]


def test_admin_cleans_and_refuses_files_like_the_desk(client, organisation):
    chief = make.make_superuser()
    make.join(chief, organisation)
    client.force_login(chief)
    entry = make.make_follow_up(role="civil_society", assessor=organisation, published_at=None)
    page = admin_address(FollowUp, "change", entry.pk)
    upload = SimpleUploadedFile(f"{CANARY}.exe", make_image("JPEG"))
    data = typed(client, page) | evidence_data("file", access="private", file=upload)
    assert client.post(page, data).status_code == 302
    evidence = Evidence.objects.get()
    assert evidence.file.name.endswith(".jpg")
    with evidence.file.open("rb") as stored:
        assert CANARY.encode() not in stored.read()
    assert reverse("evidence_file", args=[evidence.file_key]) in client.get(page).text
    with pytest.raises(NoReverseMatch):
        reverse("admin:recommendations_evidence_file", args=[evidence.pk])
    # A page that is saved again keeps the file as it is.
    assert client.post(page, typed(client, page)).status_code == 302
    assert Evidence.objects.get().file.name == evidence.file.name
    data = typed(client, page) | {"evidence-0-file": SimpleUploadedFile("a.txt", b"GIF89a")}
    assert "is of the type GIF" in client.post(page, data).text
