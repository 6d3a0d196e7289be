"""Addresses of the licence desk."""

from django.urls import path

from masthead.rights.desk import views

urlpatterns = [
    path("w/<slug:slug>/grants/", views.desk, name="desk"),
    path("w/<slug:slug>/grants/new/", views.new_grant, name="grant_new"),
    path("w/<slug:slug>/grants/<int:grant_id>/", views.show_grant, name="grant"),
    path("w/<slug:slug>/grants/<int:grant_id>/withdraw/", views.withdraw_grant, name="grant_withdraw"),
    path("w/<slug:slug>/grants/requests/new/", views.note_request, name="request_new"),
    path("w/<slug:slug>/grants/requests/<int:request_id>/decline/", views.decline, name="request_decline"),
    path("w/<slug:slug>/grants/use/", views.use_register, name="use_register"),
    path("w/<slug:slug>/grants/use/file/", views.register_file, name="use_register_file"),
]
