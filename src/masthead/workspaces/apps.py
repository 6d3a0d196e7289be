"""The Django app of this domain."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Names the app."""

    name = "masthead.workspaces"
    label = "workspaces"
