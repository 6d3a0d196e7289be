"""Typed shapes of what the servers send. Nothing outside this connector imports it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from masthead.contract.http import Answer, lost
from masthead.contract.operations import Operation


class Shape(BaseModel):
    """Fields in camel case; unknown ones are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Session(Shape):
    """com.atproto.server.createSession, refreshSession."""

    did: str
    handle: str
    access_jwt: str = Field(repr=False)
    refresh_jwt: str = Field(repr=False)
    did_doc: dict[str, Any] | None = None


class Me(Shape):
    """com.atproto.server.getSession."""

    did: str
    handle: str


class Resolved(Shape):
    """com.atproto.identity.resolveHandle."""

    did: str


class Written(Shape):
    """com.atproto.repo.putRecord: a strong reference to what was written."""

    uri: str
    cid: str


class Record(Shape):
    """com.atproto.repo.getRecord."""

    uri: str
    cid: str
    value: dict[str, Any]


class PostView(Shape):
    """app.bsky.feed.defs#postView: a post with what came back."""

    uri: str
    cid: str
    record: dict[str, Any]
    indexed_at: datetime
    embed: dict[str, Any] | None = None
    like_count: int | None = None
    repost_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    bookmark_count: int | None = None

    @property
    def did(self) -> str:
        """Whose post it is: the authority of its address."""
        return self.uri.removeprefix("at://").split("/", 1)[0]


class FeedItem(Shape):
    """app.bsky.feed.defs#feedViewPost; `reason` says that it is a repost or pinned."""

    post: PostView
    reason: dict[str, Any] | None = None


class Feed(Shape):
    """app.bsky.feed.getAuthorFeed."""

    feed: list[FeedItem]
    cursor: str = ""


class PostViews(Shape):
    """app.bsky.feed.getPosts."""

    posts: list[PostView]


class Author(Shape):
    """app.bsky.actor.defs#profileView: who wrote a post."""

    did: str
    handle: str
    display_name: str = ""
    avatar: str = ""


class Notification(Shape):
    """app.bsky.notification.listNotifications#notification; of those that tell of a post, `record` is the post."""

    uri: str
    cid: str
    author: Author
    reason: str
    record: dict[str, Any]
    indexed_at: datetime


class Notifications(Shape):
    """app.bsky.notification.listNotifications."""

    notifications: list[Notification]
    cursor: str = ""


class Uploaded(Shape):
    """com.atproto.repo.uploadBlob; `blob` goes into a record as it is."""

    blob: dict[str, Any]


class ServiceToken(Shape):
    """com.atproto.server.getServiceAuth."""

    token: str = Field(repr=False)


class Job(Shape):
    """app.bsky.video.defs#jobStatus; unknown states mean that it is still being worked on."""

    job_id: str = ""
    state: str = ""
    blob: dict[str, Any] | None = None
    error: str = ""
    message: str = ""


class VideoLimits(Shape):
    """app.bsky.video.getUploadLimits."""

    can_upload: bool
    remaining_daily_videos: int | None = None
    error: str = ""
    message: str = ""


class DidService(Shape):
    """One service of a DID document."""

    id: str
    service_endpoint: Any


class DidDocument(Shape):
    """Who a DID says it is, and where its data lies."""

    id: str
    also_known_as: list[str] = []
    service: list[DidService] = []


class ProtectedResource(BaseModel):
    """/.well-known/oauth-protected-resource (RFC 9728)."""

    authorization_servers: list[str]


class AuthorizationServer(BaseModel):
    """/.well-known/oauth-authorization-server (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    revocation_endpoint: str = ""
    dpop_signing_alg_values_supported: list[str] = []
    scopes_supported: list[str] = []


class Pushed(BaseModel):
    """Answer of a pushed authorization request (RFC 9126)."""

    request_uri: str


class Tokens(BaseModel):
    """Answer of the token endpoint."""

    access_token: str = Field(repr=False)
    token_type: str
    sub: str
    scope: str = ""
    refresh_token: str = Field(default="", repr=False)
    expires_in: int = 300


M = TypeVar("M", bound=BaseModel)


def read(shape: type[M], answer: Answer, operation: Operation) -> M:
    """The answer in its shape; an answer of another shape counts as none (OutcomeUnknown where the call creates)."""
    try:
        return shape.model_validate(answer.body)
    except ValidationError:
        raise lost(operation, "the answer has an unexpected form", answer.status) from None
