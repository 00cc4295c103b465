"""What is private occurs nowhere in public: every address is walked, with every filter and every search.

The world and the matrix of who may read what are in `tests/site/canaries.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from recommendations.models import Evidence
from tests.site import canaries
from tests.site.canaries import OWN, OWN_EDITOR, SEEN_BY, World
from tests.site.walking import LISTS, content, examples, keywords, parts, patterns, public_addresses, words_in

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
# Looked for by nobody, and like a secret in all but that there is none.
NONSENSE = "qzv900kx"


@pytest.mark.rules
@pytest.mark.parametrize("viewer", [OWN, OWN_EDITOR, canaries.SUPERUSER])
def test_public_pages_show_no_secret_to_any_user(planted, client, viewer):
    """Whoever is signed in sees nothing more there, so that no shared screen or cache can show it."""
    client.force_login(planted.users[viewer])
    for address in public_addresses(planted):
        response = client.get(address)
        assert not planted.told(words_in(parts(content(response))), public=True), address


def masked(response: HttpResponse, word: str) -> tuple[int, str]:
    """An answer without the word that was asked for."""
    return response.status_code, re.sub(word, "…", words_in(parts(content(response))), flags=re.IGNORECASE)


def test_searching_a_secret_answers_like_nonsense(planted, client):
    """In every search: what is found, how many, what is suggested, and what is said about it."""
    addresses = ["/recommendations/", "/recommendations.json", "/responses/", "/follow-up.json"]
    addresses += ["/documents/", "/stakeholders/", "/issues.json", "/api/v1/recommendations/", "/chains/"]
    for address in addresses:
        expected = masked(client.get(address, {"q": NONSENSE}), NONSENSE)
        for word, (level, what) in planted.secrets.items():
            found = masked(client.get(address, {"q": word}), word)
            assert found == expected, f"{address} finds {level}: {what}"


# Filters whose values are names of rows.
NAMED_BY = {"state", "review", "document", "stakeholder", "assessor", "reference", "linked", "year", "issue"}


def hidden_names(world: World) -> list[str]:
    """What private things are called in addresses."""
    names = [world.withheld.slug, world.hidden_review.slug, world.hidden_document.slug, "XKX"]
    names += [world.hidden.reference, world.hidden_response.reference, world.former.reference]
    return [*names, world.draft.reference]


def test_filtering_by_a_secret_answers_like_nonsense(planted, client):
    names = hidden_names(planted)
    for name, filters in LISTS.items():
        for parameter in [*filters.base_filters, "sort"]:
            named = parameter in NAMED_BY
            for address in (f"/{name}/", f"/{name}.json") if named else (f"/{name}/",):
                expected = masked(client.get(address, {parameter: NONSENSE}), NONSENSE)
                for hidden in names if named else names[:1]:
                    found = masked(client.get(address, {parameter: hidden}), hidden)
                    assert found == expected, f"{address}?{parameter}={hidden}"


@pytest.mark.rules
def test_comparing_with_a_secret_answers_like_nonsense(planted, client):
    for by in ("review", "state", "stakeholder", "issue"):
        for hidden in hidden_names(planted)[:4]:
            expected = masked(client.get("/compare/", {"by": by, "item": NONSENSE}), NONSENSE)
            assert masked(client.get("/compare/", {"by": by, "item": hidden}), hidden) == expected


@pytest.mark.rules
def test_address_of_a_secret_answers_like_unknown_address(planted, client):
    """404, in the same words, whatever stands behind it; so a guess learns nothing."""
    known = examples(planted)
    for name, path, pattern in patterns():
        if path.startswith(("admin/", "desk/")) or not keywords(pattern):
            continue
        (given, *_) = known[name]
        for keyword in set(given) & {"reference", "slug", "path", "iso3"}:
            expected = masked(client.get(reverse(name, kwargs=given | {keyword: NONSENSE})), NONSENSE)
            assert expected[0] == 404
            for hidden in hidden_names(planted):
                answer = client.get(reverse(name, kwargs=given | {keyword: hidden}))
                assert masked(answer, hidden) == expected, (path, hidden)
    for evidence in Evidence.objects.exclude(file="").exclude(access="public"):
        assert client.get(reverse("public_file", args=[evidence.file_key])).status_code == 404


@pytest.mark.rules
def test_other_methods_and_headers_reveal_no_secret(planted, client):
    for address in public_addresses(planted):
        answer = client.post(address)
        assert not planted.told(words_in(parts(content(answer))), public=True), address
        answer = client.get(address, headers={"Range": "bytes=0-9", "Accept": "application/json"})
        assert not planted.told(words_in(parts(content(answer))), public=True), address
    for address in ("/recommendations/%00/", "/recommendations/?q=" + "a" * 9000, "/no-such/"):
        assert not planted.told(client.get(address).text, public=True)


@pytest.mark.rules
def test_planted_secrets_cover_every_access_level(planted):
    assert {level for level, _what in planted.secrets.values()} == set(SEEN_BY)
