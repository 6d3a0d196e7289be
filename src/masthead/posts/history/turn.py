"""A worker's turn at a channel's past posts: begin, take, put off, end. One worker at a time, by a lease on the row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from masthead.channels.models import Channel, Credential
from masthead.channels.queries import account_with
from masthead.connectors import PLATFORMS
from masthead.contract.errors import ConnectorError, NeedsReconnect, OverBudget, TryAgain
from masthead.contract.platform import Platform
from masthead.contract.values import Account
from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.kit.secrets import NoKey
from masthead.posts.history.spend import is_planned, look_every
from masthead.posts.models import HistoryImport, Lane, PastPost

JOB = "posts.read_history"
LEASE = timedelta(minutes=4)
LOOK_EVERY = timedelta(hours=1)
SOONEST = timedelta(minutes=10)
AFTER_REFUSAL = timedelta(hours=6)


@dataclass(frozen=True)
class Turn:
    """What a worker holds: the channel as the connector sees it, and how far the import is. `planned`: a budget says what is read when."""

    channel: Channel
    account: Account
    version: int
    held_until: datetime
    cursor: str
    finished: bool
    look: bool
    planned: bool = False

    @property
    def platform(self) -> Platform:
        """The channel's platform."""
        return platform_of(self.channel)

    @property
    def charged(self) -> bool:
        """True where the platform has a price for reading."""
        return charges(self.platform)


def charges(platform: Platform) -> bool:
    """True where some reading call of a platform has a price."""
    return any(one.price_key and not one.creates and one.method == "GET" for one in platform.operations.values())


def may_not_be_kept(platform: Platform) -> bool:
    """True where the platform's terms say that an account's own posts, as its API tells them, may not be stored."""
    return platform.terms.verdict("own_post", "store") == "deny"


def platform_of(channel: Channel) -> Platform:
    """The channel's platform; KeyError where it is no longer part of the installation."""
    return PLATFORMS[channel.platform]


def has_history(channel: Channel) -> bool:
    """True where the channel's platform shows past posts."""
    return channel.platform in PLATFORMS and platform_of(channel).history is not None


@transaction.atomic
def begin(channel: Channel, *, now: datetime) -> HistoryImport:
    """Import from the newest post on; what is known already is brought up to date. One that runs goes on."""
    row, _made = HistoryImport.objects.select_for_update().get_or_create(
        channel=channel, defaults={"begun_at": now, "next_at": now, "held_until": now - LONG_AGO}
    )
    if row.finished_at:
        row.cursor, row.finished_at, row.seen, row.begun_at, row.oldest_at = "", None, 0, now, None
    row.next_at, row.why = now, ""
    row.save()
    ask_for_turns([channel.pk])
    return row


def begin_new(now: datetime) -> None:
    """Begin for connected channels that never were; where reading costs money, or the terms forbid storing, a person begins."""
    free = [one.key for one in PLATFORMS.values() if one.history and not charges(one) and not may_not_be_kept(one)]
    known = HistoryImport.objects.values("channel")
    found = Channel.objects.filter(condition=Channel.Condition.CONNECTED, platform__in=free).exclude(pk__in=known)
    for channel in found[:500]:
        begin(channel, now=now)


def due(now: datetime, most: int = 500) -> list[int]:
    """Channels with something to read that nobody holds and whose platform did not ask us to wait."""
    waiting = Lane.objects.filter(paused_until__gt=now).values("channel")
    found = HistoryImport.objects.filter(
        next_at__lte=now, held_until__lte=now, channel__condition=Channel.Condition.CONNECTED
    )
    return list(found.exclude(channel__in=waiting).order_by("next_at").values_list("channel_id", flat=True)[:most])


def ask_for_turns(channels: Iterable[int]) -> None:
    """A job for each channel; one waits at a time."""
    enqueue_each(connection, JOB, "channel", channels)


def take(channel_id: int, *, now: datetime) -> Turn | None:
    """The lease on a channel, by compare and set; None where there is nothing to do or somebody has it."""
    until = now + LEASE
    mine = HistoryImport.objects.filter(channel=channel_id, next_at__lte=now, held_until__lte=now)
    if not mine.filter(channel__condition=Channel.Condition.CONNECTED).update(held_until=until):
        return None
    row = HistoryImport.objects.select_related("channel").get(channel=channel_id)
    credential = Credential.objects.filter(channel=channel_id).first()
    if credential is None or not has_history(row.channel):
        end(channel_id, until, next_at=now + AFTER_REFUSAL)
        return None
    try:
        account = account_with(row.channel, credential)
    except NoKey:
        end(channel_id, until, next_at=now + AFTER_REFUSAL)
        return None
    look = row.looked_at is None or now - row.looked_at >= look_every(row.channel, now, LOOK_EVERY)
    finished, planned = row.finished_at is not None, is_planned(row.channel)
    return Turn(row.channel, account, credential.version, until, row.cursor, finished, look, planned)


def end(channel_id: int, held_until: datetime, *, next_at: datetime, why: str = "") -> None:
    """Give the lease back; nothing where it was lost meanwhile."""
    HistoryImport.objects.filter(channel=channel_id, held_until=held_until).update(
        held_until=held_until - LEASE, next_at=next_at, why=why[:1000]
    )


def rest(turn: Turn, *, now: datetime) -> None:
    """End a turn that went well: go on at once while back-filling, else when the next post is due."""
    row = HistoryImport.objects.get(channel=turn.channel)
    if row.finished_at is None:
        return end(turn.channel.pk, turn.held_until, next_at=now)
    found = PastPost.objects.filter(channel=turn.channel, gone_at=None).aggregate(first=Min("next_read_at"))["first"]
    look = (row.looked_at or now) + look_every(turn.channel, now, LOOK_EVERY)
    return end(turn.channel.pk, turn.held_until, next_at=max(now + SOONEST, min(found or look, look)))


def put_off(turn: Turn, error: ConnectorError, *, now: datetime) -> None:
    """End a turn that failed, by who must act. A cursor that is refused is forgotten: the next turn begins anew."""
    if isinstance(error, TryAgain):
        later = now + timedelta(seconds=max(5.0, error.after))
        if error.scope == "app":
            same: dict[str, Any] = {"channel__platform": turn.channel.platform, "channel__server": turn.channel.server}
            if app := turn.channel.limits.get("app"):
                same["channel__limits__app"] = app
            HistoryImport.objects.filter(**same, next_at__lt=later).update(next_at=later)
        return end(turn.channel.pk, turn.held_until, next_at=later, why=error.message)
    if isinstance(error, NeedsReconnect):
        return end(turn.channel.pk, turn.held_until, next_at=now + timedelta(minutes=1))
    why = f"{error.message} {error.remedy}".strip()
    if isinstance(error, OverBudget):
        later = now + min(AFTER_REFUSAL, timedelta(seconds=error.after))
        return end(turn.channel.pk, turn.held_until, next_at=later, why=why)
    HistoryImport.objects.filter(channel=turn.channel, held_until=turn.held_until).update(cursor="")
    return end(turn.channel.pk, turn.held_until, next_at=now + AFTER_REFUSAL, why=why)
