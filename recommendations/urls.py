"""URLs of the public pages.

Each list is also available as `.json`, `.csv` and `.xlsx`, and as `.atom` where a feed makes sense.
"""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from recommendations.api import data_page
from recommendations.api.dataset import FILE_NAME
from recommendations.charts.build import NAMES
from recommendations.charts.model import IMAGES
from recommendations.desk.alerts import alert_pages
from recommendations.models.evidence import KEY
from recommendations.public import (
    chain_pages,
    charts,
    cite,
    compare,
    details,
    evidence,
    lists,
    pages,
    sitemaps,
    styleguide,
)
from recommendations.public.record_list import RecommendationList


class ExportFormat:
    """Formats available for every list, including citations."""

    regex = "json|csv|xlsx|bib|ris"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class NewsFormat(ExportFormat):
    """Formats of lists that also have a feed."""

    regex = "json|csv|xlsx|bib|ris|atom"


class RecordsFormat(ExportFormat):
    """Formats of the list of records, including its due dates as a calendar."""

    regex = "json|csv|xlsx|bib|ris|atom|ics"


class CitationFormat(ExportFormat):
    """Formats of citations."""

    regex = "bib|ris"


class FileKey(ExportFormat):
    """The key of an uploaded file."""

    regex = KEY


class ChartName(ExportFormat):
    """Names of the charts."""

    regex = "|".join(NAMES)


class ImageFormat(ExportFormat):
    """Formats of a chart, including its citation."""

    regex = "|".join([*IMAGES, "bib", "ris"])


register_converter(FileKey, "key")
register_converter(ChartName, "chart")
register_converter(ImageFormat, "image")
register_converter(ExportFormat, "export")
register_converter(CitationFormat, "cite")
register_converter(NewsFormat, "news")
register_converter(RecordsFormat, "records")

urlpatterns: list[URLPattern] = [
    path("", pages.Overview.as_view(), name="overview"),
    path("methodology/", pages.Methodology.as_view(), name="methodology"),
    path("data/", data_page.Data.as_view(), name="data"),
    path(f"data/{FILE_NAME}", data_page.WholeDataSet.as_view(), name="dataset"),
    path("recommendations/", RecommendationList.as_view(), name="recommendation_list"),
    path("recommendations.<records:format>", RecommendationList.as_view(), name="recommendation_list_as"),
    path(
        "recommendations/<str:reference>/",
        details.RecommendationDetail.as_view(),
        name="recommendation_detail",
    ),
    path("compare/", compare.Compare.as_view(), name="compare"),
    path("compare.json", compare.Compare.as_view(), {"format": "json"}, name="compare_as_json"),
    path("compare.<cite:format>", compare.Compare.as_view(), name="compare_cite"),
    path("responses/", lists.ResponseList.as_view(), name="response_list"),
    path("responses.<news:format>", lists.ResponseList.as_view(), name="response_list_as"),
    path("responses/<str:reference>/", details.ResponseDetail.as_view(), name="response_detail"),
    path("issues/", lists.IssueList.as_view(), name="issue_list"),
    path("issues.<export:format>", lists.IssueList.as_view(), name="issue_list_as"),
    path("issues/<path:path>/cite.<cite:format>", cite.CiteIssue.as_view(), name="issue_cite"),
    path("issues/<path:path>/", details.IssueDetail.as_view(), name="issue_detail"),
    path("stakeholders/", lists.StakeholderList.as_view(), name="stakeholder_list"),
    path("stakeholders.<export:format>", lists.StakeholderList.as_view(), name="stakeholder_list_as"),
    path("stakeholders/<str:slug>/", details.StakeholderDetail.as_view(), name="stakeholder_detail"),
    path("reviews/", lists.ReviewList.as_view(), name="review_list"),
    path("reviews.<export:format>", lists.ReviewList.as_view(), name="review_list_as"),
    path("reviews/<str:slug>/", details.ReviewDetail.as_view(), name="review_detail"),
    path("documents/", lists.DocumentList.as_view(), name="document_list"),
    path("documents.<news:format>", lists.DocumentList.as_view(), name="document_list_as"),
    path("documents/<str:slug>/", details.DocumentDetail.as_view(), name="document_detail"),
    path("follow-up/", lists.FollowUpList.as_view(), name="follow_up_list"),
    path("follow-up.<news:format>", lists.FollowUpList.as_view(), name="follow_up_list_as"),
    path("chains/", chain_pages.ChainList.as_view(), name="chain_list"),
    path("chains.<export:format>", chain_pages.ChainList.as_view(), name="chain_list_as"),
    path("chains/<str:reference>/", chain_pages.ChainDetail.as_view(), name="chain_detail"),
    path("chains/<str:reference>/cite.<cite:format>", chain_pages.CiteChain.as_view(), name="chain_cite"),
    path(
        "recommendations/<str:reference>/cite.<cite:format>",
        cite.CiteRecommendation.as_view(),
        name="recommendation_cite",
    ),
    path("responses/<str:reference>/cite.<cite:format>", cite.CiteResponse.as_view(), name="response_cite"),
    path(
        "stakeholders/<str:slug>/cite.<cite:format>", cite.CiteStakeholder.as_view(), name="stakeholder_cite"
    ),
    path("reviews/<str:slug>/cite.<cite:format>", cite.CiteReview.as_view(), name="review_cite"),
    path("documents/<str:slug>/cite.<cite:format>", cite.CiteDocument.as_view(), name="document_cite"),
    path("pictures/", charts.ChartList.as_view(), name="chart_list"),
    path("pictures/<chart:name>/", charts.ChartDetail.as_view(), name="chart_detail"),
    path("pictures/<chart:name>.<image:format>", charts.ChartFile.as_view(), name="chart_as"),
    path("evidence/<key:key>/", evidence.PublicFile.as_view(), name="public_file"),
    path("unsubscribe/<uuid:key>/", alert_pages.Unsubscribe.as_view(), name="unsubscribe"),
    path("styleguide/", styleguide.Styleguide.as_view(), name="styleguide"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:section>-<int:page>.xml", sitemaps.section, name="sitemap"),
]
