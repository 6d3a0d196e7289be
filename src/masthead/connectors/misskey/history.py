"""A profile's own past notes with reactions, renotes and replies. Renotes of others and direct notes are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.misskey import wire
from masthead.connectors.misskey.connect import signed
from masthead.connectors.misskey.errors import explain
from masthead.connectors.misskey.lookup import listed, receipt_of
from masthead.connectors.misskey.operations import SHOW_NOTE
from masthead.contract.history import PastMedia, PastPage, PastPost, kind_of, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"reactionCount": "likes", "renoteCount": "reposts", "repliesCount": "replies"}


@dataclass(frozen=True)
class MisskeyHistory:
    """The history part. The cursor is the id of the last note of a page."""

    names: Mapping[str, str] = field(default_factory=lambda: dict(NAMES))
    most_ids: int = 10
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page; a server that shows the same page again instead of an older one ends the listing."""
        answer = await listed(http, account, limit=self.page_size, **({"untilId": cursor} if cursor else {}))
        notes = wire.notes(answer.body)
        own = tuple(_past(account, one) for one in notes if not one.is_boost and one.visibility != "specified")
        last = notes[-1].id if notes else ""
        return PastPage(own, "" if last == cursor else last)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers, one note after the other: Misskey takes no list of ids."""

        async def ask(note: str) -> dict[str, float]:
            answer = await http.call(SHOW_NOTE, account.server, json=signed(account, noteId=note), explain=explain)
            return numbers(wire.read(wire.Note, answer.body))

        return await one_by_one(posts, ask)


def numbers(note: wire.Note) -> dict[str, float]:
    """A note's numbers. Older servers tell the reactions by kind only; what is not told is left out."""
    reactions = sum(note.reactions.values()) if note.reactionCount is None else note.reactionCount
    told = {"reactionCount": reactions, "renoteCount": note.renoteCount, "repliesCount": note.repliesCount}
    return {name: float(value) for name, value in told.items() if value is not None}


def _past(account: Account, note: wire.Note) -> PastPost:
    return PastPost(
        note.id,
        note.text or "",
        receipt_of(account, note).url,
        note.at,
        kind="reply" if note.replyId else "post",
        media=tuple(_media(one) for one in note.files),
        reply_to=note.replyId or "",
        metrics=numbers(note),
    )


def _media(one: wire.File) -> PastMedia:
    return PastMedia(kind_of(one.type), url=one.url, preview_url=one.thumbnailUrl or "", alt=one.comment or "")
