"""Step 5, where nobody announced anything: a channel that keeps answering "gone", or a known end ahead, is proposed as an end.

A proposal stops nothing. A person makes an announcement of it, or dismisses it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.lapse import who_can_help
from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import sunset_name
from masthead.contract.errors import GoneForGood
from masthead.metering.models import CallCount
from masthead.metering.sunsets import Known, known
from masthead.notifications.kinds import Kind
from masthead.notifications.tell import tell
from masthead.workspaces.models import Workspace

SPAN = timedelta(hours=24)
ANSWERS = 4
HOURS = 2
"""So many answers, in so many different hours, and no success since the first: not a fault of one moment."""
QUIET = timedelta(days=7)
AHEAD = timedelta(days=180)


def propose_all(now: datetime) -> int:
    """Look at what platforms answered and at what is known; safe to run twice. Returns how many proposals are new."""
    return sum(propose_gone(one, first, now) for one, first in _gone(now)) + sum(
        _propose_known(one, now) for one in known() if one.scope in ("platform", "server")
    )


def _gone(now: datetime) -> list[tuple[Channel, datetime]]:
    """Channels that answer "gone", and since when."""
    said = CallCount.objects.filter(hour__gte=now - SPAN, channel_id__gt=0, error=GoneForGood.code)
    sums = said.values("channel_id").annotate(
        first=Min("hour"), number=Sum("calls"), hours=Count("hour", distinct=True)
    )
    firsts = {row["channel_id"]: row["first"] for row in sums.filter(number__gte=ANSWERS, hours__gte=HOURS)}
    closed = (Channel.Condition.DISCONNECTED, Channel.Condition.READ_ONLY)
    found = Channel.objects.filter(pk__in=firsts).exclude(condition__in=closed).select_related("workspace")
    return [(one, firsts[one.pk]) for one in found if not _works(one, firsts[one.pk])]


def _works(channel: Channel, since: datetime) -> bool:
    return CallCount.objects.filter(channel_id=channel.pk, error="", hour__gt=since).exists()


@transaction.atomic
def propose_gone(channel: Channel, since: datetime, now: datetime) -> bool:
    """One proposal at a time for a channel; one that was dismissed is not repeated for a week."""
    Channel.objects.select_for_update().get(pk=channel.pk)
    recent = Q(withdrawn_at=None) | Q(withdrawn_at__gt=now - QUIET)
    if Sunset.objects.filter(recent, channel=channel).exists():
        return False
    sunset = Sunset.objects.create(
        workspace=channel.workspace,
        platform=channel.platform,
        scope=Sunset.Scope.CHANNEL,
        channel=channel,
        ends_at=since,
        created_at=now,
    )
    _tell(sunset, channel.workspace, _("Has %s ended?") % channel, gone=True)
    return True


def _propose_known(one: Known, now: datetime) -> int:
    ends_at = datetime.combine(one.ends_on, time(), UTC)
    if not now < ends_at <= now + AHEAD:
        return 0
    there = Channel.objects.filter(platform=one.platform).exclude(condition=Channel.Condition.DISCONNECTED)
    told = Sunset.objects.filter(known=one.key).values("workspace")
    return sum(_propose(one, space, ends_at, now) for space in _without(there.values("workspace"), told))


def _without(here: object, told: object) -> list[Workspace]:
    return list(Workspace.objects.filter(pk__in=here).exclude(pk__in=told))


@transaction.atomic
def _propose(one: Known, workspace: Workspace, ends_at: datetime, now: datetime) -> bool:
    about = {"platform": one.platform, "scope": one.scope, "subject": one.subject, "known": one.key}
    when = {"ends_at": ends_at, "announced_on": one.announced_on, "created_at": now}
    sunset = Sunset.objects.create(workspace=workspace, source=one.source, note=one.note, **about, **when)
    _tell(sunset, workspace, _("%s is known to end") % sunset_name(sunset), gone=False)
    return True


def _tell(sunset: Sunset, workspace: Workspace, title: str, *, gone: bool) -> None:
    with translation.override(workspace.language):
        body = (
            _("The platform keeps answering that it is gone. If it is, announce the end: what is scheduled is kept.")
            if gone
            else _("Announce the end here: everything is exported, and what is planned can be moved.")
        )
        link = f"/w/{workspace.slug}/sunset/announce/?proposal={sunset.pk}"
        tell(workspace, who_can_help(workspace), Kind.SUNSET, title, body, link, f"sunset_proposal:{sunset.pk}")
