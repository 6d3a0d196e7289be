"""What people write to an account: posts that name, quote or answer it, from the network's index; and its replies, which are posts.

Bluesky's chat is another service and is not read. The index sorts notifications by the time a post states for itself, unless that lies
in the future, so the last minutes are read once more each time: a post may arrive a little late.
Source: https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications and the lexicons, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.connectors.bluesky import records
from masthead.connectors.bluesky.calls import call
from masthead.connectors.bluesky.capabilities import CAPABILITIES, NOTIFICATIONS, POST
from masthead.connectors.bluesky.history import posted_at
from masthead.connectors.bluesky.operations import LIST_NOTIFICATIONS
from masthead.connectors.bluesky.profile import profile_url
from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.connectors.bluesky.wire import Notification, Notifications, read
from masthead.contract.capabilities import LookUp
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.http import Http
from masthead.contract.inbox import Conversation, InboxPage, InboxRules, Kind, Message, Person, Reply
from masthead.contract.inbox_rules import Answering, Stream
from masthead.contract.sweep import Sweep
from masthead.contract.values import Account, Found, Receipt

KINDS = {"mention": Kind.MENTION, "quote": Kind.MENTION, "reply": Kind.COMMENT}
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class BlueskyInbox:
    """One listing, newest first; a cursor is the time of the newest notification, or a place amid a sweep."""

    page_size: int = 50
    publisher: BlueskyPublisher = field(default_factory=BlueskyPublisher)

    @property
    def rules(self) -> InboxRules:
        """Public posts are read and answered."""
        kinds = (Kind.MENTION, Kind.COMMENT)
        return InboxRules(
            (Stream("notifications", kinds, self.page_size, NOTIFICATIONS),),
            tuple(Answering(kind, CAPABILITIES.text, POST, LookUp.KEY) for kind in kinds),
        )

    async def page(self, http: Http, account: Account, stream: str, cursor: str) -> InboxPage:
        """One page of a sweep; where the index no longer knows the way on, the sweep begins again."""
        place = Sweep.at(cursor)
        try:
            return await self._page(http, account, place)
        except Refused:
            if not place.going:
                raise
            return await self._page(http, account, place.again())

    async def reply(self, http: Http, account: Account, reply: Reply) -> Receipt:
        """Write a post under the other, with a key made from the reply's."""
        _check_public(reply)
        return await self.publisher.publish(http, account, reply.delivery(), 0, _above(reply.to))

    async def find(self, http: Http, account: Account, reply: Reply) -> Found:
        """Read the key that the reply would have."""
        _check_public(reply)
        return await self.publisher.find(http, account, reply.delivery(), 0, _above(reply.to))

    async def _page(self, http: Http, account: Account, place: Sweep) -> InboxPage:
        query: dict[str, str | Sequence[str]] = {"limit": str(self.page_size), "reasons": list(KINDS)}
        query |= {"cursor": place.token} if place.going else {}
        answer = await call(http, account, LIST_NOTIFICATIONS, query=query)
        told = read(Notifications, answer, LIST_NOTIFICATIONS)
        times = [_sorted_at(one) for one in told.notifications]
        border = datetime.fromisoformat(place.border) - LATE if place.border else None
        reached = border is not None and any(at < border for at in times)
        following = place.after(_stamp(max(times)) if times else "", told.cursor, reached=reached)
        found: dict[str, Message] = {}
        for one, at in zip(told.notifications, times, strict=True):
            if one.reason in KINDS and (border is None or at >= border):
                known = found.get(one.uri)  # a post that answers and names comes twice
                if known is None or known.kind is Kind.MENTION:
                    found[one.uri] = _message(one, at)
        oldest_first = sorted(found.values(), key=lambda message: message.sent_at)
        return InboxPage(tuple(oldest_first), following.cursor, following.going)


def _check_public(reply: Reply) -> None:
    if reply.kind is Kind.DIRECT:
        raise Unsupported("Bluesky's chat cannot be used from here.", remedy="Answer in public, or in Bluesky's app.")


def _message(one: Notification, at: datetime) -> Message:
    above = one.record.get("reply") or {}
    root, parent = ((above.get(name) or {}).get("uri") or "" for name in ("root", "parent"))
    languages = one.record.get("langs") or [""]
    author = one.author
    return Message(
        remote_id=one.uri,
        kind=KINDS[one.reason],
        conversation=Conversation(str(root) or one.uri),
        author=Person(
            author.did,
            f"@{author.handle}",
            author.display_name or author.handle,
            profile_url(author.did, author.handle),
            author.avatar,
        ),
        text=str(one.record.get("text") or ""),
        sent_at=at,
        url=f"{profile_url(author.did, author.handle)}/post/{records.key_of(one.uri)}",
        reply_to=str(parent),
        summons=one.reason != "reply",
        language=str(languages[0]),
        raw={"uri": one.uri, "cid": one.cid, "reason": one.reason, "record": dict(one.record)},
    )


def _above(message: Message) -> tuple[Receipt, Receipt]:
    """The root of the thread and the post to answer, as the publisher wants what stands before."""
    own = {"uri": message.raw["uri"], "cid": message.raw["cid"]}
    root: Mapping[str, Any] = (message.raw["record"].get("reply") or {}).get("root") or own
    return Receipt(str(root["uri"]), raw=dict(root)), Receipt(message.remote_id, raw=own)


def _sorted_at(one: Notification) -> datetime:
    return posted_at(one.record, one.indexed_at)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
