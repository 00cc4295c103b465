"""Requests at the same moment, each in a transaction of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Callable

# For modules with such tests.
MARKS = [
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite has one writer: in a test's memory two cannot even begin",
    ),
    pytest.mark.django_db(transaction=True),
]


def at_once(requests: list[Callable[[], Any]]) -> list[Any]:
    """The answers to requests that are sent together."""
    together, answers = threading.Barrier(len(requests)), []

    def send(request: Callable[[], Any]) -> None:
        together.wait()
        try:
            answers.append(request())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client
