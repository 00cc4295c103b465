"""Every address of the site, for every role, by every method, gets the status that the table says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.site import permission_table as table

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

ROWS, HIDDEN = table.read()
EXPANDED = list(table.expanded(ROWS))


class Site:
    """One of everything, and somebody of each role who is signed in."""

    def __init__(self) -> None:
        people = table.people()
        self.things = table.things(people)
        self.client = Client(raise_request_exception=False)
        self.sessions = {"nobody": ""}
        for role, person in people.items():
            client = Client()
            client.force_login(person)
            client.get("/desk/")  # the session is known, as after a minute
            self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def status(self, role: str, method: str, address: str) -> int:
        """What is answered; whatever it did is taken back."""
        self.client.cookies.clear()
        if session := self.sessions[role]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        with transaction.atomic():
            answer = self.client.generic(method, address.format(**self.things))
            answer.close()
            transaction.set_rollback(True)
        return answer.status_code

    def row(self, address: str) -> dict[str, tuple[int, ...]]:
        """What each method gives each role."""
        return {
            method: tuple(self.status(role, method, address) for role in table.ROLES)
            for method in table.METHODS
        }


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "MEDIA_ROOT", str(tmp_path_factory.mktemp("media")))
    with django_db_blocker.unblock(), transaction.atomic():
        yield Site()
        transaction.set_rollback(True)
    patch.undo()


@pytest.mark.parametrize("row", EXPANDED, ids=str)
def test_every_role_gets_the_status_in_the_table(site: Site, row: table.Row) -> None:
    found = site.row(row.address)
    wrong = [
        f"{role} {method} {row.address}: {got}, the table says {said}"
        for method in table.METHODS
        for role, got, said in zip(table.ROLES, found[method], row.statuses[method], strict=True)
        if got != said
    ]
    assert not wrong, "\n".join([*wrong, "As a line of the table:", table.line(row.address, found)])


def test_every_address_has_a_line_in_the_table(site: Site) -> None:
    """A new address without a line in tests/site/permissions.txt fails here.

    Write the line with any status in it: the test of the line then prints how it would be. Judge that.
    """
    reached = {resolve(row.address.format(**site.things).partition("?")[0]).route for row in EXPANDED}
    missing = set(table.routes()) - reached - HIDDEN
    assert sorted(missing) == []
    assert HIDDEN & reached == set()
    assert HIDDEN - set(table.routes()) == set()
