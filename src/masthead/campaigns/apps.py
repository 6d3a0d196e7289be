"""The Django app of this domain."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Names the app."""

    name = "masthead.campaigns"
    label = "campaigns"
