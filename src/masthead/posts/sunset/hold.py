"""From the date on: what is still scheduled there is put aside, neither sent nor lost, and can be moved or brought back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.channels.models import Channel
from masthead.kit.transitions import WrongMove
from masthead.posts.compose import Invalid
from masthead.posts.models import Publication
from masthead.posts.moves import move_publication
from masthead.posts.schedule import again
from masthead.posts.states import State

REASON = "sunset"
MOVED = "moved_on"


def held(channels: Sequence[Channel]) -> QuerySet[Publication]:
    """What was put aside because its channel ended, in order of time."""
    found = Publication.objects.filter(channel__in=channels, state=State.CANCELLED, reason=REASON)
    return found.select_related("post__workspace", "channel").order_by("publish_at", "id")


def hold_all(now: datetime, most: int = 2000) -> int:
    """Put aside what is scheduled on channels that are read-only. Safe to run twice; returns how many."""
    waiting = Publication.objects.filter(state=State.SCHEDULED, channel__condition=Channel.Condition.READ_ONLY)
    rows = waiting.select_related("workspace", "channel").order_by("id")[:most]
    return sum(_hold(one, now) for one in rows)


def _hold(publication: Publication, now: datetime) -> bool:
    with translation.override(publication.workspace.language), suppress(WrongMove):
        move_publication(
            publication,
            State.CANCELLED,
            actor="worker",
            now=now,
            why=_("%s has ended. The post is kept.") % publication.channel,
            reason=REASON,
            remedy=_("Move it to another channel on the Sunset page."),
        )
        return True
    return False


def restore(channels: Sequence[Channel], *, now: datetime, actor: str) -> int:
    """Schedule again what was put aside on channels that are open again; what is late or was edited stays aside."""
    open_again = [one for one in channels if one.condition != Channel.Condition.READ_ONLY]
    return sum(_restore(one, now, actor) for one in held(open_again).filter(publish_at__gt=now))


def _restore(publication: Publication, now: datetime, actor: str) -> bool:
    with suppress(WrongMove, Invalid):
        again(publication, publication.publish_at, now=now, actor=actor)
        return True
    return False
