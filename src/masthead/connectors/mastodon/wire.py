"""The parts of Mastodon's answers that we read. Its relatives leave out or retype much, so little is required."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """Numbers where Mastodon has strings are taken as strings; what we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Account(Shape):
    """CredentialAccount."""

    id: str = Field(min_length=1)
    username: str = ""
    acct: str = ""
    display_name: str | None = ""
    url: str | None = ""
    avatar: str | None = ""


class Media(Shape):
    """MediaAttachment; `url` is null while the server still works on it."""

    id: str = Field(min_length=1)
    url: str | None = None
    type: str | None = ""
    preview_url: str | None = None
    description: str | None = None


class Status(Shape):
    """Status, as posting and listing answer it."""

    id: str = Field(min_length=1)
    created_at: datetime
    content: str = ""
    text: str | None = None
    spoiler_text: str | None = ""
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    account: Account | None = None
    mentions: list[Account] = []
    url: str | None = None
    uri: str | None = None
    media_attachments: list[Media] = []
    poll: dict[str, Any] | None = None
    reblog: dict[str, Any] | None = None
    visibility: str | None = ""
    language: str | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    quotes_count: int | None = None

    @field_validator("created_at")
    @classmethod
    def _aware(cls, at: datetime) -> datetime:
        return at if at.tzinfo else at.replace(tzinfo=UTC)


class Notification(Shape):
    """Notification; of those of other types the status may be missing."""

    id: str = Field(min_length=1)
    type: str = ""
    status: Status | None = None


class Context(Shape):
    """Context: what answers a status, directly or not."""

    descendants: list[Status] = []


class App(Shape):
    """CredentialApplication."""

    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1, repr=False)


class Token(Shape):
    """Token; Mastodon's never expire, some relatives' do and come with a refresh token."""

    access_token: str = Field(min_length=1, repr=False)
    scope: str | None = ""
    refresh_token: str | None = Field(default=None, repr=False)
    expires_in: int | None = None


class Metadata(Shape):
    """OAuth authorization server metadata (RFC 8414)."""

    issuer: str | None = None
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    revocation_endpoint: str | None = None
    code_challenge_methods_supported: list[str] = []


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("The server answered in a form that Mastodon's API does not describe.", after=60) from None
