"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from recommendations.desk import views

urlpatterns = [
    path("", views.MyWork.as_view(), name="desk"),
]
