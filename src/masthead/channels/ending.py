"""What has an end and when: one question in two languages, SQL for the claim and Python for everything else.

test_sunset.py holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from masthead.channels.models import Channel, Sunset
from masthead.contract.ending import Ending

S = Sunset.Scope
STOPS = (S.PLATFORM, S.SERVER, S.PLAN, S.CHANNEL)
"""Scopes that end a whole channel. A feature ends one operation; a version of the API is only watched."""

_COVERING = """from channels_sunset s where s.platform = c.platform and s.withdrawn_at is null
    and s.announced_at is not null and (s.workspace_id is null or s.workspace_id = c.workspace_id) and case s.scope
      when 'platform' then true when 'server' then s.subject = c.server when 'channel' then s.channel_id = c.id
      when 'plan' then s.subject = c.limits ->> 'plan' else {feature} end"""
ENDS_AT = f"(select min(s.ends_at) {_COVERING.format(feature='false')})"
"""When the channel `c` (a row of channels_channel) ends, in SQL; null where no end is announced."""
ENDINGS = f"""(select jsonb_agg(jsonb_build_array(s.ends_at, case s.scope when 'feature' then s.subject else '' end))
    {_COVERING.format(feature="s.scope = 'feature'")})"""
"""All that ends for the channel `c`, in SQL: a list of [time, operation or ""]; null where nothing does."""


def announced(workspace_id: int) -> list[Sunset]:
    """What is announced for a workspace, or the whole installation, and not withdrawn, in order of time."""
    here = Q(workspace=None) | Q(workspace=workspace_id)
    return list(Sunset.objects.filter(here, withdrawn_at=None, announced_at__isnull=False))


def covers(sunset: Sunset, channel: Channel) -> bool:
    """True where the channel belongs to what ends, whether that stops it or not."""
    if sunset.platform != channel.platform or sunset.workspace_id not in (None, channel.workspace_id):
        return False
    if sunset.scope == S.SERVER:
        return sunset.subject == channel.server
    if sunset.scope == S.PLAN:
        return sunset.subject == channel.limits.get("plan")
    return sunset.scope != S.CHANNEL or sunset.channel_id == channel.pk


def stops(sunset: Sunset, channel: Channel) -> bool:
    """True where the channel itself ends with it."""
    return sunset.scope in STOPS and covers(sunset, channel)


def ending_of(channel: Channel, among: Iterable[Sunset] | None = None) -> Sunset | None:
    """The first end that stops a channel; None without one."""
    found = announced(channel.workspace_id) if among is None else among
    return min((one for one in found if stops(one, channel)), key=lambda one: one.ends_at, default=None)


def endings_for(workspace_id: int, platform: str, channel_id: int = 0) -> tuple[Ending, ...]:
    """What a client bound to a platform, and a channel where there is one, must not call from when on."""
    found = [one for one in announced(workspace_id) if one.platform == platform]
    channel = Channel.objects.filter(pk=channel_id).first() if found and channel_id else None
    return tuple(_ending(one) for one in found if _binds(one, channel))


def _binds(sunset: Sunset, channel: Channel | None) -> bool:
    if sunset.scope == S.API_VERSION:
        return False
    return covers(sunset, channel) if channel else sunset.scope in (S.PLATFORM, S.FEATURE)


def _ending(sunset: Sunset) -> Ending:
    return Ending(sunset.ends_at, why(sunset), sunset.subject if sunset.scope == S.FEATURE else "")


def why(sunset: Sunset) -> str:
    """Why nothing is called, for people."""
    return _("This has ended on %s: Masthead calls nothing there any more.") % sunset.ends_at.date().isoformat()
