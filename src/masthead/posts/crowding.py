"""How full a platform's day is: the place of a publication among those that its quota takes in 24 hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Func, IntegerField
from django.db.models.fields.json import KeyTransform

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import Quota
from masthead.posts.models import Publication
from masthead.posts.quotas import app_of, creating_quotas, key_of
from masthead.posts.states import State

DAY = 86_400
COUNTS = (State.SCHEDULED, State.PUBLISHING, State.PROCESSING, State.UNCONFIRMED, State.PUBLISHED)
PARTS = Func(KeyTransform("segments", "content"), function="jsonb_array_length", output_field=IntegerField())
Taken = tuple[datetime, int]
"""When something goes out, and how many of the quota it takes."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Something would be number `number` of the `limit` that the platform takes in a day."""

    number: int
    limit: int
    platform: str

    @property
    def over(self) -> bool:
        """True where the platform would not take it on that day."""
        return self.number > self.limit

    @property
    def near(self) -> bool:
        """True from nine tenths of the limit."""
        return self.number * 10 >= self.limit * 9


def crowd_on(channel: Channel, segments: int, at: datetime, *, without: int | None = None) -> Crowd | None:
    """The fullest of the platform's daily quotas with a post of so many segments at `at`; None where it has none.

    Quotas of an app are counted over the workspace's own channels. `without` is a publication that is not counted.
    """
    found = [
        Crowd(
            fullest(_taken(channel, quota, weight, at, without), (at, segments * weight)), quota.limit, _name(channel)
        )
        for quota, weight in daily_quotas(channel)
    ]
    return max(found, key=lambda one: one.number / max(1, one.limit), default=None)


def overfull(rows: Iterable[Publication]) -> list[tuple[Channel, Crowd]]:
    """Of the publications of one day, the quotas that do not hold them all, each with one of its channels."""
    sums: Counter[tuple[str, ...]] = Counter()
    known: dict[tuple[str, ...], tuple[Channel, int]] = {}
    quotas: dict[int, list[tuple[Quota, int]]] = {}
    for row in rows:
        if row.state not in COUNTS:
            continue
        for quota, weight in quotas.setdefault(row.channel_id, daily_quotas(row.channel)):
            key = (*key_of(_as_row(row.channel), quota).split(":"), str(quota.limit))
            sums[key] += max(1, len(row.content["segments"])) * weight
            known[key] = row.channel, quota.limit
    found = ((known[key], number) for key, number in sums.items() if number > known[key][1])
    return [(channel, Crowd(number, limit, _name(channel))) for (channel, limit), number in found]


def _as_row(channel: Channel) -> dict[str, Any]:
    return {
        "channel_id": channel.pk,
        "server": channel.server,
        "limits": channel.limits,
        "platform": channel.platform,
    }


def daily_quotas(channel: Channel) -> list[tuple[Quota, int]]:
    """The quotas of a day that publishing draws on, each with the weight of one segment."""
    platform = PLATFORMS.get(channel.platform)
    quotas = creating_quotas(platform, channel.limits) if platform else ()
    return [(quota, weight) for quota, weight in quotas if quota.seconds == DAY]


def fullest(others: Iterable[Taken], own: Taken) -> int:
    """Pure: the most that any 24 hours with `own` in them hold. The windows to look at end with `own` or with one after it."""
    at, span = own[0], timedelta(seconds=DAY)
    taken = sorted((*others, own))
    ends = [when for when, _count in taken if at <= when < at + span]
    return max(sum(count for when, count in taken if end - span < when <= end) for end in ends)


def _taken(channel: Channel, quota: Quota, weight: int, at: datetime, without: int | None) -> Sequence[Taken]:
    span = timedelta(seconds=DAY)
    rows = Publication.objects.filter(
        workspace_id=channel.workspace_id, state__in=COUNTS, publish_at__gt=at - span, publish_at__lt=at + span
    ).exclude(pk=without)
    rows = rows.filter(channel__in=_sharing(channel, quota))
    rows = rows.annotate(parts=PARTS)
    return [(when, max(1, parts) * weight) for when, parts in rows.values_list("publish_at", "parts")]


def _sharing(channel: Channel, quota: Quota) -> list[int]:
    """The channels that draw on the same quota: itself, or those of the same developer app."""
    if quota.scope == "account":
        return [channel.pk]
    app = app_of(channel.server, channel.limits)
    others = Channel.objects.filter(workspace_id=channel.workspace_id, platform=channel.platform)
    return [one.pk for one in others if app_of(one.server, one.limits) == app]


def _name(channel: Channel) -> str:
    return PLATFORMS[channel.platform].name
