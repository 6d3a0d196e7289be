"""Step 2: keep the sign-in alive. One refresh at a time per channel; a transient error never disconnects."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from asgiref.sync import sync_to_async
from django.db.models import F, Q

from masthead.channels.calling import http_of, metered, platform_of
from masthead.channels.lapse import lapse
from masthead.channels.models import Channel, Credential
from masthead.channels.queries import account_with
from masthead.channels.secrets import bound
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError, NeedsReconnect, TokenExpired, TryAgain
from masthead.contract.http import Http, Meter, Transport
from masthead.contract.values import Account, Refreshed
from masthead.kit.clock import now as clock

log = structlog.get_logger()
LEASE = timedelta(minutes=3)
SECONDS = 150.0
LONGEST_WAIT = 900.0
SAVES = 5


async def after_refusal(channel_id: int, seen_version: int, error: ConnectorError) -> None:
    """React to a platform that did not take the credentials of `seen_version`: refresh, or ask for a reconnect.

    Does nothing where the credentials changed since: somebody was faster.
    """
    if isinstance(error, TokenExpired):
        await refresh_now(channel_id, seen_version)
    elif isinstance(error, NeedsReconnect):
        await sync_to_async(lapse)(channel_id, seen_version, error)


async def refresh_now(channel_id: int, seen_version: int) -> bool:
    """Refresh one channel with a transport of its own; True where the credentials are newer than `seen_version` now."""
    async with metered() as (transport, meter):
        return await refresh(channel_id, seen_version, transport, meter)


async def refresh(channel_id: int, seen_version: int, transport: Transport, meter: Meter) -> bool:
    """Take the lease, ask the platform, write the new secrets down. Never raises a ConnectorError."""
    taken = await sync_to_async(take)(channel_id, seen_version)
    if taken is None:
        return await sync_to_async(is_newer)(channel_id, seen_version)
    channel, account = taken
    try:
        http = await http_of(transport, meter, channel, Purpose.CONNECT)
        fresh = await asyncio.wait_for(_asked(http, channel, account), SECONDS)
    except NeedsReconnect as error:
        await sync_to_async(lapse)(channel_id, seen_version, error)
        return False
    except (ConnectorError, TimeoutError) as error:
        await sync_to_async(postpone)(channel_id, seen_version, error)
        return False
    return await asyncio.shield(_saved(channel_id, seen_version, fresh))


async def _asked(http: Http, channel: Channel, account: Account) -> Refreshed:
    """New secrets; where the platform has nothing to refresh, the old ones once they proved to work."""
    connecting = platform_of(channel).connecting
    fresh = await connecting.refresh(http, account)
    if fresh is None:
        profile = await connecting.verify(http, account)
        fresh = Refreshed(profile.secrets, profile.expires_at)
    return fresh


def take(channel_id: int, seen_version: int) -> tuple[Channel, Account] | None:
    """The lease on a refresh, by compare and set; None where somebody has it or the credentials changed."""
    now = clock()
    free = Q(hands_off_until=None) | Q(hands_off_until__lt=now)
    mine = Credential.objects.filter(free, channel_id=channel_id, version=seen_version)
    if not mine.update(hands_off_until=now + LEASE):
        return None
    credential = (
        Credential.objects.select_related("channel").filter(channel_id=channel_id, version=seen_version).first()
    )
    return (credential.channel, account_with(credential.channel, credential)) if credential else None


def is_newer(channel_id: int, seen_version: int) -> bool:
    """True where the stored credentials are newer than those of `seen_version`."""
    return Credential.objects.filter(channel_id=channel_id, version__gt=seen_version).exists()


def postpone(channel_id: int, seen_version: int, error: Exception) -> None:
    """Nobody must act: try again later, and leave the channel connected."""
    wait = min(LONGEST_WAIT, max(5.0, error.after)) if isinstance(error, TryAgain) else 60.0
    Credential.objects.filter(channel_id=channel_id, version=seen_version).update(
        hands_off_until=clock() + timedelta(seconds=wait), refresh_failed_at=clock()
    )
    log.info("refresh postponed", channel=channel_id, kind=type(error).__name__, wait=wait)


async def _saved(channel_id: int, seen_version: int, fresh: Refreshed) -> bool:
    """Write the new secrets down. The old refresh token may be dead already, so a database that blinks is waited for."""
    for turn in range(SAVES):
        try:
            return await sync_to_async(save)(channel_id, seen_version, fresh)
        except Exception as error:
            log.warning("new secrets not saved yet", channel=channel_id, kind=type(error).__name__)
            if turn == SAVES - 1:
                raise
            await asyncio.sleep(2**turn)
    return False


def save(channel_id: int, seen_version: int, fresh: Refreshed) -> bool:
    """Compare and set; False where a reconnect came between, whose secrets are newer than ours."""
    return bool(
        Credential.objects.filter(channel_id=channel_id, version=seen_version).update(
            secrets=bound(channel_id, fresh.secrets),
            expires_at=fresh.expires_at,
            version=F("version") + 1,
            refreshed_at=clock(),
            refresh_failed_at=None,
            hands_off_until=None,
        )
    )
