"""Every string of the interface can be translated, data stay as they are, another language truly switches."""

from __future__ import annotations

import ast
import io
import re
import struct
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from recommendations.dataset import FILE_NAME
from recommendations.filters import FollowUpFilters, RecommendationFilters, ResponseFilters
from recommendations.models import (
    Document,
    FollowUp,
    Issue,
    PopulationGroup,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
)
from recommendations.pictures import NAMES
from recommendations.views.lists import FollowUpList, RecommendationList
from tests import make
from tests.pages import admin_address
from tests.pseudo import PLAIN, Data, pseudo_language, untranslated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
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
def test_every_word_of_every_kind_of_page_is_translated_or_data(shipped, data, client):
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
        from recommendations.views.errors import server_error

        pages.append(server_error(pages[0].wsgi_request))
        for page in pages:
            assert untranslated(page.content.decode(), data) == [], page.status_code


@pytest.mark.django_db
def test_no_word_is_known_that_a_translator_could_not_reach(shipped, data):
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
def test_headings_are_translated_and_values_are_not(shipped, client, name):
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
def test_feeds_pictures_and_citations_are_translated_and_their_keys_are_not(shipped, data, client):
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
def test_the_words_of_the_admin_are_translated(shipped, data, client):
    client.force_login(make.make_superuser(username="planet"))
    # Names of another package's models, and of a picture in a template of Django's: no catalogue has them.
    others = ("Authenticators", "User sessions", "Search")
    slugs = [row.slug for model in SLUGGED for row in model.objects.all()]
    slugs += [f"{review.state.iso3} {review.mechanism}" for review in Review.objects.all()]
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
def test_another_language_truly_switches(shipped, catalogues, settings, client, code, direction, words):
    folder = catalogues / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(compiled({"Recommendations": words, "Implemented": f"{words}!"}))
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
    with translation.override("en-gb"):
        assert str(FollowUp.Status.IMPLEMENTED.label) == "Implemented"


def test_with_one_language_no_page_varies(client, db):
    assert [code for code, _ in settings.LANGUAGES] == ["en-gb"]
    assert "django.middleware.locale.LocaleMiddleware" not in settings.MIDDLEWARE
    response = client.get("/methodology/", headers={"accept-language": "ru"})
    assert "Accept-Language" not in response.get("Vary", "")
    assert '<html lang="en-GB" dir="ltr">' in response.content.decode()


def own_strings() -> tuple[set[str], set[str]]:
    """Every string that our own code and templates hand to gettext: those without and those with a plural."""
    plain, counted = set(), set()
    for path in (settings.BASE_DIR / "recommendations").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in {"_", "gettext", "ngettext", "ngettext_lazy"} and isinstance(
                node.args[0], ast.Constant
            ):
                (counted if name.startswith("n") else plain).add(node.args[0].value)
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        plain.update(re.findall(r"""(?:{% translate |_\()["'](.*?)["'](?: %}|\))""", text))
        for head, words in re.findall(r"{% blocktranslate ([^%]*)%}(.*?){% (?:plural|end)", text):
            if " context " not in head:
                words = re.sub(r"{{ (\w+) }}", r"%(\1)s", words)
                (counted if " count " in head else plain).add(words)
    return plain, counted


def test_the_catalogue_can_be_gathered():
    """gettext takes no string both with and without a plural; a context keeps the two apart."""
    plain, counted = own_strings()
    assert len(plain) > 800
    assert len(counted) > 30
    assert plain & counted == set()


def test_djangos_english_changes_none_of_our_words():
    """Django's catalogue of British English has some of the same strings; they must stay the same."""
    with translation.override("en-gb"):
        assert [one for one in set.union(*own_strings()) if translation.gettext(one) != one] == []


# Templates

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# For those who make pages, never shown to readers.
EXEMPT = {"styleguide.html"}
LEXEMES = re.compile(
    r"(?P<translated>{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%})|(?P<comment>{#.*?#}|<!--.*?-->)"
    r"|(?P<code><script\b.*?</script>|<style\b.*?</style>|<code>.*?</code>|<pre\b.*?</pre>)"
    r"|(?P<class>{% block bodyclass %}.*?{% endblock %})|(?P<block>{%.*?%})|(?P<value>{{.*?}})",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(
    r"\b(?:aria-label|title|alt|placeholder|data-copy|data-copied|data-values)=\"([^\"]*)\""
)
FORMAT_NAMES = {"JSON", "CSV", "XLSX", "SVG", "PNG", "BibTeX", "RIS", "API", "ATOM", "Atom", "GET"}


def bare_words(template: str) -> list[str]:
    """English outside the tags that translate it: in text, in attributes that people meet, in arguments."""
    # A value may hold a quotation mark or a bracket that ends an attribute or a tag.
    clean = LEXEMES.sub(lambda found: "\x00" * (found.lastgroup != "comment"), template)
    texts = TAG.sub("\x00", clean).split("\x00") + [
        part for one in ATTRIBUTE.findall(clean) for part in one.split("\x00")
    ]
    found = [" ".join(text.split()) for text in texts]
    words = [
        one
        for one in found
        if re.search(r"[A-Za-z]{2}", one) and not set(re.findall(r"[A-Za-z]+", one)) <= FORMAT_NAMES
    ]
    arguments = re.findall(
        r"""{%\s*(?:nav_item|include|how_to_cite)\b[^%]*?[ =](?<!_\()"([A-Z][^"]*)""", template
    )
    return [*words, *arguments]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates"))
)
def test_no_template_holds_english_outside_the_tags_that_translate_it(path):
    if path.name not in EXEMPT:
        assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Bare</p>", ["Bare"]),
        ('<p title="Bare {{ name }}">{% translate "Fine" %}</p>', ["Bare"]),
        ("<p>{% if a > b %}more{% endif %}</p>", ["more"]),
        ("{% blocktranslate %}Fine <b>and</b> fine{% endblocktranslate %}{# not shown #}", []),
        ('{% nav_item "desk" "Bare" %}{% nav_item "desk" _("Fine") %}', ["Bare"]),
        ('<a class="x" href="{% url \'data\' %}">JSON</a>, <code>field</code>', []),
    ],
)
def test_the_reader_of_templates_finds_what_is_bare(template, found):
    assert bare_words(template) == found
