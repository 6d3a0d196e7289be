"""Addresses of the pages about rights: each part keeps its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "rights"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("masthead.rights.archive.urls")),
    path("", include("masthead.rights.datasets.urls")),
    path("", include("masthead.rights.archive.imports.urls")),
    path("", include("masthead.rights.desk.urls")),
    path("", include("masthead.rights.people.urls")),
    path("", include("masthead.rights.rules.urls")),
    path("", include("masthead.rights.audits.urls")),
]
