"""Pace: from wanted budgets to calls, never beyond the cap. Before: allocate.py or a person. After: the platform.

Each change is written down before it is sent (a flight), under a lock of the whole campaign, so that two workers never promise the
same money. The guard counts what may happen at worst, whatever becomes of the calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q

from masthead.campaigns.launch import move_group
from masthead.campaigns.models import AdGroup, Campaign, Flight
from masthead.campaigns.order import ads_of, zone_of
from masthead.campaigns.pacing import Order, Plan, guard
from masthead.campaigns.plan import rolling_end
from masthead.campaigns.standings import rule_of, standing_of
from masthead.campaigns.states import Group, State
from masthead.channels.calling import calling
from masthead.channels.queries import account
from masthead.channels.refresh import after_refusal
from masthead.contract.ads import Budget
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError, Gone, GoneForGood, NeedsReconnect, Refused
from masthead.kit.clock import now as clock

log = structlog.get_logger()
LIVE = (Group.READY, Group.RUNNING, Group.PAUSED)
SAID = {"cap": "The cap leaves no more.", "minimum": "What is left is less than the platform's minimum.", "": ""}


@transaction.atomic
def promise(campaign_id: int, wanted: Mapping[int, int], now: datetime) -> list[Flight]:
    """Write down the budgets that the cap allows, as near to `wanted` (micros a day by ad group id; missing: what it has) as can be.

    A campaign that does not run gets nothing but pauses. Returns the flights to send.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    groups = list(
        campaign.groups.select_related("channel").exclude(state__in=(Group.WAITING, Group.CREATING)).order_by("pk")
    )
    if not groups:
        return []
    running = campaign.state in (State.LAUNCHING, State.RUNNING)
    asked = [_asked(one, wanted, campaign, now) if running else 0 for one in groups]
    plan = allowed(campaign, groups, asked, now)
    flights = [_flight(campaign, one, order, now) for one, order in zip(groups, plan.orders, strict=True)]
    return [one for one in flights if one is not None]


def allowed(campaign: Campaign, groups: Sequence[AdGroup], wanted: Sequence[int], now: datetime) -> Plan:
    """What the guard makes of wanted budgets."""
    rules, standings = [rule_of(one) for one in groups], [standing_of(one, now) for one in groups]
    return guard(campaign.cap, wanted, rules, standings, days_left=days_left(campaign, now))


def days_left(campaign: Campaign, now: datetime) -> int:
    """Days of the campaign that are left, today counted; many where its end is open."""
    if campaign.ends_on is None:
        return 3650
    today = max(
        (now.astimezone(zone_of(one.channel)).date() for one in campaign.groups.select_related("channel")),
        default=now.date(),
    )
    return (campaign.ends_on - today).days + 1


def _asked(group: AdGroup, wanted: Mapping[int, int], campaign: Campaign, now: datetime) -> int:
    began = campaign.starts_on is None or now.astimezone(zone_of(group.channel)).date() >= campaign.starts_on
    return wanted.get(group.pk, group.daily) if group.state in LIVE and began else 0


def _flight(campaign: Campaign, group: AdGroup, order: Order, now: datetime) -> Flight | None:
    """The flight that carries an order out; None where just that stands already."""
    zone = zone_of(group.channel)
    ends_at = rolling_end(campaign, zone, now.astimezone(zone).date(), order.days) if order.budget else now
    last = group.flights.filter(refused=False).order_by("-sent_at", "-pk").first()
    if last is None and not order.budget:
        return None
    same = last and last.set_at and last.daily == order.budget and last.total == order.total
    if same and (not order.budget or last.ends_at == ends_at):
        return None
    return Flight.objects.create(
        group=group, daily=order.budget, total=order.total, ends_at=ends_at, sent_at=now, why=SAID[order.why]
    )


async def carry_out(flights: Sequence[Flight]) -> None:
    """Send flights, those that lower a budget first; one that fails keeps no other from being sent."""
    for one in sorted(flights, key=lambda one: one.daily):
        try:
            await send(one)
        except ConnectorError as error:
            await refused(one, error)


async def send(flight: Flight) -> None:
    """Set one budget and let it run, or pause it; safe to repeat."""
    group = await AdGroup.objects.select_related("campaign", "channel").aget(pk=flight.group_id)
    ads, who = ads_of(group.channel), await sync_to_async(account)(group.channel)
    async with calling(group.channel, Purpose.PUBLISH) as http:
        if not flight.daily:
            await ads.pause(http, who, group.made)
        else:
            await ads.set_budget(http, who, group.made, Budget(flight.daily, flight.ends_at, flight.total))
            if await sync_to_async(still_wanted)(flight):
                await ads.start(http, who, group.made)
    await sync_to_async(confirmed)(flight, group)


def still_wanted(flight: Flight) -> bool:
    """False where a newer flight was written since, or the campaign stands: then it must not be started."""
    newer = Flight.objects.filter(group=flight.group_id, pk__gt=flight.pk).exists()
    live = AdGroup.objects.filter(
        pk=flight.group_id, state__in=LIVE, campaign__state__in=(State.LAUNCHING, State.RUNNING)
    )
    return not newer and live.exists()


def confirmed(flight: Flight, group: AdGroup) -> None:
    """The platform obeyed."""
    Flight.objects.filter(pk=flight.pk).update(set_at=clock())
    AdGroup.objects.filter(pk=group.pk).update(
        daily=flight.daily, total=flight.total, ends_at=flight.ends_at, why=flight.why, remedy=""
    )
    if group.state in LIVE and still_newest(flight):
        target = Group.RUNNING if flight.daily else Group.PAUSED
        move_group(group, target, why=flight.why)


def still_newest(flight: Flight) -> bool:
    """True where nothing newer was written for the same ad group."""
    return not Flight.objects.filter(group=flight.group_id, pk__gt=flight.pk).exists()


async def refused(flight: Flight, error: ConnectorError) -> None:
    """A flight that was not obeyed: what it can have changed stays counted unless the platform refused it outright."""
    log.info("budget not set", group=flight.group_id, kind=error.code)
    group = await AdGroup.objects.select_related("campaign", "channel__credential").aget(pk=flight.group_id)
    if isinstance(error, GoneForGood | Gone):
        await sync_to_async(move_group)(group, Group.WITHDRAWN, why=error.message, remedy=error.remedy)
    elif isinstance(error, NeedsReconnect):
        await after_refusal(group.channel_id, group.channel.credential.version, error)
    elif isinstance(error, Refused):
        await Flight.objects.filter(pk=flight.pk).aupdate(refused=True, why=error.message[:200])
    await AdGroup.objects.filter(pk=group.pk).aupdate(why=error.message[:500], remedy=error.remedy[:500])


async def pace(campaign_id: int, wanted: Mapping[int, int] | None = None) -> None:
    """Bring a campaign's budgets to what is wanted, or renew those that stand: their ends are never further than a few days away."""
    await carry_out(await sync_to_async(promise)(campaign_id, wanted or {}, clock()))


def unsent(now: datetime) -> list[int]:
    """Newest flights of ad groups that were never confirmed and are older than a minute: to be sent again."""
    matters = Q(ends_at__gt=now) | Q(daily=0, sent_at__gt=now - timedelta(days=1))  # a pause ends when it begins
    found = Flight.objects.filter(matters, set_at=None, refused=False, sent_at__lt=now - timedelta(minutes=1))
    return [one.pk for one in found.select_related("group") if still_newest(one)][:200]
