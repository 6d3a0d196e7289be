"""The parts of Slack's answers that we read. Each answer says `ok`; refusals come with status 200."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Who(Shape):
    """Whose token it is: the workspace and the bot."""

    url: str
    team: str = ""
    team_id: str = ""
    user_id: str = Field(min_length=1)
    user: str = ""


class Channel(Shape):
    """A channel."""

    id: str = Field(min_length=1)
    name: str = ""
    is_private: bool = False
    is_member: bool = False
    is_archived: bool = False


class More(Shape):
    """Where a list goes on."""

    next_cursor: str = ""


class Channels(Shape):
    """A page of channels."""

    channels: list[Channel]
    response_metadata: More | None = None


class One(Shape):
    """One channel."""

    channel: Channel


class File(Shape):
    """A file in a message."""

    id: str = ""
    name: str | None = ""
    mimetype: str | None = ""
    permalink: str = ""
    alt_txt: str = ""


class Reaction(Shape):
    """How often an emoji was put under a message."""

    count: int = 0


class Metadata(Shape):
    """What an app attached to its message for itself."""

    event_type: str = ""
    event_payload: dict[str, Any] = {}


class Message(Shape):
    """A message; `ts` is its id within the channel and its time."""

    ts: str = Field(pattern=r"^\d+\.\d+$")
    text: str = ""
    user: str = ""
    thread_ts: str = ""
    files: list[File] = []
    reactions: list[Reaction] = []
    reply_count: int = 0
    metadata: Metadata | None = None


class Messages(Shape):
    """A page of messages."""

    messages: list[Message]
    has_more: bool = False
    response_metadata: More | None = None

    @property
    def cursor(self) -> str:
        """Where the list goes on; "" at its end."""
        return self.response_metadata.next_cursor if self.has_more and self.response_metadata else ""


class Sent(Shape):
    """A message that was made."""

    ts: str = Field(pattern=r"^\d+\.\d+$")


class Upload(Shape):
    """Where a file is to be sent."""

    upload_url: str = Field(min_length=1)
    file_id: str = Field(min_length=1)


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("Slack answered in a form that its API does not describe.", after=60) from None


def moment(ts: str) -> datetime:
    """The time of a message."""
    return datetime.fromtimestamp(float(ts), UTC)
