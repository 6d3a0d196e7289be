"""What the double of X knows: accounts, tokens, uploads, posts, and the rules X applies to them."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.kit.text import links, weighted_v3

EPOCH = 1_288_834_974_657
TOKEN_SECONDS = 7200


class Fail(Exception):
    """X refuses: a status, its words, and the type of problem."""

    def __init__(self, status: int, detail: str, kind: str = "about:blank", **more: Any) -> None:
        super().__init__(detail)
        titles = {
            400: "Invalid Request",
            401: "Unauthorized",
            402: "CreditsDepleted",
            403: "Forbidden",
            404: "Not Found",
        }
        self.status = status
        self.body = {"title": titles.get(status, "Error"), "detail": detail, "type": kind, "status": status} | more


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
    """An account; `subscription` is None, Basic, Premium or PremiumPlus."""

    id: str
    name: str
    subscription: str = "None"
    verified: str = "none"


@dataclass
class Upload:
    """A file: `left` is how many more times X says that it is still at work; `parts` come with chunks."""

    id: str
    owner: str
    kind: str
    total: int = 0
    parts: dict[int, bytes] = field(default_factory=dict)
    done: bool = False
    left: int = 0
    broken: bool = False
    alt: str = ""

    @property
    def key(self) -> str:
        """Its media key."""
        return f"{({'tweet_image': 3, 'tweet_gif': 16}).get(self.kind, 7)}_{self.id}"


@dataclass
class Post:
    """A post as it was made."""

    id: str
    owner: str
    text: str
    at: datetime
    reply_to: str = ""
    quotes: str = ""
    media: list[Upload] = field(default_factory=list)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Direct:
    """A direct message. `talk` is "a-b" between two people, a number for a group."""

    id: str
    sender: str
    people: frozenset[str]
    talk: str
    text: str
    at: datetime


@dataclass
class Memory:
    """Everything the server knows. `plan_quotes`: whether posts may quote others; `duplicates_for` in seconds.

    `without_messages`: whose sign-in may not read messages; `closed`: who takes none from strangers.
    `bearer`: the app's own token; `read`: posts read by the project, by how many days ago.
    """

    clock: Clock = field(default_factory=Clock)
    people: dict[str, Person] = field(default_factory=dict)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    directs: list[Direct] = field(default_factory=list)
    without_messages: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    plan_quotes: bool = False
    duplicates_for: float = 86_400.0
    bearer: str = field(default_factory=lambda: secrets.token_urlsafe(40))
    read: dict[int, int] = field(default_factory=dict)
    app: tuple[str, str] = field(default_factory=lambda: (secrets.token_urlsafe(16), secrets.token_urlsafe(24)))

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """Ids grow with time, as X's do."""
        return str((int(self.clock.now().timestamp() * 1000) - EPOCH << 22) + next(self._numbers))

    def person(self, subscription: str = "None") -> Person:
        """A fresh account."""
        one = Person(self.new_id(), f"user{secrets.token_hex(4)}", subscription)
        self.people[one.id] = one
        return one

    def tokens(self, person_id: str) -> dict[str, Any]:
        """A new pair of tokens, as the token endpoint answers it."""
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.access[access] = person_id, self.clock.now() + timedelta(seconds=TOKEN_SECONDS)
        self.refresh[refresh] = person_id
        return {
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "access_token": access,
            "refresh_token": refresh,
            "scope": "tweet.read tweet.write users.read media.write dm.read dm.write offline.access",
        }

    def exchanged(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Tokens for a code or a refresh token; each is used once."""
        if form["grant_type"] == "refresh_token":
            owner = self.refresh.pop(form["refresh_token"], "")
            if not owner:
                raise Fail(400, "Value passed for the token was invalid.")
            return self.tokens(owner)
        known = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            not known
            or known["redirect_uri"] != form["redirect_uri"]
            or known["challenge"] != proof.decode().strip("=")
        ):
            raise Fail(400, "Value passed for the authorization code was invalid.")
        return self.tokens(known["person"])

    def owner(self, token: str) -> Person:
        """Whose token this is. Fail(401) where it is none or ran out."""
        who, until = self.access.get(token, ("", self.clock.now()))
        if not who or until <= self.clock.now():
            raise Fail(401, "Unauthorized")
        return self.people[who]

    def create(self, person: Person, body: Mapping[str, Any]) -> Post:
        """Make a post, or refuse it as X does."""
        text, media = str(body.get("text", "")), self._media(person, body)
        limit = 280 if person.subscription == "None" else 25_000
        if not text.strip() and not media:
            raise Fail(400, "One or more parameters to your request was invalid.")
        if weighted_v3(text) > limit:
            raise Fail(403, "Your Tweet text is too long. For the text parameter, the limit is exceeded.")
        if len(re.findall(r"\$[A-Za-z]{1,6}\b", text)) > 1:
            raise Fail(403, "Posts are limited to 1 cashtag.")
        if body.get("quote_tweet_id") and not self.plan_quotes:
            raise Fail(403, "Quoting posts is not permitted on your plan.")
        parent = str(body.get("reply", {}).get("in_reply_to_tweet_id", ""))
        self._parent(person, parent)
        self._not_twice(person, text)
        quotes = str(body.get("quote_tweet_id", ""))
        post = Post(self.new_id(), person.id, text, self.clock.now(), parent, quotes, media, body)
        self.posts.append(post)
        return post

    def message(
        self, sender: str, to: str, text: str, *, talk: str = "", people: frozenset[str] = frozenset()
    ) -> Direct:
        """Keep a direct message, to a person or into a group."""
        pair = "-".join(sorted((sender, to), key=int)) if to else talk
        one = Direct(self.new_id(), sender, people or frozenset((sender, to)), pair, text, self.clock.now())
        self.directs.append(one)
        return one

    def _media(self, person: Person, body: Mapping[str, Any]) -> list[Upload]:
        ids = body.get("media", {}).get("media_ids", [])
        found = [self.uploads.get(one) for one in ids]
        ready = [one for one in found if one and one.owner == person.id and one.done and one.left <= 0]
        if len(ready) < len(ids):
            raise Fail(400, "Your media IDs are invalid.", INVALID)
        if len(ready) > 1 and any(one.kind != "tweet_image" for one in ready) or (ready and body.get("poll")):
            raise Fail(400, "You may attach up to 4 photos, 1 animated GIF or 1 video as media.", INVALID)
        return ready

    def _parent(self, person: Person, parent: str) -> None:
        if not parent:
            return
        found = next((one for one in self.posts if one.id == parent), None)
        if not found:
            raise Fail(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if found.owner != person.id and f"@{person.name}" not in found.text.split():
            raise Fail(403, "Reply to this conversation is not allowed because you have not been mentioned.")

    def _not_twice(self, person: Person, text: str) -> None:
        since = self.clock.now() - timedelta(seconds=self.duplicates_for)
        if any(one.owner == person.id and one.text == text and one.at > since for one in self.posts):
            raise Fail(403, "You are not allowed to create a Tweet with duplicate content.")


INVALID = "https://api.twitter.com/2/problems/invalid-request"
NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"


def shortened(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with t.co addresses in the place of links, and what they stand for."""
    urls, made, place = [], "", 0
    for number, link in enumerate(links(text, bare=True)):
        short = f"https://t.co/{hashlib.sha256(f'{link.url}{number}'.encode()).hexdigest()[:10]}"
        made += text[place : link.start]
        span = {"start": len(made), "end": len(made) + len(short)}
        urls.append({**span, "url": short, "expanded_url": link.url, "display_url": link.url.split("://")[-1][:27]})
        made, place = made + short, link.end
    return made + text[place:], urls
