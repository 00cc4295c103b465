"""Several who write at the same time, as servers with several processes have it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from recommendations.core.middleware import LockTimeoutMiddleware
from recommendations.models import Document, FollowUp, Listing, Recommendation
from recommendations.models.listing import lock_for_write
from recommendations.search import listing
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


class Other(threading.Thread):
    """Another writer, with a connection of its own; what it raised is raised again at the end."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work, self.error = work, None
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def waits(self) -> bool:
        """Whether it has to wait for us."""
        self.join(0.5)
        return self.is_alive()

    def end(self) -> None:
        self.join(20)
        assert not self.is_alive()
        if self.error:
            raise self.error


def hide(record: Recommendation) -> None:
    Recommendation.objects.filter(pk=record.pk).update(published=False)


def test_simultaneous_writers_do_not_deadlock() -> None:
    one, two = make.make_recommendation(), make.make_recommendation()

    def two_then_one() -> None:
        with transaction.atomic():
            hide(two)
            hide(one)

    with transaction.atomic():
        hide(one)
        other = Other(two_then_one)
        assert other.waits()
        # Without turns the other held this row by now, and both waited for ever.
        hide(two)
    other.end()
    assert listing.differences() == []


def test_edit_with_row_lock_does_not_deadlock() -> None:
    one, two = make.make_recommendation(), make.make_recommendation()

    def locked_edit() -> None:
        with transaction.atomic():
            lock_for_write()
            Recommendation.objects.select_for_update().get(pk=two.pk)
            hide(two)

    with transaction.atomic():
        hide(one)
        other = Other(locked_edit)
        assert other.waits()
        make.make_link(one, two)  # refers to the row that the other wants to lock
    other.end()
    assert listing.differences() == []


def test_simultaneous_entries_are_both_listed() -> None:
    record = make.make_recommendation()
    make.make_stakeholder(kind="committee")
    with transaction.atomic():
        make.make_follow_up(record, role="state", status="implemented")
        other = Other(lambda: make.make_follow_up(record, role="tracker", status="not_implemented"))
        assert other.waits()
    other.end()
    row = Listing.objects.get(pk=record.pk)
    assert (row.state_status, row.tracker_status, row.disagree) == ("implemented", "not_implemented", True)
    assert FollowUp.objects.count() == 2


def test_record_added_while_document_is_hidden_is_hidden() -> None:
    document = make.make_document()
    make.make_recommendation(document=document)
    with transaction.atomic():
        added = make.make_recommendation(document=document)
        other = Other(lambda: Document.objects.filter(pk=document.pk).update(published=False))
        assert other.waits()
    other.end()
    assert not Listing.objects.get(pk=added.pk).public


def test_lock_timeout_is_answered_with_503() -> None:
    record = make.make_recommendation()
    raised: list[Exception] = []

    def impatient() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            try:
                hide(record)
            except OperationalError as error:
                raised.append(error)
                raise

    with transaction.atomic():
        hide(record)
        other = Other(impatient)
        with pytest.raises(OperationalError):
            other.end()
    middleware = LockTimeoutMiddleware(lambda request: None)
    answer = middleware.process_exception(RequestFactory().post("/admin/"), raised[0])
    assert answer is not None
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Nothing was saved" in answer.content.decode()
