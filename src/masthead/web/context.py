"""What every page needs from the shell. Nothing is looked up until a template asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from masthead.channels.banner import Line, line
from masthead.kit.clock import now
from masthead.notifications.queries import unread
from masthead.workspaces.models import Member, Workspace
from masthead.workspaces.roles import May, allows


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: `path` is below /w/<slug>/."""

    name: str
    path: str
    icon: str
    label: Any
    needs: May
    below: str = ""


PLACES = (
    Place("home", "", "layout-dashboard", _("Home"), May.SEE),
    Place("calendar", "calendar/", "calendar-days", _("Calendar"), May.SEE),
    Place("posts", "posts/", "square-pen", _("Posts"), May.SEE, "publications/"),
    Place("past", "past-posts/", "archive-restore", _("Past posts"), May.SEE),
    Place("archive", "archive/", "archive", _("Archive"), May.SEE),
    Place("desk", "grants/", "scroll-text", _("Grants"), May.SEE),
    Place("datasets", "datasets/", "download", _("Exports"), May.SEE),
    Place("rights", "rights/", "shield-check", _("Rights"), May.SEE),
    Place("audits", "audits/", "search", _("Audits"), May.SEE),
    Place("channels", "channels/", "share-2", _("Channels"), May.SEE),
    Place("sunset", "sunset/", "hourglass", _("Sunset"), May.SEE, "exports/"),
    Place("costs", "costs/", "receipt-text", _("Costs"), May.SEE_COSTS),
    Place("media", "media/", "images", _("Media"), May.SEE),
    Place("people", "people/", "user-round", _("People"), May.CONNECT),
    Place("members", "members/", "users", _("Members"), May.SEE),
    Place("settings", "settings/", "settings", _("Settings"), May.MANAGE_WORKSPACE),
    Place("audit", "audit/", "scroll-text", _("Audit trail"), May.MANAGE_WORKSPACE),
)
FIRST_OF_OFFICE = "members"


class Shell:
    """The frame around a page: navigation, workspace, switcher and unread count, each looked up once when used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.workspace: Workspace | None = getattr(request, "workspace", None)
        self.member: Member | None = getattr(request, "member", None)

    @cached_property
    def root(self) -> str:
        """The path of the workspace, with a slash at the end."""
        return f"/w/{self.workspace.slug}/" if self.workspace else "/"

    @cached_property
    def may(self) -> dict[str, bool]:
        """`shell.may.publish` and so on: what this member's role allows."""
        role = self.member.role if self.member else ""
        return {str(what): allows(role, what) for what in May}

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """The places this member may see, the present one marked."""
        if not self.workspace:
            return []
        rest = self.request.path.removeprefix(self.root)
        return [
            {
                "name": place.name,
                "label": place.label,
                "icon": place.icon,
                "href": self.root + place.path,
                "current": _is_current(place, rest),
                "first_of_office": place.name == FIRST_OF_OFFICE,
            }
            for place in PLACES
            if self.may[place.needs]
        ]

    @cached_property
    def workspaces(self) -> list[Workspace]:
        """The workspaces of the person, by name."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        return list(Workspace.objects.filter(members__user=user).order_by("name").only("name", "slug"))

    @cached_property
    def ending(self) -> Line | None:
        """The line about what ends in this workspace."""
        return line(self.workspace, now()) if self.workspace else None

    @cached_property
    def unread(self) -> int:
        """Unread notifications of this person in this workspace."""
        if not self.workspace:
            return 0
        return unread(self.request.user, self.workspace)


def _is_current(place: Place, rest: str) -> bool:
    if not place.path:
        return rest == ""
    return rest.startswith(place.path) or bool(place.below and rest.startswith(place.below))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` (see Shell)."""
    return {"shell": Shell(request)}
