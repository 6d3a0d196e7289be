"""The parts of LinkedIn's answers that we read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True, populate_by_name=True)


class UserInfo(Shape):
    """A member, by OpenID Connect."""

    sub: str = Field(min_length=1)
    name: str = ""
    picture: str = ""


class Me(Shape):
    """A member, by the profile API."""

    id: str = Field(min_length=1)
    localizedFirstName: str = ""
    localizedLastName: str = ""
    vanityName: str = ""


class Role(Shape):
    """What a member may do on a Page."""

    organization: str = Field(validation_alias=AliasChoices("organization", "organizationTarget"))
    role: str = ""


class Roles(Shape):
    """The roles of a member."""

    elements: list[Role] = []


class Organization(Shape):
    """A Page."""

    id: str = Field(min_length=1)
    localizedName: str = ""
    vanityName: str = ""


class Organizations(Shape):
    """Pages by their numbers."""

    results: dict[str, Organization] = {}


class Picture(Shape):
    """A picture of several."""

    id: str = ""
    altText: str = ""


class Pictures(Shape):
    """Several pictures."""

    images: list[Picture] = []


class Content(Shape):
    """What a post shows beside its text."""

    media: Picture | None = None
    multiImage: Pictures | None = None
    article: dict[str, Any] | None = None
    poll: dict[str, Any] | None = None

    @property
    def files(self) -> list[Picture]:
        """The files."""
        return [self.media] if self.media else (self.multiImage.images if self.multiImage else [])


class Post(Shape):
    """A post. Times are milliseconds since 1970."""

    id: str = Field(min_length=1)
    commentary: str = ""
    createdAt: int = 0
    publishedAt: int = 0
    content: Content = Content()

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp((self.createdAt or self.publishedAt) / 1000, UTC)


class Posts(Shape):
    """A page of posts."""

    elements: list[Post] = []


class PostsById(Shape):
    """Posts by their URNs; one that is gone is missing."""

    results: dict[str, Post] = {}


class Instruction(Shape):
    """Where a part of a video goes: bytes from `firstByte` up to and with `lastByte`."""

    uploadUrl: str
    firstByte: int = 0
    lastByte: int = 0


class Upload(Shape):
    """An upload that was begun."""

    uploadUrl: str = ""
    uploadToken: str = ""
    uploadInstructions: list[Instruction] = []
    urn: str = Field(min_length=1, validation_alias=AliasChoices("image", "video", "document"))


class Begun(Shape):
    """The answer to the begin of an upload."""

    value: Upload


class Asset(Shape):
    """The state of an uploaded file: WAITING_UPLOAD, PROCESSING, AVAILABLE or PROCESSING_FAILED."""

    status: str = ""


class Statistic(Shape):
    """The numbers of a post."""

    share: str = ""
    ugcPost: str = ""
    totalShareStatistics: dict[str, float] = {}


class Statistics(Shape):
    """Numbers of posts."""

    elements: list[Statistic] = []


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("LinkedIn answered in a form that its API does not describe.", after=60) from None
