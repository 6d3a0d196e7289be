"""Two wordings of one post: which of them waits, goes out or is kept secret; what of that may be shown; and the pairs for an audit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from masthead.posts.models import PastPost, Post, Publication, Twin
from masthead.posts.states import State
from masthead.workspaces.models import Workspace

Segments = Sequence[Mapping[str, Any]]
OUT = Q(state__in=(State.PUBLISHED, State.REMOVED)) | ~Q(receipts=[])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two wordings of which one went out, as they stood at the draw; `receipts` are of the publications that it went out as."""

    post: int
    published: str
    kept: str
    drawn_at: datetime
    commitment: str
    receipts: tuple[tuple[str, str], ...]
    """The platform, and its id of the first part, of each publication."""


def twin_of(post: Post) -> Twin | None:
    """The post's twin, drawn or not."""
    found: Twin | None = getattr(post, "twin", None)
    return found


def forget(post: Post) -> None:
    """Let the next look at the post's twin ask the database: it was changed beside this object."""
    post._state.fields_cache.pop("twin", None)


def waiting(post: Post) -> Twin | None:
    """The post's twin while nobody knows which wording goes out."""
    twin = twin_of(post)
    return twin if twin and not twin.drawn else None


def valid(post: Post) -> Twin | None:
    """The post's twin once it is drawn, while the pair can prove something."""
    twin = twin_of(post)
    return twin if twin and twin.drawn and not twin.voided_at else None


def shown(post: Post) -> dict[str, Any] | None:
    """What anybody may know of the post's twin: that there is one, what fell and when, the commitment. Never a wording."""
    twin = twin_of(post)
    return {name: getattr(twin, name) for name in ("drawn", "drawn_at", "commitment", "voided_at")} if twin else None


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


def wrong_text(twin: Twin, segments: Segments) -> bool:
    """True where the first part says something else than what fell."""
    return alike(segments[0]["text"]) != alike(twin.published)


def alike(text: str) -> str:
    """The text without what does not make another wording: capitals and the space between words."""
    return " ".join(text.casefold().split())


def commitment_of(twin: Twin) -> str:
    """SHA-256 over both wordings, what fell and when, and the nonce (docs/how-to/prove-it-with-twins.md says how to check it)."""
    at = twin.drawn_at.astimezone(UTC).isoformat(timespec="seconds") if twin.drawn_at else ""
    told = [twin.nonce, twin.original, twin.wording, twin.drawn, at]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def pairs(workspace: Workspace) -> Iterator[Pair]:
    """The pairs for an audit: drawn, one went out as it was drawn, nothing of the other is public, and the commitment holds.

    A pair of which both wordings became public, on any of the workspace's channels, is no pair any more and is left out.
    """
    out = Publication.objects.filter(OUT, workspace=workspace)
    drawn = Twin.objects.filter(post__workspace=workspace, drawn__isnull=False, voided_at=None)
    found = list(drawn.filter(post__in=out.values("post")).order_by("post_id"))
    sent = out.filter(post__in=[one.post_id for one in found]).order_by("pk")
    rows = sent.values_list("post", "channel__platform", "receipts")
    receipts = [(post, (platform, str(got[0].get("remote_id", "")))) for post, platform, got in rows if got]
    public = _public(workspace, {alike(one.kept) for one in found})
    for one in found:
        if one.drawn_at and alike(one.kept) not in public and commitment_of(one) == one.commitment:
            mine = tuple(receipt for post, receipt in receipts if post == one.post_id)
            yield Pair(one.post_id, one.published, one.kept, one.drawn_at, one.commitment, mine)


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
