"""Addresses of the pages about rights: each part keeps its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "rights"
urlpatterns: list[URLPattern | URLResolver] = []
