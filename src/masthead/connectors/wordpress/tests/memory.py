"""What the double of WordPress knows: users, posts, files, terms, and the rules WordPress applies to them."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

AUTHOR = (
    "edit_posts",
    "publish_posts",
    "edit_published_posts",
    "delete_posts",
    "delete_published_posts",
    "upload_files",
)
STATUSES = ("publish", "future", "draft", "pending", "private")
FORMATS = ("standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio")
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
}


class Fail(Exception):
    """WordPress refuses: a status, a code, and what else stands in `data`."""

    def __init__(self, status: int, code: str, message: str = "", **data: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"code": code, "message": message or f"{code}.", "data": {"status": status, **data}}


@dataclass
class User:
    """A user and an application password; `rights` as WordPress's capabilities."""

    id: int
    name: str
    password: str
    rights: set[str]


@dataclass
class Row:
    """A post or a file. `fields` holds what was told: title, content, format, tags, ..."""

    id: int
    owner: int
    kind: str
    status: str
    slug: str
    modified: datetime
    fields: dict[str, Any]
    date: datetime | None = None


@dataclass
class Memory:
    """Everything the site knows. `behind`: how far its clock is behind; `keeps_mark`: False drops settings of blocks."""

    users: dict[str, User] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    categories: dict[int, tuple[str, int]] = field(
        default_factory=lambda: {1: ("Uncategorized", 0), 2: ("Bread &amp; rolls", 1)}
    )
    comments: dict[int, int] = field(default_factory=dict)
    behind: timedelta = timedelta()
    keeps_mark: bool = True
    has_trash: bool = True
    reviews: bool = False

    def __post_init__(self) -> None:
        self._numbers = itertools.count(3)

    def now(self) -> datetime:
        """The site's own time; WordPress keeps whole seconds."""
        return (datetime.now(UTC) - self.behind).replace(microsecond=0)

    def user(self, *without: str) -> User:
        """A fresh author, without some of an author's rights."""
        name = f"user{secrets.token_hex(4)}"
        self.users[name] = User(next(self._numbers), name, secrets.token_hex(12), set(AUTHOR) - set(without))
        return self.users[name]

    def row(self, number: int, kind: str = "post") -> Row:
        """A post or file that is there."""
        found = self.rows.get(number)
        if not found or found.kind != kind:
            raise Fail(404, "rest_post_invalid_id", "Invalid post ID.")
        return found

    def create(self, user: User, told: Mapping[str, Any]) -> Row:
        """Make a post."""
        self._may(user, "edit_posts", "rest_cannot_create")
        if not any(str(told.get(name) or "").strip() for name in ("title", "content", "excerpt")):
            raise Fail(400, "empty_content", "Content, title, and excerpt are empty.")
        one = Row(next(self._numbers), user.id, "post", "draft", "", self.now(), {})
        self.change(user, one, {"status": "draft", **told})
        self.rows[one.id] = one
        return one

    def change(self, user: User, one: Row, told: Mapping[str, Any]) -> None:
        """Change a post; publishing gives it a date and an address of its own."""
        self._may(user, "edit_published_posts" if one.status == "publish" else "edit_posts", "rest_cannot_edit", one)
        self._right(told)
        status = str(told.get("status", one.status))
        if status == "publish" and one.status != "publish":
            self._may(user, "publish_posts", "rest_cannot_publish")
            status = "pending" if self.reviews else status
        fields = {name: value for name, value in told.items() if name not in ("status", "slug")}
        if not self.keeps_mark and "content" in fields:
            fields["content"] = re.sub(r"<!-- wp:(\w+) .*?-->", r"<!-- wp:\1 -->", fields["content"])
        one.fields |= fields
        one.slug = self._slug(str(told.get("slug") or one.slug), one, status)
        if status == "publish" and not one.date:
            one.date = self.now()
        one.status, one.modified = status, self.now()

    def trash(self, user: User, one: Row, *, force: bool) -> None:
        """Into the trash, or away for good."""
        self._may(user, "delete_published_posts", "rest_cannot_delete", one)
        if force:
            del self.rows[one.id]
        elif not self.has_trash:
            raise Fail(
                501, "rest_trash_not_supported", "The post does not support trashing. Set 'force=true' to delete."
            )
        elif one.status == "trash":
            raise Fail(410, "rest_already_trashed", "The post has already been deleted.")
        else:
            one.status, one.slug, one.modified = "trash", f"{one.slug}__trashed", self.now()

    def upload(self, user: User, name: str, mime: str, slug: str, content: bytes) -> Row:
        """Put a file into the library."""
        self._may(user, "upload_files", "rest_cannot_create")
        if not content:
            raise Fail(400, "rest_upload_no_data", "No data supplied.")
        if TYPES.get(name.rpartition(".")[2]) != mime:
            raise Fail(500, "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.")
        one = Row(next(self._numbers), user.id, "file", "inherit", slug, self.now(), {"name": name, "alt_text": ""})
        self.rows[one.id] = one
        return one

    def tag(self, name: str) -> int:
        """A new tag; one of the same name whatever its case is refused with its number."""
        known = next((number for number, one in self.tags.items() if one.lower() == name.lower()), 0)
        if known:
            raise Fail(400, "term_exists", "A term with the name provided already exists.", term_id=known)
        number = next(self._numbers)
        self.tags[number] = name
        return number

    def _may(self, user: User, right: str, code: str, one: Row | None = None) -> None:
        if right not in user.rights or (one and one.owner != user.id):
            raise Fail(403, code, "Sorry, you are not allowed to do that.")

    def _right(self, told: Mapping[str, Any]) -> None:
        if told.get("status", "draft") not in STATUSES:
            raise Fail(400, "rest_invalid_param", "Invalid parameter(s): status", params={"status": "not one of"})
        if told.get("format", "standard") not in FORMATS:
            raise Fail(400, "rest_invalid_param", "Invalid parameter(s): format", params={"format": "not one of"})
        if told.get("featured_media", 0) and told["featured_media"] not in self.rows:
            raise Fail(400, "rest_invalid_featured_media", "Invalid featured media ID.")

    def _slug(self, wanted: str, one: Row, status: str) -> str:
        plain = re.sub(r"[^a-z0-9]+", "-", (wanted or str(one.fields.get("title") or "")).lower()).strip("-")
        if status == "draft":
            return plain if wanted else ""
        plain = plain or str(one.id)
        taken = {other.slug for other in self.rows.values() if other.id != one.id}
        return next(name for name in (plain, *(f"{plain}-{number}" for number in range(2, 999))) if name not in taken)
