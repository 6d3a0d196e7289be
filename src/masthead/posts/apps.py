"""The Django app of this domain."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Names the app."""

    name = "masthead.posts"
    label = "posts"
