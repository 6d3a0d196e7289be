"""The Django app of this domain."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Names the app."""

    name = "masthead.notifications"
    label = "notifications"
