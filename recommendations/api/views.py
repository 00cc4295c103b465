"""The addresses of the API: lists, single rows, and what describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from recommendations.api.query import Cursor, ListQuery, RowQuery
from recommendations.api.resources import PARAGRAPHS, RESOURCES, Resource
from recommendations.api.schema import ColumnSchema, schema
from recommendations.charts.statistics import count_of
from recommendations.core.context_processors import site
from recommendations.exports.spreadsheets import to_json
from recommendations.models import Document
from recommendations.public.redirects import redirect_to_current

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

    from recommendations.search.filters.values import Rows

NOTHING = _("Nothing public stands at this address.")


class ReadOnly(APIView):
    """An address that is only read."""

    http_method_names = ["get", "head", "options"]

    @property
    def site_url(self) -> str:
        """The address readers see, without a slash at the end."""
        return str(site(self.request)["site_url"])

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are, in the header `Allow`."""
        return Response(status=204)


class ResourceView(ReadOnly):
    """Rows of one resource."""

    resource: Resource = RESOURCES[0]  # each address names its own
    schema = ColumnSchema()

    def as_json(self, record: Any, fields: set[str]) -> dict[str, Any]:
        """A row, as in the `.json` list; of several fields only those."""
        columns = self.resource.table.columns
        chosen = [column for column in columns if column.name in fields] if fields else columns
        return to_json(chosen, record, self.site_url)


class RowList(ResourceView):
    """The rows of a resource, page by page."""

    def rows(self) -> Rows:
        """All public rows."""
        return self.resource.table.rows.all()

    def get(self, request: Request, **names: str) -> Response:
        """One page of the rows that match."""
        query = ListQuery(request.GET, self.resource, self.rows())
        found, before, after = query.page()
        records = self.resource.table.load([id for id, _ in found])

        def address(cursor: Cursor | None) -> str | None:
            return f"{self.site_url}{request.path}?{urlencode(query.pairs(cursor))}" if cursor else None

        return Response(
            {
                "count": count_of(query.filters),
                "next": address(after),
                "previous": address(before),
                "results": [self.as_json(record, query.fields) for record in records],
            }
        )


class RowDetail(ResourceView):
    """One row, by its name in the address."""

    def get(self, request: Request, **names: str) -> HttpResponseBase:
        """The row, as in the list; a name of the past leads to the row that has another now."""
        query = RowQuery(request.GET, self.resource)
        ids = list(self.resource.table.rows.filter(**names).values_list("pk", flat=True)[:1])
        records = self.resource.table.load(ids)
        if not records:
            try:
                return redirect_to_current(
                    request._request, self.resource.table.rows.all(), self.resource.key
                )
            except Http404:
                raise NotFound(NOTHING) from None
        return Response(self.as_json(records[0], query.fields))


class ParagraphList(RowList):
    """The paragraphs of one document."""

    resource = PARAGRAPHS

    def rows(self) -> Rows:
        document = Document.objects.published().filter(slug=self.kwargs["slug"]).first()
        if document is None:
            raise NotFound(NOTHING)
        return super().rows().filter(document=document)


class Index(ReadOnly):
    """What there is."""

    schema = None

    def get(self, request: Request) -> Response:
        """The address of each resource, of the schema, the documentation and the whole data set."""
        names = {resource.name: f"api:{resource.name}_list" for resource in RESOURCES}
        names |= {"schema": "api:schema", "documentation": "api:docs", "data": "data"}
        return Response({name: f"{self.site_url}{reverse(view)}" for name, view in names.items()})


class Schema(ReadOnly):
    """The OpenAPI document."""

    schema = None

    def get(self, request: Request) -> Response:
        """The schema of this API."""
        return Response(schema() | {"servers": [{"url": self.site_url}]})
