"""Rows that many tests only read: made once for a class or module, and taken back after it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the block writes, and what a fixture's tests see until it is left; none of it remains."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def kept_rows(scope: Literal["class", "module"]) -> Callable[[Callable[[], Any]], Any]:
    """Make a fixture of a function that writes rows. What a test does to them is taken back after it."""

    def decorate(make: Callable[[], Any]) -> Any:
        def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
            with kept(django_db_blocker):
                yield make()

        rows.__doc__ = make.__doc__
        return pytest.fixture(scope=scope, name=make.__name__)(rows)

    return decorate
