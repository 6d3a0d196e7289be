"""The inbox part of a connector: what people write to an account, and how the account answers them.

A message is a mention (somebody names the account in a post of theirs), a comment (somebody answers a post of the account) or
a direct message. Messages that hang together are a conversation. What a workspace sends back is a reply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from masthead.contract.history import PastMedia
from masthead.contract.http import Http
from masthead.contract.inbox_rules import InboxRules, Kind, Objection
from masthead.contract.values import Account, Delivery, Found, Receipt, Segment


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the platform, as far as it told. `handle` is as it is shown there."""

    remote_id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What hangs together: the thread that a post began, or a talk in private. `remote_id` is the platform's own id of it.

    Where the platform has none, it is the id of the first post that we know of. `people` are the others in a private talk.
    """

    remote_id: str
    private: bool = False
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote to the account. `raw` is the platform's answer, of which later steps may need a part.

    `reply_to`: the post it answers, or "". `own`: the account itself wrote it, perhaps elsewhere; a private talk has such.
    `summons`: the author asked for the account by name. `opening`: what a reply must begin with so that the author is told;
    the connector puts it there, and it counts as text.
    """

    remote_id: str
    kind: Kind
    conversation: Conversation
    author: Person
    text: str
    sent_at: datetime
    url: str = ""
    reply_to: str = ""
    own: bool = False
    summons: bool = False
    opening: str = ""
    language: str = ""
    media: tuple[PastMedia, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Messages, oldest first, and the cursor to keep for the next reading. `more`: there is more to read at once."""

    messages: tuple[Message, ...]
    cursor: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the account to a message. `private`: as a direct message, although the message is public.

    As with a publication, `key` is the same on every try (32 hex digits), `created_at` too, `sent_after` is when the first try
    began, `known` holds the remote ids of other replies and publications of the channel, `tries` counts this one too.
    """

    key: str
    to: Message
    text: str
    created_at: datetime
    private: bool = False
    language: str = ""
    sent_after: datetime | None = None
    known: frozenset[str] = frozenset()
    tries: int = 0

    @property
    def kind(self) -> Kind:
        """Whose rules hold: those of the message's kind, or of direct messages."""
        return Kind.DIRECT if self.private else self.to.kind

    @property
    def whole_text(self) -> str:
        """The text with its opening, unless the person wrote that already."""
        named = re.escape(self.to.opening.strip())
        return self.text if re.search(rf"{named}(?![\w@])", self.text, re.IGNORECASE) else self.to.opening + self.text

    def delivery(self, **options: Any) -> Delivery:
        """The reply as a delivery of one segment, for platforms where a reply is a post."""
        return Delivery(
            self.key,
            (Segment(self.whole_text),),
            self.created_at,
            self.language,
            options,
            self.sent_after,
            self.known,
            self.tries,
        )


class InboxPart(Protocol):
    """The inbox part. Reading is by stream, named in the rules, each with a cursor of its own.

    Every message comes at least once, perhaps again: it is known by its remote id. A sign-in that lacks the right raises
    Unsupported with a remedy: the channel goes on publishing, so it is not NeedsReconnect.
    """

    @property
    def rules(self) -> InboxRules:
        """What can be read and answered."""
        ...

    async def page(self, http: Http, account: Account, stream: str, cursor: str) -> InboxPage:
        """What came since `cursor`; with "" the newest page, and nothing older than that is ever read."""
        ...

    async def reply(self, http: Http, account: Account, reply: Reply) -> Receipt:
        """Send it. The key against repeats is `reply.key`. Raises as publishing does; `Refused.field` is "text" or ""."""
        ...

    async def find(self, http: Http, account: Account, reply: Reply) -> Found:
        """Look a reply up whose outcome is unknown, without creating anything. ABSENT only where that is certain."""
        ...


__all__ = [
    "Conversation",
    "InboxPage",
    "InboxPart",
    "InboxRules",
    "Kind",
    "Message",
    "Objection",
    "Person",
    "Reply",
]
