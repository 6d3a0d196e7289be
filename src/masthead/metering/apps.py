"""The Django app of this domain."""

from django.apps import AppConfig


class MeteringConfig(AppConfig):
    """Names the app."""

    name = "masthead.metering"
    label = "metering"
