"""The page about the data, and all of it as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from recommendations.api.dataset import FILE_NAME, DataSet
from recommendations.api.dictionary import entries
from recommendations.api.http import seconds_to_wait
from recommendations.api.tables import TABLES
from recommendations.charts import statistics
from recommendations.core.context_processors import site
from recommendations.core.error_pages import too_many_requests
from recommendations.public.read_only import ReadOnlyView
from recommendations.search.facets.index import current

if TYPE_CHECKING:
    from django.http import HttpRequest


class Data(ReadOnlyView, TemplateView):
    """What the data is, what each column means, and how to take it away."""

    template_name = "api/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        index = current()
        totals = statistics.overview_totals(index)
        records = len(index.public)
        responses, log = totals["responses"], totals["entries"]
        return super().get_context_data(
            records=ngettext("%(n)s record", "%(n)s records", records) % {"n": records},
            responses=ngettext("%(n)s State response", "%(n)s State responses", responses) % {"n": responses},
            entries=ngettext("%(n)s entry of follow-up", "%(n)s entries of follow-up", log) % {"n": log},
            tables=[(table, entries(table)) for table in TABLES],
            file_name=FILE_NAME,
            rate=settings.API_RATE,
            **kwargs,
        )


class WholeDataSet(ReadOnlyView):
    """All that is public, as one zip file that is written while it is sent."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file; it counts as one request to the API."""
        if wait := seconds_to_wait(request):
            return too_many_requests(request, wait)
        now = timezone.now()
        known = site(request)
        data = DataSet(known["site_name"], known["site_url"], now)
        name = FILE_NAME.replace(".zip", f"_{now:%Y-%m-%d}.zip")
        return StreamingHttpResponse(
            data.stream(),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
