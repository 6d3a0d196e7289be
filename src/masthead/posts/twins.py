"""Two wordings of one post: which of them waits, went out or is kept secret; and the pairs for an audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from masthead.posts.models import PastPost, Post, Publication, Twin
from masthead.posts.states import State
from masthead.workspaces.models import Workspace

Segments = Sequence[Mapping[str, Any]]
OUT = Q(state__in=(State.PUBLISHED, State.REMOVED)) | ~Q(receipts=[])


def twin_of(post: Post) -> Twin | None:
    """The post's twin, drawn or not."""
    found: Twin | None = getattr(post, "twin", None)
    return found


def waiting(post: Post) -> Twin | None:
    """The post's twin while nobody knows which wording goes out."""
    twin = twin_of(post)
    return twin if twin and not twin.drawn else None


def reworded(segments: Segments, text: str) -> list[dict[str, Any]]:
    """Segments with another text in their first part; files, poll and the other parts stay."""
    return [{**part, "text": text} if place == 0 else dict(part) for place, part in enumerate(segments)]


def hidden(post: Post, segments: Segments | None) -> list[dict[str, Any]] | None:
    """Segments for those who must not learn the kept wording: without the first text while either may be the kept one."""
    if segments is None or waiting(post) is None:
        return None if segments is None else [dict(part) for part in segments]
    return reworded(segments, "")


def gives_away(post: Post, texts: Iterable[str]) -> bool:
    """True where one of the texts is the wording that the draw kept secret."""
    twin = twin_of(post)
    return bool(twin and twin.drawn and alike(twin.kept) in {alike(text) for text in texts})


def alike(text: str) -> str:
    """The text without what does not make another wording: capitals and the space between words."""
    return " ".join(text.casefold().split())


def decoys(workspace: Workspace) -> Iterator[tuple[int, str, str, datetime]]:
    """Of each drawn post that went out: its id, the wording that went out, the one kept secret, when it was drawn.

    Both are given as they stood at the draw: who changes a text after it knows what fell, so only the old ones are random.
    A pair of which both wordings became public, on any of the workspace's channels, is no pair any more and is left out.
    """
    out = Publication.objects.filter(OUT, workspace=workspace).values("post")
    found = Twin.objects.filter(post__workspace=workspace, drawn__isnull=False, post__in=out).order_by("post_id")
    public = _public(workspace, {alike(one.kept) for one in found})
    for one in found:
        if one.drawn_at and alike(one.kept) not in public:
            yield one.post_id, one.published, one.kept, one.drawn_at


def _public(workspace: Workspace, kept: set[str]) -> set[str]:
    """Those of the kept wordings that stand in something published after all."""
    if not kept:
        return set()
    sent = Publication.objects.filter(OUT, workspace=workspace).values_list("content__segments", flat=True)
    texts = (part.get("text", "") for parts in sent.order_by().iterator() for part in parts or ())
    read = PastPost.objects.filter(workspace=workspace).order_by().values_list("text", flat=True)
    return {text for text in map(alike, texts) if text in kept} | {
        one for one in map(alike, read.iterator()) if one in kept
    }
