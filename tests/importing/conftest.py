"""Who brings files in, and where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import make

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.test import Client


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    """Each test has a folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor(db: None) -> User:
    """Brings in and decides."""
    return make.make_user("editor", first_name="Ed")


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """The editor's browser."""
    client.force_login(editor)
    return client
