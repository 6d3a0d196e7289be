"""Who still needs a file: domains above media answer through settings.MEDIA_USED_BY, so that media need not know them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from masthead.media.models import Asset

Uses = Callable[[Asset], bool]


def used_by() -> list[Uses]:
    """The questions to ask before a file is deleted: each says whether something unfinished uses it."""
    return [import_string(path) for path in getattr(settings, "MEDIA_USED_BY", ())]


def is_used(asset: Asset) -> bool:
    """True where something that is not finished uses the file."""
    return any(uses(asset) for uses in used_by())
