"""Addresses of the channel pages, and those that platforms and authorization servers call."""

from __future__ import annotations

from django.urls import path

from masthead.channels.views import apps, choosing, connecting, pages, public

app_name = "channels"
urlpatterns = [
    path("w/<slug:slug>/channels/", pages.channel_list, name="list"),
    path("w/<slug:slug>/channels/connect/", connecting.choose, name="connect"),
    path("w/<slug:slug>/channels/connect/<slug:platform>/", connecting.connect, name="connect_platform"),
    path("w/<slug:slug>/channels/choice/<uuid:choice_id>/", choosing.choice, name="choice"),
    path("w/<slug:slug>/channels/apps/", apps.apps, name="apps"),
    path("w/<slug:slug>/channels/apps/<slug:platform>/", apps.app, name="app"),
    path("w/<slug:slug>/channels/apps/<slug:platform>/plan/", apps.app_plan, name="app_plan"),
    path("w/<slug:slug>/channels/apps/<slug:platform>/remove/", apps.app_remove, name="app_remove"),
    path("w/<slug:slug>/channels/<int:channel_id>/", pages.show, name="show"),
    path("w/<slug:slug>/channels/<int:channel_id>/check/", pages.check, name="check"),
    path("w/<slug:slug>/channels/<int:channel_id>/slots/", pages.slots, name="slots"),
    path("w/<slug:slug>/channels/<int:channel_id>/slots/<int:slot_id>/delete/", pages.slot_delete, name="slot_delete"),
    path("w/<slug:slug>/channels/<int:channel_id>/time-zone/", pages.time_zone, name="time_zone"),
    path("w/<slug:slug>/channels/<int:channel_id>/disconnect/", pages.disconnect_page, name="disconnect"),
    path("connect/callback/<slug:platform>/", connecting.callback, name="callback"),
    path("integrations/social/<slug:platform>", connecting.callback, name="callback_alias"),
    path("connect/metadata/<slug:platform>.json", public.metadata, name="metadata"),
    path("connect/jwks.json", public.jwks, name="jwks"),
]
