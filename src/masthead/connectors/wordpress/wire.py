"""The parts of WordPress's answers that we read. Plugins add, drop and retype much, so little is required."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """Numbers are taken as strings where we keep them so; what we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Index(Shape):
    """What a site tells about itself. `authentication` is an empty list where application passwords are off."""

    name: str = ""
    home: str = ""
    namespaces: list[str] = []
    authentication: Any = None
    site_icon_url: str | None = None

    @property
    def takes_passwords(self) -> bool:
        """True where the site offers application passwords."""
        return isinstance(self.authentication, dict) and "application-passwords" in self.authentication


class Me(Shape):
    """The signed-in person. `capabilities` is an empty list for somebody without a role."""

    id: str = Field(min_length=1)
    username: str = ""
    slug: str = ""
    name: str = ""
    capabilities: Any = None
    avatar_urls: Any = None

    def lacks(self, *wanted: str) -> bool:
        """True where a right is missing for certain."""
        if self.capabilities is None:
            return False
        held = self.capabilities if isinstance(self.capabilities, dict) else {}
        return not all(held.get(one) for one in wanted)


class Term(Shape):
    """A category or a tag; the name is HTML."""

    id: str = Field(min_length=1)
    name: str = ""
    parent: str = "0"


class File(Shape):
    """A file of the media library."""

    id: str = Field(min_length=1)
    source_url: str = Field(min_length=1)


class Source(Shape):
    """A field as it was written."""

    raw: str = ""


class Post(Shape):
    """A post as making, showing and listing answer it, with the fields that FIELDS names. Times are UTC without saying so."""

    id: str = Field(min_length=1)
    status: str = ""
    slug: str = ""
    link: str = ""
    title: Source = Source()
    content: Source = Source()
    date_gmt: datetime | None = None
    modified_gmt: datetime | None = None

    @field_validator("date_gmt", "modified_gmt")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


FIELDS = "id,status,slug,link,title.raw,content.raw,date_gmt,modified_gmt"
S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a call that creates nothing as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("The site answered in a form that WordPress's API does not describe.", after=60) from None


def rows(shape: type[S], body: Any) -> list[S]:
    """A listing; TryAgain where it is none."""
    if not isinstance(body, list):
        raise TryAgain("The site did not answer with a list.", after=60)
    return [read(shape, one) for one in body]
