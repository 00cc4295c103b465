"""What the read API costs, and what its clients may do: ask again, from other sites, so often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.test import Client

from recommendations.models import Recommendation
from tests import make
from tests.make import make_rows
from tests.pages import api_answer as get
from tests.pages import queries_of
from tests.row_fixtures import kept_rows

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.django_db


# -- for clients -----------------------------------------------------------------------------------------


def test_unchanged_answer_is_304() -> None:
    record = make.make_recommendation()
    for path in ("recommendations/", f"recommendations/{record.reference}/", "schema/"):
        first = get(path)
        again = get(path, if_none_match=first["ETag"])
        assert again.status_code == 304
        assert again.content == b""
        assert again["Access-Control-Allow-Origin"] == "*"
    etag = get("recommendations/")["ETag"]
    make.make_follow_up(record)
    assert get("recommendations/", if_none_match=etag).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/recommendations/", "/api/v1/nothing/", "/recommendations.json", "/follow-up.json?x=1"]
)
def test_scripts_of_other_sites_may_read_api(path: str) -> None:
    answer = Client().get(path, headers={"origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    asked = {"origin": "https://example.org", "access-control-request-method": "DELETE"}
    answer = Client().options(path, headers=asked)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/recommendations/", "/", "/admin/login/", "/admin/x.json"])
def test_scripts_of_other_sites_cannot_read_pages_or_admin(path: str) -> None:
    answer = Client().get(path, headers={"origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in answer


def test_answer_is_the_same_for_signed_in_users(client: Client, django_user_model: Any) -> None:
    make.make_recommendation(published=False)
    client.force_login(django_user_model.objects.create_superuser("editor", password="a long enough one"))
    answer = client.get("/api/v1/recommendations/")
    assert answer.json()["count"] == 0
    assert "Cookie" not in answer.get("Vary", "")


@pytest.fixture
def limit(settings: Any) -> Iterator[Any]:
    """Three requests a minute."""
    caches["process"].clear()
    settings.API_RATE = 3
    yield settings
    caches["process"].clear()


def statuses(number: int, path: str = "/api/v1/states/", **address: str) -> list[int]:
    """The status codes of so many requests."""
    return [Client().get(path, **address).status_code for _ in range(number)]


def test_requests_per_address_and_minute_are_limited(limit: Any) -> None:
    assert statuses(4) == [200, 200, 200, 429]
    answer = get("states/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "detail" in answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert statuses(1, REMOTE_ADDR="192.0.2.7") == [200]
    data = Client().get("/data/recommendation-tracker.zip")
    assert data.status_code == 429
    assert int(data["Retry-After"]) > 0
    assert statuses(1, "/recommendations/") == [200]


def test_forwarded_address_counts_only_behind_proxy(limit: Any) -> None:
    claimed = [f"198.51.100.{n}" for n in range(4)]
    assert [statuses(1, HTTP_X_FORWARDED_FOR=one)[0] for one in claimed] == [200, 200, 200, 429]
    limit.BEHIND_PROXY = True
    # The proxy appends what it sees; what stands before it is only claimed.
    seen = [f"{one}, 203.0.113.5" for one in claimed]
    assert [statuses(1, HTTP_X_FORWARDED_FOR=one)[0] for one in seen] == [200, 200, 200, 429]
    assert statuses(1, HTTP_X_FORWARDED_FOR="203.0.113.5, 203.0.113.6") == [200]


def test_rate_of_zero_means_no_limit(limit: Any) -> None:
    limit.API_RATE = 0
    assert set(statuses(10)) == {200}


# -- cost ------------------------------------------------------------------------------------------------

# For each address the number of queries; the rows cost what they cost in the `.json` list.
COUNTS = {
    # 1 ids of the page · 2 records with statuses · 3 who raised them · 4 issues · 5 groups · 6 responses
    # 7 later links · 8 earlier links · 9 entries behind the statuses · 10 count
    "recommendations/": 10,
    # 1 ids · 2 responses · 3 what they answer · 4 count
    "responses/": 4,
    # 1 ids · 2 entries · 3 evidence · 4 count
    "follow-up/": 4,
    # 1 ids · 2 stakeholders with their entries · 3 members · 4 the version of the data · 5 count
    "stakeholders/": 5,
    # 1 ids · 2 issues · 3 the version of the data · 4 count
    "issues/": 4,
    # 1 ids · 2 rows with their counts · 3 count
    "groups/": 3,
    "states/": 3,
    "reviews/": 3,
    "documents/": 3,
    # 1 the document · 2 ids · 3 paragraphs · 4 records · 5 responses · 6 count
    "documents/{slug}/paragraphs/": 6,
    # as a page of the list, without the count
    "recommendations/{reference}/": 9,
}


def queries(path: str) -> list[str]:
    """The queries of an address of the API."""
    return queries_of(lambda: get(path), times_before=2)


@kept_rows("class")
def asked() -> list[dict[str, list[str]]]:
    """The queries of each address, with some rows and with twice as many."""
    found = []
    make_rows()
    record = Recommendation.objects.exclude(parent=None).order_by("pk")[0]
    names = {"reference": record.reference, "slug": record.document.slug}
    found.append({path: queries(path.format(**names)) for path in COUNTS})
    make_rows()
    make.make_response(paragraph=make.make_paragraph(document=record.document))
    make.make_recommendation(paragraph=make.make_paragraph(document=record.document))
    found.append({path: queries(path.format(**names)) for path in COUNTS})
    return found


class TestCost:
    """Rows that only these tests may see."""

    @pytest.mark.parametrize("path", COUNTS)
    def test_doubling_the_rows_adds_no_query(self, path: str, asked: list[dict[str, list[str]]]) -> None:
        for found in asked:
            assert len(found[path]) == COUNTS[path], "\n".join(found[path])
