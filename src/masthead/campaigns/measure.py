"""Measure: read what each ad group spent and brought, day by day; days that the platform still changes are read again.

Results whose terms limit keeping are removed in time; the spend of a day is kept as long as the cap needs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from masthead.campaigns.launch import move_group
from masthead.campaigns.models import AdGroup, Conversion, DayResult, Reading, Visit
from masthead.campaigns.order import ads_of, order_of, rules_of, zone_of
from masthead.campaigns.states import Group, State
from masthead.channels.calling import calling
from masthead.channels.models import Channel
from masthead.channels.queries import account
from masthead.channels.refresh import after_refusal
from masthead.connectors import EVERY
from masthead.contract.ads import DayResult as Told
from masthead.contract.ads import Standing
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError, GoneForGood, NeedsReconnect
from masthead.kit.clock import now as clock

log = structlog.get_logger()
JOB = "campaigns.measure"
OFTEN = timedelta(minutes=30)
"""So often results of running campaigns are read; an ended one is read until its last day is final."""
LAGS = 15
SPENT = (Group.RUNNING, Group.PAUSED, Group.WITHDRAWN, Group.ENDED, Group.READY)


async def measure(channel_id: int) -> None:
    """Read the results and the standing of every ad group on one ad account that is due."""
    groups = await sync_to_async(due_of)(channel_id, clock())
    if not groups:
        return
    channel = groups[0].channel
    try:
        await _read(channel, groups)
    except ConnectorError as error:
        log.info("results not read", channel=channel_id, kind=error.code)
        await _react(channel, groups, error)


async def _read(channel: Channel, groups: Sequence[AdGroup]) -> None:
    ads, who, now = ads_of(channel), await sync_to_async(account)(channel), clock()
    until = now.astimezone(zone_of(channel)).date()
    async with calling(channel, Purpose.READ) as http:
        since = await sync_to_async(first_open)(groups, until)
        rows = await ads.results(http, who, [one.made for one in groups], since, until)
        await sync_to_async(keep)(groups, rows, since, until, now)
        for one in groups:
            stands = await ads.standing(http, who, await sync_to_async(order_of)(one), one.made)
            await sync_to_async(note)(one, stands, now)


def due_of(channel_id: int, now: datetime) -> list[AdGroup]:
    """The ad groups of an account whose results are to be read now."""
    found = AdGroup.objects.filter(channel=channel_id, state__in=SPENT).exclude(made={})
    found = found.filter(Q(read_at=None) | Q(read_at__lt=now - OFTEN)).select_related("campaign", "channel")
    return [one for one in found if one.state != Group.ENDED or not _final(one, now)]


def due(now: datetime) -> list[int]:
    """Ad accounts with something to read."""
    found = AdGroup.objects.filter(Q(read_at=None) | Q(read_at__lt=now - OFTEN), state__in=SPENT).exclude(made={})
    recent = Q(campaign__ended_at=None) | Q(campaign__ended_at__gt=now - timedelta(days=60))
    working = found.filter(recent, channel__condition=Channel.Condition.CONNECTED)
    return list(working.values_list("channel", flat=True).distinct()[:200])


def _final(group: AdGroup, now: datetime) -> bool:
    return (
        not DayResult.objects.filter(group=group, final=False).exists()
        and group.flights.filter(ends_at__lt=now).exists()
    )


def first_open(groups: Sequence[AdGroup], today: date) -> date:
    """The first day that may still change: everything since the last final one, at least the platform's window."""
    window = today - timedelta(days=rules_of(groups[0].channel).restated_days)
    last = DayResult.objects.filter(group__in=groups, final=True).aggregate(last=Max("day"))["last"]
    began = min((one.campaign.starts_on or today for one in groups), default=today)
    return max(began, min(window, last + timedelta(days=1))) if last else began


@transaction.atomic
def keep(groups: Sequence[AdGroup], rows: Iterable[Told], since: date, until: date, now: datetime) -> None:
    """Write results down in place of what was told of the same days before, and what is known of conversions by their age."""
    ads = {one.remote_id: one for group in groups for one in group.ads.all() if one.remote_id}
    homes = {remote: group for group in groups for remote in group.made.values()}
    window = rules_of(groups[0].channel).restated_days
    DayResult.objects.filter(group__in=groups, day__range=(since, until)).delete()
    made = []
    for row in rows:
        ad = ads.get(row.ad)
        group = next((one for one in groups if ad and ad.group_id == one.pk), None) or homes.get(row.group)
        if group is not None and since <= row.day <= until:
            made.append(_row(group, ad, row, final=row.day < until - timedelta(days=window), now=now))
    DayResult.objects.bulk_create(made)
    for one in groups:
        read_lags(one, _by_day(made, one), "platform", until)
        read_lags(one, own_by_day(one), "own", until)
    AdGroup.objects.filter(pk__in=[one.pk for one in groups]).update(read_at=now)


def _row(group: AdGroup, ad: object, row: Told, *, final: bool, now: datetime) -> DayResult:
    return DayResult(
        group=group, ad=ad, day=row.day, place=row.place, spend=row.spend, impressions=row.impressions, clicks=row.clicks,
        conversions=row.conversions, value=row.value, final=final, read_at=now,
    )  # fmt: skip


def _by_day(rows: Iterable[DayResult], group: AdGroup) -> dict[date, tuple[float, int]]:
    found: dict[date, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for row in rows:
        if row.group_id == group.pk and not row.place:
            count, value = found[row.day]
            found[row.day] = (count + row.conversions, value + row.value)
    return found


def own_by_day(group: AdGroup) -> dict[date, tuple[float, int]]:
    """Our own conversions by the day of the click, in the account's days."""
    zone = zone_of(group.channel)
    rows = (
        Conversion.objects.filter(visit__link__ad__group=group)
        .values("visit__at")
        .annotate(n=Count("pk"), sum=Sum("value"))
    )
    found: dict[date, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for row in rows:
        day = row["visit__at"].astimezone(zone).date()
        found[day] = (found[day][0] + row["n"], found[day][1] + int(row["sum"] or 0))
    return found


def read_lags(group: AdGroup, by_day: Mapping[date, tuple[float, int]], source: str, today: date) -> None:
    """How many conversions of each click day are known at its present age: a row of the delay triangle."""
    rows = [
        Reading(group=group, day=day, lag=(today - day).days, source=source, conversions=count, value=value)
        for day, (count, value) in by_day.items()
        if 0 <= (today - day).days < LAGS
    ]
    Reading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["group", "day", "lag", "source"],
        update_fields=["conversions", "value"],
    )


def own_visits(group: AdGroup) -> dict[date, int]:
    """Visits through the tracked links by day of the account, robots left out."""
    zone = zone_of(group.channel)
    found: dict[date, int] = defaultdict(int)
    for at in Visit.objects.filter(link__ad__group=group, robot=False).values_list("at", flat=True).iterator():
        found[at.astimezone(zone).date()] += 1
    return found


def note(group: AdGroup, stands: Standing, now: datetime) -> None:
    """What the platform says of the ad group itself: reviews, learning, whether it is still there."""
    reviews = {slot: {"verdict": one.verdict, "why": one.why} for slot, one in stands.reviews.items()}
    AdGroup.objects.filter(pk=group.pk).update(reviews=reviews, learning=stands.learning, checked_at=now)
    if not stands.present and group.state in (Group.RUNNING, Group.PAUSED, Group.READY):
        move_group(
            group, Group.WITHDRAWN, why="It is not on the platform any more.", remedy="Leave it out, or launch anew."
        )


async def _react(channel: Channel, groups: Sequence[AdGroup], error: ConnectorError) -> None:
    """A dead sign-in is seen to; a platform that is gone hands its money on."""
    if isinstance(error, NeedsReconnect):
        fresh = await Channel.objects.select_related("credential").aget(pk=channel.pk)
        await after_refusal(fresh.pk, fresh.credential.version, error)
    if isinstance(error, GoneForGood):
        for one in groups:
            if one.state in (Group.RUNNING, Group.PAUSED, Group.READY):
                await sync_to_async(move_group)(one, Group.WITHDRAWN, why=error.message, remedy=error.remedy)
    await AdGroup.objects.filter(pk__in=[one.pk for one in groups]).aupdate(read_at=clock(), why=error.message[:500])


def may_combine(platform: str) -> bool:
    """True where the terms let results of this platform enter a model together with those of others."""
    found = EVERY.get(platform)
    return found is not None and found.terms.verdict("ad_metrics", "combine") == "allow"


def forget(now: datetime) -> int:
    """Remove results that a platform's terms do not let us keep any longer; the days of campaigns that still run stay for the cap."""
    gone = 0
    for key, platform in EVERY.items():
        rule = platform.terms.rule("ad_metrics", "store")
        if platform.ads and rule and rule.within:
            old = DayResult.objects.filter(group__channel__platform=key, read_at__lt=now - rule.within)
            gone += old.filter(group__campaign__state=State.ENDED).delete()[0]
    return gone
