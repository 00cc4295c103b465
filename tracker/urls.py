"""Root URL configuration: public pages, API, desk and admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/account/", include("recommendations.accounts.urls")),
    path("desk/", include("recommendations.desk.urls")),
    path("api/v1/", include("recommendations.api.urls")),
    path("", include("recommendations.urls")),
]

handler400 = "recommendations.core.error_pages.bad_request"
handler403 = "recommendations.core.error_pages.permission_denied"
handler404 = "recommendations.core.error_pages.page_not_found"
handler429 = "recommendations.core.error_pages.throttled"
handler500 = "recommendations.core.error_pages.server_error"
