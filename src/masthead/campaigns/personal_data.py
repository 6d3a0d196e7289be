"""What this domain holds about a person: who made campaigns, reviewed creatives and answered proposals. All of it is the workspace's."""

from __future__ import annotations

from typing import Any

from masthead.campaigns.models import Campaign, Creative, Decision
from masthead.workspaces.models import User

HELD = {
    "campaigns": "which campaigns the person made, and when; the name is taken off when the person is erased",
    "creatives": "which creatives the person reviewed; the name is taken off",
    "decisions": "which proposals the person approved or declined; the name is taken off",
}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON."""
    return {
        "campaigns": _rows(Campaign.objects.filter(created_by=user), "id", "workspace__name", "name", "created_at"),
        "creatives": _rows(Creative.objects.filter(reviewed_by=user), "campaign_id", "name"),
        "decisions": _rows(Decision.objects.filter(answered_by=user), "campaign_id", "day", "state"),
    }


def erase(user: User) -> None:
    """Take the person's name off."""
    Campaign.objects.filter(created_by=user).update(created_by=None)
    Creative.objects.filter(reviewed_by=user).update(reviewed_by=None)
    Decision.objects.filter(answered_by=user).update(answered_by=None)


def _rows(found: Any, *names: str) -> list[dict[str, Any]]:
    rows = list(found.order_by("pk").values(*names))
    return [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows]
