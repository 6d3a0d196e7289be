"""Addresses of the archive."""

from django.urls import path

from masthead.rights.archive import views

urlpatterns = [
    path("w/<slug:slug>/archive/", views.archive_list, name="archive"),
    path("w/<slug:slug>/archive/items/<str:item_id>/", views.archive_item, name="item"),
    path("w/<slug:slug>/archive/items/<str:item_id>/files/<int:number>/", views.archive_file, name="item_file"),
]
