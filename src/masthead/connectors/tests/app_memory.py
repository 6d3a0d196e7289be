"""What a double with a developer app knows of people: accounts, codes, tokens that run out, refresh tokens.

For platforms whose sign-in is OAuth's authorization code without PKCE.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class Denied(Exception):
    """The token, code or refresh token is none, or ran out."""


class Clock:
    """A clock that tests can move; `offset` in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def advance(self, seconds: float) -> None:
        self.offset += seconds


@dataclass
class Person:
    """An account of the platform."""

    id: str
    name: str


@dataclass
class AppMemory:
    """Who is there and which tokens work. `seconds`: how long an access token lasts; `once`: a refresh token works once."""

    seconds: int = 3600
    once: bool = True
    clock: Clock = field(default_factory=Clock)
    people: dict[str, Person] = field(default_factory=dict)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    app: tuple[str, str] = field(default_factory=lambda: (secrets.token_urlsafe(12), secrets.token_urlsafe(24)))

    def __post_init__(self) -> None:
        self.numbers = itertools.count(1)

    def new_id(self) -> str:
        """A number that grows."""
        return str(10**15 + next(self.numbers))

    def person(self) -> Person:
        """A fresh account."""
        number = self.new_id()
        self.people[number] = Person(number, f"baker{number[-4:]}")
        return self.people[number]

    def tokens(self, who: str) -> dict[str, str]:
        """New tokens of an account."""
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access[access] = (who, self.clock.now() + timedelta(seconds=self.seconds))
        self.refresh[refresh] = who
        return {"access_token": access, "refresh_token": refresh}

    def code(self, who: str, redirect_uri: str) -> str:
        """A code that may be exchanged once."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = (who, redirect_uri)
        return code

    def exchanged(self, form: Mapping[str, str]) -> dict[str, str]:
        """Tokens for a code or a refresh token. Raises Denied."""
        if form.get("grant_type") == "refresh_token":
            who = self.refresh.get(form["refresh_token"], "")
            if not who:
                raise Denied
            if self.once:
                del self.refresh[form["refresh_token"]]
            return self.tokens(who)
        who, redirect_uri = self.codes.pop(form["code"], ("", ""))
        if not who or redirect_uri != form["redirect_uri"]:
            raise Denied
        return self.tokens(who)

    def owner(self, header: str) -> Person:
        """Whose token an Authorization header brings. Raises Denied."""
        who, until = self.access.get(header.partition(" ")[2], ("", self.clock.now()))
        if not who or until <= self.clock.now():
            raise Denied
        return self.people[who]

    def forget(self, token: str) -> None:
        """The token no longer works."""
        self.access.pop(token, None)
        self.refresh.pop(token, None)

    def end(self, who: str) -> None:
        """The person took the app's access away."""
        self.access = {token: told for token, told in self.access.items() if told[0] != who}
        self.refresh = {token: other for token, other in self.refresh.items() if other != who}
