"""The Django app of this domain."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MeteringConfig(AppConfig):
    """Names the app; lets the domains above say how channels are named and what is committed."""

    name = "masthead.metering"
    label = "metering"

    def ready(self) -> None:
        """Import every app's `naming` and `commitments`, which register themselves."""
        autodiscover_modules("naming", "commitments")
