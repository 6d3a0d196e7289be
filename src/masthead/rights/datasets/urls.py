"""Addresses of datasets."""

from django.urls import path

from masthead.rights.datasets import views

urlpatterns = [
    path("w/<slug:slug>/datasets/", views.datasets, name="datasets"),
    path("w/<slug:slug>/datasets/new/", views.new, name="dataset_new"),
    path("w/<slug:slug>/datasets/key.pem", views.key, name="key"),
    path("w/<slug:slug>/datasets/new-key/", views.new_key, name="new_key"),
    path("w/<slug:slug>/datasets/<int:dataset_id>/", views.show, name="dataset"),
    path("w/<slug:slug>/datasets/<int:dataset_id>/file/", views.file, name="dataset_file"),
    path("w/<slug:slug>/datasets/<int:dataset_id>/delete/", views.remove, name="dataset_delete"),
]
