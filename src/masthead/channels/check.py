"""Step 2b: ask the platform who we are and what it allows; a profile's name and a server's limits change."""

from __future__ import annotations

from asgiref.sync import async_to_sync, sync_to_async

from masthead.channels.calling import http_of, metered, platform_of
from masthead.channels.developer_apps import limits_with_app
from masthead.channels.models import Channel, Credential
from masthead.channels.queries import account_with
from masthead.channels.refresh import after_refusal
from masthead.contract.calls import OWN_APP, Purpose
from masthead.contract.errors import ConnectorError, NeedsReconnect, TokenExpired
from masthead.contract.http import Meter, Transport
from masthead.contract.values import Profile
from masthead.kit.clock import now as clock
from masthead.kit.text import plain, web_address


def check_now(channel: Channel) -> None:
    """Check one channel from a page. Raises a ConnectorError that says what is wrong."""
    async_to_sync(_check_now)(channel)


async def _check_now(channel: Channel) -> None:
    async with metered() as (transport, meter):
        version = await sync_to_async(version_of)(channel.pk)
        try:
            await check(channel.pk, version, transport, meter)
        except TokenExpired:
            await check(channel.pk, await sync_to_async(version_of)(channel.pk), transport, meter)


async def check(channel_id: int, seen_version: int, transport: Transport, meter: Meter) -> None:
    """Verify a channel and note its profile and limits; dead credentials are reacted to, then the error is raised."""
    found = await sync_to_async(_credential)(channel_id, seen_version)
    if found is None:
        return
    channel, platform = found.channel, platform_of(found.channel)
    http = await http_of(transport, meter, channel, Purpose.CONNECT)
    try:
        profile = await platform.connecting.verify(http, account_with(channel, found))
    except NeedsReconnect as error:
        await after_refusal(channel_id, seen_version, error)
        raise
    await sync_to_async(note)(channel, profile)


async def check_quietly(channel_id: int, seen_version: int, transport: Transport, meter: Meter) -> None:
    """The same for the daily round: whatever happens, the channel counts as looked at."""
    try:
        await check(channel_id, seen_version, transport, meter)
    except ConnectorError:
        await Channel.objects.filter(pk=channel_id).aupdate(checked_at=clock())


def version_of(channel_id: int) -> int:
    """The version of a channel's credentials; 0 where it has none."""
    return Credential.objects.filter(channel_id=channel_id).values_list("version", flat=True).first() or 0


def _credential(channel_id: int, seen_version: int) -> Credential | None:
    return Credential.objects.select_related("channel").filter(channel_id=channel_id, version=seen_version).first()


def note(channel: Channel, profile: Profile) -> None:
    """Write down what may have changed on the platform; who the channel is does not, nor the plan of its developer app."""
    Channel.objects.filter(pk=channel.pk).update(
        handle=plain(profile.handle)[:300],
        name=plain(profile.name)[:300],
        url=web_address(profile.url, 500),
        avatar_url=web_address(profile.avatar_url, 1000),
        limits=limits_with_app(
            channel.platform, profile, str(channel.limits.get("plan") or ""), own=bool(channel.limits.get(OWN_APP))
        ),
        checked_at=clock(),
    )
