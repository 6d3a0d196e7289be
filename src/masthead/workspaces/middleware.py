"""Each request in the person's own time zone and language; asks the database for nothing of its own."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from masthead.workspaces.models import User, Workspace

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class PersonMiddleware:
    """Sets `request.workspace` and `request.member` to None (member_view fills them) and activates the user's choices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.workspace = request.member = None
        try:
            if request.user.is_authenticated:
                activate(request.user, None)
            return self.get_response(request)
        finally:
            timezone.deactivate()


def activate(user: User, workspace: Workspace | None) -> None:
    """Use the user's time zone and language, else the workspace's, else what is active already."""
    zone = user.time_zone or (workspace.time_zone if workspace else "")
    if zone:
        timezone.activate(zone_or_utc(zone))
    language = user.language or (workspace.language if workspace else "")
    if language in LANGUAGES:
        translation.activate(language)


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC when this machine does not know it (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
