"""What a make-believe Meta remembers: apps, people, Pages, accounts, tokens, posts, containers. One for the whole family."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

LONG = 60 * 86_400
SHORT = 3600


class GraphError(Exception):
    """An error as the Graph API words it."""

    def __init__(self, code: int, words: str, subcode: int = 0, status: int = 400, **more: Any) -> None:
        super().__init__(words)
        self.code, self.words, self.subcode, self.status, self.more = code, words, subcode, status, more

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        inner = {"message": self.words, "type": "OAuthException", "code": self.code, "fbtrace_id": "A1bC-trace_9"}
        return {"error": inner | ({"error_subcode": self.subcode} if self.subcode else {}) | self.more}


def gone(what: str) -> GraphError:
    """The error for an object that is not there."""
    return GraphError(100, f"Unsupported request. Object with ID '{what}' does not exist", 33)


class Clock:
    """Real time, with a shift to move."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def advance(self, seconds: float) -> None:
        self.shift += timedelta(seconds=seconds)


@dataclass
class Token:
    """A token: whose, of which app, for what, until when."""

    value: str
    owner: str
    app: str
    kind: str
    scopes: tuple[str, ...]
    ends: datetime | None
    user: str = ""
    dead: int = 0


@dataclass
class Owner:
    """A Page, an Instagram account or a Threads profile."""

    id: str
    kind: str
    name: str
    user: str
    page: str = ""
    used: int = 0
    replies_used: int = 0
    tasks: tuple[str, ...] = ("CREATE_CONTENT", "MANAGE", "MODERATE")


@dataclass
class Post:
    """What people see. `media` are (kind, alt, address) in order; `comments` what the owner wrote below it."""

    id: str
    owner: str
    text: str
    at: datetime
    media: tuple[tuple[str, str, str], ...] = ()
    reply_to: str = ""
    story: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


@dataclass
class Container:
    """Something prepared for publishing, and how often it was asked about."""

    id: str
    owner: str
    sent: Mapping[str, str]
    status: str = "IN_PROGRESS"
    asked: int = 0


@dataclass
class Memory:
    """All of it. `polls`: how often a container is asked about before it is ready."""

    clock: Clock = field(default_factory=Clock)
    apps: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    photos: dict[str, dict[str, str]] = field(default_factory=dict)
    videos: dict[str, dict[str, Any]] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    polls: int = 1
    fail_media: str = ""
    refuses: tuple[str, ...] = ()
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(17_900_000_000_001))

    def id(self) -> str:
        """A fresh id."""
        return str(next(self.ids))

    def app(self) -> dict[str, str]:
        """A fresh developer app."""
        made = {"client_id": self.id(), "client_secret": secrets.token_hex(16)}
        self.apps[made["client_id"]] = made["client_secret"]
        return made

    def owner(self, kind: str, user: str, page: str = "") -> Owner:
        """A fresh Page, Instagram account or Threads profile of a person."""
        made = Owner(self.id(), kind, f"{kind}{secrets.token_hex(3)}", user, page)
        self.owners[made.id] = made
        return made

    def token(self, owner: str, app: str, kind: str, scopes: tuple[str, ...], seconds: int = 0, user: str = "") -> str:
        """A fresh token; `seconds` 0 for one that does not run out."""
        ends = self.clock.now() + timedelta(seconds=seconds) if seconds else None
        value = "EAA" + secrets.token_hex(40)
        self.tokens[value] = Token(value, owner, app, kind, scopes, ends, user or owner)
        return value

    def checked(self, value: str) -> Token:
        """The token, where it is good. GraphError 190 otherwise, as Meta words it."""
        token = self.tokens.get(value)
        if token is None:
            raise GraphError(190, f"Malformed access token {value}", status=400)
        if token.dead:
            raise GraphError(190, "Error validating access token: the session was invalidated.", token.dead, 400)
        if token.ends and token.ends <= self.clock.now():
            raise GraphError(190, "Error validating access token: Session has expired.", 463, 400)
        return token

    def kill(self, user: str) -> None:
        """Take back every token of a person (the password was changed)."""
        for one in self.tokens.values():
            if one.user == user:
                one.dead = 460

    def publish(self, post: Post) -> Post:
        """Keep a post."""
        self.posts[post.id] = post
        return post

    def of(self, owner: str) -> list[Post]:
        """An owner's posts, oldest first."""
        return [one for one in self.posts.values() if one.owner == owner]


def stamp(at: datetime) -> str:
    """A moment as Meta writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
