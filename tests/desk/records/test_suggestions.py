"""Suggestions at the desk: what is suggested, what deciding does, and what the public never sees."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.desk import suggestions
from recommendations.desk.suggestions import Draft, Kind, decisions
from recommendations.desk.suggestions.decisions import Choice
from recommendations.models import (
    IssueTag,
    RecommendationLink,
    ResponseLink,
    SuggestionDecision,
)
from tests import make
from tests.pages import page_words

pytestmark = pytest.mark.django_db
LIBEL = "The State should abolish criminal libel and protect journalists."


@pytest.fixture
def issue():
    return make.make_issue(name="Defamation and libel", slug="libel")


@pytest.fixture
def before():
    """What a stakeholder asked in an earlier review."""
    review = make.make_review(starts_on="2006-01-01")
    document = make.make_document(review=review)
    make.make_recommendation(document=document, text="Build more schools in villages.")
    return make.make_recommendation(reference="FRE-OLD", document=document, text=f"JS1 urged: {LIBEL}")


@pytest.fixture
def record(before, issue):
    return make.make_recommendation(reference="FRE-1", text=LIBEL)


@pytest.fixture
def response(record):
    make.make_response(text="Schools were built in many villages.")
    return make.make_response(reference="FRE-R1", text="Criminal libel was abolished; journalists are free.")


@pytest.fixture
def editor(client):
    user = make.make_user("editor", username="edith")
    client.force_login(user)
    return user


def address(reference: str = "FRE-1") -> str:
    return reverse("desk_suggestions", args=[reference])


def document_of_another_state():
    sylvania = make.make_state(iso3="SYL", name="Sylvania")
    return make.make_document(review=make.make_review(state=sylvania))


def only(found):
    (one,) = found
    return one


def choice(kind: Kind, target, **values) -> Choice:
    return Choice(kind, target.pk, **values)


def test_each_kind_of_suggestion_gives_its_reasons(record, before, response, issue):
    found = only(suggestions.suggest_issues(record))
    assert (found.reference, found.kind) == ("libel", Kind.ISSUE)
    assert found.reasons == ("“libel”: in the name of the issue.",)
    found = suggestions.suggest_responses(record)[0]
    assert found.reference == "FRE-R1"
    shared = {each.stem: (each.here, each.there) for each in found.shared}
    assert shared["abolish"] == (("abolish",), ("abolished",)), "each text keeps its own form"
    assert "“criminal libel”" in found.reasons[0]
    found = suggestions.suggest_earlier(record)[0]
    assert found.reference == "FRE-OLD"
    assert found.reasons[-1].startswith("4 years earlier: UPR")
    assert found.rationale == found.reasons[0], "what only sounds so is no rationale"


def test_unsaved_draft_gets_suggestions(record, before, response, issue):
    draft = Draft("Is criminal libel still punished?", record.document.review)
    assert [each.reference for each in suggestions.suggest_issues(draft)] == ["libel"]
    assert suggestions.suggest_issues(draft.text) == suggestions.suggest_issues(draft)
    assert suggestions.suggest_responses(draft)[0].reference == "FRE-R1"
    assert suggestions.suggest_earlier(draft)[0].reference == "FRE-OLD"


def test_taken_up_records_are_suggested_from_both_ends(record):
    committee = make.make_stakeholder(kind="recommending_state", name="France")
    report = make.make_document(review=record.document.review)
    theirs = make.make_recommendation(
        reference="FRE-2", document=report, text="Decriminalize libel.", raised_by=[committee]
    )
    assert only(suggestions.suggest_taken_up(record)).reference == "FRE-2"
    found = [each.reference for each in suggestions.suggest_taken_up(theirs)]
    assert "FRE-1" in found
    assert "FRE-2" not in found
    decisions.accept(
        theirs, choice(Kind.TAKEN_UP, record, value="taken_up", rationale="Libel."), by=make.make_user()
    )
    link = RecommendationLink.objects.get()
    assert (link.earlier, link.later) == (record, theirs), "within a review the ask comes first"


def test_other_states_and_later_texts_are_not_suggested(record, response):
    elsewhere = make.make_document(
        review=make.make_review(state=make.make_state(iso3="SYL", name="Sylvania"))
    )
    make.make_recommendation(document=elsewhere, text=LIBEL, reference="SYL-1")
    make.make_response(text=LIBEL, reference="SYL-R1", paragraph=make.make_paragraph(document=elsewhere))
    make.make_response(text=LIBEL, reference="FRE-R0", date="2001-01-01")
    found = suggestions.suggest_responses(record) + suggestions.suggest_earlier(record)
    assert not {"SYL-1", "SYL-R1", "FRE-R0", "FRE-1"} & {each.reference for each in found}


def test_decided_or_linked_items_are_not_suggested_again(record, before, response, issue):
    by = make.make_user()
    for kind, target in ((Kind.ISSUE, issue), (Kind.RESPONSE, response), (Kind.EARLIER, before)):
        decisions.dismiss(record, choice(kind, target), by=by)
    found = suggestions.suggest_issues(record) + suggestions.suggest_responses(record)
    found += suggestions.suggest_earlier(record) + suggestions.suggest_taken_up(before)
    assert not {"libel", "FRE-R1", "FRE-OLD", "FRE-1"} & {each.reference for each in found}
    for decision in SuggestionDecision.objects.all():
        decisions.take_back(decision, by=by)
    assert suggestions.suggest_responses(record)[0].reference == "FRE-R1"
    make.make_response_link(response=response, recommendation=record)
    assert "FRE-R1" not in {each.reference for each in suggestions.suggest_responses(record)}


def test_new_tag_counts_for_suggestions_at_once(record, issue):
    other = make.make_issue(name="Nothing of the kind", slug="other")
    newcomer = make.make_recommendation(text="The editor was fined for a newspaper article.")
    assert suggestions.suggest_issues(newcomer) == []
    make.make_recommendation(text="A newspaper was closed by the prosecutor.", issues=[other])
    found = only(suggestions.suggest_issues(newcomer))
    assert found.reference == "other"
    assert found.reasons == ("“newspaper”: in records that have the issue.",)


def test_accepted_suggestion_becomes_public_and_can_be_undone(record, before, response, issue, client):
    by = make.make_user("editor", username="edith")
    tag = IssueTag.objects.create(recommendation=record, issue=issue, origin="suggestion")
    link = make.make_response_link(response=response, recommendation=record, confirmed=False)
    page = client.get(record.get_absolute_url()).text
    assert "Defamation" not in page
    assert "FRE-R1" not in page
    assert only(each for each in suggestions.suggest_issues(record) if each.stored).target == issue.pk
    decisions.accept(record, choice(Kind.ISSUE, issue), by=by)
    decisions.accept(record, choice(Kind.RESPONSE, response, value="commits", rationale="On libel."), by=by)
    tag.refresh_from_db()
    link.refresh_from_db()
    assert tag.origin == "editor"
    assert (link.confirmed, link.stance, link.rationale) == (True, "commits", "On libel.")
    entry = link.history.first()
    assert (entry.history_change_reason, entry.history_user) == ("Suggestion accepted", by)
    assert "Defamation" in client.get(record.get_absolute_url()).text
    with pytest.raises(ValidationError, match="already"):
        decisions.dismiss(record, choice(Kind.ISSUE, issue), by=by)
    decisions.take_back(SuggestionDecision.objects.get(kind="response"), by=by)
    assert not ResponseLink.objects.exists()
    assert link.history.first().history_change_reason == "Accepted suggestion taken back"


def test_dismissing_deletes_the_stored_suggestion(record, issue):
    by = make.make_user()
    tag = IssueTag.objects.create(recommendation=record, issue=issue, origin="suggestion")
    decision = decisions.dismiss(record, choice(Kind.ISSUE, issue, reason="libel"), by=by)
    assert not record.tags.exists()
    assert IssueTag.history.filter(id=tag.pk).first().history_change_reason == "Suggestion dismissed"
    assert (decision.by, decision.outcome, decision.reason) == (by, "dismissed", "libel")


@pytest.mark.parametrize("values", [{"value": "commits"}, {"value": "nonsense", "rationale": "x"}, {}])
def test_link_without_stance_or_rationale_is_refused(record, response, values):
    with pytest.raises(ValidationError):
        decisions.accept(record, choice(Kind.RESPONSE, response, **values), by=make.make_user())
    assert not ResponseLink.objects.exists()
    assert not SuggestionDecision.objects.exists(), "nothing half-done"


def test_records_of_different_states_are_never_linked(record):
    elsewhere = make.make_document(
        review=make.make_review(state=make.make_state(iso3="SYL", name="Sylvania"))
    )
    other = make.make_recommendation(document=elsewhere)
    with pytest.raises(ValidationError, match="different States"):
        decisions.accept(
            record, choice(Kind.EARLIER, other, value="related", rationale="x"), by=make.make_user()
        )


def test_suggestions_page_is_only_for_editors(client, record):
    assert client.get(address()).status_code == 302
    client.force_login(make.make_user("contributor"))
    assert client.get(address()).status_code == 403
    client.force_login(make.make_user("editor"))
    assert client.get(address()).status_code == 200
    assert address() in client.get(reverse("desk_record", args=["FRE-1"])).text


def test_decision_leads_to_the_next_suggestion(client, record, before, response, issue, editor):
    page = client.get(address()).text
    assert "<mark>libel</mark>" in page.lower(), "marked in what is suggested"
    assert '<mark data-stem="libel">libel</mark>' in page, "and in the record"
    answer = client.post(
        address(), {"act": "accept", "kind": "issue", "target": issue.pk, "then": f"response-{response.pk}"}
    )
    assert answer["Location"] == f"{address()}#response-{response.pk}"
    assert record.tags.get().origin == "editor"
    typed = {"kind": "earlier", "target": before.pk, "value": "repeated", "rationale": " "}
    answer = client.post(address(), typed | {"act": "accept"})
    assert "cannot be" in answer.text
    assert not RecommendationLink.objects.exists()
    client.post(address(), typed | {"act": "accept", "rationale": "The same libel law."})
    assert RecommendationLink.objects.get().rationale == "The same libel law."
    client.post(address(), {"act": "dismiss", "kind": "response", "target": response.pk})
    text = page_words(client.get(address()).text)
    assert "Dismissed: FRE-R1" in text
    assert "Accepted: Defamation and libel" in text
    history = page_words(client.get(reverse("desk_record", args=["FRE-1"])).text)
    assert "Suggestion accepted" in history
    last = SuggestionDecision.objects.first()
    client.post(address(), {"act": "take_back", "target": last.pk})
    assert "response-" in client.get(address()).text


BAD = [
    {},
    {"act": "accept"},
    {"act": "accept", "kind": "issue", "target": "x"},
    {"act": "accept", "kind": "nothing", "target": "1"},
    {"act": "accept", "target": "1"},
    {"act": "accept", "kind": "issue", "target": "99999999"},
    {"act": "dismiss", "kind": "earlier", "target": str(2**63)},
    {"act": "take_back", "target": "99999999"},
    {"act": "accept", "kind": "issue", "target": "1", "then": "//example.org"},
]


@pytest.mark.parametrize("typed", BAD)
def test_invalid_decision_changes_nothing(client, record, editor, typed):
    answer = client.post(address(), typed)
    assert answer.status_code in {200, 400}
    assert not SuggestionDecision.objects.exists()


def test_record_is_not_linked_to_itself_or_merged_record(client, record, before, editor):
    typed = {"act": "accept", "kind": "earlier", "value": "related", "rationale": "x"}
    assert "cannot follow itself" in client.post(address(), typed | {"target": record.pk}).text
    before.merged_into, before.published = record, False
    before.save()
    assert "kept as it is" in client.post(address(), typed | {"target": before.pk}).text
    assert "FRE-OLD" not in [each.reference for each in suggestions.suggest_earlier(record)]
    assert client.get(address("FRE-OLD")).status_code == 200
    assert client.post(address("FRE-OLD"), typed | {"target": record.pk}).status_code == 403


def test_query_count_does_not_grow_with_records(
    client, record, before, response, editor, django_assert_num_queries
):
    """The page costs the same however much there is to look through."""

    def queries() -> int:
        client.get(address())
        with CaptureQueriesContext(connection) as found:
            client.get(address())
        return len(found)

    for _ in range(6):
        make.make_recommendation(document=before.document, text=LIBEL)
        make.make_response(text=LIBEL)
    few = queries()
    for _ in range(12):
        make.make_recommendation(document=before.document, text=LIBEL)
        make.make_response(text=LIBEL)
    assert queries() == few
