"""The Django app of this domain."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the app."""

    name = "masthead.web"
    label = "web"
