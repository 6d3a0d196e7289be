"""How much more of a platform's records may be handed on now, by the limits of its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from masthead.connectors import PLATFORMS
from masthead.rights.models import HandedOn
from masthead.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the narrowest limit: `left` records of `limit` within `days`."""

    left: int
    limit: int
    days: int


def room(workspace: Workspace, platform: str, now: datetime) -> Room | None:
    """What is left for this workspace; None where the platform names no limit."""
    rule = PLATFORMS[platform].terms.redistribution if platform in PLATFORMS else None
    if rule is None or not rule.limits:
        return None
    found = []
    for limit, within in rule.limits:
        since = HandedOn.objects.filter(workspace=workspace, platform=platform, at__gt=now - within)
        used = since.aggregate(all=Sum("records"))["all"] or 0
        found.append(Room(max(0, limit - used), limit, within.days))
    return min(found, key=lambda one: one.left)
