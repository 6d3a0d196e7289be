"""What each role may do: a table."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A member's role, from most to least."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    EDITOR = "editor", _("Editor")
    AUTHOR = "author", _("Author")
    VIEWER = "viewer", _("Viewer")


class May(StrEnum):
    """Something a member may do."""

    SEE = "see"
    WRITE = "write"
    PUBLISH = "publish"
    APPROVE = "approve"
    SEE_COSTS = "see_costs"
    CONNECT = "connect"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_WORKSPACE = "manage_workspace"
    DELETE_WORKSPACE = "delete_workspace"


_VIEWER = frozenset({May.SEE})
_AUTHOR = _VIEWER | {May.WRITE}
_EDITOR = _AUTHOR | {May.PUBLISH, May.APPROVE, May.SEE_COSTS}
_ADMIN = _EDITOR | {May.CONNECT, May.MANAGE_MEMBERS, May.MANAGE_WORKSPACE}

ALLOWED: dict[str, frozenset[May]] = {
    Role.VIEWER: _VIEWER,
    Role.AUTHOR: _AUTHOR,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {May.DELETE_WORKSPACE},
}
RANK: dict[str, int] = {
    str(role): rank for rank, role in enumerate((Role.VIEWER, Role.AUTHOR, Role.EDITOR, Role.ADMIN, Role.OWNER))
}


def allows(role: str, what: May) -> bool:
    """True where the role may do it."""
    return what in ALLOWED.get(role, frozenset())
