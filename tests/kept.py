"""Rows that many tests only read: made once for a class or module, and taken back after it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the block writes, and what a fixture's tests see until it is left; none of it remains."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
