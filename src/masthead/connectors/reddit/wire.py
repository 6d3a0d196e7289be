"""The parts of Reddit's answers that we read: things in listings, and the json envelope of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class User(Shape):
    """The account."""

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    icon_img: str = ""


class Post(Shape):
    """A submission. `name` is its full id, t3_..."""

    name: str = Field(min_length=1)
    title: str = ""
    selftext: str = ""
    url: str = ""
    permalink: str = ""
    subreddit: str = ""
    is_self: bool = False
    post_hint: str = ""
    created_utc: float = 0
    author: str = ""
    removed_by_category: str | None = None
    score: int | None = None
    num_comments: int | None = None
    num_crossposts: int | None = None
    upvote_ratio: float | None = None

    @property
    def made_at(self) -> datetime:
        """When it was submitted."""
        return datetime.fromtimestamp(self.created_utc, UTC)


class Thing(Shape):
    """One of a listing; `kind` is t3 for a submission."""

    kind: str
    data: Mapping[str, Any]


class Listed(Shape):
    """A page of a listing; `after` is the cursor of the next."""

    children: Sequence[Thing] = ()
    after: str | None = None

    @property
    def posts(self) -> list[Post]:
        """The submissions in it."""
        return [read(Post, one.data) for one in self.children if one.kind == "t3"]


class Listing(Shape):
    """A listing."""

    data: Listed


class Flair(Shape):
    """A flair of a subreddit."""

    id: str
    text: str = ""


class LeaseField(Shape):
    """One field of an upload."""

    name: str
    value: str


class LeaseArgs(Shape):
    """Where a file goes, and what goes with it. The address has no scheme."""

    action: str
    fields: list[LeaseField]


class Lease(Shape):
    """A place for a file."""

    args: LeaseArgs


T = TypeVar("T", bound=Shape)


def read(shape: type[T], body: Any) -> T:
    """The answer as its shape. TryAgain where it is something else."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("Reddit answered with something unexpected.", after=60) from None
