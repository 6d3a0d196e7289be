"""Addresses of the page of rules."""

from django.urls import path

from masthead.rights.rules import views

urlpatterns = [path("w/<slug:slug>/rights/", views.rules_page, name="rules")]
