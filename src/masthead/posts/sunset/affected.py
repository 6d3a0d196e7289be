"""What hangs on channels that end: drafts, schedules, what was put aside, past posts. Told to channels/hanging.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.channels.hanging import Count, also
from masthead.channels.models import Channel, Sunset
from masthead.posts.models import PastPost, Post, Publication
from masthead.posts.states import Editorial, State
from masthead.posts.sunset.hold import held

UNFINISHED = (Editorial.DRAFT, Editorial.IN_REVIEW)


def drafts(channels: Sequence[Channel]) -> QuerySet[Post]:
    """Posts meant for the channels that are not approved yet."""
    return Post.objects.filter(state__in=UNFINISHED, variants__channel__in=channels).distinct()


def schedules(sunset: Sunset, channels: Sequence[Channel]) -> QuerySet[Publication]:
    """What is scheduled on the channels for the end or later, in order of time."""
    found = Publication.objects.filter(channel__in=channels, state=State.SCHEDULED, publish_at__gte=sunset.ends_at)
    return found.select_related("post__workspace", "channel").order_by("publish_at", "id")


def to_move(sunset: Sunset, channels: Sequence[Channel]) -> list[Publication]:
    """All that needs another channel: what is scheduled after the end, and what was put aside when it came."""
    return sorted([*schedules(sunset, channels), *held(channels)], key=lambda one: (one.publish_at, one.pk))


@also
def counted(sunset: Sunset, channels: Sequence[Channel]) -> Iterable[Count]:
    """The figures of posts for the Sunset page, each with the place where they are listed."""
    if not channels:
        return
    slug = channels[0].workspace.slug
    only = f"?channel={channels[0].pk}" if len(channels) == 1 else ""
    posts, past = reverse("posts:list", args=[slug]), reverse("posts:past", args=[slug])
    yield Count(_("Drafts"), drafts(channels).count(), posts + only)
    yield Count(_("Scheduled after the end"), schedules(sunset, channels).count(), "#move")
    yield Count(_("Put aside"), held(channels).count(), "#move")
    yield Count(_("Past posts that stay"), PastPost.objects.filter(channel__in=channels).count(), past + only)
