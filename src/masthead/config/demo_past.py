"""The demo's past posts: imported as any channel's, with the readings that would have been made had the demo run before."""

from __future__ import annotations

from datetime import datetime, timedelta

from asgiref.sync import async_to_sync

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.testing_past import numbers_of
from masthead.kit.clock import now
from masthead.posts.history.read import read_history
from masthead.posts.history.thinning import next_read
from masthead.posts.history.turn import begin
from masthead.posts.models import HistoryImport, PastPost, Sample

RECENT = timedelta(days=45)
MOST = 30


def import_past() -> None:
    """Import the demo's channels that were not imported yet."""
    known = HistoryImport.objects.values("channel")
    for channel in Channel.objects.filter(platform="sandbox").exclude(pk__in=known):
        begin(channel, now=now())
        async_to_sync(read_history)(channel.pk)
        for post in PastPost.objects.filter(channel=channel, posted_at__gt=now() - RECENT):
            Sample.objects.bulk_create(_earlier(post), ignore_conflicts=True)


def _earlier(post: PastPost) -> list[Sample]:
    """The readings between a post and its import, at the times at which they would have been made."""
    names = PLATFORMS["sandbox"].history.names  # type: ignore[union-attr]
    stood: dict[str, float] = {}
    found: list[Sample] = []
    for at in _times(post)[:MOST]:
        numbers = numbers_of({"id": post.remote_id, "created_at": post.posted_at.timestamp()}, at.timestamp())
        for native, value in numbers.items():
            if stood.get(native) != value:
                found.append(
                    Sample(past_post=post, metric=names.get(native, native), native=native, value=value, observed_at=at)
                )
            stood[native] = value
    return found


def _times(post: PastPost) -> list[datetime]:
    at, times = post.posted_at + timedelta(minutes=20), []
    while at < post.obtained_at:
        times.append(at)
        at = max(next_read(post.posted_at, at, at) or post.obtained_at, at + (at - post.posted_at) / 4)
    return times
