"""Fixtures that every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import settings

from recommendations.models import append_only
from tests import make
from tests.browser import CHROMIUM
from tests.row_fixtures import kept
from tests.shipped_records import bring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.people_fixtures"]

# Speed is shown by `make bench`, never by a test: on a busy machine any example may take long.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

# A test that asks for one of these touches the database.
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "shipped"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--second-database`: leave out what the first run has already shown."""
    parser.addoption("--second-database", action="store_true", help="Only tests that a database can change.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Modules with browsers come first: they wait a lot, and others can work meanwhile.

    On the second database leave out pure tests, and those of rules and of how pages look and read.
    """
    waiting = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in waiting)
    if not config.getoption("--second-database"):
        return
    needed = [item for item in items if _depends_on_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(needed)])
    items[:] = needed


def _depends_on_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("rules") or item.get_closest_marker("looks"):
        return False
    if item.get_closest_marker("browser"):
        return True
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def _database_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the append-only triggers off before a transactional test's rows are deleted.

    Emptying the tables installs them again (`post_migrate`).
    """
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        append_only.remove()


@pytest.fixture
def chief(client: Client) -> User:
    """A superuser, signed in."""
    user = make.make_superuser()
    client.force_login(user)
    return user


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped records, loaded once for a module's tests and taken back after them."""
    with kept(django_db_blocker):
        bring()
        if connection.vendor == "postgresql":
            # Rows that nobody else sees yet are not counted by themselves, and plans would be made for none.
            # Our tables only: those that all databases of the server share stay locked until the module ends,
            # and the other test processes would wait for them.
            with connection.cursor() as cursor:
                names = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
                cursor.execute(f"ANALYZE {', '.join(names)}")
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium for a module's tests.

    Not for the whole session: Playwright's event loop runs in this thread for as long as it lives, and
    Django takes what happens beside it for another database connection.
    """
    from playwright.sync_api import expect, sync_playwright

    # As long as its other waits: two processors share all browsers and servers of a run.
    expect.set_options(timeout=30_000)
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser session of its own, with no cookies."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return context.new_page()
