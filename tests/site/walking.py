"""Every address of the URL conf, and what it answers."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from recommendations.charts.build import NAMES
from recommendations.charts.model import IMAGES
from recommendations.models import Evidence, FollowUp, Recommendation
from recommendations.public.sitemaps import SECTIONS
from recommendations.search.filters import (
    DocumentFilters,
    FollowUpFilters,
    IssueFilters,
    RecommendationFilters,
    ResponseFilters,
    ReviewFilters,
    StakeholderFilters,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.site.canaries import World

LISTS = {
    "recommendations": RecommendationFilters,
    "responses": ResponseFilters,
    "issues": IssueFilters,
    "stakeholders": StakeholderFilters,
    "reviews": ReviewFilters,
    "documents": DocumentFilters,
    "follow-up": FollowUpFilters,
    "chains": RecommendationFilters,
}


def patterns(found: Any = None, spaces: str = "", prefix: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every address of the URL conf: its name with namespaces, its beginning, its pattern."""
    for each in found if found is not None else get_resolver().url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{spaces}{each.namespace}:" if each.namespace else spaces
            yield from patterns(each.url_patterns, inner, path)
        else:
            yield f"{spaces}{each.name}", path, each


def keywords(pattern: URLPattern) -> list[str]:
    """The names of what varies in an address."""
    given = pattern.default_args or {}
    return [name for name in pattern.pattern.regex.groupindex if name not in given]


def examples(world: World) -> dict[str, list[dict[str, Any]]]:
    """For every address in which something varies, what stands there: public things, each with an answer."""
    records = [{"reference": row.reference} for row in (world.record, world.later)]
    responses = [{"reference": world.response.reference}]
    stakeholders = [{"slug": row.slug} for row in (world.ngo, world.organisation)]
    issues, reviews = [{"path": world.issue.path}], [{"slug": world.review.slug}]
    documents = [{"slug": world.document.slug}]
    lists = ("recommendation", "response", "document", "follow_up")
    news, plain = ("json", "csv", "xlsx", "bib", "ris", "atom"), ("json", "csv", "xlsx", "bib", "ris")
    found = {f"{name}_list_as": [{"format": one} for one in news] for name in lists}
    found |= {
        f"{name}_list_as": [{"format": one} for one in plain]
        for name in ("issue", "stakeholder", "review", "chain")
    }
    details = {
        "recommendation": records,
        "response": responses,
        "stakeholder": stakeholders,
        "issue": issues,
        "review": reviews,
        "document": documents,
        "chain": records,
    }
    for name, rows in details.items():
        found[f"{name}_detail"] = rows
        found[f"{name}_cite"] = [{**row, "format": one} for row in rows for one in ("bib", "ris")]
    return found | {
        "compare_cite": [{"format": one} for one in ("bib", "ris")],
        "chart_detail": [{"name": name} for name in NAMES],
        "chart_as": [{"name": name, "format": one} for name in NAMES for one in (*IMAGES, "bib")],
        "public_file": [{"key": world.published.evidence.get(kind="file", access="public").file_key}],
        "unsubscribe": [{"key": world.alerts.key}],
        "sitemap": [{"section": section, "page": 1} for section in SECTIONS],
        "api:recommendations_detail": records,
        "api:responses_detail": responses,
        "api:follow-up_detail": [{"reference": world.published.reference}],
        "api:stakeholders_detail": stakeholders,
        "api:issues_detail": issues,
        "api:groups_detail": [{"slug": world.group.slug}],
        "api:states_detail": [{"iso3": "FRE"}],
        "api:reviews_detail": reviews,
        "api:documents_detail": documents,
        "api:paragraphs_list": documents,
    }


def public_addresses(world: World) -> list[str]:
    """Every address outside of the desk and the admin; one without an example fails."""
    known, found = examples(world), []
    for name, path, pattern in patterns():
        if path.startswith(("admin/", "desk/")):
            continue
        assert not keywords(pattern) or name in known, f"give an example of the address {path}"
        found += [reverse(name, kwargs=given or None) for given in known.get(name, [{}])]
    return found


def asked(address: str) -> list[str]:
    """A list's address with what can be asked of it: filters, orders, columns, fields that nobody offers."""
    name = address.strip("/").removeprefix("api/v1/")
    if name.partition(".")[0] not in LISTS:
        return [address]
    fields = sorted(
        {field.name for model in (Recommendation, FollowUp, Evidence) for field in model._meta.get_fields()}
    )
    queries = ["", "q=libel", "per_page=200", "issue=expression", "state=FRE", "stakeholder=known-group"]
    if "." in name:
        queries = ["", "issue=expression&q=libel"]
    queries += [f"fields={','.join(fields)}&columns={','.join(fields)}", "status=implemented&stale=true"]
    return [f"{address}?{query}" if query else address for query in queries]


def content(response: Any) -> bytes:
    """What was answered."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def parts(body: bytes) -> dict[str, bytes]:
    """What a reader finds in it: an archive is unpacked, without the time at which it was made."""
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if not body.startswith(b"PK"):
        return {"": body}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    inner = {name: parts(data) for name, data in held.items() if name != "docProps/core.xml"}
    return {f"{name}{below}": data for name, each in inner.items() for below, data in each.items()}


TIMES = re.compile(rb"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?")


def seen(client: Client, address: str) -> tuple[int, str, dict[str, bytes]]:
    """What an address answers: status, ETag, and the parts without the time of day."""
    response = client.get(address)
    found = {name: TIMES.sub(b"", data) for name, data in parts(content(response)).items()}
    timed = "updated" in address or address.endswith(".zip")
    return response.status_code, "" if timed else response.headers.get("ETag", ""), found


def words_in(found: dict[str, bytes]) -> str:
    """All the words of an answer, names of packed files among them."""
    return "\n".join(f"{name}\n{data.decode('utf-8', 'replace')}" for name, data in found.items())
