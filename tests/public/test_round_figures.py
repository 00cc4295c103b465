"""A figure is the same wherever it stands, and no row that is not public counts in any of them.

Each source below says what it can of the same figures: the data set as one file, the API, the lists, the
overview, the charts, the comparison, the pages of reviews and the page about the data.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from lxml import html

from recommendations.actions import review_workflow
from recommendations.charts.statistics import FOLLOWED_UP_KINDS, STATUSES
from recommendations.models import (
    FollowUp,
    Issue,
    IssueTag,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    StateResponse,
)
from tests import make
from tests.api.test_dataset import archive, csv_rows, json_rows
from tests.api.test_dataset_shipped import through_the_api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zipfile import ZipFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
Figures = dict[str, Any]
ASSESSED = [status for status in STATUSES if status != FollowUp.NOT_ASSESSED]
KINDS, ROLES = Recommendation.Kind.values, FollowUp.Role.values
FOLLOW: dict[str, Any] = {"kind": list(FOLLOWED_UP_KINDS)}


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.API_RATE = 0


def of_rows(rows: Iterable[Mapping[str, Any]], entries: int, responses: int) -> Figures:
    """From records one by one: `kind`, `status`, `answered`, and the status of each role in `roles`."""
    records = list(rows)
    expecting = [row for row in records if row["kind"] != Recommendation.Kind.COMMENDATION]
    kinds, statuses = Counter(row["kind"] for row in records), Counter(row["status"] for row in expecting)
    return {
        "records": len(records),
        "kinds": {kind: kinds[kind] for kind in KINDS},
        "expecting": len(expecting),
        "statuses": {status: statuses[status] for status in STATUSES},
        "answered": sum(bool(row["answered"]) for row in expecting),
        "answered of all": sum(bool(row["answered"]) for row in records),
        "assessed": sum(statuses[status] for status in ASSESSED),
        "roles": dict(Counter(pair for row in expecting for pair in row["roles"].items() if pair[1])),
        "entries": entries,
        "responses": responses,
    }


def in_json(row: Mapping[str, Any]) -> dict[str, Any]:
    roles = {role: entry["status"] for role, entry in row["statuses"].items()}
    return {**row, "answered": row["responses"], "roles": roles}


def in_csv(row: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "answered": row["responses"], "roles": {role: row[f"{role}_status"] for role in ROLES}}


def joined(opened: ZipFile) -> Figures:
    """From the data set's tables joined: records by issue with those below, and what each put to a State."""
    follow = {
        row["reference"]
        for row in json_rows(opened, "recommendations")
        if row["kind"] != Recommendation.Kind.COMMENDATION
    }
    by_issue: dict[str, set[str]] = {}
    for row in csv_rows(opened, "issue_tags"):
        parts = row["issue"].split("/")
        for n in range(len(parts)):
            by_issue.setdefault("/".join(parts[: n + 1]), set()).add(row["recommendation"])
    raised = Counter(
        row["stakeholder"] for row in csv_rows(opened, "raised_by") if row["recommendation"] in follow
    )
    top = {path: len(found & follow) for path, found in by_issue.items() if "/" not in path}
    links = Counter(row["relation"] for row in csv_rows(opened, "recommendation_links"))
    return {
        "issues": {path: len(found) for path, found in by_issue.items()},
        "top issues": {path: number for path, number in top.items() if number},
        "stakeholders": dict(raised),
        "links": links.total(),
    }


def the_data_set(opened: ZipFile) -> Figures:
    entries, responses = len(json_rows(opened, "follow_up")), len(json_rows(opened, "responses"))
    rows = json_rows(opened, "recommendations")
    return of_rows(map(in_json, rows), entries, responses) | joined(opened)


def the_data_set_in_csv(opened: ZipFile) -> Figures:
    entries, responses = len(csv_rows(opened, "follow_up")), len(csv_rows(opened, "responses"))
    return of_rows(map(in_csv, csv_rows(opened, "recommendations")), entries, responses)


def the_api_row_by_row() -> Figures:
    rows = through_the_api("recommendations", fields="kind,status,responses,statuses")
    return of_rows(
        map(in_json, rows),
        len(through_the_api("follow-up", fields="reference")),
        len(through_the_api("responses", fields="reference")),
    )


def counted(address: Callable[[str], str], size: str) -> Figures:
    """By asking for each figure with the filters that say it."""

    def count(name: str = "recommendations", **filters: Any) -> int:
        answer = Client().get(address(name), {size: "1", **filters})
        assert answer.status_code == 200, (name, filters, answer.text)
        return int(answer.json()["count"])

    roles = {
        (role, status): count(**FOLLOW, **{f"status_{role}": status})
        for role in ROLES
        for status in FollowUp.Status.values
    }
    return {
        "records": count(),
        "kinds": {kind: count(kind=kind) for kind in KINDS},
        "expecting": count(**FOLLOW),
        "statuses": {status: count(**FOLLOW, status=status) for status in STATUSES},
        "answered": count(**FOLLOW, response="yes"),
        "answered of all": count(response="yes"),
        "assessed": count(**FOLLOW, status=ASSESSED),
        "roles": {pair: number for pair, number in roles.items() if number},
        "entries": count("follow-up"),
        "responses": count("responses"),
    }


def the_api_by_count() -> Figures:
    return counted("/api/v1/{}/".format, "page_size")


def the_lists() -> Figures:
    issues = Client().get("/issues.json", {"per_page": 200}).json()
    assert not issues["next"]
    by_issue = {row["path"]: row["recommendations"] for row in issues["results"] if row["recommendations"]}
    return counted("/{}.json".format, "per_page") | {"issues": by_issue}


def tree_of(address: str) -> Any:
    """A page, read."""
    answer = Client().get(address)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content)


def number(cell: Any) -> int:
    """The first number of a cell."""
    return int(re.findall(r"\d[\d,]*", cell.text_content())[0].replace(",", ""))


def numbers(row: Any) -> list[int]:
    """The numbers of a table's row."""
    return [number(cell) for cell in row.xpath("td")]


def by_issue_and_status(tree: Any) -> Figures:
    """The heat map of a page."""
    (table,) = tree.xpath("//section[@id='picture-issues']//table")
    *statuses, total = numbers(table.xpath("tfoot/tr")[0])
    rows = {
        row.xpath("string(th/a/@href)").removeprefix("/issues/").rstrip("/"): numbers(row)[-1]
        for row in table.xpath("tbody/tr")
    }
    return {"statuses": dict(zip(STATUSES, statuses, strict=True)), "expecting": total, "top issues": rows}


def by_role(tree: Any) -> Figures:
    """What each role says, in a page's table."""
    labels = {str(role.label): role.value for role in FollowUp.Role}
    found = {
        (labels[row.xpath("string(th)").strip()], status): figure
        for row in tree.xpath("//section[@id='picture-roles']//tbody/tr")
        for status, figure in zip(FollowUp.Status.values, numbers(row)[:-1], strict=True)
        if figure
    }
    return {"roles": found}


def the_overview() -> Figures:
    tree = tree_of("/")
    shown = {link.get("href"): number(link) for link in tree.xpath("//dl[@class='stat']//a[@href]")}
    kinds = {kind: shown[f"/recommendations/?kind={kind}"] for kind in KINDS}
    return {
        "kinds": kinds,
        "records": sum(kinds.values()),
        "entries": shown["/follow-up/"],
        "responses": shown["/responses/"],
        **by_issue_and_status(tree),
        **by_role(tree),
    }


def the_charts() -> Figures:
    tree = tree_of("/pictures/")
    found = by_issue_and_status(tree) | by_role(tree)
    (against,) = tree.xpath("//section[@id='picture-state-and-others']//table")
    *statuses, total = numbers(against.xpath("tfoot/tr")[0])
    assert dict(zip(STATUSES, statuses, strict=True)) == found["statuses"]
    assert total == found["expecting"] == sum(numbers(row)[-1] for row in against.xpath("tbody/tr"))
    coverage = [numbers(row) for row in tree.xpath("//section[@id='picture-reviews']//tbody/tr")]
    answered, assessed, *by_status, expecting = (sum(column) for column in zip(*coverage, strict=True))
    assert by_status == statuses
    assert expecting == total
    reviews, *links = tree.xpath("//section[@id='picture-time-line']//table")
    raised: Counter[str] = Counter()
    for row in tree.xpath("//section[@id='picture-stakeholders']//tbody/tr"):
        raised[row.xpath("string(th/a/@href)").split("/")[2]] += numbers(row)[-1]
    return found | {
        "records": sum(numbers(row)[-1] for row in reviews.xpath("tbody/tr")),
        "answered": answered,
        "assessed": assessed,
        "stakeholders": dict(raised),
        "links": sum(numbers(row)[-1] for table in links for row in table.xpath("tbody/tr")),
    }


def sides() -> str:
    """All reviews with records: side by side they make up the whole."""
    reviews = {row["review"] for row in through_the_api("recommendations", fields="review")}
    return "&".join(f"item={slug}" for slug in sorted(reviews))


def the_comparison() -> Figures:
    found = Client().get(f"/compare.json?by=review&{sides()}").json()
    items = found["items"]

    def total(name: str) -> int:
        return sum(item[name] for item in items)

    return {
        "records": total("records"),
        "kinds": {kind: sum(item["kinds"][kind] for item in items) for kind in KINDS},
        "expecting": total("expecting_follow_up"),
        "answered": total("answered"),
        "assessed": total("assessed"),
        "statuses": {status: sum(item["statuses"][status] for item in items) for status in STATUSES},
        "issues": {line["path"]: sum(one["count"] for one in line["items"]) for line in found["issues"]},
    }


def the_page_of_the_comparison() -> Figures:
    (first, _) = tree_of(f"/compare/?by=review&{sides()}").xpath("//table[contains(@class, 'compare')]")
    rows = [numbers(row) for row in first.xpath("tbody/tr")]
    records, *kinds, expecting, answered, assessed = (sum(row) for row in rows[: -len(STATUSES)])
    return {
        "records": records,
        "kinds": dict(zip(KINDS, kinds, strict=True)),
        "expecting": expecting,
        "answered": answered,
        "assessed": assessed,
        "statuses": dict(zip(STATUSES, (sum(row) for row in rows[-len(STATUSES) :]), strict=True)),
    }


def the_pages_of_reviews() -> Figures:
    found: Counter[str] = Counter()
    for review in through_the_api("reviews"):
        for item in tree_of(f"/reviews/{review['slug']}/").xpath("//dl[@class='stat']"):
            found[item.xpath("string(dt)").rstrip("s")] += number(item.xpath("dd")[0])
    return {
        "records": found["record"],
        "answered of all": found["answered by the State"],
        "responses": found["State response"],
    }


def the_page_about_the_data() -> Figures:
    lead = " ".join(tree_of("/data/").xpath("//p[@class='lead']")[0].text_content().split())
    records, responses, entries = (int(figure) for figure in re.findall(r"\d+", lead))
    return {"records": records, "responses": responses, "entries": entries}


SOURCES = [
    the_api_row_by_row,
    the_api_by_count,
    the_lists,
    the_overview,
    the_charts,
    the_comparison,
    the_page_of_the_comparison,
    the_pages_of_reviews,
    the_page_about_the_data,
]


def assert_all_agree() -> Figures:
    """Every source says what the data set says; returns that."""
    opened = archive()
    whole = the_data_set(opened)
    assert the_data_set_in_csv(opened).items() <= whole.items()
    for source in SOURCES:
        found = source()
        assert found
        assert found == {name: whole[name] for name in found}, source.__name__
    return whole


def plant() -> None:
    """Beside public records, in each model rows that are not public, where they would change a figure."""
    records = Recommendation.objects.published()
    unassessed = records.filter(
        follow_ups=None, response_links=None, kind=Recommendation.Kind.QUESTION
    ).order_by("reference")
    one, other = unassessed[:2]
    person = Stakeholder.objects.published().filter(recommendations=one)[0]
    issue = Issue.objects.exclude(tags__recommendation__in=[one, other]).filter(parent=None)[0]
    answer = StateResponse.objects.published()[0]
    # Records: a draft among public ones, and a public one in a document that is not.
    draft = make.make_recommendation(
        paragraph=one.paragraph, text=one.text, published=False, raised_by=[person], issues=[issue]
    )
    secret = make.make_document(review=one.document.review, published=False)
    inside = make.make_recommendation(
        paragraph=make.make_paragraph(document=secret), raised_by=[person], issues=[issue]
    )
    nowhere = make.make_review(state=one.document.review.state)
    make.make_document(review=nowhere, published=False)
    assert not Review.objects.published().filter(pk=nowhere.pk).exists()
    for hidden in (draft, inside):
        make.make_follow_up(hidden, role="un_body", status="implemented")
        make.make_response_link(response=answer, recommendation=hidden)
        make.make_link(hidden, one)
    # Follow-up that is only drafted, and answers and links that are only suggested.
    for role in ROLES:
        make.make_follow_up(
            one, role=role, status="implemented", published_at=None, assessor=make.make_stakeholder(
                kind=make.KIND_OF_ROLE[role], published=False
            ),
        )  # fmt: skip
    make.make_response_link(response=answer, recommendation=one, confirmed=False)
    make.make_link(one, other, confirmed=False)
    unsaid = make.make_response([other], published=False)
    assert not ResponseLink.objects.published().filter(response=unsaid).exists()
    make.make_response([other], paragraph=make.make_paragraph(document=secret))
    # What was public: an entry withdrawn for safety, and a record merged into another.
    said = make.make_follow_up(one, role="un_body", status="implemented")
    review_workflow.withdraw(said, by=make.make_user("reviewer"), reason="For somebody's safety.")
    make.make_recommendation(
        paragraph=one.paragraph, text=one.text, published=False, merged_into=other, raised_by=[person]
    )
    # An issue that is only suggested, and somebody who may not be named.
    IssueTag.objects.create(recommendation=one, issue=issue, origin="suggestion")
    one.raised_by.add(make.make_stakeholder(published=False))


def publish() -> None:
    """One more public record of each figure."""
    record = Recommendation.objects.published().filter(follow_ups=None, response_links=None)[0]
    new = make.make_recommendation(
        paragraph=record.paragraph,
        text=record.text,
        raised_by=list(record.raised_by.all()),
        issues=[Issue.objects.filter(parent=None)[0]],
    )
    make.make_follow_up(new, role="un_body", status="regressed")
    make.make_response_link(response=StateResponse.objects.published()[0], recommendation=new)


def test_figures_agree_everywhere_and_count_only_public_rows() -> None:
    before = assert_all_agree()
    assert before["records"] > 300
    assert min(before["kinds"].values()) > 0
    assert len([figure for figure in before["statuses"].values() if figure]) > 3
    plant()
    assert assert_all_agree() == before
    # What becomes public counts everywhere: figures are not merely remembered.
    publish()
    after = assert_all_agree()
    for name in ("records", "expecting", "answered", "answered of all", "assessed", "entries"):
        assert after[name] == before[name] + 1, name
    assert after["kinds"]["recommendation"] == before["kinds"]["recommendation"] + 1
    assert after["statuses"]["regressed"] == before["statuses"]["regressed"] + 1
