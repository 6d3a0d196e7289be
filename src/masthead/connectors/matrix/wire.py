"""The parts of a homeserver's answers that we read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.http import Answer, lost
from masthead.contract.operations import Operation


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Homeserver(Shape):
    """Where the homeserver is."""

    base_url: str


class WellKnown(Shape):
    """What a domain says of its homeserver."""

    homeserver: Homeserver = Field(alias="m.homeserver")


class Tokens(Shape):
    """The answer to a sign-in or a refresh; a token without `expires_in_ms` does not run out."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_in_ms: int | None = None


class Who(Shape):
    """Whose token it is."""

    user_id: str = Field(min_length=1)


class Person(Shape):
    """A profile."""

    displayname: str | None = ""


class MediaConfig(Shape):
    """The largest file in bytes."""

    size: int | None = Field(default=None, alias="m.upload.size")


class Joined(Shape):
    """The ids of the rooms."""

    joined_rooms: list[str] = []


class Named(Shape):
    """A room's name or main address."""

    name: str | None = ""
    alias: str | None = ""


class Uploaded(Shape):
    """Where the file lies: an mxc:// address."""

    content_uri: str = Field(min_length=1)


class Sent(Shape):
    """The id of an event."""

    event_id: str = Field(min_length=1)


class Thread(Shape):
    """How many answers a message has in its thread."""

    count: int = 0


class Replacement(Shape):
    """The latest edit of a message."""

    content: dict[str, Any] = {}


class Relations(Shape):
    """What a homeserver gathers of the events that refer to one."""

    thread: Thread = Field(default=Thread(), alias="m.thread")
    replace: Replacement = Field(default=Replacement(), alias="m.replace")


class Unsigned(Shape):
    """What a homeserver adds to an event."""

    relations: Relations = Field(default=Relations(), alias="m.relations")


class Event(Shape):
    """An event of a room; `origin_server_ts` in milliseconds."""

    event_id: str = ""
    sender: str = ""
    origin_server_ts: int = 0
    content: dict[str, Any] = {}
    unsigned: Unsigned = Unsigned()

    @property
    def is_post(self) -> bool:
        """True for a message that is there and no edit of another."""
        return bool(self.content.get("msgtype")) and self._refers.get("rel_type") != "m.replace"

    @property
    def newest(self) -> Mapping[str, Any]:
        """The content after the latest edit."""
        edited = self.unsigned.relations.replace.content.get("m.new_content")
        return edited if isinstance(edited, Mapping) else self.content

    @property
    def answers(self) -> int:
        """How many answers it has in its thread."""
        return self.unsigned.relations.thread.count

    @property
    def answered(self) -> str:
        """The message it answers; "" for none."""
        found = self._refers.get("m.in_reply_to")
        return str(found.get("event_id") or "") if isinstance(found, Mapping) else ""

    @property
    def _refers(self) -> Mapping[str, Any]:
        found = self.content.get("m.relates_to")
        return found if isinstance(found, Mapping) else {}


class Page(Shape):
    """A page of a room's events, newest first; no `end` at the beginning of the room."""

    chunk: list[Event] = []
    end: str | None = None


S = TypeVar("S", bound=Shape)


def read(shape: type[S], answer: Answer, operation: Operation) -> S:
    """The answer in its shape; an answer of another shape counts as lost."""
    try:
        return shape.model_validate(answer.body)
    except ValidationError:
        raise lost(operation, "the answer has an unexpected form", answer.status) from None
