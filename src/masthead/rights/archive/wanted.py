"""What of the archive somebody asks for, as one value, and the same wish told to each shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from masthead.kit.clock import now
from masthead.posts.models import PastPost, Publication
from masthead.posts.queries import matching
from masthead.posts.states import State
from masthead.rights.models import Record
from masthead.workspaces.models import Workspace

IMPORTED, PUBLISHED, READ = "imported", "published", "read"
SHELVES = (IMPORTED, PUBLISHED, READ)
"""In this order one copy of a post stands for the others."""
OUT = (State.PUBLISHED, State.REMOVED, State.FAILED, State.CANCELLED, State.EXPIRED)
"""Ends of a publication; of each, the segments that have a receipt went out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish; what is empty does not limit. `start` is the first moment, `end` the first one after.

    `account` goes with `platform`. `gone`: True for what is gone from its platform, False for what is not known to be. Without
    `private`, messages between people stay out.
    """

    words: str = ""
    channel: int | None = None
    platform: str = ""
    account: str = ""
    kind: str = ""
    shelf: str = ""
    start: datetime | None = None
    end: datetime | None = None
    media: bool = False
    gone: bool | None = None
    private: bool = False


def records(workspace: Workspace, wanted: Wanted, *, look: bool = False) -> QuerySet[Record]:
    """What was brought in. `look`: words are looked for row by row, not by their index, here and below."""
    found = Record.objects.filter(workspace=workspace).defer("words")
    if wanted.shelf not in ("", IMPORTED):
        return found.none()
    if not wanted.private:
        found = found.exclude(kind="message")
    found = _searched(found, "words", wanted.words, look)
    limits = {"channel": wanted.channel, "platform": wanted.platform, "account": wanted.account, "kind": wanted.kind}
    return _limited(found, limits, wanted, "posted_at").filter(_gone(wanted), _media(wanted))


def past_posts(workspace: Workspace, wanted: Wanted, *, look: bool = False) -> QuerySet[PastPost]:
    """What was read from platforms; a repost is another's post."""
    found = PastPost.objects.filter(workspace=workspace).select_related("channel").defer("words")
    if wanted.shelf not in ("", READ) or wanted.kind not in ("", "own_post", "others_post"):
        return found.none()
    if wanted.kind:
        found = found.filter(kind="repost") if wanted.kind == "others_post" else found.exclude(kind="repost")
    found = _searched(found, "words", wanted.words, look).filter(_handle(wanted))
    limits = {"channel": wanted.channel, "platform": wanted.platform}
    return _limited(found, limits, wanted, "posted_at").filter(_gone(wanted), _media(wanted))


def publications(workspace: Workspace, wanted: Wanted, *, look: bool = False) -> QuerySet[Publication]:
    """What went out from here: publications that have ended with at least one receipt."""
    found = Publication.objects.filter(workspace=workspace, state__in=OUT, publish_at__lte=now())
    found = found.exclude(receipts=[]).select_related("channel")
    if wanted.shelf not in ("", PUBLISHED) or wanted.kind not in ("", "own_post"):
        return found.none()
    if wanted.gone is not None:
        found = found.filter(state=State.REMOVED) if wanted.gone else found.exclude(state=State.REMOVED)
    if wanted.media:
        found = found.filter(content__segments__contains=[{"attachments": [{}]}])
    found = _searched(found, "post__words", wanted.words, look).filter(_handle(wanted))
    limits = {"channel": wanted.channel, "channel__platform": wanted.platform}
    return _limited(found, limits, wanted, "publish_at")


def _searched(found: QuerySet[Any], column: str, words: str, look: bool) -> QuerySet[Any]:
    """With `look` each row is looked at: an expression in the place of the column keeps the index of words out of it."""
    if not words.strip():
        return found
    query = matching(words)
    if query is None:
        return found.none()
    if not look:
        return found.filter(**{column: query})
    itself = Coalesce(F(column), F(column), output_field=SearchVectorField())
    return found.annotate(said=itself).filter(said=query)


def _limited(found: QuerySet[Any], limits: dict[str, Any], wanted: Wanted, at: str) -> QuerySet[Any]:
    times = {f"{at}__gte": wanted.start, f"{at}__lt": wanted.end}
    return found.filter(**{name: value for name, value in (limits | times).items() if value not in (None, "")})


def _handle(wanted: Wanted) -> Q:
    """An account is known here by its channel's handle, with or without the sign before it."""
    name = wanted.account.removeprefix("@")
    return Q(channel__handle__in=(name, f"@{name}")) if name else Q()


def _gone(wanted: Wanted) -> Q:
    return Q() if wanted.gone is None else Q(gone_at__isnull=not wanted.gone)


def _media(wanted: Wanted) -> Q:
    return ~Q(media=[]) if wanted.media else Q()
