"""Addresses of the imports."""

from django.urls import path

from masthead.rights.archive.imports import views

urlpatterns = [
    path("w/<slug:slug>/archive/imports/", views.overview, name="imports"),
    path("w/<slug:slug>/archive/imports/upload/", views.upload, name="import_upload"),
    path("w/<slug:slug>/archive/imports/begin/", views.begin, name="import_begin"),
    path("w/<slug:slug>/archive/imports/<int:import_id>/", views.show, name="import"),
    path("w/<slug:slug>/archive/imports/<int:import_id>/pieces/<int:number>/", views.piece, name="import_piece"),
    path("w/<slug:slug>/archive/imports/<int:import_id>/stop/", views.stop, name="import_stop"),
    path("w/<slug:slug>/archive/imports/<int:import_id>/go-on/", views.go_on, name="import_go_on"),
    path("w/<slug:slug>/archive/imports/<int:import_id>/remove/", views.remove, name="import_remove"),
]
