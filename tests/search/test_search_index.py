"""The index follows every change of a record and of what it is named by, and never knows what is withheld."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from recommendations.models import Recommendation, SearchEntry, SearchWord
from recommendations.search.text import engines
from recommendations.search.text.index import index_recommendations
from recommendations.search.text.install import install as install_search
from recommendations.search.text.signals import indexing_once
from tests import make
from tests.search.test_text_search import found

pytestmark = pytest.mark.django_db


def test_edited_record_is_found_by_new_words_only() -> None:
    paragraph = make.make_paragraph(text="Old wording. New phrasing.")
    record = make.make_recommendation(reference="R", paragraph=paragraph, text="Old wording.")
    record.text = "New phrasing."
    record.save()
    assert found("phrase") == {"R"}
    assert found("wording") == set()


def test_renamed_stakeholder_is_found_by_new_name_only() -> None:
    ngo = make.make_stakeholder(name="Penguins United", acronym="PU")
    make.make_recommendation(reference="R", raised_by=[ngo])
    ngo.name, ngo.acronym = "Walruses United", "WU"
    ngo.save()
    assert found("walrus") == found("wu") == {"R"}
    assert found("penguin") == found("pu") == set()


def test_withheld_name_is_neither_found_nor_indexed() -> None:
    ngo = make.make_stakeholder(name="Canary Source")
    make.make_recommendation(reference="R", raised_by=[ngo])
    assert found("canary") == {"R"}
    ngo.published = False
    ngo.save()
    assert found("canary") == set()
    assert not SearchEntry.objects.filter(names__contains="canari").exists()
    ngo.published = True
    ngo.save()
    assert found("canary") == {"R"}


def test_stakeholder_links_are_indexed_from_both_sides() -> None:
    ngo = make.make_stakeholder(name="Penguins United")
    record = make.make_recommendation(reference="R")
    ngo.recommendations.add(record)
    assert found("penguin") == {"R"}
    record.raised_by.clear()
    assert found("penguin") == set()
    record.raised_by.add(ngo)
    assert found("penguin") == {"R"}
    ngo.recommendations.clear()
    assert found("penguin") == set()
    record.raised_by.add(ngo)
    ngo.delete()
    assert found("penguin") == set()


def test_issue_names_are_indexed_with_their_ancestors() -> None:
    top = make.make_issue(name="Justice")
    middle = make.make_issue(name="Detention", parent=top)
    bottom = make.make_issue(name="Solitude", parent=middle)
    record = make.make_recommendation(reference="R", issues=[bottom])
    assert found("justice detention solitude") == {"R"}
    top.name = "Fairness"
    top.save()
    assert found("fairness") == {"R"}
    other = make.make_issue(name="Health")
    middle.parent = other
    middle.save()
    assert found("health") == {"R"}
    assert found("fairness") == set()
    tag = record.tags.get()
    tag.origin = "suggestion"
    tag.save()
    assert found("solitude") == set()
    tag.origin = "editor"
    tag.save()
    assert found("solitude") == {"R"}
    tag.delete()
    assert found("solitude") == set()


def test_group_state_document_and_review_changes_are_indexed() -> None:
    group = make.make_group(name="Sailors")
    record = make.make_recommendation(reference="R", groups=[group])
    group.name = "Fishers"
    group.save()
    assert found("fisher") == {"R"}
    document = record.document
    state = document.review.state
    state.name = "Sylvania"
    state.save()
    assert found("sylvania") == {"R"}
    document.symbol = "CCPR/C/SYL/9"
    document.save()
    assert found("CCPR/C/SYL/9") == {"R"}
    document.review = make.make_review(state=make.make_state(iso3="OTH", name="Otherland"))
    document.save()
    assert found("otherland") == {"R"}
    document.review.state = state
    document.review.save()
    assert found("otherland") == set()


def test_deleted_record_leaves_the_index() -> None:
    record = make.make_recommendation(text="Unique zebra.", published=False, issues=[make.make_issue()])
    record.delete()
    assert not SearchEntry.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {engines.FTS} WHERE {engines.FTS} MATCH 'zebra'")
            assert cursor.fetchone() == (0,)


def test_bulk_indexing_takes_limited_number_of_queries(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    paragraph = make.make_paragraph()

    def bulk(start: int, stop: int) -> list[int]:
        rows = Recommendation.objects.bulk_create(
            Recommendation(
                document=paragraph.document,
                paragraph=paragraph,
                text=f"Zebra {n}.",
                reference=f"B-{n}",
                published=True,
            )
            for n in range(start, stop)
        )
        return [row.pk for row in rows]

    few, many = bulk(0, 2), bulk(2, 60)
    assert found("zebra") == set()
    with django_assert_max_num_queries(12):
        assert index_recommendations(few) == 2
    with django_assert_max_num_queries(12):
        assert index_recommendations(many) == 58
    assert len(found("zebra")) == 60


def test_indexing_block_indexes_records_at_its_end() -> None:
    with indexing_once():
        make.make_recommendation(reference="R", text="Zebra.")
        assert found("zebra") == set()
    assert found("zebra") == {"R"}


def test_rolled_back_record_is_not_found() -> None:
    with transaction.atomic():
        make.make_recommendation(text="Zebra.")
        transaction.set_rollback(True)
    assert found("zebra") == set()


def test_rebuilding_and_migrating_repair_the_index() -> None:
    make.make_recommendation(reference="R", text="Zebra.")
    SearchEntry.objects.all().delete()
    assert found("zebra") == set()
    install_search()
    assert found("zebra") == {"R"}
    Recommendation.objects.update(text="Quagga.")
    call_command("rebuild_search", verbosity=0)
    assert found("quagga") == {"R"}
    assert set(SearchWord.objects.values_list("form", flat=True)) >= {"quagga"}
    assert not SearchWord.objects.filter(form="zebra").exists()


def test_check_names_records_written_past_the_signals(capsys: pytest.CaptureFixture[str]) -> None:
    ngo = make.make_stakeholder(name="Canary Source")
    make.make_recommendation(reference="RAISED", raised_by=[ngo])
    make.make_recommendation(reference="OTHER")
    call_command("rebuild_search", check=True)
    assert "every record is indexed" in capsys.readouterr().out
    type(ngo).objects.filter(pk=ngo.pk).update(published=False)
    with pytest.raises(CommandError, match=r"1 of 2 .*RAISED"):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search")
    call_command("rebuild_search", check=True)
    assert found("canary") == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has triggers for it")
def test_lost_triggers_are_recreated() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {engines.FTS}_insert")
    make.make_recommendation(reference="R", text="Zebra.")
    assert found("zebra") == set()
    install_search()
    assert found("zebra") == {"R"}


def test_words_of_unpublished_records_are_not_in_the_vocabulary() -> None:
    make.make_recommendation(text="Okapi.", published=False)
    make.make_recommendation(text="Zebra.")
    forms = set(SearchWord.objects.values_list("form", flat=True))
    assert "zebra" in forms
    assert "okapi" not in forms
