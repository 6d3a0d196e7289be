"""The parts of TikTok's answers that we read: `data`, and `error` with a code that is "ok" where all is well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class User(Shape):
    """The account."""

    open_id: str = Field(min_length=1)
    display_name: str = ""
    avatar_url: str = ""


class UserData(Shape):
    """The account, one level down."""

    user: User


class Creator(Shape):
    """What the account allows for its posts."""

    creator_username: str = ""
    creator_nickname: str = ""
    privacy_level_options: list[str] = []
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    max_video_post_duration_sec: int = 0

    def disabled(self, interaction: str) -> bool:
        """Whether comment, duet or stitch are switched off in the app."""
        return bool(getattr(self, f"{interaction}_disabled"))


class Begun(Shape):
    """A post that was begun; `upload_url` where its video goes."""

    publish_id: str = Field(min_length=1)
    upload_url: str = ""


class Status(Shape):
    """How far TikTok is with a post. The misspelling is TikTok's own."""

    status: str
    fail_reason: str = ""
    publicaly_available_post_id: list[str] = []


class Video(Shape):
    """A public post of the account."""

    id: str = Field(min_length=1)
    create_time: int = 0
    title: str = ""
    video_description: str = ""
    share_url: str = ""
    cover_image_url: str = ""
    duration: int = 0
    view_count: int | None = None
    like_count: int | None = None
    comment_count: int | None = None
    share_count: int | None = None

    @property
    def text(self) -> str:
        """What its author wrote."""
        return self.video_description or self.title

    @property
    def made_at(self) -> datetime:
        """When it was posted."""
        return datetime.fromtimestamp(self.create_time, UTC)


class Videos(Shape):
    """A page of public posts, newest first; `cursor` is a time in milliseconds."""

    videos: list[Video] = []
    cursor: str = ""
    has_more: bool = False


T = TypeVar("T", bound=Shape)


def data_of(shape: type[T], body: Any) -> T:
    """The data of an answer. TryAgain where it is something else."""
    try:
        return shape.model_validate(body.get("data") if isinstance(body, Mapping) else None)
    except ValidationError:
        raise TryAgain("TikTok answered with something unexpected.", after=60) from None
