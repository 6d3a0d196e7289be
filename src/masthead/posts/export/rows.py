"""The rows of an export: one dictionary for each line of a JSON Lines file. Every query is limited to one workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from masthead.channels.models import Channel
from masthead.media.models import Asset
from masthead.posts.export import gate
from masthead.posts.models import Export, PastPost, Post, Publication
from masthead.posts.states import Editorial, State
from masthead.posts.sunset.hold import REASON
from masthead.posts.twins import hidden, shown

AT_ONCE = 500
Rows = Callable[[Export], Iterator[dict[str, Any]]]


def channels(export: Export) -> QuerySet[Channel]:
    """The channels an export is about: those it names, or all of the workspace."""
    found = Channel.objects.filter(workspace=export.workspace_id).order_by("id")
    return found.filter(pk__in=export.channels) if export.channels else found


def posts(export: Export) -> QuerySet[Post]:
    """Posts meant for these channels, or published or scheduled there; with all channels, those meant for none as well."""
    found = Post.objects.filter(workspace=export.workspace_id).order_by("id")
    if export.channels:
        sent = Publication.objects.filter(channel__in=export.channels).values("post")
        found = found.filter(Q(pk__in=sent) | Q(variants__channel__in=export.channels)).distinct()
    return found.select_related("twin").prefetch_related("variants", "publications")


def _channels(export: Export) -> Iterator[dict[str, Any]]:
    for one in channels(export):
        names = ("id", "platform", "server", "remote_id", "handle", "name", "url", "condition", "time_zone")
        yield {name: getattr(one, name) for name in names} | {"connected_at": one.connected_at}


def _posts(export: Export) -> Iterator[dict[str, Any]]:
    for post in posts(export).exclude(state__in=(Editorial.DRAFT, Editorial.IN_REVIEW)).iterator(AT_ONCE):
        yield _post(post)


def _drafts(export: Export) -> Iterator[dict[str, Any]]:
    for post in posts(export).filter(state__in=(Editorial.DRAFT, Editorial.IN_REVIEW)).iterator(AT_ONCE):
        yield _post(post)


def _post(post: Post) -> dict[str, Any]:
    names = ("id", "title", "state", "language", "segments", "note", "wanted_at", "created_at", "updated_at")
    variants = [
        {"channel": one.channel_id, "segments": hidden(post, one.segments), "options": one.options}
        for one in post.variants.all()
    ]
    row = {name: getattr(post, name) for name in names}
    return row | {"segments": hidden(post, post.segments), "variants": variants, "twin": shown(post)}


def _publications(export: Export, wanted: Q, part: str) -> Iterator[dict[str, Any]]:
    names = ("id", "post_id", "channel_id", "state", "content", "publish_at", "published_at", "remote_url", "receipts")
    found = Publication.objects.filter(wanted, workspace=export.workspace_id, channel__in=channels(export))
    rows = found.select_related("channel").order_by("id").iterator(AT_ONCE)
    for one in gate.current().publications(export, rows, part):
        yield {name: getattr(one, name) for name in (*names, "reason", "why", "remedy", "attempts")}


WAITING = Q(state__in=(State.SCHEDULED, State.PUBLISHING)) | Q(state=State.CANCELLED, reason=REASON)


def _schedules(export: Export) -> Iterator[dict[str, Any]]:
    return _publications(export, WAITING, "schedules")


def _published(export: Export) -> Iterator[dict[str, Any]]:
    return _publications(export, ~WAITING, "publications")


def _past_posts(export: Export) -> Iterator[dict[str, Any]]:
    names = ("id", "channel_id", "publication_id", "remote_id", "kind", "text", "url", "posted_at", "media", "reply_to")
    more = ("language", "metrics", "platform", "operation", "obtained_at", "read_at", "gone_at")
    found = PastPost.objects.filter(workspace=export.workspace_id, channel__in=channels(export)).defer("words")
    found = found.select_related("channel").prefetch_related("samples").order_by("id")
    for one in gate.current().past_posts(export, found.iterator(AT_ONCE)):
        row = {name: getattr(one, name) for name in (*names, *more)}
        yield row | {
            "samples": [
                {"metric": s.metric, "native": s.native, "value": s.value, "observed_at": s.observed_at}
                for s in one.samples.all()
            ]
        }


def assets(export: Export) -> Iterator[Asset]:
    """The files that the posts use, in order of their number."""
    wanted: set[int] = set()
    for post in posts(export).iterator(AT_ONCE):
        versions = [post.segments, *(one.segments for one in post.variants.all())]
        versions += [(one.content or {}).get("segments") for one in post.publications.all()]
        wanted |= {int(file["asset"]) for parts in versions for part in parts or () for file in _files(part)}
    return iter(Asset.objects.filter(workspace=export.workspace_id, pk__in=wanted).order_by("id"))


def _files(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in part.get("attachments") or [] if one.get("asset")]


PARTS: dict[str, Rows] = {
    "channels.jsonl": _channels,
    "drafts.jsonl": _drafts,
    "posts.jsonl": _posts,
    "schedules.jsonl": _schedules,
    "publications.jsonl": _published,
    "past_posts.jsonl": _past_posts,
}
