"""One item of the archive by its id, and the other shelves that hold the same post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from masthead.channels.models import Channel
from masthead.kit.text import number
from masthead.posts.models import PastPost, Publication
from masthead.rights.archive.as_items import of_past_post, of_publications, of_record
from masthead.rights.archive.wanted import IMPORTED, OUT, PUBLISHED, READ
from masthead.rights.items import Item
from masthead.rights.models import Record
from masthead.workspaces.models import Workspace

POSTS = ("own_post", "others_post")
APART = timedelta(days=1)
"""How far the platform's time of a post and our plan for it can be apart."""


def item(workspace: Workspace, item_id: str, *, private: bool) -> Item:
    """An item with its other origins; LookupError for another workspace's, and for messages unless `private`."""
    shelf, _colon, rest = item_id.partition(":")
    row = rest.partition(":")[0]
    key = number(row)
    found = next((one for one in _rows(workspace, shelf, key) if one.id == item_id), None) if key is not None else None
    if found is None or (found.kind == "message" and not private):
        raise LookupError(item_id)
    return with_others(workspace, [found])[0]


def _rows(workspace: Workspace, shelf: str, row: int) -> list[Item]:
    if shelf == IMPORTED:
        return [of_record(one) for one in Record.objects.filter(workspace=workspace, pk=row).defer("words")]
    if shelf == READ:
        found = PastPost.objects.filter(workspace=workspace, pk=row).select_related("channel").defer("words")
        return [of_past_post(one) for one in found]
    if shelf == PUBLISHED:
        out = Publication.objects.filter(workspace=workspace, pk=row, state__in=OUT).select_related("channel")
        return of_publications(list(out))
    return []


def with_others(workspace: Workspace, items: Sequence[Item]) -> list[Item]:
    """The same items, each with the ids of the same post on other shelves and in other archives."""
    posts = [one for one in items if one.kind in POSTS and one.remote_id]
    if not posts:
        return list(items)
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    _in_tables(workspace, posts, held)
    _in_receipts(workspace, posts, held)
    return [
        replace(one, others=tuple(id_ for id_ in held[one.platform, one.remote_id] if id_ != one.id))
        if one.kind in POSTS
        else one
        for one in items
    ]


def _in_tables(workspace: Workspace, posts: Sequence[Item], held: dict[tuple[str, str], list[str]]) -> None:
    ids, platforms = {one.remote_id for one in posts}, {one.platform for one in posts}
    brought = Record.objects.filter(workspace=workspace, platform__in=platforms, remote_id__in=ids, kind__in=POSTS)
    for platform, remote_id, row in brought.values_list("platform", "remote_id", "id"):
        held[platform, remote_id].append(f"{IMPORTED}:{row}")
    there = list(Channel.objects.filter(workspace=workspace, platform__in=platforms).values_list("pk", flat=True))
    read = PastPost.objects.filter(channel__in=there, remote_id__in=ids)  # by the index that begins with the channel
    for platform, remote_id, row in read.values_list("platform", "remote_id", "id"):
        held[platform, remote_id].append(f"{READ}:{row}")


def _in_receipts(workspace: Workspace, posts: Sequence[Item], held: dict[tuple[str, str], list[str]]) -> None:
    """Publications of about the same time that have one of the remote ids among their receipts."""
    wanted = {(one.platform, one.remote_id) for one in posts}
    times = Q()
    for first, last in _spans(posts):
        times |= Q(publish_at__range=(first, last))
    near = Publication.objects.filter(times, workspace=workspace, state__in=OUT).exclude(receipts=[])
    near = near.filter(channel__platform__in={platform for platform, _id in wanted})
    for row, platform, receipts in near.values_list("id", "channel__platform", "receipts"):
        for place, receipt in enumerate(receipts):
            if (platform, receipt.get("remote_id")) in wanted:
                held[platform, receipt["remote_id"]].append(f"{PUBLISHED}:{row}:{place}")


def _spans(posts: Sequence[Item]) -> list[tuple[datetime, datetime]]:
    """The times to look at, as few as there can be."""
    spans: list[tuple[datetime, datetime]] = []
    for at in sorted(one.posted_at for one in posts):
        first, last = at - APART, at + APART
        if spans and first <= spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans
