"""What the double of LinkedIn knows: apps, members, Pages, tokens, files, posts."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.connectors.linkedin.plans import SCOPES

TOKEN_SECONDS = 60 * 86_400


class Fail(Exception):
    """LinkedIn refuses: a status, its code and words.

    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling
    """

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": status, "message": message} | ({"code": code} if code else {})


@dataclass
class Token:
    """An access token: whose, and what it may do."""

    member: str
    scopes: tuple[str, ...]


@dataclass
class File:
    """An upload. `left`: how many more looks find it in the works."""

    urn: str
    owner: str
    size: int = 0
    parts: dict[int, bytes] = field(default_factory=dict)
    done: bool = False
    left: int = 1
    broken: bool = False


@dataclass
class Post:
    """A post as it was made; `text` is what people see."""

    urn: str
    author: str
    text: str
    at: datetime
    body: dict[str, Any]
    comments: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass
class Memory:
    """Everything the server knows. `pages`: Page -> its administrator's number; `refreshes`: give refresh tokens;
    `looks`: how often a new file is found in the works; `breaks`: whether it turns out to be of no use."""

    app: tuple[str, str] = field(default_factory=lambda: (secrets.token_urlsafe(12), secrets.token_urlsafe(24)))
    granted: tuple[str, ...] = SCOPES["development"]
    refreshes: bool = True
    looks: int = 1
    breaks: bool = False
    offset: float = 0.0
    members: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(7_100_000_000_000_000_000)

    def number(self) -> str:
        """A fresh number."""
        return str(next(self._numbers))

    def now(self) -> datetime:
        """The server's clock; `offset` in seconds."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def person(self) -> str:
        """A fresh member who administers one Page."""
        number = "m" + secrets.token_hex(4)
        self.members[number] = f"Member {number}"
        self.pages["5" + self.number()[-7:]] = number
        return number

    def grant(self, member: str, scopes: tuple[str, ...]) -> dict[str, Any]:
        """Tokens as the endpoint answers: https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow."""
        access, token = secrets.token_urlsafe(32), Token(member, scopes)
        self.tokens[access] = token
        told = {"access_token": access, "expires_in": TOKEN_SECONDS, "scope": ",".join(scopes)}
        if self.refreshes:
            again = secrets.token_urlsafe(32)
            self.refresh[again] = token
            told |= {"refresh_token": again, "refresh_token_expires_in": 365 * 86_400}
        return told

    def holder(self, bearer: str) -> Token:
        """Whose token this is."""
        token = self.tokens.get(bearer)
        if token is None:
            raise Fail(401, "The token used in the request has been revoked by the user", "REVOKED_ACCESS_TOKEN")
        return token

    def may(self, token: Token, urn: str, *scopes: str) -> None:
        """Refuse what the token's scopes or its holder's role do not cover."""
        kind = "organization" if ":organization:" in urn else "member"
        wanted = [one for one in scopes if kind in one]
        number = urn.rpartition(":")[2]
        own = self.pages.get(number) == token.member if kind == "organization" else number == token.member
        if not own or not set(wanted) & set(token.scopes):
            raise Fail(403, f"Not enough permissions to access: {' or '.join(scopes)}", "ACCESS_DENIED")

    def of(self, author: str) -> list[Post]:
        """An author's posts, oldest first."""
        return [one for one in self.posts if one.author == author]
