"""Drafts are decided on by people, each in knowledge of a version; nobody is made silently."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.importing import jobs
from recommendations.models import Import, ImportDraft, Stakeholder
from tests import make
from tests.importing.helpers import brought_in, confirmed, worked_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(editor) -> Import:
    """A document that was read, with one party that is here."""
    make.make_state()
    make.make_stakeholder(name="Known Watch", acronym="KW", slug="known-watch")
    return brought_in(by=editor)


def draft_at(source: Import, place: str) -> ImportDraft:
    return source.drafts.get(place=place)


def address(draft: ImportDraft, tail: str = "") -> str:
    return f"{draft.source.get_absolute_url()}drafts/{draft.pk}/{tail}"


def decide(desk: Any, draft: ImportDraft, do: str, **more: Any) -> Any:
    data = {"do": do, "version": draft.version, "paragraph": draft.paragraph_index, **more}
    return desk.post(address(draft, "decide/"), data)


def edit(desk: Any, draft: ImportDraft, do: str = "save", **more: Any) -> Any:
    data = {
        "do": do,
        "version": draft.version,
        "text": draft.text,
        "becomes": draft.becomes,
        "kind": draft.kind,
        "raised_by": draft.raised_by,
    }
    return desk.post(address(draft), data | more)


def test_source_text_is_shown_beside_its_drafts(desk, source) -> None:
    page = desk.get(f"{source.get_absolute_url()}drafts/").text
    assert '<mark class="mark-open"' in page
    assert "judges are paid late" in page  # of the paragraph, in no draft
    assert "0 of 4 decided" in page
    assert "Human Rights Centre: who is it?" in page


def test_draft_is_accepted_rejected_and_reopened(desk, source) -> None:
    for do, state in (("accept", "accepted"), ("reject", "rejected"), ("reopen", "open")):
        draft = draft_at(source, "1.1")
        assert decide(desk, draft, do).status_code == 302
        draft.refresh_from_db()
        assert draft.state == state
    assert draft.decided_by.first_name == "Ed"
    page = desk.get(f"{source.get_absolute_url()}drafts/?show=rejected").text
    assert "There are none of these" in page


def test_htmx_decision_returns_the_updated_paragraph(desk, source) -> None:
    draft = draft_at(source, "2.1")
    answer = desk.post(
        address(draft, "decide/"),
        {"do": "accept", "version": 1, "paragraph": 1},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="draft-{draft.pk}"' in answer.text
    assert 'data-standing="accepted"' in answer.text


def test_second_decider_is_told_the_first_decision(desk, source, client) -> None:
    draft = draft_at(source, "1.1")
    decide(desk, draft, "reject")
    answer = decide(desk, draft, "accept")  # with the version of before
    page = desk.get(answer.headers["Location"]).text
    assert "Ed changed this draft" in page
    assert "Now it is: Rejected" in page
    assert "You wanted to: accept" in page
    assert draft_at(source, "1.1").state == "rejected"


def test_accepting_all_skips_drafts_changed_meanwhile(desk, source) -> None:
    seen = [f"{draft.pk}:{draft.version}" for draft in source.drafts.all()]
    edit(desk, draft_at(source, "2.2"), summary="Changed.")
    answer = desk.post(
        f"{source.get_absolute_url()}drafts/", {"seen": [*seen, "x:y", "99999999999999999999:1"]}
    )
    page = desk.get(answer.headers["Location"]).text
    assert "Decided: 3." in page
    assert "changed by somebody else" in page
    assert list(source.drafts.filter(state="open").values_list("place", flat=True)) == ["2.2"]


def test_edited_words_must_stand_in_the_paragraph(desk, source) -> None:
    draft = draft_at(source, "1.1")
    page = edit(desk, draft, text="Known Watch (KW) recommended that Kyrgyzstan keep the death penalty.").text
    assert "These words do not stand in paragraph 1." in page
    assert "Nearest match" in page
    edit(desk, draft, text="Kyrgyzstan  abolish the\ndeath penalty.", kind="concern", summary="Abolition.")
    draft = draft_at(source, "1.1")
    assert (draft.text, draft.kind, draft.version) == ("Kyrgyzstan abolish the death penalty.", "concern", 2)


def test_stale_edit_is_shown_beside_newer_version(desk, source) -> None:
    draft = draft_at(source, "1.1")
    edit(desk, draft, summary="Mine.")
    page = edit(desk, draft, summary="Yours.").text
    assert "Both versions" in page
    assert "<td>Mine.</td><td>Yours.</td>" in page
    assert draft_at(source, "1.1").summary == "Mine."
    # Saving once more is a decision.
    draft.version = 2
    edit(desk, draft, summary="Yours.")
    assert draft_at(source, "1.1").summary == "Yours."


def test_draft_is_split_and_joined_again(desk, source) -> None:
    draft = draft_at(source, "2.1")
    page = desk.get(address(draft)).text
    at = draft.text.index("and about the lack")
    assert f'value="cut:{at}"' in page
    desk.post(address(draft), {"do": f"cut:{at}", "version": draft.version})
    parts = list(source.drafts.filter(paragraph_index=1).order_by("position"))
    assert [part.place for part in parts] == ["2.1a", "2.1b", "2.2"]
    assert parts[0].text.endswith("places of detention,")
    assert parts[1].text.startswith("and about the lack")
    assert parts[1].raised_by == ["HRC1"]
    decide(desk, parts[0], "join")
    (joined, other) = source.drafts.filter(paragraph_index=1).order_by("position")
    assert joined.text == draft.text
    assert other.place == "2.2"
    # Who still sees the part that is gone is told so.
    answer = decide(desk, parts[1], "accept")
    assert "this draft is gone" in desk.get(answer.headers["Location"]).text
    answer = desk.get(address(parts[1]))
    assert answer.status_code == 302


@pytest.mark.parametrize("at", ["0", "99999", "x", "-1", ""])
def test_split_must_leave_words_on_both_sides(desk, source, at: str) -> None:
    draft = draft_at(source, "2.1")
    answer = desk.post(address(draft), {"do": f"cut:{at}", "version": draft.version})
    assert "Both parts need words" in desk.get(answer.headers["Location"]).text
    assert source.drafts.count() == 4


def test_joining_the_last_draft_is_refused(desk, source) -> None:
    answer = decide(desk, draft_at(source, "3.1"), "join")
    assert "Nothing follows in this paragraph" in desk.get(answer.headers["Location"]).text
    answer = decide(desk, draft_at(source, "3.1"), "nonsense")
    assert "Choose what to do" in desk.get(answer.headers["Location"]).text


def who(source: Import, party: str, value: str, **more: str) -> dict[str, str]:
    pk = source.parties.get(name=party).pk
    return {f"who-{pk}": value} | {f"{key}-{pk}": text for key, text in more.items()}


def test_known_stakeholder_is_matched_and_others_are_asked_for(desk, source) -> None:
    make.make_stakeholder(name="Human Rights Center", acronym="HRCX", slug="hrc")
    assert source.parties.get(name="KW").stakeholder.slug == "known-watch"
    assert source.parties.get(name="HRC1").stakeholder is None
    page = desk.get(f"{source.get_absolute_url()}stakeholders/").text
    assert "looks like" in page
    assert "It is <strong>Human Rights Center (HRCX)</strong>" in page
    before = Stakeholder.objects.count()
    here = Stakeholder.objects.get(slug="hrc")
    desk.post(f"{source.get_absolute_url()}stakeholders/", who(source, "HRC1", str(here.pk)))
    assert source.parties.get(name="HRC1").stakeholder == here
    assert Stakeholder.objects.count() == before


def test_existing_stakeholder_is_chosen_by_name_or_acronym(desk, source) -> None:
    page = desk.post(
        f"{source.get_absolute_url()}stakeholders/", who(source, "HRC1", "other", other="Nobody Known")
    ).text
    assert "Nobody here is called “Nobody Known”" in page
    assert source.parties.get(name="HRC1").stakeholder is None
    desk.post(f"{source.get_absolute_url()}stakeholders/", who(source, "HRC1", "other", other="kw"))
    assert source.parties.get(name="HRC1").stakeholder.slug == "known-watch"


def test_new_stakeholder_is_created_only_on_publishing(desk, source) -> None:
    data = who(source, "HRC1", "new", name="Human Rights Centre", acronym="HRC", kind="nhri")
    answer = desk.post(f"{source.get_absolute_url()}stakeholders/", data)
    assert answer.headers["Location"] == source.get_absolute_url()
    party = source.parties.get(name="HRC1")
    assert (party.is_new, party.stakeholder, party.read["kind"]) == (True, None, "nhri")
    assert not Stakeholder.objects.filter(name="Human Rights Centre").exists()
    assert (
        "needs a name"
        in desk.post(f"{source.get_absolute_url()}stakeholders/", who(source, "HRC1", "new", name=" ")).text
    )


def test_stakeholder_name_added_by_editor_is_asked_for(desk, source) -> None:
    edit(desk, draft_at(source, "1.1"), more_names="Another Group; KW")
    assert draft_at(source, "1.1").raised_by == ["KW", "Another Group"]
    assert source.parties.get(name="Another Group").stakeholder is None


def test_review_and_document_must_be_confirmed(desk, source) -> None:
    url = f"{source.get_absolute_url()}document/"
    assert "SUMMARY PREPARED" in desk.get(url).text
    page = desk.post(url, confirmed(source, starts_on="")).text
    assert "say when it begins" in page
    page = desk.post(url, confirmed(source, ends_on="2009-01-01")).text
    assert "cannot end before it begins" in page
    desk.post(url, confirmed(source))
    source.refresh_from_db()
    assert source.options["confirmed"]
    assert source.review is None
    review = make.make_review(session="8")
    desk.post(url, confirmed(source, session="8", starts_on=""))
    source.refresh_from_db()
    assert source.review == review


def test_symbol_used_in_another_review_is_refused(desk, source) -> None:
    make.make_document(symbol="A/HRC/WG.6/7/FRE/3")
    page = desk.post(f"{source.get_absolute_url()}document/", confirmed(source, session="99")).text
    assert "is here already, as a document of" in page


def test_drafts_cannot_be_decided_while_worker_runs(desk, source) -> None:
    draft = draft_at(source, "1.1")
    jobs.undo(source, by=None)
    assert decide(desk, draft, "accept").headers["Location"] == source.get_absolute_url()
    for tail in ("document/", "stakeholders/", "drafts/", f"drafts/{draft.pk}/"):
        assert desk.get(f"{source.get_absolute_url()}{tail}").status_code == 302
        assert desk.post(f"{source.get_absolute_url()}{tail}", {}).status_code == 302
    assert draft_at(source, "1.1").state == "open"


def test_decisions_survive_uploading_the_same_file_again(desk, source) -> None:
    """Leaving midway loses nothing: a second upload of the file leads back to the drafts as they are."""
    decide(desk, draft_at(source, "1.1"), "accept")
    from tests.importing.helpers import TEXT, upload

    answer = upload(desk, TEXT)
    assert answer.headers["Location"] == source.get_absolute_url()
    assert draft_at(source, "1.1").state == "accepted"
    # To read it anew is a choice, and drops them.
    desk.post(source.get_absolute_url(), {"act": "read", "what": "document", "kind": "stakeholder_summary"})
    worked_on(source)
    assert draft_at(source, "1.1").state == "open"


def test_suggested_issues_are_added_only_by_a_person(shipped, desk, editor) -> None:
    source = brought_in(by=editor)
    draft = draft_at(source, "3.1")
    page = desk.get(f"{source.get_absolute_url()}drafts/").text
    assert 'value="tag:defamation"' in page
    assert draft.issues == []
    decide(desk, draft, "tag:defamation")
    draft = draft_at(source, "3.1")
    assert draft.issues == ["defamation"]
    decide(desk, draft, "tag:defamation")
    assert draft_at(source, "3.1").issues == []
    answer = decide(desk, draft_at(source, "3.1"), "tag:nonsense")
    assert "There is no such issue" in desk.get(answer.headers["Location"]).text
