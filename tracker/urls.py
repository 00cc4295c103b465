"""Every address of the site: the public pages, and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/account/", include("recommendations.accounts.urls")),
    path("desk/", include("recommendations.desk.urls")),
    path("api/v1/", include("recommendations.api.urls")),
    path("", include("recommendations.urls")),
]

handler400 = "recommendations.public.errors.bad_request"
handler403 = "recommendations.public.errors.permission_denied"
handler404 = "recommendations.public.errors.page_not_found"
handler429 = "recommendations.public.errors.throttled"
handler500 = "recommendations.public.errors.server_error"
