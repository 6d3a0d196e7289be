"""The Django app of this domain."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the app."""

    name = "masthead.api"
    label = "api"
