"""The parts of Telegram's answers that we read. Each answer is {"ok": true, "result": ...}."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Shape):
    """The bot."""

    id: int
    username: str = ""
    first_name: str = ""


class Chat(Shape):
    """A channel, group or supergroup; private chats have type "private"."""

    id: int
    type: str
    title: str = ""
    username: str = ""


class Member(Shape):
    """What the bot is in a chat; `can_post_messages` is only told in channels."""

    status: str
    can_post_messages: bool | None = None


class Message(Shape):
    """A message."""

    message_id: int


MESSAGES = TypeAdapter(list[Message])
S = TypeVar("S", bound=Shape)


def result_of(shape: type[S], body: Any) -> S:
    """The result of an answer as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body.get("result") if isinstance(body, dict) else None)
    except ValidationError:
        raise TryAgain("Telegram answered in a form that its API does not describe.", after=60) from None


def sent(body: Any) -> list[Message]:
    """The message or messages that were sent; none where the answer does not say."""
    result = body.get("result") if isinstance(body, dict) else None
    try:
        return MESSAGES.validate_python(result if isinstance(result, list) else [result])
    except ValidationError:
        return []
