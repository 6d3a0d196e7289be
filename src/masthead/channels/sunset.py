"""Step 5, an end that is known ahead: announce, change, withdraw.

What follows from it on the channels is done in close.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.close import settle
from masthead.channels.ending import covers
from masthead.channels.lapse import who_can_help
from masthead.channels.models import Channel, Sunset
from masthead.connectors import EVERY
from masthead.contract.errors import Refused
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.workspaces.audit import record
from masthead.workspaces.models import Workspace

EARLIEST = timedelta(days=365)
FURTHEST = timedelta(days=365 * 10)


class Stage(StrEnum):
    """Where an end stands."""

    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


def stage(sunset: Sunset, now: datetime) -> Stage:
    """Pure: where an end stands at a time."""
    if sunset.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if sunset.announced_at is None:
        return Stage.PROPOSED
    return Stage.IN_FORCE if sunset.ends_at <= now else Stage.ANNOUNCED


def affected(sunset: Sunset, workspace: Workspace) -> list[Channel]:
    """The workspace's channels that it is about, but for disconnected ones."""
    found = Channel.objects.filter(workspace=workspace, platform=sunset.platform)
    found = found.exclude(condition=Channel.Condition.DISCONNECTED)
    return [one for one in found if covers(sunset, one)]


@transaction.atomic
def announce(workspace: Workspace, who: Any, *, now: datetime, draft: Sunset | None = None, **fields: Any) -> Sunset:
    """Announce an end, or make one of a proposal. Raises Refused naming the field. Tells those who connect channels."""
    sunset = draft or Sunset(workspace=workspace, created_at=now)
    for name, value in fields.items():
        setattr(sunset, name, value)
    must_make_sense(sunset, now)
    sunset.announced_at, sunset.by = now, getattr(who, "user", who)
    sunset.save()
    record(who, workspace, "sunset.announced", sunset_name(sunset), **details(sunset))
    tell_of(sunset, workspace)
    settle(workspace, now)
    return sunset


@transaction.atomic
def change(sunset: Sunset, workspace: Workspace, who: Any, *, now: datetime, **fields: Any) -> None:
    """Another date, source or note. A later date opens again what was closed."""
    for name, value in fields.items():
        setattr(sunset, name, value)
    must_make_sense(sunset, now)
    sunset.save()
    record(who, workspace, "sunset.changed", sunset_name(sunset), **details(sunset))
    settle(workspace, now)


@transaction.atomic
def withdraw(sunset: Sunset, workspace: Workspace, who: Any, *, now: datetime) -> None:
    """Take an end, or a proposal, back. Channels that it closed open again."""
    Sunset.objects.filter(pk=sunset.pk, withdrawn_at=None).update(withdrawn_at=now)
    sunset.refresh_from_db()
    record(who, workspace, "sunset.withdrawn", sunset_name(sunset), **details(sunset))
    settle(workspace, now)


def must_make_sense(sunset: Sunset, now: datetime) -> None:
    """Raises Refused naming the field."""
    if not now - EARLIEST <= sunset.ends_at <= now + FURTHEST:
        raise Refused(
            _("This date is too far away."), field="ends_at", remedy=_("Choose a date within the next ten years.")
        )
    if sunset.source and not sunset.source.startswith(("https://", "http://")):
        raise Refused(
            _("The source must be an address that starts with https://."),
            field="source",
            remedy=_("Copy it from your browser, or leave it empty."),
        )
    needs = (Sunset.Scope.SERVER, Sunset.Scope.PLAN, Sunset.Scope.FEATURE, Sunset.Scope.API_VERSION)
    if sunset.scope in needs and not sunset.subject.strip():
        raise Refused(
            _("It is not said which."), field="subject", remedy=_("Name the server, plan, operation or version.")
        )
    if sunset.scope == Sunset.Scope.CHANNEL and sunset.channel_id is None:
        raise Refused(_("No channel is chosen."), field="channel", remedy=_("Choose a channel."))


def sunset_name(sunset: Sunset) -> str:
    """What ends, in words: the channel, or the platform with the server, plan, operation or version."""
    if sunset.channel:
        return str(sunset.channel)
    platform = EVERY.get(sunset.platform)
    return " ".join(filter(None, (platform.name if platform else sunset.platform, sunset.subject)))


def details(sunset: Sunset) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    return {
        "sunset": sunset.pk,
        "platform": sunset.platform,
        "scope": sunset.scope,
        "ends_at": sunset.ends_at.isoformat(),
        "source": sunset.source[:300],
    }


def days_left(sunset: Sunset, now: datetime) -> int:
    """Whole days until the end, rounded up; 0 once it has come."""
    return max(0, -((now - sunset.ends_at) // timedelta(days=1)))


def tell_of(sunset: Sunset, workspace: Workspace) -> None:
    """Tell those who connect channels, once."""
    with translation.override(workspace.language):
        tell(
            workspace,
            who_can_help(workspace),
            Kind.SUNSET,
            _("%(name)s ends on %(date)s") % {"name": sunset_name(sunset), "date": sunset.ends_at.date().isoformat()},
            _("What is scheduled after that date must move to other channels. The Sunset page leads through it."),
            f"/w/{workspace.slug}/sunset/{sunset.pk}/",
            f"sunset:{sunset.pk}",
        )
