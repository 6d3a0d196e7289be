"""The line on every page of a workspace in which something ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from masthead.channels.ending import announced, covers
from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import Stage, days_left, stage, sunset_name
from masthead.workspaces.models import Workspace

SHOWN_AFTER = timedelta(days=14)
SHOWN_BEFORE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Line:
    """The nearest end: its name, whole days left (0 once it is in force), and how many others there are."""

    sunset: Sunset
    name: str
    days: int
    over: bool
    others: int = 0


def line(workspace: Workspace, now: datetime) -> Line | None:
    """What to show on every page; None where no channel of the workspace is touched. One query where nothing is announced."""
    near = [one for one in announced(workspace.pk) if -SHOWN_AFTER <= one.ends_at - now <= SHOWN_BEFORE]
    if not near:
        return None
    channels = list(Channel.objects.filter(workspace=workspace).exclude(condition=Channel.Condition.DISCONNECTED))
    met = [one for one in near if any(covers(one, channel) for channel in channels)]
    if not met:
        return None
    first = min(met, key=lambda one: (stage(one, now) is Stage.IN_FORCE, one.ends_at))
    over = stage(first, now) is Stage.IN_FORCE
    return Line(first, sunset_name(first), days_left(first, now), over, len(met) - 1)
