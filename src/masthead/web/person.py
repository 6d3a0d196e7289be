"""What every domain holds about a person: brought together, and erased together."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from masthead.campaigns import personal_data as campaigns
from masthead.channels import personal_data as channels
from masthead.media import personal_data as media
from masthead.notifications import personal_data as notifications
from masthead.posts import personal_data as posts
from masthead.rights import personal_data as rights
from masthead.workspaces import personal_data as workspaces
from masthead.workspaces.models import User
from masthead.workspaces.personal_data import LastOwner

DOMAINS = {
    "rights": rights,
    "campaigns": campaigns,
    "posts": posts,
    "media": media,
    "channels": channels,
    "notifications": notifications,
    "workspaces": workspaces,
}
"""In the order of erasing: the account goes last."""


def held() -> dict[str, dict[str, str]]:
    """What is held, why and how long, by domain."""
    return {name: domain.HELD for name, domain in DOMAINS.items()}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, by domain, as values that fit into JSON; no secrets."""
    return {name: domain.export(user) for name, domain in DOMAINS.items()}


@transaction.atomic
def erase(user: User) -> None:
    """Delete the account and take the person's name off what belongs to workspaces. All or nothing; raises LastOwner."""
    for domain in DOMAINS.values():
        domain.erase(user)


__all__ = ["DOMAINS", "LastOwner", "erase", "export", "held"]
