"""Addresses of the notification pages."""

from django.urls import path

from masthead.notifications import views

app_name = "notifications"
urlpatterns = [
    path("w/<slug:slug>/notifications/", views.notification_list, name="list"),
    path("w/<slug:slug>/notifications/read/", views.read_all, name="read_all"),
    path("w/<slug:slug>/notifications/choices/", views.choices, name="choices"),
    path("w/<slug:slug>/notifications/<int:notification_id>/open/", views.open_one, name="open"),
]
