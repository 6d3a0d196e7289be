"""Move what is scheduled on a channel that ends to another one. What does not fit there becomes a draft; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.channels.models import Channel
from masthead.kit.transitions import WrongMove
from masthead.posts.check import stops
from masthead.posts.compose import draft, tailor
from masthead.posts.models import Move, Post, Publication, Variant
from masthead.posts.moves import move_post, move_publication
from masthead.posts.problems import Told, capabilities_of, problems_of
from masthead.posts.schedule import OPEN, frozen, refuse_ended, schedule
from masthead.posts.states import Editorial, State
from masthead.posts.sunset.hold import MOVED, REASON
from masthead.workspaces.models import User

GOES_OUT = (*OPEN, State.PUBLISHED)


class Fate(StrEnum):
    """What becomes of a publication on its new channel."""

    SCHEDULED = "scheduled"
    DRAFT = "draft"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Fit:
    """How a publication would do on another channel: its fate there and what is in the way, for people."""

    publication: Publication
    fate: Fate
    problems: Sequence[Told] = ()


def look(publication: Publication, target: Channel, *, now: datetime) -> Fit:
    """The check of `posts/check.py` with the target's rules, on the text as it was frozen. Moves nothing."""
    post = publication.post
    if post.publications.filter(channel=target, state__in=GOES_OUT).exists():
        return Fit(publication, Fate.THERE)
    problems = problems_of(post, _variant(publication, target))
    late = publication.publish_at <= now
    return Fit(
        publication, Fate.DRAFT if late or stops([one.problem for one in problems]) else Fate.SCHEDULED, problems
    )


def _variant(publication: Publication, target: Channel) -> Variant:
    """The frozen text as a variant of the target, with those of its settings that the target knows as well. Not saved."""
    content = publication.content
    plain = Variant(post=publication.post, channel=target, segments=content["segments"], options={})
    plain.options = _shared(content.get("options") or {}, plain)
    return plain


def _shared(options: Mapping[str, Any], variant: Variant) -> dict[str, Any]:
    can = capabilities_of(variant.channel)
    known = {one.name for one in can.options} if can else set()
    kept = {name: value for name, value in options.items() if name in known}
    trial = Variant(post=variant.post, channel=variant.channel, segments=variant.segments, options=kept)
    wrong = {told.problem.field for told in problems_of(variant.post, trial)}
    return {name: value for name, value in kept.items() if f"options.{name}" not in wrong}


@transaction.atomic
def move_on(publication: Publication, target: Channel, *, now: datetime, user: User) -> Fit:
    """Move one publication; raises WrongMove where it is neither scheduled nor put aside, Invalid where the target ends too."""
    row = Publication.objects.select_for_update(of=("self",)).select_related("post__workspace").get(pk=publication.pk)
    if row.state != State.SCHEDULED and (row.state, row.reason) != (State.CANCELLED, REASON):
        raise WrongMove("publication", row.state, State.CANCELLED)
    Post.objects.select_for_update().get(pk=row.post_id)
    refuse_ended(target, row.publish_at)
    fit = look(row, target, now=now)
    if fit.fate is Fate.DRAFT:
        _as_draft(row, target, fit, user)
    _leave(row, target, fit, now, user)
    if fit.fate is Fate.SCHEDULED:
        _as_schedule(row, target, now, user)
    return fit


def _leave(row: Publication, target: Channel, fit: Fit, now: datetime, user: User) -> None:
    why = {
        Fate.SCHEDULED: _("moved to %s"),
        Fate.DRAFT: _("kept as a draft for %s"),
        Fate.THERE: _("it goes out on %s anyway"),
    }[fit.fate] % target
    told = {"why": why, "reason": MOVED, "remedy": ""}
    if row.state == State.SCHEDULED:
        move_publication(row, State.CANCELLED, actor=str(user), now=now, **told)
        return
    Publication.objects.filter(pk=row.pk).update(**told)
    entry = {"source": row.state, "target": row.state, "why": why, "actor": str(user), "at": now}
    Move.objects.create(post_id=row.post_id, publication=row, **entry)


def _as_schedule(row: Publication, target: Channel, now: datetime, user: User) -> None:
    """On the same post where it still says what was frozen; else on a copy, so that newer text does not go out unseen."""
    post, wanted = row.post, _variant(row, target)
    old, taken = (post.variants.filter(channel=one).first() for one in (row.channel_id, target.pk))
    if old and not taken and post.state == Editorial.APPROVED and frozen(post, old) == row.content:
        tailor(post, target, segments=old.segments, options=wanted.options)
        old.delete()
    else:
        post = _copy(row, target, user)
        move_post(post, Editorial.APPROVED, actor=str(user), now=now)
    schedule(post, {target.pk: row.publish_at}, now=now, actor=str(user), user=user)


def _as_draft(row: Publication, target: Channel, fit: Fit, user: User) -> None:
    said = [f"{told.message} {told.remedy}" for told in fit.problems] or [_("Its time has passed.")]
    _copy(row, target, user, note="\n".join([_("For %s:") % target, *said]), wanted_at=row.publish_at)


def _copy(row: Publication, target: Channel, user: User, **extra: Any) -> Post:
    """A new post with the frozen text, for the target alone."""
    language = str(row.content.get("language") or "")
    made = draft(row.post.workspace, user, row.content["segments"], title=row.post.title, language=language, **extra)
    tailor(made, target, segments=None, options=_variant(row, target).options)
    return made
