"""Step 6, when an end comes or goes: close the channels it stops, and open them again where it was withdrawn or put off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.ending import announced, ending_of, why
from masthead.channels.lapse import who_can_help
from masthead.channels.models import Channel, Credential, Sunset
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.workspaces.audit import record
from masthead.workspaces.models import Workspace

OPEN = (Channel.Condition.CONNECTED, Channel.Condition.NEEDS_RECONNECT)


def settle(workspace: Workspace, now: datetime) -> int:
    """Make the channels' conditions what the announced ends say now; safe to run any number of times. Returns changes."""
    found = announced(workspace.pk)
    return sum(_settle(one, found, now) for one in Channel.objects.filter(workspace=workspace))


def settle_all(now: datetime) -> int:
    """`settle` in every workspace with something announced, or closed."""
    closed = Channel.objects.filter(condition=Channel.Condition.READ_ONLY).values("workspace")
    platforms = Sunset.objects.filter(withdrawn_at=None, announced_at__isnull=False, ends_at__lte=now)
    touched = Channel.objects.filter(platform__in=platforms.values("platform")).values("workspace")
    rows = Workspace.objects.filter(pk__in=closed.union(touched).values_list("workspace", flat=True))
    return sum(settle(one, now) for one in rows)


@transaction.atomic
def _settle(channel: Channel, found: Sequence[Sunset], now: datetime) -> int:
    end = ending_of(channel, found)
    if end and end.ends_at <= now:
        return _close(channel, end) if channel.condition in OPEN else 0
    if channel.condition != Channel.Condition.READ_ONLY:
        return 0
    known = Credential.objects.filter(channel=channel).exists()
    condition = Channel.Condition.CONNECTED if known else Channel.Condition.NEEDS_RECONNECT
    return _turn(channel, condition, "", "channel.open_again")


def _close(channel: Channel, end: Sunset) -> int:
    with translation.override(channel.workspace.language):
        closed = _turn(channel, Channel.Condition.READ_ONLY, why(end), "channel.read_only")
        if closed:
            _tell(channel, end)
    return closed


def _tell(channel: Channel, end: Sunset) -> None:
    tell(
        channel.workspace,
        who_can_help(channel.workspace),
        Kind.SUNSET,
        _("%s is read-only now") % channel,
        _(
            "Nothing is published or read there any more. What was scheduled is kept and can be moved to other channels."
        ),
        f"/w/{channel.workspace.slug}/sunset/{end.pk}/",
        f"read_only:{channel.pk}:{end.pk}:{end.ends_at:%Y%m%d%H%M}",
    )


def _turn(channel: Channel, condition: str, reason: str, action: str) -> int:
    """By compare and set, so that two workers write one entry."""
    same = Channel.objects.filter(pk=channel.pk, condition=channel.condition)
    if not same.update(condition=condition, condition_why=reason[:500]):
        return 0
    record(None, channel.workspace, action, channel.handle, channel=channel.pk)
    return 1
