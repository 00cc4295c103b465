"""Adding all that is private changes nothing in public: not a word, not a count, not an ETag.

The world and the matrix of who may read what are in `tests/site/canaries.py`.
"""

from __future__ import annotations

import pytest

from tests.site import canaries, planting
from tests.site.canaries import World
from tests.site.walking import asked, public_addresses, seen, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> World:
    """All that the public sees something of; what is private is planted by the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    made = World()
    canaries.make_public(made)
    return made


def test_private_rows_change_nothing_in_public(world, client):
    """Not a word, not a count, not an ETag: every address answers the same before and after."""
    addresses = [one for address in public_addresses(world) for one in asked(address)]
    before = {address: seen(client, address) for address in addresses}
    planting.plant(world)
    assert len(world.secrets) > 60
    for address in addresses:
        after = seen(client, address)
        assert after == before[address], address
        assert not world.told(words_in(after[2]), public=True), address
        assert after[0] in {200, 302, 400}, address
