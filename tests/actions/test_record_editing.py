"""Splitting, merging and linking records: nothing is lost, nothing half-done, every change says why."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from recommendations.actions import record_editing
from recommendations.actions.record_editing import Part
from recommendations.importing.fixtures.load import load
from recommendations.models import Following, FollowUp, FormerReference, Note, Recommendation
from tests import make

pytestmark = pytest.mark.django_db

WORDS = "The State should close the colony, and free those held there; it should pay compensation."
PARTS = [Part("The State should close the colony"), Part("it should pay compensation", "Compensate them")]


def compound(**values: Any) -> Recommendation:
    return make.make_recommendation(text=WORDS, **values)


def test_split_parts_are_assessed_separately_and_listed_on_whole(client):
    whole = compound(
        raised_by=[make.make_stakeholder(acronym="ABC")],
        issues=[make.make_issue()],
        groups=[make.make_group()],
    )
    first, second = record_editing.split(whole, PARTS, reason="Two things are asked.")
    assert [first.reference, second.reference] == [f"{whole.reference}a", f"{whole.reference}b"]
    for part in (first, second):
        assert part.parent == whole
        assert part.paragraph == whole.paragraph
        assert list(part.raised_by.all()) == list(whole.raised_by.all())
        assert list(part.groups.all()) == list(whole.groups.all())
        assert [tag.issue for tag in part.tags.all()] == [tag.issue for tag in whole.tags.all()]
        assert "Two things are asked." in part.history.earliest().history_change_reason
        assert client.get(part.get_absolute_url()).status_code == 200
    make.make_follow_up(first, status="implemented")
    statuses = dict(Recommendation.objects.with_status().values_list("reference", "status"))
    assert statuses[first.reference] == "implemented"
    assert statuses[second.reference] == "not_assessed"
    page = client.get(whole.get_absolute_url()).text
    assert first.get_absolute_url() in page
    assert second.get_absolute_url() in page


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([PARTS[0]], "Give at least two parts."),
        ([PARTS[0], Part("  ")], "Part 2 has no words."),
        ([PARTS[0], Part("The State should fly")], "Part 2 does not stand in the record"),
        ([PARTS[0], PARTS[0]], "Two parts have the same words."),
    ],
)
def test_invalid_split_is_refused_and_creates_nothing(parts, sentence):
    whole = compound()
    with pytest.raises(ValidationError, match=sentence):
        record_editing.split(whole, parts, reason="Because.")
    assert Recommendation.objects.count() == 1


def test_split_needs_a_reason_and_refuses_parts():
    whole = compound()
    with pytest.raises(ValidationError, match="Say why"):
        record_editing.split(whole, PARTS, reason=" ")
    part, _ = record_editing.split(whole, PARTS, reason="Two things.")
    with pytest.raises(ValidationError, match="This is a part itself"):
        record_editing.split(part, [Part("close"), Part("the colony")], reason="Again.")


@pytest.fixture
def doubles():
    """Two records of the same, the first with everything that can hang on a record."""
    one, kept = make.make_recommendation(reference="FRE-A"), make.make_recommendation(reference="FRE-B")
    one.raised_by.add(make.make_stakeholder(slug="their-ngo"))
    one.tags.create(issue=make.make_issue(slug="their-issue"))
    one.groups.add(make.make_group(slug="their-group"))
    user = make.make_user("contributor")
    Note.objects.create(
        recommendation=one, organisation=make.make_stakeholder(), author=user, text="A note", access="private"
    )
    Following.objects.create(user=user, recommendation=one)
    return one, kept


def test_merge_keeps_entries_and_old_addresses(doubles, client):
    one, kept = doubles
    old = make.make_follow_up(one, status="implemented", as_of=datetime.date(2020, 1, 1), summary="Old news.")
    new = make.make_follow_up(kept, status="regressed", as_of=datetime.date(2024, 1, 1))
    draft = make.make_follow_up(one, published_at=None)
    evidence = make.make_evidence(follow_up=draft)
    earlier = make.make_recommendation()
    response = make.make_response([one])
    make.make_link(earlier, one)
    reason = (
        "The same sentence stands twice, once in the annex and once in the list, and both were brought in by"
        " hand before anybody compared them; the one in the list has the better place."
    )
    record_editing.merge(one, kept, reason=reason)

    assert set(FollowUp.objects.filter(recommendation=kept)) == {old, new, draft}
    old.refresh_from_db()
    assert (old.summary, old.status, old.reference.startswith("FRE-A")) == ("Old news.", "implemented", True)
    for row in (one, kept, old):
        assert row.history.latest().history_change_reason.endswith(reason)
    assert evidence.follow_up.evidence.count() == 1
    assert [note.text for note in kept.notes.all()] == ["A note"]
    assert kept.followed_by.count() == 1
    assert [row.slug for row in kept.raised_by.all()] == ["their-ngo"]
    assert [tag.issue.slug for tag in kept.tags.all()] == ["their-issue"]
    assert [row.slug for row in kept.groups.all()] == ["their-group"]
    assert list(kept.responses.all()) == [response]
    assert [link.earlier for link in kept.earlier_links.all()] == [earlier]
    assert Recommendation.objects.published().with_status().get(pk=kept.pk).status == "regressed"

    answer = client.get("/recommendations/FRE-A/")
    assert (answer.status_code, answer["Location"]) == (302, "/recommendations/FRE-B/")
    page = client.get("/recommendations/FRE-B/").text
    assert "Old news." in page
    listed = client.get("/recommendations.json").json()["results"]
    assert "FRE-A" not in {row["reference"] for row in listed}


def test_merged_record_follows_its_target_into_next_merge(doubles, client):
    one, kept = doubles
    first = make.make_recommendation(reference="FRE-0")
    record_editing.merge(first, one, reason="The same.")
    record_editing.merge(one, kept, reason="The same.")
    assert client.get("/recommendations/FRE-0/")["Location"] == "/recommendations/FRE-B/"


def test_merge_keeps_one_following_per_person(doubles):
    one, kept = doubles
    Following.objects.create(user=one.followed_by.get().user, recommendation=kept)
    record_editing.merge(one, kept, reason="The same.")
    assert kept.followed_by.count() == 1


def test_merge_of_unrelated_records_is_refused(doubles):
    one, kept = doubles
    elsewhere = make.make_recommendation(
        document=make.make_document(
            review=make.make_review(state=make.make_state(iso3="SYL", name="Sylvania"))
        )
    )
    hidden = make.make_recommendation(published=False)
    for into, sentence in [
        (one, "into itself"),
        (elsewhere, "different States"),
        (hidden, "not public"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            record_editing.merge(one, into, reason="The same.")
    one.refresh_from_db()
    assert (one.published, one.merged_into) == (True, None)
    record_editing.merge(one, kept, reason="The same.")
    with pytest.raises(ValidationError, match="was merged into another record"):
        record_editing.merge(kept, one, reason="Back.")


def test_reloading_fixtures_keeps_record_merged(shipped, settings):
    folder = settings.BASE_DIR / "fixtures" / "built"
    one, kept = Recommendation.objects.filter(document__review__slug="kaz-upr7", kind="concern")[:2]
    entries = FollowUp.objects.filter(recommendation__in=[one, kept]).count()
    record_editing.merge(one, kept, reason="Taken for the same.")
    loaded = load(folder)
    one.refresh_from_db()
    assert (one.published, one.merged_into) == (False, kept)
    assert FollowUp.objects.filter(recommendation=kept).count() == entries
    assert (loaded.created.total(), loaded.withdrawn.total()) == (0, 0)


def test_former_reference_redirects_to_record(client):
    record = make.make_recommendation(reference="FRE-NEW")
    FormerReference.objects.create(reference="FRE-OLD", recommendation=record)
    assert client.get("/recommendations/FRE-OLD/")["Location"] == "/recommendations/FRE-NEW/"
    Recommendation.objects.filter(pk=record.pk).update(published=False)
    assert client.get("/recommendations/FRE-OLD/").status_code == 404


ADDRESSES = (
    "/recommendations/{}/",
    "/recommendations/{}/cite.bib",
    "/recommendations/{}/cite.ris",
    "/chains/{}/",
    "/chains/{}/cite.bib",
    "/api/v1/recommendations/{}/",
    "/api/v1/recommendations/{}/?fields=reference,text",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_former_reference_redirects(doubles, client, address):
    one, kept = doubles
    make.make_link(make.make_recommendation(reference="FRE-EARLIER"), kept)
    for former in ("FRE-OLD", "FRE-OLDER"):
        FormerReference.objects.create(reference=former, recommendation=kept)
    record_editing.merge(make.make_recommendation(reference="FRE-0"), kept, reason="The same.")
    record_editing.merge(one, kept, reason="The same.")
    for former in ("FRE-A", "FRE-0", "FRE-OLD", "FRE-OLDER"):
        answer = client.get(address.format(former))
        assert (answer.status_code, answer["Location"]) == (302, address.format("FRE-B"))
    assert client.get(address.format("FRE-A"), follow=True).status_code == 200
    assert client.get(address.format("FRE-Z")).status_code == 404
    Recommendation.objects.filter(pk=kept.pk).update(published=False)
    assert client.get(address.format("FRE-A")).status_code == 404


def test_desk_finds_record_by_former_reference(doubles, client):
    _one, kept = doubles
    FormerReference.objects.create(reference="FRE-OLD1", recommendation=kept)
    record_editing.merge(make.make_recommendation(reference="FRE-01"), kept, reason="The same.")
    client.force_login(make.make_user("contributor", organisations=[make.make_stakeholder()]))
    for former in ("FRE-OLD1", "FRE-01"):
        assert client.get(f"/desk/records/{former}/")["Location"] == "/desk/records/FRE-B/"
        assert client.get("/desk/find/", {"q": former})["Location"] == "/desk/records/FRE-B/"
        assert 'value="FRE-B"' in client.get("/desk/log/", {"record": former}).text


def test_moved_issue_redirects_on_page_citation_and_api(client):
    make.make_issue(slug="below-it", parent=make.make_issue(slug="their-theme"))
    for address in ("/issues/{}/", "/issues/{}/cite.bib", "/api/v1/issues/{}/"):
        answer = client.get(address.format("elsewhere/below-it"))
        assert (answer.status_code, answer["Location"]) == (302, address.format("their-theme/below-it"))
        assert client.get(address.format("elsewhere/no-such")).status_code == 404


def test_linking_and_unlinking_need_a_reason():
    earlier, later = make.make_recommendation(), make.make_recommendation()
    record_editing.link_records(earlier, later, "repeated", "The same law.")
    link = later.earlier_links.get()
    assert link.confirmed
    with pytest.raises(ValidationError, match="Say why"):
        record_editing.unlink(link, reason="")
    pk = link.pk
    record_editing.unlink(link, reason="Another law.")
    assert not later.earlier_links.exists()
    gone = type(link).history.filter(id=pk).latest()
    assert (gone.history_type, gone.history_change_reason) == ("-", "Unlinked: Another law.")
    with pytest.raises(ValidationError, match="cannot follow itself"):
        record_editing.link_records(earlier, earlier, "repeated", "The same.")
