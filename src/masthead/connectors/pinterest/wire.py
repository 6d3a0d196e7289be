"""The parts of Pinterest's answers that we read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped; null is nothing."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _null(cls, value: Any, info: Any) -> Any:
        field = cls.model_fields[info.field_name]
        return field.get_default(call_default_factory=True) if value is None and not field.is_required() else value


class User(Shape):
    """The account."""

    username: str = Field(min_length=1)
    id: str = ""
    business_name: str = ""
    profile_image: str = ""


class Board(Shape):
    """A board."""

    id: str
    name: str
    is_ads_only: bool = False


class Media(Shape):
    """What a Pin shows: image, video, multiple_images and others."""

    media_type: str = ""
    images: Mapping[str, Mapping[str, Any]] = {}
    cover_image_url: str = ""
    items: list[Media] = []

    @property
    def picture(self) -> str:
        """The address of the largest picture, or of the cover."""
        sizes = sorted(self.images.values(), key=lambda one: one.get("width") or 0)
        return str(sizes[-1].get("url", "")) if sizes else self.cover_image_url


class Pin(Shape):
    """A Pin. Times without a zone are UTC."""

    id: str = Field(min_length=1)
    title: str = ""
    description: str = ""
    link: str = ""
    alt_text: str = ""
    board_id: str = ""
    created_at: datetime = datetime.fromtimestamp(0, UTC)
    is_owner: bool = True
    media: Media = Media()
    pin_metrics: Mapping[str, Mapping[str, float]] = {}

    @field_validator("created_at")
    @classmethod
    def _zone(cls, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=UTC)

    @field_validator("pin_metrics", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        """Numbers only: Pinterest writes null where it has none."""
        stretches = value if isinstance(value, Mapping) else {}
        return {
            stretch: {name: number for name, number in told.items() if isinstance(number, int | float)}
            for stretch, told in stretches.items()
            if isinstance(told, Mapping)
        }


class Boards(Shape):
    """A page of boards."""

    items: list[Board] = []
    bookmark: str = ""


class Pins(Shape):
    """A page of Pins."""

    items: list[Pin] = []
    bookmark: str = ""


class Registered(Shape):
    """A place for a video: where to send it, with which parameters."""

    media_id: str = Field(min_length=1)
    upload_url: str = Field(min_length=1)
    upload_parameters: Mapping[str, str] = {}


class Upload(Shape):
    """How far a video is: registered, processing, succeeded or failed."""

    status: str


T = TypeVar("T", bound=Shape)


def read(shape: type[T], body: Any) -> T:
    """The answer as its shape. TryAgain where it is something else."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("Pinterest answered with something unexpected.", after=60) from None
