"""The whole data set: everything public and nothing else, the same as on the pages, sent while it is made."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.api import dataset
from recommendations.api.tables import TABLES
from recommendations.models import Document, Recommendation
from tests import make
from tests.make import make_rows

ADDRESS = "/data/recommendation-tracker.zip"
NAMES = [table.name for table in TABLES]


def pieces() -> list[bytes]:
    """The file as it is sent."""
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    return list(answer.streaming_content)


def archive() -> zipfile.ZipFile:
    """The file, opened and checked."""
    opened = zipfile.ZipFile(io.BytesIO(b"".join(pieces())))
    assert opened.testzip() is None
    return opened


def csv_rows(opened: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    content = opened.read(f"csv/{name}.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_rows(opened: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(opened.read(f"json/{name}.json"))
    return found


# -- what is in it, and what is not ----------------------------------------------------------------------

CANARY = "SHIBBOLETH"


def make_hidden() -> Recommendation:
    """A public record, and round it everything that is not public; all of that carries the canary."""
    withheld = make.make_stakeholder(
        name=f"{CANARY} organisation", acronym=CANARY, slug=CANARY.lower(), published=False
    )
    ngo = make.make_stakeholder()
    ngo.members.add(withheld)
    record = make.make_recommendation(raised_by=[ngo, withheld], issues=[make.make_issue()])
    response = make.make_response([record])
    place = {"paragraph": record.paragraph}
    draft = make.make_recommendation(
        **place, reference=f"{CANARY}-1", raised_by=[ngo], issues=[make.make_issue()],
        groups=[make.make_group()], published=False,
    )  # fmt: skip
    other = make.make_recommendation(**place, parent=draft)
    make.make_response_link(response=response, recommendation=draft, rationale=CANARY)
    make.make_response_link(response=response, recommendation=other, confirmed=False, rationale=CANARY)
    make.make_link(record, draft, rationale=CANARY)
    make.make_link(record, other, confirmed=False, rationale=CANARY)
    make.make_follow_up(draft, summary=CANARY)
    make.make_follow_up(record, summary=CANARY, published_at=None)
    make.make_response([record], **place, reference=f"{CANARY}-R1", published=False)
    hidden = make.make_document(
        review=record.document.review,
        title=CANARY,
        symbol=CANARY,
        slug=f"d-{CANARY}".lower(),
        published=False,
    )
    paragraph = make.make_paragraph(document=hidden, text=f"{CANARY} {make.WORDS}")
    make.make_response([record], paragraph=paragraph, reference=f"{CANARY}-R2")
    make.make_recommendation(paragraph=paragraph, reference=f"{CANARY}-2", raised_by=[ngo])
    entry = make.make_follow_up(record, role="civil_society", assessor=withheld)
    for access in ("private", "partners"):
        make.make_evidence(follow_up=entry, title=CANARY, access=access)
    quote = {"kind": "paragraph", "url": "", "text": f"{CANARY} {make.WORDS}"}
    make.make_evidence(follow_up=entry, paragraph=paragraph, **quote)
    make.make_document(review=make.make_review(slug=f"r-{CANARY}".lower()), published=False)
    record.tags.create(issue=make.make_issue(slug="suggested"), origin="suggestion")
    return record


@pytest.mark.django_db
def test_data_set_holds_nothing_hidden() -> None:
    record = make_hidden()
    opened = archive()
    for name in opened.namelist():
        assert CANARY.lower() not in opened.read(name).decode().lower(), name
    assert record.reference in {row["reference"] for row in csv_rows(opened, "recommendations")}
    assert "suggested" not in {row["issue"] for row in csv_rows(opened, "issue_tags")}
    assert [row["assessor"] for row in json_rows(opened, "follow_up")] == [None]


@pytest.mark.django_db
def test_api_answers_hold_nothing_hidden() -> None:
    record = make_hidden()
    paths = [*Client().get("/api/v1/").json().values()]
    paths += [
        f"/api/v1/recommendations/{record.reference}/",
        f"/api/v1/documents/{record.document.slug}/paragraphs/",
    ]
    for path in paths:
        if "/api/" in path:
            text = Client().get(path.removeprefix("http://testserver")).content.decode()
            assert CANARY.lower() not in text.lower(), path
    for path in (
        f"recommendations/{CANARY}-1/",
        f"recommendations/{CANARY}-2/",
        f"responses/{CANARY}-R1/",
        f"responses/{CANARY}-R2/",
        f"stakeholders/{CANARY.lower()}/",
        f"documents/d-{CANARY.lower()}/",
        f"documents/d-{CANARY.lower()}/paragraphs/",
        f"reviews/r-{CANARY.lower()}/",
    ):
        assert Client().get(f"/api/v1/{path}").status_code == 404, path
    document = Document.objects.filter(published=False).first()
    assert Client().get("/api/v1/recommendations/", {"document": document.slug}).status_code == 400


@pytest.mark.django_db
def test_csv_escapes_formulas_and_keeps_every_script() -> None:
    text = '=cmd|"/c calc"!A1'
    make.make_recommendation(text=text, summary="Прекратить пытки; қинау")
    opened = archive()
    row = csv_rows(opened, "recommendations")[0]
    assert row["text"] == f"'{text}"
    assert row["summary"] == "Прекратить пытки; қинау"
    assert json_rows(opened, "recommendations")[0]["text"] == text


@pytest.mark.django_db
def test_an_empty_site_has_an_empty_data_set() -> None:
    opened = archive()
    assert all(json_rows(opened, name) == [] and csv_rows(opened, name) == [] for name in NAMES)
    assert Client().get("/data/").status_code == 200


# -- how it is sent --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_data_set_is_streamed_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "CHUNK", 2)
    document = make.make_document()
    for n in range(40):
        # Of different letters, so that it does not shrink to nothing.
        words = "".join(chr(0x4E00 + (n * 7919 + k * 104_729) % 20_000) for k in range(3_000))
        make.make_paragraph(document=document, text=words)
    sent = pieces()
    assert max(len(piece) for piece in sent) < sum(len(piece) for piece in sent) / 4
    opened = zipfile.ZipFile(io.BytesIO(b"".join(sent)))
    assert opened.testzip() is None
    assert len(json_rows(opened, "paragraphs")) == len(csv_rows(opened, "paragraphs")) == 40


@pytest.mark.django_db
def test_large_table_in_zip64_is_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "LARGE", 0)
    make.make_recommendation()
    assert len(csv_rows(archive(), "recommendations")) == 1


@pytest.mark.django_db
def test_query_count_does_not_grow_with_rows() -> None:
    make_rows()
    with CaptureQueriesContext(connection) as before:
        pieces()
    make_rows()
    with CaptureQueriesContext(connection) as after:
        pieces()
    assert len(after) == len(before)


@pytest.mark.django_db
def test_data_set_head_request_runs_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().head(ADDRESS)
    assert answer.status_code == 200
    assert re.search(r'filename="recommendation-tracker_\d{4}-\d\d-\d\d\.zip"', answer["Content-Disposition"])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/data/", ADDRESS])
def test_post_is_refused(path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405
