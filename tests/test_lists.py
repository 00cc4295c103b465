"""The public lists as readers use them: pages, chips, sorting, addresses; and nothing hidden anywhere."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from recommendations.models import FollowUp, IssueTag
from tests import make

if TYPE_CHECKING:
    from django.http import HttpResponseBase

pytestmark = pytest.mark.django_db
LISTS = ["recommendations", "responses", "issues", "stakeholders", "reviews", "documents", "follow-up"]
NEWS = ["recommendations", "responses", "documents", "follow-up"]
ADDRESSES = [
    *(f"/{name}/" for name in LISTS),
    *(f"/{name}.{ending}" for name in LISTS for ending in ("json", "csv", "xlsx")),
    *(f"/{name}.atom" for name in NEWS),
]


def page(path: str, **params: Any) -> html.HtmlElement:
    """The parsed page at an address."""
    answer = Client().get(path, params)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


def words(element: html.HtmlElement) -> str:
    """All words of an element, white space folded."""
    return " ".join(element.text_content().split())


def text_of(answer: HttpResponseBase) -> str:
    """Everything that an answer says, out of a workbook too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return content.decode()


def make_everything() -> None:
    """At least one public row in every list."""
    record = make.make_recommendation(
        raised_by=[make.make_stakeholder()], issues=[make.make_issue()], groups=[make.make_group()]
    )
    make.make_response(answers=[record])
    make.make_evidence(follow_up=make.make_follow_up(record))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_list_answers_in_every_format(address: str) -> None:
    make_everything()
    answer = Client().get(address)
    assert answer.status_code == 200
    assert len(text_of(answer)) > 100


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_list_is_an_answer(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert text_of(answer)


@pytest.mark.parametrize("name", sorted(set(LISTS) - set(NEWS)))
def test_lists_without_news_have_no_feed(name: str) -> None:
    assert Client().get(f"/{name}.atom").status_code == 404


def test_a_row_tells_who_asked_what_and_what_became_of_it() -> None:
    issue = make.make_issue(name="Expression")
    record = make.make_recommendation(
        reference="FRE-1",
        kind="concern",
        summary="Decriminalize libel",
        raised_by=[make.make_stakeholder(name="Article Nineteen", acronym="A19")],
        issues=[issue],
        document=make.make_document(review=make.make_review(session="7")),
    )
    committee = make.make_stakeholder(kind="committee", acronym="HRC")
    make.make_follow_up(record, role="un_body", assessor=committee, as_of=datetime.date(2025, 6, 26))
    make.make_follow_up(record, role="state", status="implemented")
    make.make_response(answers=[record])
    row = words(page("/recommendations/").find_class("record-card")[0])
    for part in (
        *("FRE-1", "Concern", "Decriminalize libel", make.WORDS, "A19", "UPR 7 (2010)", "Expression"),
        *("In progress", "HRC, as of 26 June 2025", "Assessors differ", "Answered by the State"),
    ):
        assert part in row


def test_an_old_status_is_marked() -> None:
    make.make_follow_up(as_of=datetime.date(2001, 1, 1))
    assert "may be out of date" in words(page("/recommendations/"))


def test_how_many_and_which_are_shown() -> None:
    for _ in range(12):
        make.make_recommendation()
    assert "1–10 of 12 records" in words(page("/recommendations/", per_page=10))
    assert "11–12 of 12 records" in words(page("/recommendations/", per_page=10, page=2))
    assert "12 records" in words(page("/recommendations/"))


def test_pages_follow_each_other_and_hold_every_row_once() -> None:
    for _ in range(7):
        make.make_recommendation()
    address, references = "/recommendations/?per_page=3&kind=recommendation&sort=oldest", []
    while address:
        tree = page(address)
        references += [link.text for link in tree.find_class("reference")]
        following = tree.xpath("//nav//a[@rel='next']")
        address = following[0].get("href") if following else ""
        assert not address or {"per_page=3", "kind=recommendation", "sort=oldest"} <= set(
            address.split("?")[1].split("&")
        )
    assert len(references) == len(set(references)) == 7


def test_a_chip_drops_exactly_its_value() -> None:
    tree = page("/recommendations/", kind=["concern", "question"], q="libel", sort="oldest", page="1")
    links = {words(chip): chip.get("href") for chip in tree.find_class("chip")}
    concern = next(url for label, url in links.items() if "Concern" in label)
    assert concern == "/recommendations/?q=libel&kind=question&sort=oldest"
    assert len(links) == 3


def test_downloads_keep_the_filters_and_drop_the_page() -> None:
    for _ in range(3):
        make.make_recommendation(kind="concern")
    tree = page("/recommendations/", kind="concern", per_page="1", page="2")
    urls = {link.get("href") for link in tree.xpath("//p[contains(@class, 'list-downloads')]/a[@type]")}
    endings = ("csv", "xlsx", "json", "atom", "ics")
    assert urls == {f"/recommendations.{ending}?kind=concern" for ending in endings}
    alternates = {link.get("href") for link in tree.xpath("//link[@rel='alternate']")}
    assert urls == alternates


def test_the_form_shows_what_is_chosen() -> None:
    make_everything()
    tree = page("/recommendations/", q="libel", status="implemented", **{"from": "2010"})
    assert tree.xpath("//form[@id='filters']//input[@name='q']")[0].get("value") == "libel"
    assert tree.xpath("//form[@id='filters']//input[@name='from']")[0].get("value") == "2010"
    chosen = [
        (box.get("name"), box.get("value")) for box in tree.xpath("//form[@id='filters']//input[@checked]")
    ]
    assert chosen == [("status", "implemented")]


def submitted(path: str, button: str) -> dict[str, list[str]]:
    """What a browser sends when this button of the list's page is pressed with nothing changed, by name.

    Everything of the form, and what stands elsewhere on the page but belongs to it.
    """
    shown = html.document_fromstring(Client().get(path).content.decode())
    [form] = shown.xpath("//form[@id='filters']")
    [pressed] = shown.xpath(f"//button[normalize-space()='{button}']")
    assert pressed.get("form", "filters") == "filters"
    sent: dict[str, list[str]] = {}
    for field in shown.xpath("//form[@id='filters']//*[@name] | //*[@name][@form='filters']"):
        if field.tag == "select":
            sent.setdefault(field.get("name"), []).extend(field.xpath("option[@selected]/@value"))
        elif field.get("type") != "checkbox" or "checked" in field.attrib:
            sent.setdefault(field.get("name"), []).append(field.get("value") or "")
    return {"path": [form.get("action")]} | {name: values for name, values in sent.items() if any(values)}


@pytest.mark.parametrize("button", ["Apply", "Sort"])
@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/recommendations/", {"document": "{document}"}),
        ("/recommendations/", {"reference": "{reference}", "sort": "reference", "per_page": "10"}),
        ("/recommendations/", {"stakeholder": "{stakeholder}", "document": "{document}", "q": "libel"}),
        ("/recommendations/", {"state": "FRE", "issue": "{issue}", "from": "2010", "assessor": "{assessor}"}),
        ("/responses/", {"document": "{answered}", "recommendation": "{reference}"}),
        ("/responses/", {"speaker": "delegation", "stance": "reports_measure"}),
        ("/follow-up/", {"recommendation": "{reference}", "role": "tracker", "confidence": "medium"}),
        ("/stakeholders/", {"kind": "ngo"}),
    ],
)
def test_pressing_a_button_keeps_every_filter(path: str, params: dict[str, str], button: str) -> None:
    record = make.make_recommendation(raised_by=[make.make_stakeholder()], issues=[make.make_issue()])
    response = make.make_response(answers=[record])
    names = {
        "document": record.document.slug,
        "answered": response.document.slug,
        "reference": record.reference,
        "stakeholder": record.raised_by.get().slug,
        "issue": record.issues.get().path,
        "assessor": make.make_follow_up(record).assessor.slug,
    }
    asked = {name: value.format(**names) for name, value in params.items()}
    assert Client().get(path, asked).context["page"].count == 1
    sent = submitted(f"{path}?{urlencode(asked)}", button)
    assert sent.pop("path") == [path]
    usual = {name: sent[name] for name in ("sort", "per_page") if name in sent}
    assert sent == usual | {name: [value] for name, value in asked.items()}


def test_a_list_without_rows_keeps_filters_and_order_too() -> None:
    make.make_recommendation()
    asked = {"document": ["none-such"], "status": ["unheard-of"], "sort": ["reference"], "per_page": ["10"]}
    path = f"/recommendations/?{urlencode(asked, doseq=True)}"
    assert submitted(path, "Apply") == {"path": ["/recommendations/"]} | asked


def test_every_control_has_a_label() -> None:
    make_everything()
    for name in LISTS:
        tree = page(f"/{name}/")
        labelled = {label.get("for") for label in tree.xpath("//label[@for]")}
        for control in tree.xpath("//main//input[@type!='hidden'] | //main//select"):
            inside = any(parent.tag == "label" for parent in control.iterancestors())
            assert inside or control.get("id") in labelled


def test_issues_stand_below_their_groups_in_the_panel() -> None:
    group = make.make_issue(slug="torture", name="Torture")
    make.make_issue(slug="definition", name="Definition", parent=group)
    make.make_recommendation(issues=[group])
    values = [box.get("value") for box in page("/recommendations/").xpath("//input[@name='issue']")]
    assert values == ["torture", "torture/definition"]


def test_too_many_stakeholders_are_typed_instead_of_ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.filters.base.OPTIONS_MAX", 1)
    monkeypatch.setattr("recommendations.filters.rows.OPTIONS_MAX", 1)
    one, other = make.make_stakeholder(slug="one"), make.make_stakeholder(slug="other")
    make.make_recommendation(raised_by=[one, other])
    boxes = page("/recommendations/", stakeholder="other").xpath(
        "//form[@id='filters']//input[@name='stakeholder']"
    )
    # The one that is chosen, and after it those that most records have.
    assert [box.get("value") for box in boxes] == [None, "other", "one"]
    assert [box.get("type") for box in boxes] == ["text", "checkbox", "checkbox"]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("", "/recommendations/"),
        ("?page=1&per_page=25&sort=newest", "/recommendations/"),
        ("?kind=concern&q=", "/recommendations/?kind=concern"),
        ("?state=fre&nonsense=1", "/recommendations/?state=FRE"),
        ("?page=2&per_page=1", "/recommendations/?per_page=1&page=2"),
    ],
)
def test_canonical_address(asked: str, canonical: str) -> None:
    make.make_recommendation()
    make.make_recommendation()
    link = page(f"/recommendations/{asked}").xpath("//link[@rel='canonical']")
    assert [one.get("href") for one in link] == [f"http://testserver{canonical}"]


def test_no_result_helps() -> None:
    make.make_recommendation()
    said = words(page("/recommendations/", q="zebra"))
    assert "No records" in said
    assert "show everything" in said


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["NEW", "OLD"]),
        ("oldest", ["OLD", "NEW"]),
        ("reference", ["NEW", "OLD"]),
        ("status", ["OLD", "NEW"]),
        ("due", ["OLD", "NEW"]),
        ("state", ["NEW", "OLD"]),
        ("updated", ["NEW", "OLD"]),
    ],
)
def test_sort_orders_of_recommendations(sort: str, expected: list[str]) -> None:
    old = make.make_document(review=make.make_review(starts_on=datetime.date(2008, 1, 1)))
    new = make.make_document(review=make.make_review(starts_on=datetime.date(2020, 1, 1)))
    due = {"selected_for_follow_up": True, "due_on": datetime.date(2010, 1, 1)}
    make.make_follow_up(make.make_recommendation(reference="OLD", document=old, **due))
    make.make_recommendation(reference="NEW", document=new)
    rows = Client().get("/recommendations.json", {"sort": sort}).json()["results"]
    assert [row["reference"] for row in rows] == expected


def test_every_sort_order_of_every_list_works() -> None:
    make_everything()
    for name in LISTS:
        orders = [
            option.get("value") for option in page(f"/{name}/").xpath("//select[@id='list-sort']/option")
        ]
        assert len(orders) >= 2
        for order in orders:
            assert Client().get(f"/{name}.json", {"sort": order}).json()["count"] >= 1


def test_a_json_recommendation_has_the_promised_fields() -> None:
    later_review = make.make_review(slug="fre-ccpr1", mechanism="CCPR", starts_on=datetime.date(2025, 6, 25))
    later = make.make_recommendation(reference="LATER", document=make.make_document(review=later_review))
    review = make.make_review(slug="fre-upr7")
    document = make.make_document(review=review, symbol="A/HRC/WG.6/7/FRE/3")
    issue = make.make_issue(slug="expression", name="Expression")
    record = make.make_recommendation(
        reference="FIRST",
        document=document,
        summary="In short",
        raised_by=[make.make_stakeholder(slug="a19", name="Article Nineteen", acronym="A19")],
        issues=[issue],
        groups=[make.make_group(slug="women", name="Women")],
    )
    make.make_link(record, later, relation="taken_up")
    tracker = make.make_stakeholder(slug="tracker", kind="tracker")
    make.make_follow_up(record, assessor=tracker, as_of=timezone.localdate())
    paragraph = make.make_paragraph(document=later.document)
    make.make_response(answers=[record], stance="commits", reference="RES", paragraph=paragraph)
    rows = {row["reference"]: row for row in Client().get("/recommendations.json").json()["results"]}
    today = timezone.localdate().isoformat()
    expected = {
        "kind": "recommendation",
        "text": make.WORDS,
        "summary": "In short",
        "state": "FRE",
        "review": "fre-upr7",
        "document": "A/HRC/WG.6/7/FRE/3",
        "paragraph": "1",
        "stakeholders": [{"acronym": "A19", "name": "Article Nineteen", "slug": "a19"}],
        "issues": [{"path": "expression", "name": "Expression"}],
        "groups": [{"slug": "women", "name": "Women"}],
        "position": "",
        "status": "in_progress",
        "status_as_of": today,
        "statuses": {"tracker": {"status": "in_progress", "as_of": today, "assessor": "tracker"}},
        "disagree": False,
        "due_on": None,
        "parent": None,
        "responses": [{"reference": "RES", "text": make.WORDS, "stance": "commits", "review": "fre-ccpr1"}],
        "links": [{"reference": "LATER", "relation": "taken_up", "direction": "later"}],
        "url": "http://testserver/recommendations/FIRST/",
    }
    first = rows["FIRST"]
    assert {name: first[name] for name in expected} == expected
    assert rows["LATER"]["links"] == [{"reference": "FIRST", "relation": "taken_up", "direction": "earlier"}]
    assert rows["LATER"]["status"] == "not_assessed"


def test_a_json_response_and_entry_have_the_promised_fields() -> None:
    record = make.make_recommendation(reference="REC")
    make.make_response(answers=[record], reference="RES")
    response = Client().get("/responses.json").json()["results"][0]
    promised = "reference text speaker date state review document paragraph recommendations url"
    assert set(promised.split()) <= set(response)
    assert response["recommendations"] == [{"reference": "REC", "stance": "reports_measure"}]
    make.make_evidence(follow_up=make.make_follow_up(record))
    entry = Client().get("/follow-up.json").json()["results"][0]
    promised = (
        "reference recommendation assessor role status grade grade_scheme as_of summary confidence"
        " evidence replaces correction_reason url"
    )
    assert set(promised.split()) <= set(entry)
    assert entry["recommendation"] == "REC"
    assert entry["evidence"][0]["url"] == "https://example.org/law"


def test_json_pages_name_their_neighbours(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    for _ in range(5):
        make.make_recommendation()
    first = Client().get("/recommendations.json?per_page=2&kind=recommendation").json()
    assert first["count"] == 5
    assert first["previous"] is None
    assert first["next"].startswith("https://tracker.example.org/recommendations.json?kind=recommendation")
    second = Client().get(first["next"].removeprefix("https://tracker.example.org")).json()
    assert second["previous"].endswith("?kind=recommendation&per_page=2")
    assert len(second["results"]) == 2
    assert second["results"][0]["url"].startswith("https://tracker.example.org/recommendations/")


def test_a_document_without_symbol_is_named_by_its_slug() -> None:
    make.make_recommendation(document=make.make_document(slug="press-release", symbol=""))
    assert Client().get("/recommendations.json").json()["results"][0]["document"] == "press-release"


def test_a_correction_names_what_it_replaces() -> None:
    entry = make.make_follow_up()
    make.make_follow_up(entry.recommendation, replaces=entry, correction_reason="A wrong date.")
    rows = Client().get("/follow-up.json").json()["results"]
    by_reference = {row["reference"]: row for row in rows}
    assert by_reference[entry.reference]["replaced_by"] in by_reference
    assert {row["replaces"] for row in rows} == {None, entry.reference}
    said = words(page("/follow-up/"))
    assert "Corrects an earlier entry: A wrong date." in said
    assert "Corrected by a newer entry" in said


def test_unchanged_pages_are_not_sent_again() -> None:
    make.make_recommendation()
    for address in ("/recommendations/", "/recommendations.json", "/recommendations.atom"):
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
    make.make_recommendation()
    assert Client().get("/recommendations/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def make_hidden() -> None:
    """Hidden rows of every sort around one public record, each with the word "canary" or its own in it."""
    hrc = make.make_stakeholder(slug="hrc", kind="committee")
    public = make.make_recommendation(reference="PUBLIC", raised_by=[hrc], issues=[make.make_issue()])
    nobody = make.make_stakeholder(slug="canary-person", name="Canary Bird", acronym="CANARY")
    public.raised_by.add(nobody)
    hrc.members.add(nobody)
    nobody.published = False
    nobody.save()
    public.tags.create(
        issue=make.make_issue(slug="suggested", name="Suggested"), origin=IssueTag.Origin.SUGGESTION
    )
    draft = make.make_recommendation(reference="CANARY-DRAFT", text="Canary bird.", published=False)
    hidden_document = make.make_document(
        slug="canary-document",
        symbol="CANARY/1",
        title="Canary bird",
        published=False,
        review=make.make_review(slug="canary-review", session="canary"),
    )
    paragraph = make.make_paragraph(document=hidden_document, text="Canary bird words.")
    of_hidden = make.make_recommendation(
        reference="CANARY-DOC", paragraph=paragraph, text="Canary bird words."
    )
    make.make_response(answers=[public], reference="CANARY-R1", text="Canary bird.", published=False)
    make.make_response(answers=[public], reference="CANARY-R2", document=hidden_document, paragraph=paragraph)
    guess = make.make_response(reference="GUESS-RES")
    make.make_response_link(response=guess, recommendation=public, confirmed=False, rationale="canary")
    make.make_response(answers=[draft, of_hidden], reference="ANSWERS-HIDDEN")
    make.make_link(public, make.make_recommendation(reference="GUESS-REC"), confirmed=False)
    make.make_link(public, draft)
    make.make_link(of_hidden, public)
    make.make_follow_up(public, role="civil_society", assessor=nobody, status="implemented")
    make.make_follow_up(public, summary="Canary bird.", published_at=None, status="regressed")
    make.make_follow_up(draft, summary="Canary bird.")
    make.make_follow_up(of_hidden, summary="Canary bird.")
    entry = make.make_follow_up(public, role="un_body", assessor=hrc)
    for access in ("private", "partners"):
        make.make_evidence(follow_up=entry, access=access, title="Canary bird", url="https://canary.example")
    make.make_evidence(
        follow_up=entry, kind="paragraph", url="", paragraph=paragraph, text="Canary bird words."
    )
    FollowUp.objects.create(
        recommendation=public,
        role="un_body",
        assessor=hrc,
        status="regressed",
        as_of=entry.as_of,
        summary="Canary bird.",
        replaces=entry,
        correction_reason="Canary bird.",
    )


@pytest.mark.parametrize("query", ["", "?q=bird", "?sort=reference", "?sort=oldest"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_hidden_is_anywhere(address: str, query: str) -> None:
    make_hidden()
    assert "canary" not in text_of(Client().get(address + query)).lower()


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("recommendations", {}, 2),
        ("recommendations", {"q": "bird"}, 0),
        ("recommendations", {"q": "suggested"}, 0),
        ("recommendations", {"issue": "suggested"}, 0),
        ("recommendations", {"response": "yes"}, 0),
        ("recommendations", {"status": "regressed"}, 0),
        ("recommendations", {"disagree": "true"}, 1),  # the verdict of somebody who is not named still counts
        ("responses", {}, 2),
        ("responses", {"recommendation": "PUBLIC"}, 0),
        ("responses", {"stance": "reports_measure"}, 0),
        ("follow-up", {}, 2),
        ("follow-up", {"q": "bird"}, 0),
        ("stakeholders", {"q": "bird"}, 0),
        ("documents", {"q": "bird"}, 0),
        ("reviews", {"q": "bird"}, 0),
    ],
)
def test_counts_hold_nothing_hidden(name: str, params: dict[str, str], expected: int) -> None:
    make_hidden()
    assert Client().get(f"/{name}.json", params).json()["count"] == expected


@pytest.mark.parametrize(
    "query",
    [
        "recommendations.json?stakeholder=canary-person",
        "recommendations.json?stakeholder=canary",
        "recommendations.json?review=canary-review",
        "recommendations.json?document=canary-document",
        "recommendations.json?reference=CANARY-DRAFT",
        "recommendations.json?assessor=canary-person",
        "responses.json?recommendation=CANARY-DOC",
        "follow-up.json?assessor=canary",
    ],
)
def test_a_hidden_value_is_as_unknown_as_an_invented_one(query: str) -> None:
    make_hidden()
    hidden = Client().get(f"/{query}")
    path, value = query.split("=")
    invented = Client().get(f"/{path}={'x' * len(value)}")
    assert hidden.status_code == invented.status_code == 400
    assert hidden.content.decode().replace(value, "x" * len(value)) == invented.content.decode()


def test_rows_tell_nothing_hidden() -> None:
    make_hidden()
    rows = {row["reference"]: row for row in Client().get("/recommendations.json").json()["results"]}
    public = rows["PUBLIC"]
    assert [one["slug"] for one in public["stakeholders"]] == ["hrc"]
    assert len(public["issues"]) == 1
    assert public["responses"] == []
    assert public["links"] == []
    assert public["statuses"]["civil_society"]["assessor"] is None
    counts = {row["slug"]: row["recommendations"] for row in Client().get("/issues.json").json()["results"]}
    assert counts["suggested"] == 0
    assert all(not row["members"] for row in Client().get("/stakeholders.json").json()["results"])


def test_an_issue_counts_a_record_once_with_those_below_it(client):
    top = make.make_issue(slug="top")
    middle = make.make_issue(slug="middle", parent=top)
    leaf, other = make.make_issue(slug="leaf", parent=middle), make.make_issue(slug="other", parent=top)
    make.make_recommendation(issues=[leaf, other])
    make.make_recommendation(issues=[middle, leaf])
    make.make_recommendation(issues=[other], published=False)
    found = {each["path"]: each["recommendations"] for each in client.get("/issues.json").json()["results"]}
    assert found == {"top": 2, "top/middle": 2, "top/middle/leaf": 2, "top/other": 1}
