"""The public lists as readers use them: pages, chips, sorting, addresses."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html

from tests import make
from tests.list_pages import ADDRESSES, LISTS, NEWS, page, text_of, words

pytestmark = pytest.mark.django_db


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
def test_empty_list_is_answered(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert text_of(answer)


@pytest.mark.parametrize("name", sorted(set(LISTS) - set(NEWS)))
def test_lists_without_news_have_no_feed(name: str) -> None:
    assert Client().get(f"/{name}.atom").status_code == 404


def test_row_shows_who_asked_what_and_its_status() -> None:
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


def test_old_status_is_marked() -> None:
    make.make_follow_up(as_of=datetime.date(2001, 1, 1))
    assert "may be out of date" in words(page("/recommendations/"))


def test_count_line_shows_range_and_total() -> None:
    for _ in range(12):
        make.make_recommendation()
    assert "1–10 of 12 records" in words(page("/recommendations/", per_page=10))
    assert "11–12 of 12 records" in words(page("/recommendations/", per_page=10, page=2))
    assert "12 records" in words(page("/recommendations/"))


def test_consecutive_pages_hold_every_row_once() -> None:
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


def test_chip_removes_exactly_its_value() -> None:
    tree = page("/recommendations/", kind=["concern", "question"], q="libel", sort="oldest", page="1")
    links = {words(chip): chip.get("href") for chip in tree.find_class("chip")}
    concern = next(url for label, url in links.items() if "Concern" in label)
    assert concern == "/recommendations/?q=libel&kind=question&sort=oldest"
    assert len(links) == 3


def test_downloads_keep_filters_and_drop_the_page() -> None:
    for _ in range(3):
        make.make_recommendation(kind="concern")
    tree = page("/recommendations/", kind="concern", per_page="1", page="2")
    urls = {link.get("href") for link in tree.xpath("//p[contains(@class, 'list-downloads')]/a[@type]")}
    endings = ("csv", "xlsx", "json", "atom", "ics")
    assert urls == {f"/recommendations.{ending}?kind=concern" for ending in endings}
    alternates = {link.get("href") for link in tree.xpath("//link[@rel='alternate']")}
    assert urls == alternates


def test_filter_form_shows_chosen_values() -> None:
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
def test_submitting_a_form_keeps_every_filter(path: str, params: dict[str, str], button: str) -> None:
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


def test_empty_list_form_keeps_filters_and_order() -> None:
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


def test_panel_lists_issues_below_their_groups() -> None:
    group = make.make_issue(slug="torture", name="Torture")
    make.make_issue(slug="definition", name="Definition", parent=group)
    make.make_recommendation(issues=[group])
    values = [box.get("value") for box in page("/recommendations/").xpath("//input[@name='issue']")]
    assert values == ["torture", "torture/definition"]


def test_too_many_stakeholders_are_typed_not_ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommendations.search.filters.base.OPTIONS_MAX", 1)
    monkeypatch.setattr("recommendations.search.filters.model_filters.OPTIONS_MAX", 1)
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
def test_canonical_address_is_normalised(asked: str, canonical: str) -> None:
    make.make_recommendation()
    make.make_recommendation()
    link = page(f"/recommendations/{asked}").xpath("//link[@rel='canonical']")
    assert [one.get("href") for one in link] == [f"http://testserver{canonical}"]


def test_empty_result_offers_to_show_everything() -> None:
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
def test_recommendations_are_sorted_by_each_order(sort: str, expected: list[str]) -> None:
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


def test_unchanged_page_is_304() -> None:
    make.make_recommendation()
    for address in ("/recommendations/", "/recommendations.json", "/recommendations.atom"):
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
    make.make_recommendation()
    assert Client().get("/recommendations/", headers={"If-None-Match": first["ETag"]}).status_code == 200
