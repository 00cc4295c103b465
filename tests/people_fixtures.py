"""Who is at the desk in the tests of logging: Alice of an NGO, Bob of another, and a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests import make
from tests.site import canaries, planting
from tests.site.canaries import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User
    from django.test import Client

    from recommendations.models import Recommendation, Stakeholder


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A world with a secret in every private place, for a module's tests; see canaries.py, planting.py."""
    media = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media), django_db_blocker.unblock(), transaction.atomic():
        world = World()
        canaries.make_public(world)
        planting.plant(world)
        yield world
        transaction.set_rollback(True)


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
