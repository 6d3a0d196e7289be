"""The Django app of this domain."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Names the app."""

    name = "masthead.channels"
    label = "channels"
