"""The double's memory and rules, from Mastodon's documentation: tokens, media, statuses, idempotency, rate limits."""

from __future__ import annotations

import html
import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

TEXT_LIMIT, URL_LENGTH, MOST_MEDIA, ALT_LIMIT = 500, 23, 4, 1500
IMAGE_BYTES, VIDEO_BYTES = 16_777_216, 103_809_024
MIMES = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "audio/mpeg",
)
POLL = {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746}
VISIBILITIES = ("public", "unlisted", "private", "direct")
WINDOWS = {"api": (300, 300), "media": (30, 1800), "deletes": (30, 1800), "statuses": (300, 10_800)}
LINK = re.compile(r"https?://[^\s<>\"]+")
MENTION = re.compile(r"@(\w+)@([\w.-]+\w)")
TAG = re.compile(r"(?<![\w&/])#(\w+)")


class Fail(Exception):
    """The server refuses: a status and its words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Clock:
    """A clock that tests can move; `offset` in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def advance(self, seconds: float) -> None:
        self.offset += seconds


@dataclass
class Token:
    value: str
    account_id: str
    scopes: frozenset[str]
    app: str = "Masthead"
    refresh: str = ""


@dataclass
class Media:
    id: str
    account_id: str
    mime: str
    size: int
    alt: str = ""
    focus: tuple[float, float] | None = None
    polls_left: int = 0
    status_id: str = ""


@dataclass
class Status:
    id: str
    account_id: str
    text: str
    created_at: datetime
    visibility: str
    spoiler: str = ""
    sensitive: bool = False
    language: str = ""
    reply_to: str = ""
    media: list[Media] = field(default_factory=list)
    poll: Mapping[str, Any] | None = None
    app: str = ""
    edited_at: datetime | None = None
    favourites: int = 0
    reblogs: int = 0


@dataclass
class Memory:
    """Everything the server knows."""

    clock: Clock = field(default_factory=Clock)
    url: str = ""
    limited: bool = True
    video_polls: int = 1
    accounts: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    apps: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    scheduled: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    used: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)

    def new_id(self) -> str:
        """Ids grow with time, as Mastodon's do."""
        return str((int(self.clock.now().timestamp() * 1000) << 16) + next(self._ids))

    def add_account(self, name: str, scopes: str = "read write", *, refresh: bool = False) -> Token:
        """A new account and a token for it."""
        account_id = str(100_000 + next(self._ids))
        self.accounts[account_id] = name
        return self.add_token(account_id, scopes, refresh=refresh)

    def add_token(self, account_id: str, scopes: str, app: str = "Masthead", *, refresh: bool = False) -> Token:
        """One more token for an account."""
        value, renewal = secrets.token_urlsafe(32), secrets.token_urlsafe(32) if refresh else ""
        token = Token(value, account_id, frozenset(scopes.split()), app, renewal)
        self.tokens[token.value] = token
        return token

    def count(self, who: str, bucket: str) -> tuple[int, int, datetime]:
        """Use one call of a window: limit, remaining, reset. Fail(429) when none is left."""
        limit, seconds = WINDOWS[bucket]
        now = self.clock.now()
        window = int(now.timestamp()) // seconds
        used = self.used[who, bucket, window] = self.used.get((who, bucket, window), 0) + 1
        return limit, limit - used, datetime.fromtimestamp((window + 1) * seconds, UTC)

    def post(self, token: Token, body: Mapping[str, Any], key: str) -> Status | dict[str, Any]:
        """Create a status, or a scheduled one where `scheduled_at` is given; idempotency keys are kept for an hour."""
        kept = self.keys.get((token.account_id, key)) if key else None
        if kept and self.clock.now() - kept[1] < timedelta(hours=1):
            return next(one for one in self.statuses if one.id == kept[0])
        media = self.attachable(token, body)
        self.check(body, media)
        parent = str(body.get("in_reply_to_id") or "")
        if parent and not any(one.id == parent for one in self.statuses):
            raise Fail(404, "The post you are trying to reply to does not appear to exist.")
        if body.get("scheduled_at"):
            return self.schedule(body)
        status = Status(
            self.new_id(),
            token.account_id,
            body.get("status", ""),
            self.clock.now(),
            body.get("visibility", "public"),
            body.get("spoiler_text", ""),
            body.get("sensitive", False),
            body.get("language", ""),
            parent,
            media,
            body.get("poll"),
            token.app,
        )
        for one in media:
            one.status_id = status.id
        self.statuses.append(status)
        if key:
            self.keys[token.account_id, key] = status.id, self.clock.now()
        return status

    def schedule(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a scheduled status; at least five minutes ahead."""
        at = datetime.fromisoformat(str(body["scheduled_at"]).replace("Z", "+00:00"))
        if at < self.clock.now() + timedelta(minutes=5):
            raise Fail(422, "Validation failed: Scheduled at must be at least 5 minutes in the future")
        kept = {"id": self.new_id(), "scheduled_at": at.isoformat(), "params": dict(body), "media_attachments": []}
        self.scheduled.append(kept)
        return kept

    def attachable(self, token: Token, body: Mapping[str, Any]) -> list[Media]:
        """The media of a new status, checked as Mastodon does."""
        ids = body.get("media_ids") or []
        if len(ids) > MOST_MEDIA or (ids and body.get("poll")):
            raise Fail(422, "Cannot attach more than 4 files")
        found = [self.media.get(str(one)) for one in ids]
        if any(one is None or one.account_id != token.account_id or one.status_id for one in found):
            raise Fail(422, "Media not found or already attached to another post")
        media = [one for one in found if one]
        if len(media) > 1 and any(not one.mime.startswith("image/") for one in media):
            raise Fail(422, "Cannot attach a video to a post that already contains images")
        if any(one.polls_left > 0 for one in media):
            raise Fail(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        return media

    def check(self, body: Mapping[str, Any], media: list[Media]) -> None:
        """The text, the poll and the settings of a status."""
        text, spoiler = body.get("status", ""), body.get("spoiler_text", "")
        if not text.strip() and not media and not spoiler:
            raise Fail(422, "Validation failed: Text can't be blank")
        if length(text) + length(spoiler) > TEXT_LIMIT:
            raise Fail(422, f"Validation failed: Text character limit of {TEXT_LIMIT} exceeded")
        if body.get("visibility", "public") not in VISIBILITIES:
            raise Fail(422, "Validation failed: Visibility is not included in the list")
        if not isinstance(body.get("sensitive", False), bool):
            raise Fail(422, "Validation failed: Sensitive must be true or false")
        if body.get("poll"):
            check_poll(body["poll"], self.clock.now())

    def upload(self, token: Token, mime: str, content: bytes, alt: str, focus: str) -> Media:
        """Keep a file; images are ready at once, anything else after `video_polls` more questions."""
        if mime not in MIMES or not content:
            raise Fail(422, "Validation failed: File content type is invalid, File is invalid")
        if len(content) > (IMAGE_BYTES if mime.startswith("image/") else VIDEO_BYTES):
            raise Fail(422, "Validation failed: File file size must be less than 16 MB")
        if len(alt) > ALT_LIMIT:
            raise Fail(422, f"Validation failed: Description is too long (maximum is {ALT_LIMIT} characters)")
        polls = 0 if mime.startswith("image/") else self.video_polls
        point = tuple(float(one) for one in focus.split(",")) if focus else None
        if point and (len(point) != 2 or any(abs(one) > 1 for one in point)):
            raise Fail(422, "Validation failed: Focus is invalid")
        media = Media(self.new_id(), token.account_id, mime, len(content), alt, point, polls)  # type: ignore[arg-type]
        self.media[media.id] = media
        return media


def length(text: str) -> int:
    """As Mastodon counts: links 23, of a mention only the local part."""
    return len(MENTION.sub(r"@\1", LINK.sub("x" * URL_LENGTH, text)))


def check_poll(poll: Mapping[str, Any], now: datetime) -> None:
    """Two to four different options of at most 50 characters, five minutes to a month."""
    options = poll.get("options") or []
    if not isinstance(poll.get("multiple", False), bool) or not isinstance(poll.get("expires_in"), int):
        raise Fail(422, "Validation failed: Poll has values of the wrong type")
    if len(options) < 2:
        raise Fail(422, "Validation failed: Options must have more than one item")
    if len(options) > POLL["max_options"]:
        raise Fail(422, "Validation failed: Options can't contain more than 4 items")
    if any(len(one) > POLL["max_characters_per_option"] for one in options):
        raise Fail(422, "Validation failed: Options can't be longer than 50 characters each")
    if len(set(options)) < len(options):
        raise Fail(422, "Validation failed: Options contain duplicate items")
    if not POLL["min_expiration"] <= poll["expires_in"] <= POLL["max_expiration"]:
        raise Fail(422, "Validation failed: Expires at is too soon or too far in the future")


def rendered(text: str, url: str) -> str:
    """Mastodon's HTML: paragraphs, line breaks, shortened links, mentions without their server."""
    if not text:
        return ""
    safe = LINK.sub(_link, html.escape(text, quote=False))
    safe = MENTION.sub(_mention, safe)
    safe = TAG.sub(rf'<a href="{url}/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>', safe)
    parts = [part.replace("\n", "<br />") for part in re.split(r"\n{2,}", safe.strip("\n"))]
    return "".join(f"<p>{part}</p>" for part in parts)


def _mention(found: re.Match[str]) -> str:
    name, host = found.groups()
    return (
        f'<span class="h-card"><a href="https://{host}/@{name}" class="u-url mention">@<span>{name}</span></a></span>'
    )


def _link(found: re.Match[str]) -> str:
    address = found.group()
    scheme, rest = address.split("://", 1)
    shown, more = rest[:30], rest[30:]
    return (
        f'<a href="{address}" target="_blank" rel="nofollow noopener"><span class="invisible">{scheme}://</span>'
        f'<span class="{"ellipsis" if more else ""}">{shown}</span><span class="invisible">{more}</span></a>'
    )


def stamp(at: datetime) -> str:
    """A time as Mastodon writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
