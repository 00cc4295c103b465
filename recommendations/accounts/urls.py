"""URLs of the account pages: allauth's, except for features that are not offered."""

from __future__ import annotations

from django.urls import include, path, re_path

from recommendations.accounts.sessions import Sessions, SignOut
from recommendations.core.error_pages import page_not_found

# No open sign-up and no codes by mail; only administrators change addresses. allauth reverses these URL
# names, so they must exist.
NOT_OFFERED = r"^(?:signup|email|confirm-email|password/set|login/code)/"

urlpatterns = [
    re_path(NOT_OFFERED, page_not_found),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("", include("allauth.urls")),
]
