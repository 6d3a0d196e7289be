"""Addresses of the page about people."""

from django.urls import path

from masthead.rights.people import views

urlpatterns = [
    path("w/<slug:slug>/people/", views.people, name="people"),
    path("w/<slug:slug>/people/copy/", views.copy_for, name="person_copy"),
    path("w/<slug:slug>/people/erase/", views.erase_person, name="person_erase"),
    path("w/<slug:slug>/people/hold/", views.hold_person, name="person_hold"),
    path("w/<slug:slug>/people/holds/<int:hold_id>/lift/", views.lift, name="hold_lift"),
    path("w/<slug:slug>/people/erasures/<int:erasure_id>/certificate/", views.certificate, name="certificate"),
]
