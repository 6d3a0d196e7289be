"""What the double of TikTok knows: what accounts allow, posts by their publish numbers, and the rules for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from masthead.connectors.tests.app_memory import AppMemory, Person

ALL = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")


class Fail(Exception):
    """TikTok refuses: a status and its code."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.body = status, {"data": {}, "error": {"code": code, "message": message, "log_id": "2026"}}


@dataclass
class Post:
    """A post that was begun. `left`: how many more times TikTok says that it is at work; `size` 0 for photos."""

    number: str
    owner: str
    info: Mapping[str, Any]
    at: datetime
    size: int = 0
    content: bytes = b""
    left: int = 1
    id: str = ""
    fail_reason: str = ""

    @property
    def text(self) -> str:
        """What its author wrote."""
        return str(self.info.get("description") or self.info.get("title") or "")

    @property
    def out(self) -> bool:
        """Whether it is published."""
        return len(self.content) == self.size and not self.fail_reason


@dataclass
class Memory(AppMemory):
    """`allowed`: what the accounts offer; `audited`: whether the app is; `moderating`: posts get no id yet."""

    seconds: int = 7200
    allowed: dict[str, Any] = field(
        default_factory=lambda: {
            "privacy_level_options": list(ALL),
            "comment_disabled": False,
            "duet_disabled": True,
            "stitch_disabled": False,
            "max_video_post_duration_sec": 300,
        }
    )
    audited: bool = True
    moderating: bool = False
    posts: list[Post] = field(default_factory=list)

    def begin(self, person: Person, body: Mapping[str, Any], size: int) -> Post:
        """Begin a post, or refuse it as TikTok does."""
        info = body["post_info"]
        if info["privacy_level"] not in self.allowed["privacy_level_options"]:
            raise Fail(403, "privacy_level_option_mismatch")
        if not self.audited and info["privacy_level"] != "SELF_ONLY":
            raise Fail(403, "unaudited_client_can_only_post_to_private_accounts")
        longest = 2200 if size else 4000
        if len(str(info.get("description" if not size else "title") or "")) > longest:
            raise Fail(400, "invalid_params", "The text is too long.")
        if not size and len(str(info.get("title") or "")) > 90:
            raise Fail(400, "invalid_params", "The title is too long.")
        number = f"{'v' if size else 'p'}_pub~v2.{self.new_id()}"
        post = Post(number, person.id, info, self.clock.now(), size, id=self.new_id())
        self.posts.append(post)
        return post

    def public(self, person: Person) -> list[Post]:
        """What the listing shows, newest first."""
        shown = [one for one in self.posts if one.owner == person.id and one.out and not self.moderating]
        return [one for one in reversed(shown) if one.info["privacy_level"] == "PUBLIC_TO_EVERYONE"]
