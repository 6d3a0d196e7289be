"""Step 4, after review and before publish: schedule, move, cancel; the next free slot of a channel's queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from masthead.channels.ending import ending_of
from masthead.channels.models import Channel, Slot
from masthead.kit.transitions import WrongMove
from masthead.posts.check import stops
from masthead.posts.compose import Invalid
from masthead.posts.cost import Segments
from masthead.posts.cost_words import beyond_limits
from masthead.posts.draw import CHANCE, draw, spoil
from masthead.posts.models import Lane, Move, Post, Publication, Variant
from masthead.posts.moves import move_publication
from masthead.posts.problems import Told, problems_of
from masthead.posts.quotas import app_key
from masthead.posts.states import Editorial, State
from masthead.posts.twins import reworded, waiting
from masthead.workspaces.models import OverQuota

PAST_GRACE = timedelta(minutes=2)
FURTHEST = timedelta(days=730)
OPEN = (State.SCHEDULED, State.PUBLISHING, State.PROCESSING, State.UNCONFIRMED)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class NotReady(Exception):
    """The post cannot be scheduled: problems per channel."""

    def __init__(self, problems: Mapping[int, Sequence[Told]]) -> None:
        super().__init__(_("The post has problems that must be solved first."))
        self.problems = problems


class OutAlready(Exception):
    """The very same text is published on a channel; once more only when that is asked for."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(_("This post is out on %s already.") % channel)


def check_time(publish_at: datetime, now: datetime) -> datetime:
    """The time to publish; a moment ago counts as now. Raises Invalid for the past and the far future."""
    if publish_at < now - PAST_GRACE:
        raise Invalid("publish_at", _("This time has passed."), _("Choose a time in the future, or publish now."))
    if publish_at > now + FURTHEST:
        raise Invalid("publish_at", _("This is more than two years ahead."), _("Choose an earlier time."))
    return max(publish_at, now)


def schedule(
    post: Post,
    publish_at: datetime | Mapping[int, datetime],
    *,
    now: datetime,
    actor: str,
    user: Any = None,
    seen: int | None = None,
    repeat: bool = True,
    coin: Random = CHANCE,
) -> list[Publication]:
    """Make a publication of every variant (or of those in a mapping channel id -> time). All or nothing.

    Of two wordings, `coin` draws the one that goes out, after both were checked on every channel; once, however often
    the post is scheduled.

    `seen` is the newest publication of the post that the person knew of: a second click, which knows of no more than
    the first, makes nothing, however fast the first went out. Without `repeat`, what is out as it is now does not go out again.
    Raises Invalid (time, no channel), NotReady (problems), WrongMove (not approved, or already scheduled there), OutAlready.
    """
    with transaction.atomic():
        stored = Post.objects.select_for_update().get(pk=post.pk)
        variants = _wanted(stored, publish_at)
        if stored.state != Editorial.APPROVED:
            raise WrongMove("post", stored.state, "scheduled")
        if seen is not None and stored.publications.filter(pk__gt=seen).exists():
            raise WrongMove("publication", "scheduled", "scheduled")
        if not repeat:
            _refuse_repeats(stored, variants)
        found = {one.channel_id: problems_of(stored, one) for one in variants}
        if bad := {channel: all_ for channel, all_ in found.items() if stops([told.problem for told in all_])}:
            raise NotReady(bad)
        for one in variants:
            _refuse_either(stored, one, _time(publish_at, one, now), now)
        if draw(stored, coin=coin, now=now, actor=actor):
            variants = _wanted(stored, publish_at)
        return [_publication(stored, one, _time(publish_at, one, now), now, actor, user) for one in variants]


def refuse_ended(channel: Channel, at: datetime) -> None:
    """Raises Invalid where the channel ends before `at`."""
    end = ending_of(channel)
    if end and end.ends_at <= at:
        day = date_format(timezone.localtime(end.ends_at), "DATETIME_FORMAT")
        raise Invalid(
            "publish_at",
            _("%(channel)s ends on %(day)s, before this time.") % {"channel": channel, "day": day},
            _("Choose an earlier time, or another channel."),
        )


def refuse_beyond(
    channel: Channel, segments: Segments, at: datetime, *, now: datetime, moved: Publication | None = None
) -> None:
    """Raises Invalid where the platform would not take it on that day, or no cap has room for it, and the workspace wants that refused."""
    if channel.workspace.over_quota == OverQuota.REFUSE and (
        told := beyond_limits(channel, segments, at, now=now, moved=moved)
    ):
        remedy = _("Choose another day. An admin may allow it in the workspace’s settings.")
        raise Invalid("publish_at", f"{channel}: {told}", remedy)


def _refuse_either(post: Post, variant: Variant, at: datetime, now: datetime) -> None:
    """Refuse the one wording for the other's sake: were only what fell refused, people could draw until they like it."""
    if twin := waiting(post):
        segments = frozen(post, variant)["segments"]
        for wording in (segments, reworded(segments, twin.wording)):
            refuse_beyond(variant.channel, wording, at, now=now)


def _refuse_repeats(post: Post, variants: Sequence[Variant]) -> None:
    for one in variants:
        if post.publications.filter(
            channel_id=one.channel_id, state=State.PUBLISHED, content=frozen(post, one)
        ).exists():
            raise OutAlready(one.channel)


def _wanted(post: Post, publish_at: datetime | Mapping[int, datetime]) -> list[Variant]:
    variants = list(post.variants.select_related("channel"))
    if isinstance(publish_at, Mapping):
        variants = [one for one in variants if one.channel_id in publish_at]
    if not variants:
        raise Invalid("channels", _("No channel is chosen."), _("Choose at least one channel."))
    for one in variants:
        if one.channel.condition == Channel.Condition.DISCONNECTED:
            raise Invalid(
                "channels", _("%s is disconnected.") % one.channel, _("Reconnect it or choose another channel.")
            )
    return variants


def _time(publish_at: datetime | Mapping[int, datetime], one: Variant, now: datetime) -> datetime:
    return check_time(publish_at[one.channel_id] if isinstance(publish_at, Mapping) else publish_at, now)


def _publication(post: Post, variant: Variant, at: datetime, now: datetime, actor: str, user: Any) -> Publication:
    if post.publications.filter(channel_id=variant.channel_id, state__in=OPEN).exists():
        raise WrongMove("publication", "scheduled", "scheduled")
    refuse_ended(variant.channel, at)
    content = frozen(post, variant)
    refuse_beyond(variant.channel, content["segments"], at, now=now)
    spoil(post, content["segments"], now=now, actor=actor)
    ensure_lane(variant.channel)
    made = Publication.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        channel_id=variant.channel_id,
        content=content,
        publish_at=at,
        not_before=at,
        expires_at=at + late_after(post),
        created_by=user,
    )
    Move.objects.create(post=post, publication=made, source="", target=State.SCHEDULED, actor=actor, at=now)
    return made


def frozen(post: Post, variant: Variant) -> dict[str, Any]:
    """What goes out: the variant's text and settings as they are now."""
    segments = variant.segments if variant.segments is not None else post.segments
    return {"segments": segments, "options": variant.options, "language": post.language}


def late_after(post: Post) -> timedelta:
    """How late is too late, from the workspace's setting."""
    return timedelta(minutes=max(1, post.workspace.late_after_minutes))


def ensure_lane(channel: Channel) -> None:
    """The row on which workers agree who sends on a channel."""
    app = app_key(channel.platform, channel.server, channel.limits)
    lane, _new = Lane.objects.get_or_create(
        channel=channel, defaults={"held_until": LONG_AGO, "paused_until": LONG_AGO, "app": app}
    )
    if lane.app != app:
        Lane.objects.filter(pk=lane.pk).update(app=app)


def move(publication: Publication, publish_at: datetime, *, now: datetime, actor: str) -> None:
    """Give a publication that has not gone out another time; failed, expired and cancelled ones come back to life."""
    at = check_time(publish_at, now)
    refuse_ended(publication.channel, at)
    refuse_beyond(publication.channel, publication.content["segments"], at, now=now, moved=publication)
    times = {"publish_at": at, "not_before": at, "expires_at": at + late_after(publication.post)}
    if publication.state != State.SCHEDULED:
        again(publication, at, now=now, actor=actor)
        return
    moved = Publication.objects.filter(pk=publication.pk, state=State.SCHEDULED).update(**times)
    if not moved:
        raise WrongMove("publication", publication.state, State.SCHEDULED)
    Move.objects.create(
        post_id=publication.post_id,
        publication=publication,
        source=State.SCHEDULED,
        target=State.SCHEDULED,
        why=_("moved to %s") % at.isoformat(timespec="minutes"),
        actor=actor,
        at=now,
    )
    publication.refresh_from_db()


@transaction.atomic
def again(publication: Publication, at: datetime, *, now: datetime, actor: str) -> None:
    """Try a failed, expired or cancelled publication once more, with the text as it is now if nothing is out yet.

    Raises WrongMove where that text is not approved.
    """
    if publication.state == State.UNCONFIRMED:
        raise WrongMove("publication", publication.state, State.SCHEDULED)
    refuse_ended(publication.channel, at)
    content = publication.content if publication.receipts else _approved_content(publication)
    spoil(publication.post, content["segments"], now=now, actor=actor)
    move_publication(
        publication,
        State.SCHEDULED,
        actor=actor,
        now=now,
        content=content,
        publish_at=at,
        not_before=at,
        expires_at=at + late_after(publication.post),
        reason="",
        remedy="",
        field="",
    )


def _approved_content(publication: Publication) -> dict[str, Any]:
    """What the post says now on the channel; what was frozen where it is no longer meant for the channel."""
    post = Post.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=publication.post_id)
    if post.state != Editorial.APPROVED:
        raise WrongMove("post", post.state, "scheduled")
    variant = post.variants.filter(channel_id=publication.channel_id).first()
    return frozen(post, variant) if variant else dict(publication.content)


def cancel(publication: Publication, *, now: datetime, actor: str) -> None:
    """Take a scheduled publication back; WrongMove when a worker already has it."""
    move_publication(publication, State.CANCELLED, actor=actor, now=now, why=_("cancelled"))


def next_free_slot(channel: Channel, after: datetime, taken: set[datetime] | None = None) -> datetime | None:
    """The next time of the channel's queue with nothing scheduled; None without slots. Times a clock change skips are left out."""
    zone = ZoneInfo(channel.time_zone or channel.workspace.time_zone or "UTC")
    slots = list(Slot.objects.filter(channel=channel))
    busy = (
        taken
        if taken is not None
        else set(
            Publication.objects.filter(channel=channel, state__in=OPEN, publish_at__gte=after).values_list(
                "publish_at", flat=True
            )
        )
    )
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=offset) for offset in range(400 if slots else 0)):
        for slot in slots:
            at = datetime.combine(day, slot.time, zone)
            exists = at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at.replace(tzinfo=None)
            if slot.weekday == day.weekday() and exists and at > after and at.astimezone(UTC) not in busy:
                return at.astimezone(UTC)
    return None
