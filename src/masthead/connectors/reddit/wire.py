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


class Item(Shape):
    """A picture of a gallery."""

    media_id: str
    caption: str | None = ""


class Gallery(Shape):
    """The pictures of a gallery, in order."""

    items: list[Item] = []


class Source(Shape):
    """Where a gallery's picture is: `u`, or `gif` for one that moves."""

    u: str = ""
    gif: str = ""


class Picture(Shape):
    """What is known of a gallery's picture."""

    s: Source = Source()


class Film(Shape):
    """Where a video is."""

    fallback_url: str = ""


class Media(Shape):
    """The video of a post, where it is one of Reddit's own."""

    reddit_video: Film = Film()


class Post(Shape):
    """A submission. `name` is its full id, t3_..."""

    name: str = Field(min_length=1)
    title: str = ""
    selftext: str = ""
    url: str = ""
    permalink: str = ""
    subreddit: str = ""
    is_self: bool = False
    is_gallery: bool = False
    is_video: bool = False
    gallery_data: Gallery | None = None
    media_metadata: Mapping[str, Picture] | None = None
    media: Media | None = None
    post_hint: str = ""
    created_utc: float = 0
    author: str = ""
    removed_by_category: str | None = None
    score: int | None = None
    num_comments: int | None = None
    num_crossposts: int | None = None
    upvote_ratio: float | None = None

    @property
    def pictures(self) -> list[str]:
        """The addresses of the pictures: of a gallery in its order, or of a single picture; "" while Reddit still works on one."""
        if self.gallery_data:
            known = self.media_metadata or {}
            found = [known.get(one.media_id, Picture()).s for one in self.gallery_data.items]
            return [one.u or one.gif for one in found]
        return [self.url] if self.post_hint == "image" else []

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


class Asset(Shape):
    """What Reddit calls an upload."""

    asset_id: str = Field(min_length=1)


class LeaseArgs(Shape):
    """Where a file goes, and what goes with it. The address has no scheme."""

    action: str
    fields: list[LeaseField]


class Lease(Shape):
    """A place for a file."""

    args: LeaseArgs
    asset: Asset


T = TypeVar("T", bound=Shape)


def read(shape: type[T], body: Any) -> T:
    """The answer as its shape. TryAgain where it is something else."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("Reddit answered with something unexpected.", after=60) from None
