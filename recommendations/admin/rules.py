"""Reporting times and grades of the bodies, and memberships of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from recommendations.admin.base import TrackerAdmin
from recommendations.models import Grade, Membership, ReportingTime

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(ReportingTime)
class ReportingTimeAdmin(TrackerAdmin):
    """Months after a review at which each body expects the State's report."""

    list_display = ("mechanism", "months", "source")
    search_fields = ("mechanism", "source")
    fields = ("mechanism", "months", "source")


@admin.register(Grade)
class GradeAdmin(TrackerAdmin):
    """Grades of each scheme and their meanings."""

    list_display = ("scheme", "grade", "meaning", "position")
    list_filter = ("scheme",)
    search_fields = ("scheme", "grade", "meaning")
    fields = ("scheme", "grade", "meaning", "position")


@admin.register(Membership)
class MembershipAdmin(TrackerAdmin):
    """Memberships of organisations, read-only here; administrators change them at the desk."""

    list_display = ("user", "organisation", "joined_at")
    search_fields = ("user__username", "organisation__name", "organisation__acronym")
    select_related = ("user", "organisation")
    fields = readonly_fields = ("user", "organisation", "joined_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
