"""Who is at the desk in the tests of logging: Alice of an NGO, Bob of another, and a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import make

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder


@pytest.fixture
def ngo() -> Stakeholder:
    """The organisation that Alice works for."""
    return make.make_stakeholder()


@pytest.fixture
def alice(ngo: Stakeholder) -> User:
    """Logs for one NGO."""
    return make.make_user("contributor", organisations=[ngo], username="alice")


@pytest.fixture
def bob() -> User:
    """A stranger: logs for another NGO."""
    return make.make_user("contributor", organisations=[make.make_stakeholder()], username="bob")


@pytest.fixture
def record() -> Recommendation:
    """A public record."""
    return make.make_recommendation()


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client
