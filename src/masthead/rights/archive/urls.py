"""Addresses of the archive."""

from django.urls import path

from masthead.rights.archive import views
from masthead.rights.archive.export import views as export

urlpatterns = [
    path("w/<slug:slug>/archive/", views.archive_list, name="archive"),
    path("w/<slug:slug>/archive/items/<str:item_id>/", views.archive_item, name="item"),
    path("w/<slug:slug>/archive/items/<str:item_id>/files/<int:number>/", views.archive_file, name="item_file"),
    path("w/<slug:slug>/archive/exports/", export.exports, name="archive_exports"),
    path("w/<slug:slug>/archive/exports/<uuid:key>/", export.download, name="archive_export"),
    path("w/<slug:slug>/archive/exports/<uuid:key>/delete/", export.delete, name="archive_export_delete"),
]
