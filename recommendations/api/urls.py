"""The addresses of the API, below /api/v1/."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from recommendations.api.docs import Docs
from recommendations.api.resources import RESOURCES
from recommendations.api.views import Index, ParagraphList, RowDetail, RowList, Schema

app_name = "api"


def rows() -> list[URLPattern]:
    """A list and its single rows for each resource."""
    found = []
    for resource in RESOURCES:
        kind = "path" if resource.key == "path" else "str"
        given: dict[str, Any] = {"resource": resource}
        single = f"{resource.name}/<{kind}:{resource.key}>/"
        found += [
            path(f"{resource.name}/", RowList.as_view(**given), name=f"{resource.name}_list"),
            path(single, RowDetail.as_view(**given), name=f"{resource.name}_detail"),
        ]
    return found


urlpatterns: list[URLPattern] = [
    path("", Index.as_view(), name="index"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    *rows(),
    path("documents/<str:slug>/paragraphs/", ParagraphList.as_view(), name="paragraphs_list"),
]
