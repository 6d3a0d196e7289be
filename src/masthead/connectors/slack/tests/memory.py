"""What the double of Slack knows: bots, tokens, channels, files, messages, and the rules Slack applies to them."""

from __future__ import annotations

import itertools
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

URL = re.compile(r"https?://[^\s<>]+")


class Fail(Exception):
    """Slack refuses, with status 200 and a word."""


class Clock:
    """A clock that tests can move; `offset` in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)


@dataclass
class File:
    """A file: uploaded, then shared."""

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes = b""
    title: str = ""


@dataclass
class Message:
    """A message as it was made."""

    ts: str
    user: str
    text: str
    thread: str = ""
    metadata: Mapping[str, Any] | None = None
    files: list[File] = field(default_factory=list)
    reactions: int = 0
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Channel:
    """A channel and the bots in it. `slow`: how many more times shared files do not show."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    slow: int = 0


@dataclass
class Memory:
    """Everything the workspace knows."""

    clock: Clock = field(default_factory=Clock)
    tokens: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    app: tuple[str, str] = field(default_factory=lambda: (secrets.token_hex(8), secrets.token_hex(16)))

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)

    def id(self, letter: str) -> str:
        """A fresh id."""
        return f"{letter}{next(self._numbers):09d}A"

    def ts(self) -> str:
        """A fresh message's id, later than those before."""
        return f"{self.clock.now().timestamp():.3f}{next(self._numbers) % 1000:03d}"

    def bot(self) -> tuple[str, str]:
        """A fresh bot's user and token."""
        user, token = self.id("U"), f"xoxb-{secrets.token_hex(20)}"
        self.tokens[token] = user
        return user, token

    def grant(self, user: str) -> dict[str, Any]:
        """A new pair of tokens, as the token endpoint answers it."""
        access, again = f"xoxe.xoxb-{secrets.token_hex(20)}", f"xoxe-1-{secrets.token_hex(20)}"
        self.tokens[access], self.refresh[again] = user, user
        team = {"id": "T00000001A", "name": "Bakery"}
        more = {"token_type": "bot", "bot_user_id": user, "team": team, "expires_in": 43_200}
        return {"ok": True, "access_token": access, "refresh_token": again} | more

    def channel(self, *, private: bool = False) -> Channel:
        """A fresh channel."""
        number = self.id("C")
        one = Channel(number, f"news-{number[-5:].lower()}", private)
        self.channels[number] = one
        return one

    def owner(self, header: str) -> str:
        """Whose token this is."""
        user = self.tokens.get(header.removeprefix("Bearer ").strip())
        if not user:
            raise Fail("invalid_auth")
        return user

    def place(self, number: str, user: str = "") -> Channel:
        """A channel; with `user` one that bot is in."""
        one = self.channels.get(number)
        if not one or (one.private and user and user not in one.members):
            raise Fail("channel_not_found")
        if user and user not in one.members:
            raise Fail("not_in_channel")
        if one.archived:
            raise Fail("is_archived")
        return one

    def message(self, channel: Channel, ts: str) -> Message:
        """A message that is there."""
        found = next((one for one in channel.messages if one.ts == ts), None)
        if not found:
            raise Fail("message_not_found")
        return found

    def post(self, user: str, channel: Channel, told: Mapping[str, str], files: list[File]) -> Message:
        """Keep a message, or refuse it."""
        text = told.get("text", told.get("initial_comment", ""))
        if len(text) > 40_000:
            raise Fail("msg_too_long")
        if not text.strip() and not files:
            raise Fail("no_text")
        root = told.get("thread_ts", "")
        if root and all(one.ts != root for one in channel.messages):
            raise Fail("thread_not_found")
        data = json.loads(told["metadata"]) if told.get("metadata") else None
        shown = URL.sub(lambda found: f"<{found[0]}>", text)
        one = Message(self.ts(), user, shown, root, data, files, told=dict(told))
        channel.messages.append(one)
        return one
