"""Addresses of the audits."""

from django.urls import path

from masthead.rights.audits import views

urlpatterns = [
    path("w/<slug:slug>/audits/", views.audits, name="audits"),
    path("w/<slug:slug>/audits/new/", views.new, name="audit_new"),
    path("w/<slug:slug>/audits/<int:audit_id>/", views.show, name="audit"),
    path("w/<slug:slug>/audits/<int:audit_id>/files/<str:name>", views.file, name="audit_file"),
    path("w/<slug:slug>/audits/<int:audit_id>/stop/", views.stop, name="audit_stop"),
    path("w/<slug:slug>/audits/<int:audit_id>/go-on/", views.go_on, name="audit_go_on"),
    path("w/<slug:slug>/audits/<int:audit_id>/delete/", views.delete, name="audit_delete"),
]
