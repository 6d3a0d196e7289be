"""Addresses of campaigns."""

from __future__ import annotations

from django.urls import path

from masthead.campaigns.views import public

app_name = "campaigns"
urlpatterns = [
    path("go/<str:token>", public.go, name="go"),
    path("conversions/<slug:slug>/", public.server, name="server"),
    path("conversions/<slug:slug>/page/", public.page, name="page"),
]
