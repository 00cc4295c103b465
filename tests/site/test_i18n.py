"""Every string of the interface can be translated, data stay as they are, another language truly switches."""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from recommendations.api.dataset import FILE_NAME
from recommendations.charts.build import NAMES
from recommendations.models import (
    Document,
    FollowUp,
    Grade,
    Issue,
    PopulationGroup,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
)
from recommendations.public.lists import FollowUpList
from recommendations.public.record_list import RecommendationList
from recommendations.search.filters import FollowUpFilters, RecommendationFilters, ResponseFilters
from tests import make
from tests.pages import admin_address
from tests.pseudo_language import PLAIN, Data, pseudo_language, untranslated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.looks

LISTS = (
    "recommendations",
    "responses",
    "issues",
    "stakeholders",
    "reviews",
    "documents",
    "follow-up",
    "chains",
)
# Pages whose records differ only in data: of each kind the first few and then every so many.
EACH = 20
CHOICES = (FollowUp.Status, FollowUp.Role, Recommendation.Kind, Recommendation.Position, ResponseLink.Stance)
SLUGGED: tuple[Any, ...] = (Review, Document, Stakeholder, Issue, PopulationGroup)
FILTERS = (RecommendationFilters, ResponseFilters, FollowUpFilters)
# What the addresses below say themselves, which pages repeat.
TYPED = (
    "freedom",
    "freedon",
    "torture",
    "freedom OR torture",
    "zzzz",
    "qqqq",
    "zzzz qqqq",
    "nonsense",
    "planet",
)


@pytest.fixture(scope="module")
def data(shipped: None, django_db_blocker: pytest.FixtureRequest) -> Data:
    """What the shipped records say, and the names of the filters."""
    with django_db_blocker.unblock():
        names = [
            *(name for filters in FILTERS for name in filters.base_filters),
            *("from", "to", "sort", "page", "per_page", "columns", "by", "item"),
            *(value for view in (RecommendationList, FollowUpList) for value in view.sorts),
            *(value for choices in CHOICES for value in choices.values),
            *State.objects.values_list("iso3", flat=True),
            *Issue.objects.values_list("path", flat=True),
            *Review.objects.values_list("slug", flat=True),
            *("review", "state", "stakeholder", "issue", "yes", "no", "true", "false", "or 1", "or 0"),
        ]
        return Data(settings.SITE_NAME, *TYPED, FILE_NAME, "slug", "path", "iso3", "reference", codes=names)


def some(rows: list[str]) -> list[str]:
    """The first few, and some of the others."""
    return list(dict.fromkeys([*rows[:5], *rows[::EACH]]))


def addresses() -> Iterator[str]:
    """Every kind of public page with the shipped records: all pages of few, some of many alike."""
    yield from ("/", "/methodology/", "/data/", "/api/v1/docs/", "/pictures/", "/compare/")
    yield from (f"/{name}/" for name in LISTS)
    yield from (f"/pictures/{name}/" for name in NAMES)
    for rows in (Document.objects.all(), Review.objects.all()):
        yield from (row.get_absolute_url() for row in rows)
    for rows in (Issue.objects.all(), Stakeholder.objects.all(), StateResponse.objects.all()):
        yield from some([row.get_absolute_url() for row in rows])
    records = Recommendation.objects.order_by("pk")
    chained = records.filter(later_links__relation="repeated")
    with_all = records.filter(
        follow_ups__isnull=False, response_links__isnull=False, later_links__isnull=False
    )
    for found in (records, records.filter(kind="commendation"), chained, with_all.distinct()):
        yield from some([record.get_absolute_url() for record in found])
    yield from (f"/chains/{record.reference}/" for record in [*chained[:3], *with_all.distinct()[:3]])
    # The panel of filters with values that are known and unknown, orders, pages, and nothing found.
    yield "/recommendations/?state=KAZ&kind=concern&kind=question&issue=planet&page=900&sort=planet"
    yield "/recommendations/?per_page=9000&page=zzzz"
    yield "/recommendations/?nonsense=1&from=2025&to=2010&due=overdue&status=implemented&status=regressed"
    yield "/recommendations/?stale=nonsense&disagree=true&assessor=planet&year=1&reference=nonsense"
    yield "/recommendations/?q=freedom+OR+torture&per_page=10&page=2"
    yield "/recommendations/?q=freedon"
    yield "/recommendations/?q=zzzz+qqqq"
    yield "/recommendations/?q=torture&kind=commendation&year=1999"
    yield "/responses/?stance=nonsense&from=planet"
    yield "/pictures/?state=KAZ&issue=planet"
    reviews = list(Review.objects.values_list("slug", flat=True))
    yield "/compare/?by=review&item=" + "&item=".join(reviews[:3])
    yield "/compare/?by=issue&item=" + "&item=".join(Issue.objects.values_list("path", flat=True)[:2])
    yield "/compare/?by=planet&item=nonsense&nonsense=1"


@pytest.mark.django_db
def test_every_word_on_every_page_is_translated_or_data(shipped, data, client):
    found: dict[str, str] = {}
    pages = list(addresses())
    with pseudo_language():
        for address in pages:
            response = client.get(address)
            assert response.status_code == 200, address
            for words in untranslated(response.content.decode(), data):
                found.setdefault(words, address)
    assert not found, "\n".join(f"{address}  {words}" for words, address in found.items())
    assert len(pages) > 100


@pytest.mark.django_db
def test_every_word_of_error_pages_is_translated(shipped, data, client, settings):
    settings.API_RATE = 1
    with pseudo_language():
        pages = [
            client.get("/recommendations/NOTHING/"),
            client.get("/%00/"),
            client.get("/recommendations/?q=" + "x" * 9_000),
            client.post("/recommendations/"),
            Client(enforce_csrf_checks=True).post("/admin/login/"),
            *(client.get("/data/recommendation-tracker.zip") for _ in range(2)),
        ]
        pages = [page for page in pages if page.status_code != 200]
        assert [page.status_code for page in pages] == [404, 400, 400, 405, 403, 429]
        from recommendations.core.error_pages import server_error

        pages.append(server_error(pages[0].wsgi_request))
        for page in pages:
            assert untranslated(page.content.decode(), data) == [], page.status_code


@pytest.mark.django_db
def test_plain_english_is_detected_as_untranslated(shipped, data):
    """The test itself can fail: plain English is not taken for data."""
    for words in ("Records", "Raised by", "What became of it", "Nothing matches.", "2 months old"):
        assert untranslated(f"<p>{words}</p>", data) == [f"p: {words}"]
    assert untranslated('<p aria-label="Close">ẋ</p>', data) == ["p[aria-label]: Close"]


def read_sheets(content: bytes) -> list[str]:
    """All words of the first row and of the sheet that says what a workbook holds."""
    sheets = load_workbook(io.BytesIO(content)).worksheets
    heads = [str(cell.value) for cell in sheets[0][1]]
    about = [str(row[0].value) for row in sheets[1].iter_rows()]
    return [sheets[0].title, sheets[1].title, *heads, *about]


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_export_headings_are_translated_but_values_are_not(shipped, client, name):
    def values(path: str) -> list[bytes]:
        response = client.get(path)
        assert response.status_code == 200
        return (b"".join(response.streaming_content) if response.streaming else response.content).split(
            b"\r\n"
        )

    plain = {ending: values(f"/{name}.{ending}") for ending in ("json", "csv")}
    with pseudo_language():
        assert values(f"/{name}.json") == plain["json"]
        head, *rows = values(f"/{name}.csv")
        assert rows == plain["csv"][1:]
        assert not set(head.decode("utf-8-sig")) & set(PLAIN)
        words = read_sheets(b"".join(client.get(f"/{name}.xlsx").streaming_content))
        assert [word for word in words if set(word) & set(PLAIN)] == []


@pytest.mark.django_db
def test_feeds_charts_and_citations_are_translated_except_keys(shipped, data, client):
    record = Recommendation.objects.filter(raised_by__isnull=False).first()
    with pseudo_language():
        feed = client.get("/recommendations.atom").content.decode()
        titles = re.findall(r"<(?:title|subtitle)>(.*?)</", feed)[:2]
        assert [title for title in titles if not data.explains(title)] == []
        for name in NAMES:
            drawing = client.get(f"/pictures/{name}.svg").content.decode()
            words = re.findall(r"<(?:text|title|desc)[^>]*>([^<]+)<", drawing)
            assert [word for word in words if not data.explains(word, "quote")] == []
        ris = client.get(f"{record.get_absolute_url()}cite.ris").content.decode()
        bib = client.get(f"{record.get_absolute_url()}cite.bib").content.decode()
    assert ris.startswith("TY  - ELEC\r\n")
    assert re.findall(r"^  (\w+) =", bib, re.MULTILINE)[:2] == ["author", "title"]
    assert f"Record {record.reference}" not in ris + bib


@pytest.mark.django_db
def test_every_word_of_the_admin_is_translated(shipped, data, client):
    client.force_login(make.make_superuser(username="planet"))
    # Names of another package's models, and of a picture in a template of Django's: no catalogue has them.
    others = ("Authenticators", "User sessions", "Search")
    slugs = [row.slug for model in SLUGGED for row in model.objects.all()]
    slugs += [f"{review.state.iso3} {review.mechanism}" for review in Review.objects.all()]
    slugs += [str(grade) for grade in Grade.objects.all()]
    known = Data(settings.SITE_NAME, *TYPED, *others, *slugs, *Issue.objects.values_list("path", flat=True))
    pages = [
        admin_address(model, "changelist")
        for model in admin.site._registry
        if model._meta.app_label == "recommendations"
    ]
    edited = (Recommendation, StateResponse, ResponseLink, FollowUp, Document, Stakeholder, Issue)
    pages += [admin_address(model, "add") for model in edited]
    with pseudo_language():
        for page in ["/admin/", *pages]:
            html = client.get(page).content.decode()
            assert untranslated(html, known) == [], page


# Catalogues


def compiled(messages: dict[str, str]) -> bytes:
    """A catalogue as `msgfmt` writes it (the format of GNU gettext's .mo files)."""
    pairs = sorted(
        (one.encode(), other.encode())
        for one, other in {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}.items()
    )
    keys, values, blob = [], [], b""
    start = 28 + 16 * len(pairs)
    for part, table in ((0, keys), (1, values)):
        for pair in pairs:
            table.append((len(pair[part]), start + len(blob)))
            blob += pair[part] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(struct.pack("<2I", *entry) for entry in keys + values) + blob


@pytest.fixture
def catalogues(tmp_path: Path, settings) -> Iterator[Path]:
    """A place for catalogues; what was read of it is forgotten afterwards."""
    from django.utils.translation import trans_real

    def forget() -> None:
        trans_real._translations.clear()
        trans_real._default = None
        trans_real.reset_cache(setting="LANGUAGES")

    settings.LOCALE_PATHS = [tmp_path]
    forget()
    yield tmp_path
    forget()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "direction", "words"), [("fr", "ltr", "Fiches"), ("ar", "rtl", "السجلات")])
def test_another_language_switches_the_site(shipped, catalogues, settings, client, code, direction, words):
    folder = catalogues / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    meaning = "The exact words of the source."
    messages = {
        "Recommendations": words,
        "Implemented": f"{words}!",
        meaning: f"{words}?",
        "About": "A/" * 40,
    }
    (folder / "django.mo").write_bytes(compiled(messages))
    settings.LANGUAGES = [("en-gb", "English"), (code, code)]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    english = client.get("/recommendations/").content.decode()
    other = client.get("/recommendations/", headers={"accept-language": code})
    page = other.content.decode()
    assert '<html lang="en-GB" dir="ltr">' in english
    assert f'<html lang="{code}" dir="{direction}">' in page
    assert "Accept-Language" in other["Vary"]
    assert f"<h1>{words}</h1>" in page
    assert "<h1>Recommendations</h1>" in english
    assert f"{words}!" in page  # a badge, which is kept from page to page
    again = client.get("/recommendations/").content.decode()
    assert again == english
    # The page about the data follows its reader; the data set is the same for everyone.
    assert f"{words}?" in client.get("/data/", headers={"accept-language": code}).content.decode()
    file = client.get("/data/recommendation-tracker.zip", headers={"accept-language": code})
    with ZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:
        assert meaning in archive.read("data-dictionary.md").decode()
    workbook = client.get("/reviews.xlsx", headers={"accept-language": code})
    assert load_workbook(io.BytesIO(b"".join(workbook.streaming_content))).sheetnames[1] == "A " * 15 + "A"
    with translation.override("en-gb"):
        assert str(FollowUp.Status.IMPLEMENTED.label) == "Implemented"


def test_pages_do_not_vary_with_one_language(client, db):
    assert [code for code, _ in settings.LANGUAGES] == ["en-gb"]
    assert "django.middleware.locale.LocaleMiddleware" not in settings.MIDDLEWARE
    response = client.get("/methodology/", headers={"accept-language": "ru"})
    assert "Accept-Language" not in response.get("Vary", "")
    assert '<html lang="en-GB" dir="ltr">' in response.content.decode()
