"""Time zones and languages that people may choose."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings

_AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def zones() -> list[tuple[str, str]]:
    """(name, name to read) of the zones of the world, UTC first."""
    places = sorted(name for name in available_timezones() if name.startswith(_AREAS))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


def languages() -> list[tuple[str, str]]:
    """(code, the language's own name)."""
    return list(settings.LANGUAGES)
