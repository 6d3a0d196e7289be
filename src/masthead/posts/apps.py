"""The Django app of this domain."""

from importlib import import_module

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Names the app, and hears from metering when caps change."""

    name = "masthead.posts"
    label = "posts"

    def ready(self) -> None:
        """Register in every process: caps are changed by pages, programs and commands."""
        import_module("masthead.posts.afford")
