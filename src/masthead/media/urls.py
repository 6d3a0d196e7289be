"""Addresses of the media library, under /w/<slug>/media/."""

from __future__ import annotations

from django.urls import path

from masthead.media import public_view, views

app_name = "media"
urlpatterns = [
    path("m/<str:signed>", public_view.public, name="public"),
    path("w/<slug:slug>/media/", views.library, name="library"),
    path("w/<slug:slug>/media/upload/", views.upload, name="upload"),
    path("w/<slug:slug>/media/from-url/", views.from_url, name="from_url"),
    path("w/<slug:slug>/media/<int:asset_id>/", views.show, name="show"),
    path("w/<slug:slug>/media/<int:asset_id>/description/", views.description, name="description"),
    path("w/<slug:slug>/media/<int:asset_id>/delete/", views.delete, name="delete"),
    path("w/<slug:slug>/media/<int:asset_id>/file/", views.file, name="file"),
    path("w/<slug:slug>/media/<int:asset_id>/thumb/", views.thumb, name="thumb"),
]
