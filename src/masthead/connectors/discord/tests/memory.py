"""What the double of Discord knows: bots, channels, messages, nonces, and the rules Discord applies to them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.connectors.discord.wire import snowflake

FILE_BYTES = 10 * 1024 * 1024


class Fail(Exception):
    """Discord refuses: a status, its code and words."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message} | more


class Clock:
    """A clock that tests can move; `offset` in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)


@dataclass
class Message:
    """A message as it was made; `files` are (name, bytes, description)."""

    id: str
    author: str
    at: datetime
    body: dict[str, Any]
    files: Sequence[tuple[str, bytes, str]] = ()
    edited_at: datetime | None = None
    reactions: int = 0

    @property
    def text(self) -> str:
        """Its text, or its poll's question."""
        poll = self.body.get("poll") or {}
        return str(self.body.get("content") or poll.get("question", {}).get("text") or "")

    @property
    def reply_to(self) -> str:
        """The message it answers."""
        return str((self.body.get("message_reference") or {}).get("message_id", ""))


@dataclass
class Channel:
    """A channel; `readable`: whether bots have Read Message History."""

    id: str
    guild: str
    type: int = 0
    readable: bool = True
    allowed: bool = True
    last: str = ""
    messages: list[Message] = field(default_factory=list)


@dataclass
class Memory:
    """Everything the server knows; a nonce is remembered for `nonce_seconds`."""

    clock: Clock = field(default_factory=Clock)
    bots: dict[str, str] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    nonces: dict[tuple[str, str, str], tuple[datetime, Message]] = field(default_factory=dict)
    nonce_seconds: float = 300.0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """Ids grow with time, as Discord's do."""
        return str(int(snowflake(self.clock.now())) + next(self._numbers))

    def bot(self) -> tuple[str, str]:
        """A fresh bot: its token and its id."""
        token, number = (
            f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(5)}.{secrets.token_urlsafe(27)}",
            self.new_id(),
        )
        self.bots[token] = number
        return token, number

    def channel(self, type_: int = 0) -> Channel:
        """A fresh channel of a fresh server."""
        one = Channel(self.new_id(), self.new_id(), type_)
        self.channels[one.id] = one
        return one

    def owner(self, header: str) -> str:
        """Whose token this is."""
        number = self.bots.get(header.removeprefix("Bot ")) if header.startswith("Bot ") else None
        if not number:
            raise Fail(401, 0, "401: Unauthorized")
        return number

    def place(self, number: str) -> Channel:
        """A channel the bot may see."""
        one = self.channels.get(number)
        if not one:
            raise Fail(404, 10003, "Unknown Channel")
        if not one.allowed:
            raise Fail(403, 50001, "Missing Access")
        return one

    def message(self, channel: Channel, number: str) -> Message:
        """A message that is there."""
        found = next((one for one in channel.messages if one.id == number), None)
        if not found:
            raise Fail(404, 10008, "Unknown Message")
        return found

    def create(self, author: str, channel: Channel, body: Mapping[str, Any], files: Sequence[Any] = ()) -> Message:
        """Make a message, give back the one with the same nonce, or refuse."""
        key = (author, channel.id, str(body.get("nonce") or ""))
        known = self.nonces.get(key)
        young = known and known[0] > self.clock.now() - timedelta(seconds=self.nonce_seconds)
        if known and young and key[2] and body.get("enforce_nonce"):
            return known[1]
        self._right(channel, body, files)
        named = {str(one["id"]): one for one in body.get("attachments") or ()}
        kept = [
            (named[place]["filename"], raw, named[place].get("description", ""))
            for place, raw in files
            if place in named
        ]
        one = Message(self.new_id(), author, self.clock.now(), dict(body), kept)
        channel.messages.append(one)
        channel.last = one.id
        self.nonces[key] = self.clock.now(), one
        return one

    def _right(self, channel: Channel, body: Mapping[str, Any], files: Sequence[Any]) -> None:
        text = str(body.get("content") or "")
        if len(text) > 2000:
            raise _invalid("content", "Must be 2000 or fewer in length.")
        if not text.strip() and not files and not body.get("poll"):
            raise Fail(400, 50006, "Cannot send an empty message")
        if any(len(raw) > FILE_BYTES for _, raw in files):
            raise Fail(413, 40005, "Request entity too large")
        parent = str((body.get("message_reference") or {}).get("message_id", ""))
        if parent and all(one.id != parent for one in channel.messages):
            raise _invalid("message_reference", "Unknown message")
        if any(len(one["poll_media"]["text"]) > 55 for one in (body.get("poll") or {}).get("answers", ())):
            raise _invalid("poll", "Must be between 1 and 55 in length.")


def _invalid(name: str, why: str) -> Fail:
    inner = {"_errors": [{"code": 1, "message": why}]}
    return Fail(400, 50035, "Invalid Form Body", errors={name: inner})
