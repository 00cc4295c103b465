"""How to cite a record, and where its words stand in their paragraph."""

import datetime
import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.core.text import join_and
from recommendations.exports.citations import (
    Citation,
    Site,
    cite,
    cite_page,
    cite_recommendation,
    cite_response,
)
from recommendations.models import Recommendation
from recommendations.reading.quotes import passages
from recommendations.templatetags.tracker import excerpt, paragraph_with_quote
from recommendations.templatetags.tracker import join_and as join_and_filter
from tests.make import (
    make_document,
    make_issue,
    make_link,
    make_paragraph,
    make_recommendation,
    make_response,
    make_review,
    make_stakeholder,
)

ADDRESS = "https://tracker.example.org/recommendations/FRE-1/"


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_join_and_lists_items_in_words(words, expected):
    assert join_and(words) == expected


def test_join_and_filter_escapes_markup():
    assert join_and_filter(["<b>", "B"]) == "&lt;b&gt; and B"


@pytest.mark.parametrize(
    ("text", "quotes", "marked"),
    [
        ("It said: end it now. More.", ["end it now."], ["end it now."]),
        ("It said: end\n  it now.", ["end it now."], ["end\n  it now."]),
        ("the of\u00adfice was e\ufb03cient", ["office was efficient"], ["of\u00adfice was e\ufb03cient"]),
        ("one two three four", ["two three", "three four"], ["two three four"]),
        ("one two three four", ["four", "one"], ["one", "four"]),
        ("one two", ["three", ""], []),
    ],
)
def test_passages_finds_each_quote(text, quotes, marked):
    assert [text[start:end] for start, end in passages(text, quotes)] == marked


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_marking_never_changes_the_words(text, start, end):
    found = str(paragraph_with_quote(text, text[start:end]))
    assert found.replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_markup_in_a_paragraph_is_escaped_around_the_mark():
    found = paragraph_with_quote("a <b>bold</b> claim & more", "<b>bold</b>")
    assert found == "a <mark>&lt;b&gt;bold&lt;/b&gt;</mark> claim &amp; more"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("short", "short"), ("one two three", "one two …"), ("one,  two three", "one, two …")],
)
def test_excerpt_ends_between_words(text, expected):
    assert excerpt(text, 10) == expected


@pytest.mark.django_db
def test_record_citation_names_stakeholders_place_and_address():
    review = make_review(starts_on=datetime.date(2010, 2, 1), precision="month")
    document = make_document(review=review, symbol="A/HRC/WG.6/7/FRE/3", title="Summary")
    record = make_recommendation(
        paragraph=make_paragraph(document=document, number="36"), reference="FRE-1", kind="concern"
    )
    who = [make_stakeholder(name="Article 19"), make_stakeholder(name="Earthjustice")]
    assert cite_recommendation(record, who, ADDRESS, "Tracker") == (
        "Article 19 and Earthjustice, concern about Freedonia, in “Summary”, A/HRC/WG.6/7/FRE/3"
        f" (February 2010), para. 36. Record FRE-1, Tracker, {ADDRESS}"
    )


@pytest.mark.django_db
def test_record_citation_omits_withheld_stakeholder():
    record = make_recommendation(reference="FRE-2")
    assert cite_recommendation(record, [], ADDRESS, "Tracker").startswith("Recommendation to Freedonia, in “")


@pytest.mark.django_db
def test_data_set_row_is_cited_by_its_locator():
    document = make_document(symbol="", kind="data_set", title="Data", published_on=datetime.date(2024, 3, 9))
    record = Recommendation.objects.create(
        reference="FRE-3", kind="concern", document=document, locator="Sheet 1, row 7", text="Words."
    )
    assert "in “Data” (9 March 2024), Sheet 1, row 7. Record" in cite_recommendation(record, [], ADDRESS, "T")


@pytest.mark.django_db
def test_response_citation_names_speaker_and_date():
    response = make_response(
        speaker="head_of_delegation", date=datetime.date(2025, 6, 25), reference="FRE-R1"
    )
    found = cite_response(response, ADDRESS, "Tracker")
    assert found.startswith("Freedonia (head of delegation), statement of 25 June 2025, in “Summary")
    assert found.endswith(f"Record FRE-R1, Tracker, {ADDRESS}")


# What TeX calls the signs that it would otherwise read as commands.
NAMED = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
FIELD = re.compile(r"  ([a-z]+) = \{(.*)\},")


def from_tex(text):
    """The words of a BibTeX value. Strict: a sign that TeX would not print as itself is an error."""
    return re.sub(
        r"\\text(\w+)\{\}|\\([#$%&_])|[\\{}~^#$%&_]",
        lambda match: NAMED[match[1]] if match[1] else match[2] or pytest.fail(f"bare sign in {text!r}"),
        text,
    )


def read_bibtex(content):
    """The one entry of a file: its key and fields. Strict: braces balance, every line is a field."""
    head, *lines, end, rest = content.split("\n")
    assert (end, rest) == ("}", "")
    key = re.fullmatch(r"@misc\{([A-Za-z0-9._:-]+),", head)[1]
    fields = {}
    for line in lines:
        name, value = FIELD.fullmatch(line).groups()
        depth = 0
        for sign in value:
            depth += (sign == "{") - (sign == "}")
            assert depth >= 0, line
        assert depth == 0, line
        assert name not in fields
        if name in ("url", "urldate"):
            assert not set(value) & set("{}\\ ")
            fields[name] = value
        elif name == "title":
            fields[name] = from_tex(re.fullmatch(r"\{(.*)\}", value)[1])
        elif name == "author":
            fields[name] = [from_tex(one) for one in re.fullmatch(r"\{(.*)\}", value)[1].split("} and {")]
        else:
            fields[name] = from_tex(value)
    return key, fields


def read_ris(content):
    """The tags of the one record of a file, in order. Strict about line ends, order and emptiness."""
    assert content.endswith("ER  - \r\n")
    lines = content.removesuffix("\r\n").split("\r\n")
    pairs = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line).groups() for line in lines]
    assert pairs[0] == ("TY", "ELEC")
    assert pairs[-1] == ("ER", "")
    assert all(value.strip() == value and value for _, value in pairs[1:-1])
    found = {}
    for tag, value in pairs[1:-1]:
        found.setdefault(tag, []).append(value)
    return found


def citation(**values):
    """A citation of something."""
    return Citation(
        **{
            "key": "FRE-1",
            "title": "Title",
            "address": ADDRESS,
            "site": "Tracker",
            "sentence": "Sentence.",
            "retrieved": datetime.date(2026, 11, 2),
            "files": {},
        }
        | values
    )


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(WORDS, st.lists(WORDS.filter(lambda name: "} and {" not in name), min_size=1, max_size=3))
def test_any_text_survives_bibtex_and_ris(title, names):
    def folded(text):
        return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

    names = [name for name in names if folded(name)] or ["A"]
    cited = citation(title=f"x{title}", authors=tuple(names))
    _, fields = read_bibtex(cited.as_bibtex())
    assert fields["title"] == folded(f"x{title}")
    assert fields["author"] == [folded(name) for name in names]
    tags = read_ris(cited.as_ris())
    assert tags["TI"] == [folded(f"x{title}")]
    assert tags["AU"] == [folded(name) for name in names]


@pytest.mark.parametrize("sign", [*"\\{}~^#$%&_@\"'", "} and {", "\n}\n@misc{x,", "\r\nER  - "])
def test_no_character_ends_a_field_early(sign):
    cited = citation(title=f"a{sign}b", notes=(f"c{sign}d",))
    key, fields = read_bibtex(cited.as_bibtex())
    assert key == "FRE-1"
    assert fields["title"] == " ".join(f"a{sign}b".split())
    assert read_ris(cited.as_ris())["N1"] == [" ".join(f"c{sign}d".split())]


def test_citation_date_is_no_more_exact_than_known():
    _, year = read_bibtex(citation(year=2010).as_bibtex())
    assert (year["year"], year.get("month"), year.get("day")) == ("2010", None, None)
    assert read_ris(citation(year=2010, month=2).as_ris())["DA"] == ["2010/02//"]
    assert read_ris(citation(year=2025, month=6, day=25).as_ris())["DA"] == ["2025/06/25/"]
    assert "DA" not in read_ris(citation().as_ris())


def test_page_citation_key_does_not_depend_on_host():
    keys = {
        cite_page("Status by role", "KAZ", f"{base}/pictures/role/?state=KAZ", Site(base, "T"), {}).key
        for base in ("https://a.org", "https://b.org")
    }
    assert len(keys) == 1
    other = cite_page("Status by role", "KAZ", "https://a.org/pictures/role/", Site("https://a.org", "T"), {})
    assert other.key not in keys


@pytest.fixture
def cited_things(settings):
    """One of each thing that can be cited, on a site of its own."""
    settings.SITE_URL = "https://tracker.example.org"
    record = make_recommendation(
        reference="FRE-1",
        raised_by=[
            make_stakeholder(name="Lawyers, Inc & Sons"),
            make_stakeholder(name="Hidden", published=False),
        ],
        issues=[make_issue(slug="torture", name="Torture")],
    )
    make_link(record, make_recommendation(reference="FRE-2"))
    response = make_response([record], reference="FRE-R1")
    return {
        "record": record.get_absolute_url(),
        "response": response.get_absolute_url(),
        "document": record.document.get_absolute_url(),
        "review": record.document.review.get_absolute_url(),
        "stakeholder": record.raised_by.published().first().get_absolute_url(),
        "issue": record.issues.first().get_absolute_url(),
        "chain": "/chains/FRE-1/",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "thing", ["record", "response", "document", "review", "stakeholder", "issue", "chain"]
)
def test_every_kind_of_page_can_be_cited(client, cited_things, thing):
    path = cited_things[thing]
    address = f"https://tracker.example.org{path}"
    bib, ris = client.get(f"{path}cite.bib"), client.get(f"{path}cite.ris")
    key, fields = read_bibtex(bib.text)
    tags = read_ris(ris.text)
    assert fields["url"] == address
    assert tags["UR"] == [address]
    assert tags["ID"] == [key]
    assert bib["Content-Disposition"] == f'attachment; filename="{key}.bib"'
    assert bib["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert ris["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    assert "Hidden" not in bib.text + ris.text
    page = client.get(path).text
    assert f'href="{path}cite.bib"' in page
    assert f'href="{path}cite.ris"' in page
    block = page.split('<h2 id="cite">')[1]
    shown = re.search(r'<p class="citation" data-copy[^>]*>(.*?)</p>', block, re.DOTALL)[1]
    assert address in unescape(shown)


@pytest.mark.django_db
def test_record_bibtex_and_ris_name_stakeholder_and_place(client, cited_things):
    _, fields = read_bibtex(client.get("/recommendations/FRE-1/cite.bib").text)
    assert fields["author"] == ["Lawyers, Inc & Sons"]
    assert (fields["year"], fields["month"], fields["day"]) == ("2010", "2", "1")
    assert "para. 1. Record FRE-1" in fields["note"]
    assert read_ris(client.get("/recommendations/FRE-1/cite.ris").text)["AU"] == ["Lawyers, Inc & Sons"]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["bib", "ris"])
def test_hidden_rows_cannot_be_cited(client, cited_things, ending):
    hidden = make_stakeholder(slug="hidden-one", published=False)
    draft = make_recommendation(reference="DRAFT", published=False)
    document = make_document(slug="secret", published=False)
    for path in (
        hidden.get_absolute_url(),
        draft.get_absolute_url(),
        document.get_absolute_url(),
        document.review.get_absolute_url(),
        "/chains/DRAFT/",
    ):
        assert client.get(f"{path}cite.{ending}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["recommendations", "responses", "issues", "stakeholders", "reviews", "documents", "follow-up", "chains"],
)
def test_every_list_is_cited_with_today_as_date(client, cited_things, name):
    address = f"https://tracker.example.org/{name}/"
    _, fields = read_bibtex(client.get(f"/{name}.bib").text)
    assert fields["url"] == address
    assert fields["urldate"] == datetime.datetime.now(datetime.UTC).date().isoformat()
    assert read_ris(client.get(f"/{name}.ris").text)["UR"] == [address]
    assert "How to cite this list" in client.get(f"/{name}/").text


@pytest.mark.django_db
def test_list_citation_states_filters_and_row_count(client, cited_things):
    query = "q=libel&kind=recommendation&sort=oldest&page=1&per_page=1"
    _, fields = read_bibtex(client.get(f"/recommendations.bib?{query}").text)
    assert fields["note"] == "Words: “libel”; Kind: Recommendation; 2 records"
    assert fields["url"] == "https://tracker.example.org/recommendations/?kind=recommendation&q=libel"
    page = unescape(client.get(f"/recommendations/?{query}").text)
    assert "“Recommendations” (Words: “libel”; Kind: Recommendation; 2 records)" in page
    keys = {
        read_bibtex(client.get(f"/recommendations.bib?{query}").text)[0]
        for query in ("kind=concern&state=FRE", "state=fre&kind=concern&sort=oldest", "state=FRE")
    }
    assert len(keys) == 2
    assert client.get("/recommendations.bib?kind=nonsense").status_code == 400


@pytest.mark.django_db
def test_record_without_stakeholders_has_no_author():
    cited = cite(make_recommendation(reference="FRE-9"), Site("https://a.org", "T"))
    assert "author" not in read_bibtex(cited.as_bibtex())[1]
    with pytest.raises(TypeError):
        cite(object(), Site("https://a.org", "T"))
