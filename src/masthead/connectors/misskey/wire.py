"""The parts of Misskey's answers that we read. Servers made from it leave out or add, so little is required."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Policies(Shape):
    """What the account's role allows; file sizes in MiB."""

    maxFileSizeMb: float = 0


class Me(Shape):
    """The signed-in account (MeDetailed)."""

    id: str = Field(min_length=1)
    username: str = Field(min_length=1)
    name: str | None = None
    avatarUrl: str | None = None
    policies: Policies = Policies()


class Meta(Shape):
    """What the server tells about itself."""

    maxNoteTextLength: int = 0


class File(Shape):
    """DriveFile."""

    id: str = Field(min_length=1)
    type: str = ""
    url: str = ""
    thumbnailUrl: str | None = None
    comment: str | None = None


class Note(Shape):
    """A note, as posting, showing and listing answer it."""

    id: str = Field(min_length=1)
    createdAt: AwareDatetime
    text: str | None = None
    cw: str | None = None
    replyId: str | None = None
    renoteId: str | None = None
    visibility: str = ""
    files: list[File] = []
    poll: dict[str, Any] | None = None
    reactions: dict[str, float] = {}
    reactionCount: float | None = None
    renoteCount: float | None = None
    repliesCount: float | None = None

    @property
    def at(self) -> datetime:
        """When it was made, by the server's clock."""
        return self.createdAt

    @property
    def is_boost(self) -> bool:
        """True for a renote without words of its own."""
        return bool(self.renoteId) and not (self.text or self.files or self.poll)


class Created(Shape):
    """The answer to notes/create."""

    createdNote: Note


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("The server answered in a form that Misskey's API does not describe.", after=60) from None


def notes(body: Any) -> list[Note]:
    """A listing's notes; TryAgain where it is none."""
    if not isinstance(body, list):
        raise TryAgain("The server did not list the profile's notes.", after=60)
    return [read(Note, one) for one in body]
