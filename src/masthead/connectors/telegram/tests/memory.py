"""What the double of Telegram knows: bots, chats, messages, and the rules Telegram applies to them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.kit.text import count

DELETABLE = timedelta(hours=48)


class Fail(Exception):
    """Telegram refuses: a status and its words."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}


class Clock:
    """A clock that tests can move; `offset` in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)


@dataclass
class Message:
    """A message as it was made; `group` joins those of an album, `file` is its kind of file."""

    id: int
    text: str
    at: datetime
    told: Mapping[str, Any]
    file: str = ""
    group: str = ""

    @property
    def reply_to(self) -> str:
        """The message it answers."""
        return str((self.told.get("reply_parameters") or {}).get("message_id", ""))


@dataclass
class Chat:
    """A chat; `status` is what bots are in it."""

    id: int
    type: str
    title: str
    username: str = ""
    status: str = "administrator"
    may_post: bool = True
    messages: list[Message] = field(default_factory=list)


@dataclass
class Memory:
    """Everything the server knows."""

    clock: Clock = field(default_factory=Clock)
    bots: dict[str, int] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(100)

    def bot(self) -> str:
        """A fresh bot's token."""
        number = 10_000_000 + next(self._numbers)
        token = f"{number}:{secrets.token_hex(18)}"
        self.bots[token] = number
        return token

    def chat(self, type_: str = "channel", *, named: bool = True) -> Chat:
        """A fresh chat."""
        number = next(self._numbers)
        one = Chat(-(1_000_000_000_000 + number), type_, f"Bakery {number}", f"bakery_{number}" if named else "")
        self.chats[one.id] = one
        return one

    def owner(self, token: str) -> int:
        """Whose token this is."""
        if token not in self.bots:
            raise Fail(401, "Unauthorized")
        return self.bots[token]

    def place(self, wanted: Any) -> Chat:
        """A chat by its number or name."""
        for one in self.chats.values():
            if str(one.id) == str(wanted) or (one.username and f"@{one.username}" == str(wanted)):
                return one
        raise Fail(400, "Bad Request: chat not found")

    def message(self, chat: Chat, number: int, what: str) -> Message:
        """A message that is there."""
        found = next((one for one in chat.messages if one.id == number), None)
        if not found:
            raise Fail(400, f"Bad Request: message to {what} not found")
        return found

    def send(self, chat: Chat, told: Mapping[str, Any], text: str, file: str = "", group: str = "") -> Message:
        """Keep a message, or refuse it."""
        if chat.status != "administrator" or not chat.may_post:
            raise Fail(400, "Bad Request: need administrator rights in the channel chat")
        limit = 1024 if file else 4096
        if count(text, "utf16") > limit:
            raise Fail(400, "Bad Request: message caption is too long" if file else "Bad Request: message is too long")
        if not text.strip() and not file:
            raise Fail(400, "Bad Request: message text is empty")
        parent = (told.get("reply_parameters") or {}).get("message_id")
        if parent and all(one.id != parent for one in chat.messages):
            raise Fail(400, "Bad Request: message to be replied not found")
        one = Message(next(self._numbers), text, self.clock.now(), told, file, group)
        chat.messages.append(one)
        return one

    def delete(self, chat: Chat, number: int) -> None:
        """Delete a message, for 48 hours."""
        found = self.message(chat, number, "delete")
        if self.clock.now() - found.at > DELETABLE:
            raise Fail(400, "Bad Request: message can't be deleted for everyone")
        chat.messages.remove(found)
