"""The Django app of this domain."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Names the app."""

    name = "masthead.media"
    label = "media"
