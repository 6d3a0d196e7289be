"""Stop: pause a campaign, end it, and the kill switch, which pauses everything everywhere and proves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction

from masthead.campaigns.launch import move_group
from masthead.campaigns.models import AdGroup, Campaign, Flight
from masthead.campaigns.order import ads_of
from masthead.campaigns.states import CAMPAIGN, Group, State
from masthead.channels.calling import calling
from masthead.channels.queries import account
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError
from masthead.kit.clock import now as clock
from masthead.workspaces.audit import record
from masthead.workspaces.models import User, Workspace

log = structlog.get_logger()
STANDS = (State.PAUSED, State.STOPPED, State.ENDED)


@transaction.atomic
def move(campaign: Campaign, target: State, user: User | None, why: str = "") -> Campaign:
    """Move a campaign along its life. Raises WrongMove where it has no such arrow."""
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    CAMPAIGN.check_move(State(row.state), target)
    row.state, row.why, row.version = target, why[:500], row.version + 1
    row.proof, row.proved_at = {}, None
    row.ended_at = clock() if target is State.ENDED else row.ended_at
    row.save(update_fields=["state", "why", "version", "proof", "proved_at", "ended_at"])
    record(user, row.workspace, f"campaign.{target}", str(row), campaign=row.pk)
    return row


def stop_everything(workspace: Workspace, user: User) -> list[Campaign]:
    """The kill switch: every campaign that may spend is stopped. The worker pauses each ad group and proves it."""
    found = Campaign.objects.filter(workspace=workspace, state__in=(State.LAUNCHING, State.RUNNING, State.PAUSED))
    return [move(one, State.STOPPED, user) for one in found]


async def bring_to_stand(campaign_id: int) -> bool:
    """Pause every ad group of a campaign that must not spend, and look whether anything of it still runs; True once it is proved."""
    groups = [one async for one in AdGroup.objects.filter(campaign=campaign_id).select_related("campaign", "channel")]
    proof = {str(one.channel_id): await _stand(one) for one in groups if one.made}
    proved = all(one["running"] == [] for one in proof.values())
    stands = Campaign.objects.filter(pk=campaign_id, state__in=STANDS)
    await stands.aupdate(proof=proof, proved_at=clock() if proved else None)
    return proved


async def _stand(group: AdGroup) -> dict[str, Any]:
    """Pause one ad group, then ask the platform what still runs of it. `running` is None where it could not be asked."""
    try:
        who = await sync_to_async(account)(group.channel)
        ads = ads_of(group.channel)
        async with calling(group.channel, Purpose.PUBLISH) as http:
            flight = await sync_to_async(_paused)(group, clock())
            await ads.pause(http, who, group.made)
            await Flight.objects.filter(pk=flight.pk).aupdate(set_at=clock())
            await AdGroup.objects.filter(pk=group.pk).aupdate(daily=0)
            mine = f"mh-{group.key.hex[:12]}"
            still = [one.name for one in await ads.running(http, who) if mine in one.name]
    except ConnectorError as error:
        log.info("not proved to stand", group=group.pk, kind=error.code)
        return {"at": clock().isoformat(), "running": None, "why": error.message}
    if not still and group.state in (Group.READY, Group.RUNNING):
        await sync_to_async(move_group)(group, Group.PAUSED)
    return {"at": clock().isoformat(), "running": still}


def _paused(group: AdGroup, now: datetime) -> Flight:
    return Flight.objects.create(group=group, daily=0, total=group.total, ends_at=now, sent_at=now, why="stop")


def to_stand() -> list[int]:
    """Campaigns that must not spend and are not proved to stand yet."""
    created = AdGroup.objects.exclude(made={}).values("campaign")
    found = Campaign.objects.filter(state__in=STANDS, proved_at=None, pk__in=created)
    return list(found.values_list("pk", flat=True)[:200])
