"""What the double of Business Profile knows: people, their accounts and locations, posts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from masthead.connectors.google.business_profile.tests.rules import Fail
from masthead.connectors.tests.app_memory import AppMemory, Denied, Person

SCOPE = "https://www.googleapis.com/auth/business.manage"


@dataclass
class Post:
    """A local post. `left`: how many more looks find it in processing; `rejected`: what it comes to then."""

    id: str
    place: str
    told: dict[str, Any]
    at: datetime
    left: int
    rejected: bool = False

    @property
    def state(self) -> str:
        """What Google says of it now."""
        return "PROCESSING" if self.left > 0 else "REJECTED" if self.rejected else "LIVE"


@dataclass
class Place:
    """A location. `verified`: it has the voice of the merchant."""

    name: str
    title: str
    verified: bool = True


@dataclass
class Memory(AppMemory):
    """Everything the server knows. `holders`: the accounts of each person with their locations; `looks`: see `Post.left`."""

    once: bool = False
    holders: dict[str, dict[str, list[Place]]] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    looks: int = 0

    def person(self) -> Person:
        """A fresh person with an account that holds a verified location, and one that is not."""
        one = super().person()
        places = [Place(f"locations/{one.id}", "Bakery"), Place(f"locations/{self.new_id()}", "Kiosk", verified=False)]
        self.holders[one.id] = {f"accounts/{one.id}": places}
        return one

    def held(self, who: str, holder: str) -> list[Place]:
        """The locations of an account; PERMISSION_DENIED for a stranger."""
        if holder not in self.holders[who]:
            raise Fail(403, "PERMISSION_DENIED", "The caller does not have permission")
        return self.holders[who][holder]

    def place(self, who: str, name: str) -> Place:
        """One of a person's locations."""
        for places in self.holders[who].values():
            for one in places:
                if one.name == name:
                    return one
        raise Fail(404, "NOT_FOUND", "Requested entity was not found.")

    def make(self, place: str, told: Mapping[str, Any]) -> Post:
        """A new post. Posts have different times, so that their order is clear."""
        latest = max((one.at for one in self.posts), default=self.clock.now() - timedelta(seconds=1))
        at = max(self.clock.now(), latest + timedelta(milliseconds=1))
        post = Post(self.new_id(), place, dict(told), at, self.looks)
        self.posts.append(post)
        return post

    def of(self, place: str) -> list[Post]:
        """The posts of a location, oldest first."""
        return [one for one in self.posts if one.place == place]

    def exchanged(self, form: Mapping[str, str]) -> dict[str, str]:
        """Tokens as Google gives them: the code needs its proof, and a refresh brings no new refresh token."""
        if (form.get("client_id"), form.get("client_secret")) != self.app:
            raise Denied
        if form["grant_type"] == "authorization_code":
            proof = (
                base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().strip("=")
            )
            if self.challenges.get(form["code"]) != proof:
                raise Denied
        told = super().exchanged(form)
        if form["grant_type"] == "refresh_token":
            self.refresh.pop(told.pop("refresh_token"))
        return told
