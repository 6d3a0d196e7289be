"""The parts of Discord's answers that we read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from masthead.contract.errors import TryAgain

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class User(Shape):
    """The bot itself, or a message's author."""

    id: str = Field(min_length=1)
    username: str = ""
    avatar: str | None = None


class Channel(Shape):
    """A channel; `type` as Discord numbers them."""

    id: str = Field(min_length=1)
    type: int
    name: str | None = ""
    guild_id: str = ""
    last_message_id: str | None = None


class File(Shape):
    """An attached file."""

    url: str = ""
    content_type: str = ""
    description: str | None = ""


class Reference(Shape):
    """The message that one answers (`type` 0) or forwards (1)."""

    message_id: str = ""
    type: int = 0


class Reaction(Shape):
    """How often an emoji was put under a message."""

    count: int = 0


class Votes(Shape):
    """The votes for one answer."""

    count: int = 0


class Results(Shape):
    """A poll's votes so far."""

    answer_counts: list[Votes] = []


class Words(Shape):
    """A poll's question."""

    text: str | None = ""


class Poll(Shape):
    """A poll."""

    question: Words = Words()
    results: Results | None = None


class Message(Shape):
    """A message."""

    id: str = Field(pattern=r"^\d+$")
    content: str = ""
    timestamp: datetime
    author: User
    attachments: list[File] = []
    message_reference: Reference | None = None
    reactions: list[Reaction] = []
    poll: Poll | None = None

    @property
    def words(self) -> str:
        """What it says: its text, or its poll's question."""
        return self.content or str((self.poll and self.poll.question.text) or "")

    @property
    def answers(self) -> str:
        """The id of the message it answers; "" where it answers none."""
        one = self.message_reference
        return one.message_id if one and one.type == 0 else ""


MESSAGES = TypeAdapter(list[Message])
S = TypeVar("S", bound=Shape)


def made_at(snowflake: str) -> datetime:
    """The moment in an id."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


def snowflake(at: datetime) -> str:
    """The smallest id of a moment."""
    return str(max(0, int((at - EPOCH) / timedelta(milliseconds=1))) << 22)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise _odd() from None


def messages(body: Any) -> list[Message]:
    """A list of messages, newest first; TryAgain where it is none."""
    try:
        return sorted(MESSAGES.validate_python(body), key=lambda one: -int(one.id))
    except ValidationError:
        raise _odd() from None


def _odd() -> TryAgain:
    return TryAgain("Discord answered in a form that its API does not describe.", after=60)
