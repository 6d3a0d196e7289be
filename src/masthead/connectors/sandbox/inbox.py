"""What people on a sandbox write to a member, and its answers: posts in the same thread, or private messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from masthead.connectors.sandbox import wire
from masthead.connectors.sandbox.capabilities import ABOUT, CAPABILITIES
from masthead.connectors.sandbox.connect import bearer
from masthead.connectors.sandbox.errors import explain
from masthead.connectors.sandbox.history import medium
from masthead.connectors.sandbox.operations import DIRECTS, MENTIONS, WRITE
from masthead.connectors.sandbox.publish import SandboxPublisher
from masthead.contract.capabilities import Counting, LookUp, TextRule
from masthead.contract.http import Http
from masthead.contract.inbox import Conversation, InboxPage, InboxRules, Kind, Message, Person, Reply
from masthead.contract.inbox_rules import Answering, Stream
from masthead.contract.values import Account, Found, Presence, Receipt

PUBLIC, TALKS = "mentions", "messages"
DAY = 86_400
MESSAGE = TextRule(Counting.GRAPHEMES, 1000, ABOUT)
PUBLIC_KINDS = (Kind.MENTION, Kind.COMMENT)


@dataclass(frozen=True)
class SandboxInbox:
    """The sandbox tells everything in the order in which it came, so a cursor is the place of the last message."""

    page_size: int = 40
    publisher: SandboxPublisher = field(default_factory=SandboxPublisher)

    @property
    def rules(self) -> InboxRules:
        """Everything can be read and answered; private messages for a day after the last one that came."""
        posts = [Answering(kind, CAPABILITIES.text, ABOUT, LookUp.KEY) for kind in PUBLIC_KINDS]
        talks = Answering(Kind.DIRECT, MESSAGE, ABOUT, LookUp.KEY, window_seconds=DAY, begins=True, as_posts=False)
        return InboxRules(
            (
                Stream(PUBLIC, PUBLIC_KINDS, self.page_size, ABOUT, every_seconds=30),
                Stream(TALKS, (Kind.DIRECT,), self.page_size, ABOUT, every_seconds=30),
            ),
            (*posts, talks),
        )

    async def page(self, http: Http, account: Account, stream: str, cursor: str) -> InboxPage:
        """What came after the cursor's place."""
        query = {"limit": str(self.page_size)} | ({"after": cursor} if cursor else {})
        operation = MENTIONS if stream == PUBLIC else DIRECTS
        answer = await http.call(operation, account.server, query=query, headers=bearer(account), explain=explain)
        if stream == PUBLIC:
            posts = wire.read(wire.Mentions, answer, operation).posts
            placed = [(one.seq, _public(one, account)) for one in posts]
        else:
            talks = wire.read(wire.Directs, answer, operation).messages
            placed = [(one.seq, _private(one, account)) for one in talks]
        place = str(placed[-1][0]) if placed else cursor or "0"
        more = bool(cursor) and len(placed) == self.page_size
        return InboxPage(tuple(message for _, message in placed), place, more)

    async def reply(self, http: Http, account: Account, reply: Reply) -> Receipt:
        """A post in answer to the other, or a private message."""
        if reply.kind is not Kind.DIRECT:
            return await self.publisher.publish(http, account, reply.delivery(), 0, (Receipt(reply.to.remote_id),))
        headers = bearer(account) | {"Idempotency-Key": reply.key}
        body = {"to": reply.to.author.remote_id, "text": reply.whole_text}
        answer = await http.call(WRITE, account.server, headers=headers, json=body, explain=explain)
        return Receipt(wire.read(wire.Direct, answer, WRITE).id)

    async def find(self, http: Http, account: Account, reply: Reply) -> Found:
        """Ask for what has the reply's key."""
        if reply.kind is not Kind.DIRECT:
            return await self.publisher.find(http, account, reply.delivery(), 0, (Receipt(reply.to.remote_id),))
        answer = await http.call(
            DIRECTS, account.server, query={"key": reply.key}, headers=bearer(account), explain=explain
        )
        found = wire.read(wire.Directs, answer, DIRECTS).messages
        if not found:
            return Found(Presence.ABSENT, "The sandbox has no message with this key.")
        return Found(Presence.FOUND, "The sandbox has the message with this key.", Receipt(found[0].id))


def _public(post: wire.Mention, account: Account) -> Message:
    return Message(
        remote_id=post.id,
        kind=Kind.COMMENT if post.answers_you else Kind.MENTION,
        conversation=Conversation(post.root),
        author=_person(post.author, post.name, account),
        text=post.text,
        sent_at=datetime.fromtimestamp(post.created_at, UTC),
        url=post.url,
        reply_to=post.reply_to,
        summons=post.names_you,
        language=post.language,
        media=tuple(medium(one, account.server) for one in post.media),
        raw=post.model_dump(),
    )


def _private(one: wire.Direct, account: Account) -> Message:
    other = one.receiver if one.sender == account.remote_id else one.sender
    return Message(
        remote_id=one.id,
        kind=Kind.DIRECT,
        conversation=Conversation(
            one.talk, private=True, people=(_person(other, one.names.get(other, other), account),)
        ),
        author=_person(one.sender, one.names.get(one.sender, one.sender), account),
        text=one.text,
        sent_at=datetime.fromtimestamp(one.created_at, UTC),
        own=one.sender == account.remote_id,
        summons=True,
        raw=one.model_dump(),
    )


def _person(handle: str, name: str, account: Account) -> Person:
    return Person(handle, f"@{handle}", name, f"{account.server}/@{handle}")
