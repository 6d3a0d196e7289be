"""Addresses of the pages of caps."""

from django.urls import path

from masthead.metering.caps import views

app_name = "caps"
urlpatterns = [
    path("w/<slug:slug>/costs/caps/", views.page, name="list"),
    path("w/<slug:slug>/costs/caps/<int:cap_id>/", views.change_page, name="change"),
    path("w/<slug:slug>/costs/caps/<int:cap_id>/remove/", views.remove_page, name="remove"),
]
