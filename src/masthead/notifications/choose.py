"""What a person wants to be told, and how."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from masthead.notifications.kinds import Kind
from masthead.notifications.models import Choice
from masthead.workspaces.models import User, Workspace

WAYS = ("in_app", "by_mail")


def choices_of(user: User, workspace: Workspace) -> dict[str, Choice]:
    """The choice for every kind; where none was made, the default (both ways)."""
    made = {one.kind: one for one in Choice.objects.filter(user=user, workspace=workspace)}
    return {
        kind.value: made.get(kind.value) or Choice(user=user, workspace=workspace, kind=kind.value) for kind in Kind
    }


def choose(user: User, workspace: Workspace, wanted: Mapping[str, Mapping[str, bool]]) -> None:
    """Keep the choices: {kind: {"in_app": bool, "by_mail": bool}}. Unknown kinds are left out."""
    with transaction.atomic():
        for kind, ways in wanted.items():
            if kind in Kind.values:
                Choice.objects.update_or_create(user=user, workspace=workspace, kind=kind, defaults=dict(ways))
