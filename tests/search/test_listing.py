"""The kept listing says what the models derive, whatever is done to the data and by whatever way."""

from __future__ import annotations

import datetime
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import Error
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from recommendations.models import (
    Document,
    FollowUp,
    IssueTag,
    Listing,
    ListingVersion,
    Recommendation,
    ResponseLink,
    Review,
    Stakeholder,
    State,
    StateResponse,
)
from recommendations.search import listing
from recommendations.search.facets import index
from recommendations.search.facets.bitset import Bits
from recommendations.search.facets.record_set import Records
from recommendations.search.filters import RecommendationFilters, facet_counts
from tests import make
from tests.search.oracle import expected

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def assert_kept() -> None:
    """Every row of the listing says what plain Python makes of the tables, and what the database derives."""
    assert listing.differences() == []
    rows = {row["recommendation_id"]: row for row in Listing.objects.values()}
    wanted = expected()
    assert set(rows) == set(wanted)
    for pk, row in rows.items():
        assert {name: row[name] for name in wanted[pk]} == wanted[pk]


class History:
    """Random edits of a small set of records, by every way that code or a person may take."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (no secret)
        self.issues = [make.make_issue() for _ in range(3)]
        self.people = [make.make_stakeholder() for _ in range(3)]
        self.groups = [make.make_group()]
        self.records = [make.make_recommendation(issues=self.issues[:1]) for _ in range(4)]
        make.make_response(answers=self.records[:1])

    def record(self) -> Recommendation:
        return self.random.choice(list(Recommendation.objects.all()))

    def add_record(self) -> None:
        document = self.random.choice(list(Document.objects.all()))
        make.make_recommendation(document=document, published=self.random.random() < 0.8)

    def add_entry(self) -> None:
        role = self.random.choice(FollowUp.Role.values)
        make.make_follow_up(
            self.record(),
            role=role,
            status=self.random.choice(FollowUp.Status.values),
            as_of=datetime.date(self.random.randint(2010, 2025), 1, 1),
            **({"published_at": None} if self.random.random() < 0.3 else {}),
        )

    def publish_entry(self) -> None:
        if draft := FollowUp.objects.filter(published_at=None, replaces=None).first():
            draft.publish()

    def correct_entry(self) -> None:
        wrong = FollowUp.objects.filter(published_at__isnull=False, replaced_by=None).first()
        if wrong:
            status = self.random.choice(FollowUp.Status.values)
            make.make_follow_up(
                wrong.recommendation,
                role=wrong.role,
                assessor=wrong.assessor,
                status=status,
                replaces=wrong,
                correction_reason="Misread.",
            )

    def delete_draft(self) -> None:
        FollowUp.objects.filter(published_at=None).delete()

    def publish_or_not(self) -> None:
        record = self.record()
        record.published = not record.published
        record.save()

    def update_many(self) -> None:
        Recommendation.objects.filter(pk__in=[self.record().pk, self.record().pk]).update(
            kind=self.random.choice(Recommendation.Kind.values), published=self.random.random() < 0.7
        )

    def hide_document(self) -> None:
        document = self.random.choice(list(Document.objects.all()))
        Document.objects.filter(pk=document.pk).update(published=not document.published)

    def move_review(self) -> None:
        review = self.random.choice(list(Review.objects.all()))
        review.starts_on = datetime.date(self.random.randint(2010, 2025), 2, 1)
        review.mechanism = self.random.choice(["UPR", "CAT", "CCPR"])
        review.save()

    def rename_state(self) -> None:
        State.objects.update(name=f"Freedonia {self.random.random()}")

    def answer(self) -> None:
        make.make_response(answers=[self.record()], published=self.random.random() < 0.7)

    def take_answer_back(self) -> None:
        StateResponse.objects.update(published=self.random.random() < 0.5)
        ResponseLink.objects.filter(pk__in=[link.pk for link in ResponseLink.objects.all()[:1]]).delete()

    def tag(self) -> None:
        record, issue = self.record(), self.random.choice(self.issues)
        if not record.tags.filter(issue=issue).exists():
            IssueTag.objects.bulk_create([IssueTag(recommendation=record, issue=issue)])
        else:
            record.tags.filter(issue=issue).delete()

    def raise_it(self) -> None:
        self.record().raised_by.set(self.random.sample(self.people, 2))
        self.record().groups.set(self.random.choice([[], self.groups]))

    def hide_name(self) -> None:
        Stakeholder.objects.filter(pk=self.people[0].pk).update(published=self.random.random() < 0.5)

    def link(self) -> None:
        one, other = self.record(), self.record()
        if one != other and not one.later_links.filter(later=other).exists():
            make.make_link(one, other)

    def delete_record(self) -> None:
        record = self.record()
        kept = record.follow_ups.exists() or record.parts.exists()
        if not kept and Recommendation.objects.count() > 3:
            record.delete()

    def make_part(self) -> None:
        """A record becomes a part of another, or is none any more."""
        part, whole = self.record(), self.record()
        if part.parent_id:
            Recommendation.objects.filter(pk=part.pk).update(parent=None)
        elif part != whole and not whole.parent_id and not part.parts.exists():
            part.parent = whole
            part.save()

    def take_back(self) -> None:
        """A change that is taken back must leave nothing behind."""
        try:
            with transaction.atomic():
                self.update_many()
                facet_counts.counts(filters())
                raise Error
        except Error:
            return

    def steps(self) -> list[Callable[[], None]]:
        steps: list[Callable[[], None]] = [
            self.add_record,
            self.add_entry,
            self.add_entry,
            self.publish_entry,
            self.correct_entry,
            self.delete_draft,
            self.publish_or_not,
            self.update_many,
            self.hide_document,
            self.move_review,
            self.rename_state,
            self.answer,
            self.take_answer_back,
            self.tag,
            self.raise_it,
            self.hide_name,
            self.link,
            self.delete_record,
            self.make_part,
            self.make_part,
            self.take_back,
        ]
        return steps


def filters(address: str = "") -> RecommendationFilters:
    return RecommendationFilters(QueryDict(address), Recommendation.objects.published())


def counted() -> dict[str, dict[str, int]]:
    """What some facets must say, counted one record at a time."""
    wanted = {pk: row for pk, row in expected().items() if row["public"]}
    found: dict[str, dict[str, int]] = {}

    def count(facet: str, value: str) -> None:
        of_facet = found.setdefault(facet, {})
        of_facet[value] = of_facet.get(value, 0) + 1

    for facet in ("kind", "status", "stakeholder", "issue", "response", "chain"):
        found[facet] = {}
    for record in Recommendation.objects.filter(pk__in=wanted).prefetch_related("raised_by", "tags__issue"):
        row = wanted[record.pk]
        count("kind", row["kind"])
        count("status", row["status"])
        count("chain", "any" if row["linked"] else "none")
        if row["asked_again"] and row["status"] != "implemented":
            count("chain", "open")
        count("response", "yes" if row["answered"] else "no")
        for stakeholder in record.raised_by.all():
            if stakeholder.published:
                count("stakeholder", stakeholder.slug)
        for path in {tag.issue.path for tag in record.tags.all()}:
            count("issue", path)
    for pk, stance in {(link.recommendation_id, link.stance) for link in public_answers()}:
        if pk in wanted:
            count("response", stance)
    return found


def public_answers() -> list[ResponseLink]:
    """The links that say how a public response answers a record."""
    links = ResponseLink.objects.select_related("response__document").filter(confirmed=True)
    return [link for link in links if link.response.published and link.response.document.published]


@pytest.mark.parametrize("seed", range(4))
def test_listing_and_counts_are_right_after_any_history(seed: int) -> None:
    history = History(seed)
    for number in range(60):
        history.random.choice(history.steps())()
        if number % 4 == 0:
            assert_kept()
            counts = facet_counts.counts(filters())
            for facet, values in counted().items():
                assert counts[facet] == values


@pytest.mark.django_db(transaction=True)
def test_incremental_counts_are_right_after_any_history() -> None:
    # Outside a transaction, where only what changed since is read.
    history = History(7)
    for _ in range(60):
        history.random.choice(history.steps())()
        counts = facet_counts.counts(filters())
        for facet, values in counted().items():
            assert counts[facet] == values


def test_only_relevant_changes_make_a_new_version() -> None:
    record = make.make_recommendation()
    tracker = make.make_stakeholder(kind="tracker")
    before = ListingVersion.objects.get().token
    record.summary = "In other words."
    record.save()
    assert ListingVersion.objects.get().token == before
    draft = make.make_follow_up(record, assessor=tracker, published_at=None)
    draft.status = "regressed"
    draft.save()
    assert ListingVersion.objects.get().token == before
    draft.publish()
    assert ListingVersion.objects.get().token != before
    assert_kept()
    before = ListingVersion.objects.get().token
    record.published = False
    record.save()
    assert ListingVersion.objects.get().token != before


def test_restarted_version_numbers_do_not_reuse_the_index() -> None:
    # As after `flush`: a process that slept through it must not add what is new to what was before.
    record = make.make_recommendation()
    real = index.build(ListingVersion.objects.get(), None)
    # Whatever is built upon these sets has a record more.
    before = replace(real, public=real.public | Bits([record.pk + 1]))
    listing.rebuild()
    ListingVersion.objects.update(number=before.number + 5)
    after = index.build(ListingVersion.objects.get(), before)
    assert list(after.public) == [record.pk]
    ListingVersion.objects.update(epoch=before.epoch)
    continued = index.build(ListingVersion.objects.get(), before)
    assert list(continued.public) == [record.pk, record.pk + 1]


def test_gaps_between_ids_cost_no_memory() -> None:
    first = make.make_recommendation()
    last = make.make_recommendation(pk=first.pk + 10**9)
    counts = facet_counts.counts(filters())
    assert counts["kind"] == {"recommendation": 2}
    assert max(len(found.serialize()) for found in index.current().sets["kind"].values()) < 100
    assert facet_counts.of(filters(f"reference={last.reference}")).total == 1
    assert first.pk + 5 * 10**8 not in Records.all().bits
    assert last.pk in Records.all().bits


def test_migrate_rebuilds_listing_only_for_new_definition() -> None:
    make.make_recommendation()
    token = ListingVersion.objects.get().token
    call_command("migrate", verbosity=0)
    assert ListingVersion.objects.get().token == token
    assert listing.is_kept()
    # After another definition, everything is derived anew.
    ListingVersion.objects.update(made_of="something else")
    assert not listing.is_kept()
    call_command("migrate", verbosity=0)
    assert listing.is_kept()
    assert ListingVersion.objects.get().token != token


def test_paused_listing_is_derived_at_the_end() -> None:
    with listing.paused():
        record = make.make_recommendation()
        assert not Listing.objects.filter(pk=record.pk).exists()
    assert_kept()
    make.make_follow_up(record)
    assert_kept()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no anti join, and no work_mem")
def test_rebuild_deletes_orphans_by_anti_join() -> None:
    with CaptureQueriesContext(connection) as queries:
        listing.rebuild()
    (delete,) = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64kB'")
        cursor.execute(f"EXPLAIN {delete}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Anti Join" in plan
    assert "SubPlan" not in plan


def test_rebuild_deletes_rows_without_a_record() -> None:
    record = make.make_recommendation()
    with listing.paused():
        Recommendation.objects.filter(pk=record.pk).delete()
        assert Listing.objects.count() == 1
    assert not Listing.objects.exists()


def test_no_sql_uses_not_in_select() -> None:
    """PostgreSQL reads such a subquery anew for each row once it outgrows work_mem."""
    found = [
        str(path)
        for path in Path(listing.__file__).parents[2].rglob("*.py")
        if re.search(r"NOT\s+IN\s*\(\s*SELECT", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert found == []


def test_rebuild_command_finds_and_repairs_wrong_row(capsys: pytest.CaptureFixture[str]) -> None:
    record = make.make_recommendation()
    Listing.objects.filter(pk=record.pk).update(status="implemented")
    with pytest.raises(CommandError, match=f"1 of 1 .*{record.reference}"):
        call_command("rebuild_listing", check=True)
    call_command("rebuild_listing")
    assert "1 row" in capsys.readouterr().out
    call_command("rebuild_listing", check=True)
    assert_kept()


def test_check_command_reports_missing_triggers() -> None:
    listing.remove()
    with pytest.raises(CommandError, match="not kept"):
        call_command("rebuild_listing", check=True)
    listing.install()
    call_command("rebuild_listing", check=True)


def test_version_never_repeats_after_rollback() -> None:
    make.make_recommendation()
    tokens = set()
    for _ in range(3):
        with transaction.atomic():
            make.make_recommendation()
            tokens.add(ListingVersion.objects.get().token)
            transaction.set_rollback(True)
    assert len(tokens) == 3
    assert connection.in_atomic_block
