"""Step 5 for the whole installation: an end that its operator announces binds every workspace, and none can withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from masthead.channels.close import settle
from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import details, must_make_sense, sunset_name, tell_of
from masthead.contract.errors import Refused
from masthead.workspaces.audit import record
from masthead.workspaces.models import Workspace


@transaction.atomic
def announce_for_all(*, now: datetime, **fields: Any) -> Sunset:
    """Announce it in every workspace with a channel on the platform. Raises Refused naming the field."""
    sunset = Sunset(workspace=None, created_at=now, announced_at=now, **fields)
    must_make_sense(sunset, now)
    sunset.save()
    for workspace in _touched(sunset):
        record(None, workspace, "sunset.announced", sunset_name(sunset), **details(sunset))
        tell_of(sunset, workspace)
        settle(workspace, now)
    return sunset


@transaction.atomic
def withdraw_for_all(sunset_id: int, *, now: datetime) -> Sunset:
    """Take it back everywhere; raises Refused where there is no such end of the installation."""
    sunset = Sunset.objects.select_for_update().filter(pk=sunset_id, workspace=None, withdrawn_at=None).first()
    if sunset is None:
        raise Refused("There is no such end of the whole installation.", field="id", remedy="Run: masthead sunset list")
    sunset.withdrawn_at = now
    sunset.save(update_fields=["withdrawn_at"])
    for workspace in _touched(sunset):
        record(None, workspace, "sunset.withdrawn", sunset_name(sunset), **details(sunset))
        settle(workspace, now)
    return sunset


def _touched(sunset: Sunset) -> list[Workspace]:
    return list(Workspace.objects.filter(pk__in=Channel.objects.filter(platform=sunset.platform).values("workspace")))
