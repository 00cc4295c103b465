"""The addresses of one's own account: allauth's, but for what is not offered here."""

from __future__ import annotations

from django.urls import include, path, re_path

from recommendations.accounts.sessions import Sessions, SignOut
from recommendations.core.error_pages import page_not_found

# No open sign-up, no codes by mail; an address is changed by an administrator. allauth knows the names.
NOT_OFFERED = r"^(?:signup|email|confirm-email|password/set|login/code)/"

urlpatterns = [
    re_path(NOT_OFFERED, page_not_found),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("", include("allauth.urls")),
]
