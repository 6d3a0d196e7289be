"""What the double of Reddit knows: submissions, uploads, subreddits, and the rules for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from masthead.connectors.tests.app_memory import AppMemory, Person

FLAIR = "11111111-2222-3333-4444-555555555555"


class Fail(Exception):
    """Reddit refuses an action, with status 200: a code, its words, the field."""

    def __init__(self, code: str, words: str, place: str = "", **more: object) -> None:
        super().__init__(code)
        self.body = {"json": {"errors": [[code, words, place]], **more}}


class Invalid(Exception):
    """Reddit refuses what breaks a subreddit's rules, with status 400."""

    def __init__(self, field: str, reason: str, words: str) -> None:
        super().__init__(reason)
        kind = "SUBMIT_VALIDATION_ERROR"
        told = {"error_type": kind, "message": "Bad Request", "reason": reason, "explanation": words}
        self.body = told | {"fields": [field]}


@dataclass
class Post:
    """A submission. `seen_after`: how many listings pass before it is shown, as with pictures."""

    id: str
    owner: str
    form: Mapping[str, Any]
    at: datetime
    text: str
    deleted: bool = False
    seen_after: int = 0

    @property
    def name(self) -> str:
        """Its full id."""
        return f"t3_{self.id}"


@dataclass
class Memory(AppMemory):
    """`closed`: subreddits nobody may post to; `strict`: those that want a flair; `break_for`: seconds of a forced pause."""

    seconds: int = 86_400
    once: bool = False
    closed: frozenset[str] = frozenset({"closed"})
    strict: frozenset[str] = frozenset({"strict"})
    break_for: float = 0
    banned_words: frozenset[str] = frozenset()
    uploads: dict[str, bytes] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)

    def submit(self, person: Person, form: Mapping[str, Any], uploaded: str) -> Post:
        """Make a submission, or refuse it as Reddit does. `uploaded` is where addresses of uploads start."""
        if self.break_for:
            words = "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again."
            raise Fail("RATELIMIT", words, "ratelimit", ratelimit=self.break_for)
        if form["sr"] in self.closed:
            raise Fail("SUBREDDIT_NOTALLOWED", "you aren't allowed to post there.", "sr")
        if form["sr"] in self.strict and form.get("flair_id") != FLAIR:
            raise Fail("SUBMIT_VALIDATION_FLAIR_REQUIRED", "Your post must contain post flair.", "flair")
        if not 0 < len(form["title"]) <= 300:
            raise Fail("TOO_LONG", "this is too long (max: 300)", "title")
        for word in self.banned_words:
            if word in form["title"]:
                raise Invalid(
                    "title", "SUBMIT_VALIDATION_TITLE_BLACKLISTED_STRING", f'You may not have "{word}" in your title.'
                )
        kind, url = form["kind"], str(form.get("url", ""))
        if kind == "link" and not url.startswith(("http://", "https://")):
            raise Fail("BAD_URL", "you should check that url", "url")
        wanted = {"image": [url], "video": [url, str(form.get("video_poster_url", ""))]}.get(kind, [])
        if any(one.removeprefix(uploaded) not in self.uploads for one in wanted):
            raise Fail("NO_URL", "a url is required", "url")
        if any(one["media_id"] not in self.assets for one in form.get("items", ())):
            raise Fail("BAD_GALLERY", "an image is missing", "items")
        number = self.new_id()
        post = Post(
            number, person.id, form, self.clock.now(), form.get("text", ""), seen_after=int(kind in ("image", "video"))
        )
        self.posts.append(post)
        return post

    def mine(self, person: Person, name: str) -> Post | None:
        """One's own submission."""
        return next((one for one in self.posts if one.name == name and one.owner == person.id), None)
