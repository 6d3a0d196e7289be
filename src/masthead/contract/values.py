"""Frozen values that cross the border between generic code and connectors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class MediaKind(StrEnum):
    """What an attachment is, as platforms distinguish it."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that must stay visible when a platform crops: x and y from -1 (left, bottom) to 1 (right, top)."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a segment, already fitted to the channel's rules. Sizes in bytes and pixels, time in seconds.

    `public_url` gives a signed address that anybody can fetch for a while; None where this installation has no public address.
    `poster` gives a still of a video as JPEG, or None where none can be made; it is itself None for what is no video.
    """

    kind: MediaKind
    mime: str
    size: int
    sha256: str
    load: Callable[[], Awaitable[bytes]]
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    alt: str = ""
    focus: Focus | None = None
    file_name: str = ""
    public_url: Callable[[], Awaitable[str]] | None = None
    poster: Callable[[], Awaitable[bytes | None]] | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A question's answers; `seconds` is how long it stays open."""

    options: tuple[str, ...]
    seconds: int
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a thread; a plain post has one."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's acknowledgement of one segment. `raw` is the part of the answer later steps need (e.g. a cid)."""

    remote_id: str
    url: str = ""
    processing: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One publication as a connector sees it.

    `key` is the same on every try (32 hex digits, derived from the publication); `created_at` too, so that a repeated
    request is the same request. `options` are the platform's own settings as named in its capabilities.
    For look-ups: `sent_after` is when the first try began (nothing of it can be older), `known` holds the remote ids that
    belong to other publications of the channel, so that one post is never taken for two. `tries` counts the tries so far, this
    one included; 0 where that is not known. `publish_at` is when it was to go out, the same on every try; where a platform shows
    the time a post states for itself, that is what it should say.
    """

    key: str
    segments: tuple[Segment, ...]
    created_at: datetime
    language: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    sent_after: datetime | None = None
    known: frozenset[str] = frozenset()
    tries: int = 0
    publish_at: datetime | None = None

    def segment_key(self, index: int) -> str:
        """The idempotency key of one segment."""
        return f"{self.key}-{index}"


@dataclass(frozen=True, slots=True)
class Account:
    """A connected channel as a connector sees it. `secrets` are decrypted and must never be logged.

    `server` is the origin (scheme://host[:port]) for platforms with many servers, with a path behind it where several lie on one
    host; `limits` is what this server or profile told us.
    """

    channel_id: int
    workspace_id: int
    server: str
    remote_id: str
    handle: str
    secrets: Mapping[str, Any] = field(repr=False)
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a sign-in revealed: whose channel it is, the secrets to keep and the limits the server told us."""

    server: str
    remote_id: str
    handle: str
    name: str
    secrets: Mapping[str, Any] = field(repr=False)
    url: str = ""
    avatar_url: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """New secrets after a token refresh."""

    secrets: Mapping[str, Any] = field(repr=False)
    expires_at: datetime | None = None


class Presence(StrEnum):
    """What a look-up found out about a segment whose outcome was unknown."""

    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Found:
    """Answer of a look-up; `receipt` is set when present, `evidence` says in plain words what was looked at."""

    presence: Presence
    evidence: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """What a page says of itself, for a link card. `image` is the picture's address, if any."""

    url: str
    title: str = ""
    description: str = ""
    image_url: str = ""
