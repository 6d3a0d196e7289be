"""What the Sunset pages show: the lists, and the guided page with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator

from masthead.channels.ending import ending_of, stops
from masthead.channels.hanging import counts
from masthead.channels.models import Channel, Sunset
from masthead.channels.queries import channels
from masthead.channels.sunset import Stage, affected, days_left, stage, sunset_name
from masthead.connectors import PLATFORMS
from masthead.metering.sunsets import Known, known, median_notice, version
from masthead.posts.models import Export, Publication
from masthead.posts.sunset.affected import to_move
from masthead.posts.sunset.hold import held
from masthead.posts.sunset.message import template
from masthead.posts.sunset.move_on import Fit, look
from masthead.workspaces.models import Workspace

SHOWN = 200
SOON = timedelta(days=90)


def channels_of(sunset: Sunset, workspace: Workspace) -> list[Channel]:
    """The channels an end is about, those that it closed included."""
    return affected(sunset, workspace)


def goes_on(sunset: Sunset, workspace: Workspace) -> list[Channel]:
    """Channels to move to: connected, not part of this end, without an end of their own."""
    found = channels(workspace).filter(condition=Channel.Condition.CONNECTED)
    return [one for one in found if not stops(sunset, one) and ending_of(one) is None]


def target_of(sunset: Sunset, workspace: Workspace, asked: str) -> Channel | None:
    """The channel that was asked for, where one may move to it."""
    return next((one for one in goes_on(sunset, workspace) if str(one.pk) == asked), None)


def lists(workspace: Workspace, now: datetime) -> dict[str, Any]:
    """The overview."""
    here = Q(workspace=workspace) | Q(workspace=None)
    rows = [_named(one, workspace, now) for one in Sunset.objects.filter(here).select_related("channel")]
    rows = [one for one in rows if one.touched or one.workspace_id]
    met = {one.platform for one in channels(workspace)}
    past = sorted(known(), key=lambda one: (one.platform not in met, -one.ends_on.toordinal()))
    return {
        "coming": [one for one in rows if one.stage is Stage.ANNOUNCED],
        "proposed": [one for one in rows if one.stage is Stage.PROPOSED],
        "over": [one for one in rows if one.stage in (Stage.IN_FORCE, Stage.WITHDRAWN)][::-1],
        "versions": [_version(key, now.date()) for key in sorted(met) if key in PLATFORMS],
        "known": [(PLATFORMS[one.platform].name, one) for one in past if one.platform in PLATFORMS],
        "median": median_notice(known()),
        "exports": Export.objects.filter(workspace=workspace)[:10],
    }


def _named(sunset: Sunset, workspace: Workspace, now: datetime) -> Sunset:
    sunset.name, sunset.stage, sunset.days = sunset_name(sunset), stage(sunset, now), days_left(sunset, now)
    sunset.touched = len(affected(sunset, workspace))
    return sunset


def _version(key: str, today: date) -> dict[str, Any]:
    """The version of a platform's API that this Masthead speaks, and when it ends."""
    platform = PLATFORMS[key]
    row: Known | None = version(key, platform.api_version) if platform.api_version else None
    soon = row is not None and row.ends_on - today < SOON
    return {"platform": platform.name, "version": platform.api_version, "known": row, "soon": soon}


def guide(sunset: Sunset, workspace: Workspace, target: Channel | None, now: datetime) -> dict[str, Any]:
    """The guided page."""
    touched, others = channels_of(sunset, workspace), goes_on(sunset, workspace)
    rows = to_move(sunset, touched)
    exports = list(Export.objects.filter(workspace=workspace, sunset=sunset)[:5])
    versions = [_version(key, now.date()) for key in sorted({sunset.platform}) if key in PLATFORMS]
    ready = any(one.state == Export.State.READY for one in exports)
    fits = [_line(one, target, now) for one in rows[:SHOWN]]
    return {
        "sunset": _named(sunset, workspace, now),
        "touched": touched,
        "counts": counts(sunset, touched),
        "others": others,
        "target": target,
        "rows": fits,
        "more": len(rows) - len(fits),
        "total": len(rows),
        "sums": _sums([one["fit"] for one in fits if one["fit"]]),
        "exports": exports,
        "text": sunset.message or template(sunset, workspace, touched, others),
        "versions": versions,
        "restorable": restorable(touched, now),
        "steps": {
            "export": ready,
            "move": not rows,
            "tell": sunset.told_at is not None,
            "watch": not any(one["soon"] for one in versions),
        },
    }


def restorable(touched: Sequence[Channel], now: datetime) -> int:
    """How many that were put aside could be scheduled again."""
    open_again = [one for one in touched if one.condition != Channel.Condition.READ_ONLY]
    return held(open_again).filter(publish_at__gt=now).count() if open_again else 0


def _line(publication: Publication, target: Channel | None, now: datetime) -> dict[str, Any]:
    text = " ".join(part["text"] for part in publication.content["segments"])
    fit = look(publication, target, now=now) if target else None
    return {"row": publication, "excerpt": Truncator(text[:400]).chars(90), "fit": fit}


def _sums(fits: Sequence[Fit]) -> dict[str, int]:
    return {fate: sum(one.fate == fate for one in fits) for fate in ("scheduled", "draft", "there")}
