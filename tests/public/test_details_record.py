"""The page of a record: its words, its path in time, what became of it, on what evidence."""

import datetime

import pytest

from recommendations.models import Grade, Recommendation
from tests import make
from tests.pages import page_words, read

pytestmark = pytest.mark.django_db
D = datetime.date


def test_record_words_are_shown_within_their_paragraph(client):
    paragraph = make.make_paragraph(
        document=make.make_document(symbol="A/HRC/WG.6/7/FRE/3", slug="fre-3"),
        number="36",
        section=["Implementation", "Expression"],
    )
    record = make.make_recommendation(paragraph=paragraph, summary="Moratorium on libel")
    html = client.get(record.get_absolute_url()).text
    assert '<a href="/documents/fre-3/#p36">A/HRC/WG.6/7/FRE/3, para. 36</a>' in html
    assert f"JS1 said: <mark>{make.WORDS}</mark> More." in html
    text = read(client, record)
    assert "Implementation › Expression" in text
    assert "The title is the editor’s summary." in text


def test_record_path_runs_in_time_order(client):
    before = make.make_recommendation(
        document=make.make_document(review=make.make_review(starts_on=D(2005, 1, 1), precision="year")),
        raised_by=[make.make_stakeholder(name="Old Guard")],
    )
    record = make.make_recommendation(
        document=make.make_document(review=make.make_review(starts_on=D(2010, 2, 1), precision="month")),
        raised_by=[make.make_stakeholder(name="Present Company")],
    )
    after = make.make_recommendation(
        document=make.make_document(review=make.make_review(starts_on=D(2025, 6, 25), mechanism="CCPR")),
        raised_by=[make.make_stakeholder(name="The Committee", kind="committee")],
    )
    make.make_link(before, record, relation="taken_up", rationale="Takes up the same law.")
    make.make_link(record, after, rationale="Asks the same again.")
    make.make_response([record], date=D(2025, 6, 26), text=make.WORDS, stance="disputes")
    make.make_follow_up(
        record, as_of=D(2025, 6, 26), summary="The law stands.", role="un_body", status="regressed"
    )
    make.make_follow_up(
        record, as_of=D(2025, 6, 26), summary="It is done.", role="state", status="implemented"
    )
    make.make_follow_up(record, as_of=D(2012, 3, 4), summary="A draft was promised.")
    text = read(client, record).split("Its path in time")[1]
    order = [
        "2005",
        "First raised, and taken up here by Old Guard",
        "Takes up the same law.",
        "February 2010",
        "Raised by Present Company",
        "as of 4 March 2012",
        "A draft was promised.",
        "25 June 2025",
        "Asked again by The Committee",
        "Asks the same again.",
        "26 June 2025",
        "The State answers",
        "Disputes",
        "as of 26 June 2025",
        "It is done.",
        "Regressed",
        "The law stands.",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    # No date is more exact than it is known.
    assert "1 February 2010" not in text
    assert "1 January 2005" not in text


def test_verdicts_are_side_by_side_with_disagreement_stated(client):
    record = make.make_recommendation()
    committee = make.make_stakeholder(name="Human Rights Committee", kind="committee")
    meaning = {"meaning": "Reply or action not satisfactory"}
    Grade.objects.get_or_create(scheme="CCPR", grade="C", defaults=meaning)
    day = D(2025, 6, 26)
    make.make_follow_up(record, role="tracker", status="not_implemented", as_of=day)
    make.make_follow_up(
        record, role="un_body", status="not_implemented", as_of=day, assessor=committee,
        grade="C", grade_scheme="CCPR", confidence="high", summary="Nothing has changed.",
    )  # fmt: skip
    make.make_follow_up(record, role="state", status="implemented", as_of=day)
    text = read(client, record)
    assert (
        "They do not agree: “implemented”, as the State reports;"
        " “not implemented”, from the Human Rights Committee and this tracker." in text
    )
    assert "Headline: not implemented, from the Human Rights Committee, as of 26 June 2025." in text
    assert "On the same date an outside assessor goes before this tracker’s own reading." in text
    assert "The State’s own claim never makes the headline." in text
    assert "Grade C (CCPR): Reply or action not satisfactory · High confidence" in text
    cards = text.split("What became of it")[1].split("Headline:")[0]
    order = [cards.index(words) for words in ("The State reports", "UN body", "This tracker reads")]
    assert order == sorted(order)


def test_state_claim_alone_is_not_the_headline(client):
    text = read(client, make.make_follow_up(role="state", status="implemented").recommendation)
    assert "Headline: not assessed. Only the State has reported on this" in text


def test_old_verdict_is_marked_stale_in_words(client):
    text = read(client, make.make_follow_up(as_of=D(2015, 1, 1)).recommendation)
    assert "stale: more than 24 months old" in text
    assert "It is more than 24 months old and may have been overtaken." in text


def test_missing_information_is_stated(client):
    text = read(client, make.make_recommendation())
    assert "Nobody has assessed this yet." in text
    assert "No State response is linked to this record." in text
    assert "Raised by Not stated" in text
    assert "Raised by a stakeholder that is not stated" in text


def test_name_withheld_is_shown_only_for_hidden_stakeholder(client):
    hidden = make.make_stakeholder(published=False)
    issue, document = make.make_issue(), make.make_document()
    nobody, withheld, named = (
        make.make_recommendation(issues=[issue], document=document, raised_by=raised_by)
        for raised_by in ([], [hidden], [hidden, make.make_stakeholder(name="The Named", acronym="")])
    )
    pages = {"said of nobody": nobody, "withheld": withheld, "named": named}
    texts = {what: read(client, record) for what, record in pages.items()}
    assert "ithheld" not in texts["said of nobody"]
    assert "Raised by Name withheld" in texts["withheld"]
    assert "Raised by a stakeholder whose name is withheld" in texts["withheld"]
    assert "not stated" not in texts["withheld"].lower()
    assert "Raised by The Named" in texts["named"]
    make.make_link(nobody, withheld)
    assert "Asked again by a stakeholder whose name is withheld" in read(client, nobody)
    assert "Asked before by a stakeholder that is not stated" in read(client, withheld)
    cards = page_words(client.get("/recommendations/").text), read(client, issue)
    for text in cards:
        assert (text.count("Raised by: not stated"), text.count("Name withheld")) == (1, 1)


def test_commendation_expects_no_follow_up(client):
    text = read(client, make.make_recommendation(kind="commendation"))
    assert "no follow-up is expected" in text
    assert "Nobody has assessed this yet." not in text
    assert "No State response is linked" not in text


def test_correction_and_replaced_entry_are_both_shown(client):
    wrong = make.make_follow_up(status="implemented", summary="It was done.")
    make.make_follow_up(
        wrong.recommendation,
        assessor=wrong.assessor,
        status="not_implemented",
        summary="It was announced.",
        replaces=wrong,
        correction_reason="Misread the tense.",
    )
    html = client.get(wrong.recommendation.get_absolute_url()).text
    assert '<del class="replaced-text">It was done.</del>' in html
    text = read(client, wrong.recommendation)
    assert "because: Misread the tense." in text
    assert "It was announced." in text
    assert "Headline: not implemented" in text


def test_draft_correction_is_not_shown(client):
    right = make.make_follow_up(status="implemented", summary="It was done.")
    make.make_follow_up(
        right.recommendation,
        assessor=right.assessor,
        replaces=right,
        correction_reason="Perhaps.",
        published_at=None,
    )
    text = read(client, right.recommendation)
    assert "Perhaps." not in text
    assert "Replaced" not in text


def test_evidence_is_quoted_with_its_place(client):
    paragraph = make.make_paragraph(
        document=make.make_document(symbol="CCPR/C/SR.1", slug="sr-1"), number="7"
    )
    entry = make.make_follow_up()
    make.make_evidence(
        follow_up=entry, kind="paragraph", url="", paragraph=paragraph, text=make.WORDS, stance="contradicts"
    )
    html = client.get(entry.recommendation.get_absolute_url()).text
    assert '<a href="/documents/sr-1/#p7">CCPR/C/SR.1, para. 7</a>' in html
    assert "Contradicts" in html
    assert 'href="https://example.org/law"' not in html
    make.make_evidence(follow_up=make.make_follow_up(entry.recommendation))
    assert 'href="https://example.org/law"' in client.get(entry.recommendation.get_absolute_url()).text


def test_file_kept_elsewhere_is_named_not_linked(client):
    entry = make.make_follow_up()
    make.make_evidence(
        follow_up=entry, kind="file", url="", file="evidence/secret-path.pdf", title="Photographs"
    )
    html = client.get(entry.recommendation.get_absolute_url()).text
    assert "Photographs" in html
    assert "A file that is not kept here." in html
    assert "secret-path" not in html


def test_evidence_of_a_hidden_document_is_not_linked(client):
    hidden = make.make_paragraph(document=make.make_document(slug="hidden", published=False))
    entry = make.make_follow_up()
    make.make_evidence(follow_up=entry, kind="paragraph", url="", paragraph=hidden, text=make.WORDS)
    assert "/documents/hidden/" not in client.get(entry.recommendation.get_absolute_url()).text


def test_due_dates_count_down(client):
    today = datetime.datetime.now(tz=datetime.UTC).date()
    due = make.make_recommendation(selected_for_follow_up=True, due_on=today + datetime.timedelta(days=21))
    assert "Report due in 21 days" in read(client, due)
    late = make.make_recommendation(selected_for_follow_up=True, due_on=today - datetime.timedelta(days=1))
    assert "Report overdue by 1 day (" in read(client, late)
    undated = make.make_recommendation(selected_for_follow_up=True)
    assert "Yes. No date is known by which a report is due." in read(client, undated)


def test_neighbours_follow_the_paragraphs_of_the_document(client):
    document = make.make_document()
    one, two, three, four = (make.make_recommendation(document=document) for _ in range(4))
    Recommendation.objects.filter(pk=three.pk).update(published=False)
    text = read(client, two).split("How to cite it")[1]
    assert f"Before it in the document {one.reference}" in text
    assert f"After it {four.reference}" in text
    assert "Before it" not in read(client, one)
    assert "After it" not in read(client, four)
