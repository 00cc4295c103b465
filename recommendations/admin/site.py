"""The admin site."""

from django.contrib import admin


class TrackerAdminSite(admin.AdminSite):
    """Django's admin under the tracker's name."""

    site_header = "Recommendation Tracker"
    site_title = "Recommendation Tracker"
    index_title = "Records"
