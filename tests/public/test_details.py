"""How many queries the page of each thing takes, and what a reader finds on all but the page of a record."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Recommendation
from tests import make
from tests.pages import read

pytestmark = pytest.mark.django_db
D = datetime.date


def queries(client, row):
    """How many queries the page of a thing takes, once the sets that are counted by are there."""
    client.get(row.get_absolute_url())
    with CaptureQueriesContext(connection) as found:
        assert client.get(row.get_absolute_url()).status_code == 200
    return len(found)


def make_story():
    """A record with two of everything that its page, or the page of anything around it, shows."""
    ngo, issue = make.make_stakeholder(), make.make_issue()
    review = make.make_review(starts_on=D(2010, 2, 1), precision="month")
    document = make.make_document(review=review)
    record = make.make_recommendation(
        document=document, raised_by=[ngo], issues=[issue], groups=[make.make_group()]
    )
    story = {
        "record": record,
        "ngo": ngo,
        "issue": issue,
        "review": review,
        "document": document,
        "later_review": make.make_review(starts_on=D(2025, 6, 25), mechanism="CCPR"),
    }
    story["response"] = make.make_response([record], paragraph=make.make_paragraph(document=document))
    grow(story)
    grow(story)
    return story


def grow(story):
    """One more row of every kind that stands in relation to the story's record."""
    record, ngo, issue = story["record"], story["ngo"], story["issue"]
    more = make.make_recommendation(
        document=story["document"],
        raised_by=[ngo, make.make_stakeholder()],
        issues=[issue],
        groups=[make.make_group()],
    )
    later = make.make_recommendation(
        document=make.make_document(review=story["later_review"]),
        raised_by=[make.make_stakeholder()],
        issues=[issue],
    )
    make.make_link(record, later)
    make.make_link(more, later)
    make.make_response([record, more, later], paragraph=make.make_paragraph(document=story["document"]))
    story["response"].links.create(recommendation=more, stance="commits", rationale="Same.", confirmed=True)
    record.raised_by.add(make.make_stakeholder())
    record.tags.create(issue=make.make_issue(parent=issue))
    record.groups.add(make.make_group())
    for role in ("state", "un_body", "tracker"):
        entry = make.make_follow_up(record, role=role)
        make.make_evidence(follow_up=entry)
        make.make_evidence(
            follow_up=entry,
            kind="paragraph",
            url="",
            paragraph=make.make_paragraph(),
            text=make.WORDS,
            stance="context",
        )
    for row in (record, more):
        make.make_follow_up(row, role="civil_society", assessor=ngo)
    make.make_recommendation(document=story["document"], parent=record)
    ngo.members.add(make.make_stakeholder())
    make.make_stakeholder().members.add(ngo)


# The number of queries of each page; with twice the rows it is the same.
QUERIES = {
    # record, stakeholders, tags, groups, answers, links to later and to earlier records; verdicts; the one
    # before and the one after; linked records and their stakeholders; log and evidence; notes; parts
    "record": 16,
    # response, links; cards (3)
    "response": 5,
    # issue; the version of the data; children; cards (4); newest entries; the charts: issues, stakeholders
    "issue": 10,
    # stakeholder, members, memberships; the version of the data; cards (4); entries; their number;
    # the chart: issues
    "ngo": 11,
    # review, documents; the version of the data; responses; stakeholders; cards (4), tags and issues;
    # links (2) and the reviews at their other ends; the charts: issues, stakeholders
    "review": 16,
    # document; paragraphs, records, responses; rows without a paragraph; two totals
    "document": 7,
}


@pytest.mark.rules
def test_detail_page_queries_do_not_grow_with_rows(client):
    story = make_story()
    first = {thing: queries(client, story[thing]) for thing in QUERIES}
    for _ in range(3):
        grow(story)
    assert {thing: queries(client, story[thing]) for thing in QUERIES} == first == QUERIES


def test_response_shows_everything_it_answers(client):
    first = make.make_recommendation(summary="End it")
    second = make.make_recommendation(summary="Begin it")
    response = make.make_response([first], stance="declines", summary="On ends")
    response.links.create(recommendation=second, stance="commits", rationale="Will begin.", confirmed=True)
    make.make_follow_up(first, status="regressed")
    text = read(client, response)
    for words in ("End it", "Declines", "Regressed", "Begin it", "Commits", "Will begin.", "Not assessed"):
        assert words in text


def test_issue_counts_records_below_it(client):
    issue = make.make_issue(name="Justice")
    below = make.make_issue(name="Fair trial", parent=issue)
    make.make_recommendation(issues=[below])
    make.make_recommendation(issues=[below, issue])
    make.make_recommendation(issues=[make.make_issue()])
    text = read(client, issue)
    assert "2 records" in text
    assert "Fair trial (2)" in text


def test_moved_issue_redirects_from_its_old_address(client):
    old, new = make.make_issue(slug="old"), make.make_issue(slug="new")
    issue = make.make_issue(slug="libel", parent=old)
    before = issue.get_absolute_url()
    issue.parent = new
    issue.save()
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (302, "/issues/new/libel/")


def test_issue_with_common_prefix_is_not_below(client):
    issue = make.make_issue(slug="justice")
    make.make_recommendation(issues=[make.make_issue(slug="justice-for-children")])
    assert "No public record is about this issue yet." in read(client, issue)


def test_stakeholder_page_shows_requests_and_assessments(client):
    ngo = make.make_stakeholder(note="Works on prisons.")
    ngo.members.add(make.make_stakeholder(name="Junior Partner"))
    make.make_stakeholder(name="The Alliance").members.add(ngo)
    make.make_recommendation(raised_by=[ngo], summary="Open the prisons")
    make.make_follow_up(assessor=ngo, role="civil_society", summary="Doors stay shut.")
    text = read(client, ngo)
    for words in (
        "Works on prisons.",
        "Junior Partner",
        "The Alliance",
        "Open the prisons",
        "Doors stay shut.",
    ):
        assert words in text


@pytest.mark.parametrize("public", [True, False])
def test_joint_submission_names_only_a_public_review(client, public):
    review = make.make_review(state=make.make_state(iso3="SYL", name="Sylvania"))
    make.make_document(review=review, published=public)
    joint = make.make_stakeholder(kind="joint_submission", review=review)
    html = client.get(joint.get_absolute_url()).text
    assert (f'for <a href="{review.get_absolute_url()}">{review}</a>' in html) == public
    assert ("Sylvania" in html) == (review.slug in html) == public


def test_review_shows_its_documents_figures_and_chains(client):
    story = make_story()
    text = read(client, story["review"])
    assert story["document"].title in text
    assert f"4 links on to {story['later_review']}" in text
    assert f"4 links back to {story['review']}" in read(client, story["later_review"])


def test_long_list_shows_50_and_links_the_rest(client):
    ngo = make.make_stakeholder(slug="prolific")
    paragraph = make.make_paragraph()
    for _ in range(51):
        make.make_recommendation(paragraph=paragraph, raised_by=[ngo])
    html = client.get(ngo.get_absolute_url()).text
    assert html.count("<article") == 50
    assert "The first 50 are shown. All 51 in the list" in html
    assert 'href="/recommendations/?stakeholder=prolific"' in html


def test_document_shows_paragraphs_with_records_and_responses(client):
    document = make.make_document(note="The endnotes are missing.", sha256="a" * 64, considers="CCPR/C/FRE/3")
    make.make_paragraph(document=document, number="35", section=["One", "Part A"], text="Quiet.")
    paragraph = make.make_paragraph(
        document=document, number="36", section=["One", "Part B"], speaker="experts"
    )
    record = make.make_recommendation(paragraph=paragraph, summary="On libel")
    make.make_follow_up(record, status="regressed")
    make.make_response([record], paragraph=paragraph, summary="What was said")
    html = client.get(document.get_absolute_url()).text
    assert 'id="p35"' in html
    assert 'id="p36"' in html
    assert 'href="#p36"' in html
    assert f"<mark>{make.WORDS}</mark>" in html
    text = read(client, document)
    for words in ("The endnotes are missing.", "a" * 64, "CCPR/C/FRE/3", "Committee experts", "On libel",
                  "Regressed", "What was said"):  # fmt: skip
        assert words in text
    # Once in the contents, once above the first paragraph that it stands over.
    assert html.count(">One<") == html.count(">Part A<") == 2


def test_repeated_headings_have_separate_anchors(client):
    document = make.make_document()
    for section in (["Round"], ["Break"], ["Round"]):
        make.make_paragraph(document=document, section=section)
    html = client.get(document.get_absolute_url()).text
    assert 'id="section-round"' in html
    assert 'id="section-round-2"' in html


def test_rows_without_paragraph_are_on_document_page(client):
    document = make.make_document(kind="data_set")
    Recommendation.objects.create(
        reference="FRE-ROW-1", kind="concern", document=document, locator="Sheet 1, row 7", text="Words.",
        published=True,
    )  # fmt: skip
    Recommendation.objects.create(
        reference="FRE-ROW-2", kind="concern", document=document, locator="Sheet 1, row 8", text="Words.",
        published=True,
    )  # fmt: skip
    text = read(client, document)
    assert "FRE-ROW-1" in text
    assert "Sheet 1, row 7" in text
    first = read(client, Recommendation.objects.get(reference="FRE-ROW-1"))
    assert "Sheet 1, row 7" in first
    assert "After it FRE-ROW-2" in first
    assert "Before it" not in first
