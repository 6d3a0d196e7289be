"""The Django app of this domain."""

from importlib import import_module

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Names the app, tells metering what is scheduled, and hears from it when caps change."""

    name = "masthead.posts"
    label = "posts"

    def ready(self) -> None:
        """Register what other domains ask for, in every process."""
        import_module("masthead.posts.commitments")
        import_module("masthead.posts.afford")
