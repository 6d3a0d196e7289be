"""The Django app of this domain."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Names the app."""

    name = "masthead.rights"
    label = "rights"
