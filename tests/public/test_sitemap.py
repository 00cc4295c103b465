"""The map of the site: every public page once, no other, each with the date of its last change."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from recommendations.models import Recommendation
from tests import make

pytestmark = pytest.mark.django_db
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
CANARY = "shibboleth"
BASE = "https://tracker.example.org"


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.SITE_URL = BASE


def read(path: str) -> Any:
    """The parsed file at an address of this site."""
    answer = Client().get(path.removeprefix(BASE))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def files() -> list[str]:
    """The addresses that the index names."""
    return [
        str(one)
        for one in read("/sitemap.xml").xpath("/m:sitemapindex/m:sitemap/m:loc/text()", namespaces=MAP)
    ]


def addresses() -> dict[str, str]:
    """Every address of the map, with the date of its last change or nothing."""
    found: dict[str, str] = {}
    for file in files():
        for url in read(file).xpath("/m:urlset/m:url", namespaces=MAP):
            (address,) = url.xpath("m:loc/text()", namespaces=MAP)
            assert address not in found
            found[str(address)] = "".join(url.xpath("m:lastmod/text()", namespaces=MAP))
    return found


def test_sitemap_lists_public_pages_by_their_canonical_address() -> None:
    record = make.make_recommendation(
        reference="FRE-1", raised_by=[make.make_stakeholder()], issues=[make.make_issue()]
    )
    make.make_link(record, make.make_recommendation(reference="FRE-2"))
    response = make.make_response([record])
    found = addresses()
    rows = [
        record,
        response,
        record.document,
        record.document.review,
        *record.raised_by.all(),
        *record.issues.all(),
    ]
    for path in ("/", "/chains/FRE-1/", "/methodology/", *(row.get_absolute_url() for row in rows)):
        assert f"{BASE}{path}" in found
    for address in found:
        answer = Client().get(address.removeprefix(BASE))
        assert answer.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in answer.text


def test_sitemap_lists_nothing_hidden() -> None:
    issue = make.make_issue()
    draft = make.make_recommendation(reference=CANARY, published=False, issues=[issue])
    public = make.make_recommendation(reference="FRE-1")
    make.make_link(public, draft)
    make.make_response([draft], reference=f"{CANARY}-r", published=False)
    make.make_stakeholder(slug=CANARY, published=False)
    review = make.make_review(slug=f"{CANARY}-review")
    hidden = make.make_document(slug=f"{CANARY}-document", published=False, review=review)
    make.make_recommendation(reference=f"{CANARY}-2", document=hidden)
    for file in ["/sitemap.xml", *files()]:
        assert CANARY not in Client().get(file.removeprefix(BASE)).text


def test_lastmod_is_last_edit_or_follow_up() -> None:
    edited = datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC)
    quiet = make.make_recommendation(reference="QUIET")
    followed = make.make_recommendation(reference="FOLLOWED")
    Recommendation.objects.update(updated_at=edited)
    published = timezone.now().replace(microsecond=0)
    make.make_follow_up(followed, published_at=published)
    make.make_follow_up(quiet, published_at=None)
    found = addresses()
    changed = {
        name: datetime.datetime.fromisoformat(found[f"{BASE}/recommendations/{name}/"])
        for name in ("QUIET", "FOLLOWED")
    }
    assert changed == {"QUIET": edited, "FOLLOWED": published}


def test_long_section_is_split_into_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.public.sitemaps.PER_FILE", 2)
    paragraph = make.make_paragraph()
    for n in range(5):
        make.make_recommendation(reference=f"FRE-{n}", paragraph=paragraph)
    assert [file for file in files() if "recommendations" in file] == [
        f"{BASE}/sitemap-recommendations-{n}.xml" for n in (1, 2, 3)
    ]
    assert sum("/recommendations/FRE-" in address for address in addresses()) == 5


@pytest.mark.parametrize("path", ["/sitemap-nonsense-1.xml", "/sitemap-recommendations-9.xml"])
def test_unknown_sitemap_file_is_404(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_robots_txt_names_sitemap_and_excludes_admin() -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /" not in lines


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("?state=FRE&kind=concern", "/recommendations/?kind=concern&amp;state=FRE"),
        ("?kind=recommendation&kind=concern", "/recommendations/?kind=concern&amp;kind=recommendation"),
        ("?sort=oldest", "/recommendations/"),
        ("?sort=oldest&page=2&per_page=1", "/recommendations/"),
        ("?page=1", "/recommendations/"),
    ],
)
def test_list_has_one_canonical_address(asked: str, canonical: str) -> None:
    make.make_recommendation()
    make.make_recommendation()
    assert (
        f'<link rel="canonical" href="{BASE}{canonical}">' in Client().get(f"/recommendations/{asked}").text
    )
