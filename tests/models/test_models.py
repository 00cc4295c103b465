"""What the models refuse, in the database and in kind words."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from recommendations.models import FollowUp, Issue, Paragraph, Recommendation, Review
from tests import make

pytestmark = pytest.mark.django_db


def test_misquote_is_refused_with_nearest_passage():
    record = make.make_recommendation()
    record.text = "The State should place a moratorium on civil libel."
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    (message,) = refused.value.message_dict["text"]
    assert "do not stand in paragraph 1" in message
    assert "The State should place a moratorium on criminal" in message


def test_white_space_does_not_change_a_quote():
    record = make.make_recommendation()
    record.text = make.WORDS.replace(" a moratorium", "\n   a  moratorium")
    record.full_clean()


@given(text=st.text(min_size=1, max_size=200), words=st.text(min_size=1, max_size=60))
def test_nearest_passage_always_stands_in_the_paragraph(text, words):
    paragraph = Paragraph(number="1", text=text)
    nearest = paragraph.nearest(words)
    assert nearest == "" or paragraph.holds(nearest)


def test_paragraph_of_another_document_is_refused():
    record = make.make_recommendation()
    record.paragraph = make.make_paragraph()
    with pytest.raises(ValidationError, match="belongs to"):
        record.full_clean()


def test_record_without_paragraph_needs_a_locator():
    make.make_recommendation(
        paragraph=None, document=make.make_document(), locator="Sheet 1, row 7"
    ).full_clean()
    with pytest.raises(IntegrityError, match="paragraph_or_locator"), transaction.atomic():
        make.make_recommendation(paragraph=None, document=make.make_document())


def test_review_is_unique_per_state_mechanism_and_session():
    review = make.make_review()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_review(state=review.state, session=review.session)


def test_reference_is_unique():
    with pytest.raises(IntegrityError):
        make.make_recommendation(reference=make.make_recommendation().reference)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "not_assessed"}, "follow_up_status_known"),
        ({"status": "done"}, "follow_up_status_known"),
        ({"grade": "A"}, "follow_up_grade_with_scheme"),
        ({"correction_reason": "Because."}, "follow_up_correction_says_why"),
        ({"summary": ""}, "follow_up_has_summary"),
    ],
)
def test_database_refuses_inconsistent_entries(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.make_follow_up(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "paragraph", "url": ""},
        {"kind": "link", "url": ""},
        {"kind": "file"},
        {"access": "everyone"},
    ],
)
def test_database_refuses_evidence_unlike_its_kind(values):
    entry = make.make_follow_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_evidence(follow_up=entry, **values)


def test_assessor_must_fit_the_role():
    entry = make.make_follow_up(role="un_body", assessor=make.make_stakeholder(kind="ngo"), published_at=None)
    with pytest.raises(ValidationError, match="cannot speak as UN body"):
        entry.full_clean()


def test_entry_cannot_be_dated_in_the_future():
    entry = make.make_follow_up(as_of=datetime.date(2999, 1, 1), published_at=None)
    with pytest.raises(ValidationError, match="future"):
        entry.full_clean()


def test_correction_must_have_same_record_and_role():
    other = make.make_follow_up()
    entry = make.make_follow_up(replaces=other, correction_reason="Wrong.", published_at=None)
    with pytest.raises(ValidationError, match="same record and role"):
        entry.full_clean()


def test_entry_gets_a_unique_readable_reference():
    first = make.make_follow_up()
    second = make.make_follow_up(first.recommendation, assessor=first.assessor, as_of=first.as_of)
    assert first.reference == f"{first.recommendation.reference}-tracker-2024-01-01"
    assert second.reference == f"{first.reference}-2"


def test_chain_runs_forward_in_time_within_one_state():
    early = make.make_recommendation()
    late = make.make_recommendation(
        document=make.make_document(review=make.make_review(starts_on=datetime.date(2020, 1, 1)))
    )
    make.make_link(early, late).full_clean()
    with pytest.raises(ValidationError, match="was raised before"):
        make.make_link(late, early).full_clean()
    elsewhere = make.make_review(
        state=make.make_state(iso3="SYL", name="Sylvania"), starts_on=datetime.date(2021, 1, 1)
    )
    with pytest.raises(ValidationError, match="different States"):
        make.make_link(
            early, make.make_recommendation(document=make.make_document(review=elsewhere))
        ).full_clean()
    with pytest.raises(IntegrityError, match="two_ends"), transaction.atomic():
        make.make_link(early, early)


def test_suggestions_and_links_to_hidden_records_are_not_public():
    record, hidden = make.make_recommendation(), make.make_recommendation(published=False)
    response = make.make_response()
    make.make_response_link(response=response, recommendation=record, confirmed=False)
    make.make_response_link(response=response, recommendation=hidden)
    make.make_link(record, hidden)
    assert not record.response_links.published().exists()
    assert not response.links.published().exists()
    assert not record.later_links.published().exists()


def test_record_of_hidden_document_is_not_public():
    make.make_recommendation(document=make.make_document(published=False))
    assert not Recommendation.objects.published().exists()
    assert not Review.objects.published().exists()


def test_entry_of_hidden_record_is_not_public():
    make.make_evidence(follow_up=make.make_follow_up(make.make_recommendation(published=False)))
    assert not FollowUp.objects.published().exists()


def test_moving_an_issue_moves_its_subtree():
    old, new = make.make_issue(slug="old"), make.make_issue(slug="new")
    child = make.make_issue(slug="child", parent=old)
    grandchild = make.make_issue(slug="grandchild", parent=child)
    child.parent = new
    child.save()
    grandchild.refresh_from_db()
    assert grandchild.path == "new/child/grandchild"
    assert set(Issue.objects.within("new")) == {new, child, grandchild}
    old.parent = grandchild
    new.parent = grandchild
    with pytest.raises(ValidationError, match="below itself"):
        new.full_clean()


def test_within_ignores_slugs_with_a_common_prefix():
    make.make_issue(slug="torture-prevention")
    torture = make.make_issue(slug="torture")
    assert list(Issue.objects.within("torture")) == [torture]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"starts_on": datetime.date(2010, 2, 1), "precision": "month"}, "February 2010"),
        ({"starts_on": datetime.date(2010, 1, 1), "precision": "year"}, "2010"),
        ({"starts_on": datetime.date(2025, 6, 25), "ends_on": datetime.date(2025, 6, 26)}, "25–26 June 2025"),
        (
            {"starts_on": datetime.date(2025, 6, 30), "ends_on": datetime.date(2025, 7, 1)},
            "30 June 2025 – 1 July 2025",
        ),
        ({"starts_on": datetime.date(2025, 6, 25)}, "25 June 2025"),
    ],
)
def test_dates_are_shown_no_more_exactly_than_known(values, words):
    assert make.make_review(**values).when == words
