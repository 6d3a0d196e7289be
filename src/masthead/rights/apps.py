"""The Django app of this domain."""

from importlib import import_module

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Names the app, and puts its gate before the exports of lower domains; erasures and holds stop what leaves."""

    name = "masthead.rights"
    label = "rights"

    def ready(self) -> None:
        """Register in every process: exports are made by workers and asked for by pages and programs."""
        import_module("masthead.rights.exports")
        import_module("masthead.rights.people.erase")
