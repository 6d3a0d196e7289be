"""What the double of Misskey knows: accounts, tokens, files, notes, and the rules Misskey applies to them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

TEXT_LIMIT = 3000
FILE_BYTES = 30 * 1024 * 1024


class Fail(Exception):
    """Misskey refuses: a status and its code."""

    def __init__(self, status: int, code: str, message: str = "", **info: Any) -> None:
        super().__init__(code)
        error: dict[str, Any] = {"code": code, "message": message or code.capitalize(), "id": "0", "kind": "client"}
        self.status, self.body = status, {"error": error | ({"info": info} if info else {})}


@dataclass
class Person:
    """An account."""

    id: str
    username: str


@dataclass
class File:
    """A file in the drive."""

    id: str
    owner: str
    type: str
    content: bytes
    comment: str | None
    sensitive: bool


@dataclass
class Note:
    """A note as it was made."""

    id: str
    owner: str
    at: datetime
    body: dict[str, Any]
    files: Sequence[File] = ()
    reactions: dict[str, int] = field(default_factory=dict)


class Memory:
    """Everything the server knows. `behind`: how far its clock is behind; `ids` grow with time, as Misskey's do."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.files: dict[str, File] = {}
        self.notes: list[Note] = []
        self.behind = timedelta()
        self.text_limit = TEXT_LIMIT
        self._numbers = itertools.count(1)

    def now(self) -> datetime:
        """The server's own time."""
        return datetime.now(UTC) - self.behind

    def new_id(self) -> str:
        """An id above all before."""
        return f"n{next(self._numbers):012d}"

    def person(self) -> str:
        """A token of a fresh account."""
        token, name = secrets.token_urlsafe(24), f"user{secrets.token_hex(4)}"
        self.people[token] = Person(self.new_id(), name)
        return token

    def owner(self, token: Any) -> Person:
        """Whose token this is."""
        if not token:
            raise Fail(401, "CREDENTIAL_REQUIRED")
        if token not in self.people:
            raise Fail(401, "AUTHENTICATION_FAILED", "Authentication failed. Please ensure your token is correct.")
        return self.people[token]

    def note(self, number: Any) -> Note:
        """A note that is there."""
        found = next((one for one in self.notes if one.id == number), None)
        if not found:
            raise Fail(400, "NO_SUCH_NOTE", "No such note.")
        return found

    def upload(self, person: Person, fields: Mapping[str, str], type_: str, content: bytes) -> File:
        """Put a file into the drive; the same content without `force` gives back the file that is there."""
        same = (one for one in self.files.values() if one.owner == person.id and one.content == content)
        known = next(same, None)
        if known and fields.get("force") != "true":
            return known
        if len(content) > FILE_BYTES:
            raise Fail(413, "MAX_FILE_SIZE_EXCEEDED")
        if len(fields.get("comment") or "") > 512:
            raise Fail(400, "INVALID_PARAM", param="#/properties/comment/maxLength")
        one = File(self.new_id(), person.id, type_, content, fields.get("comment"), fields.get("isSensitive") == "true")
        self.files[one.id] = one
        return one

    def create(self, person: Person, body: Mapping[str, Any]) -> Note:
        """Make a note, or refuse."""
        self._right(body)
        files = [self.files[one] for one in body.get("fileIds", ()) if one in self.files]
        if len(files) != len(body.get("fileIds", ())):
            raise Fail(400, "NO_SUCH_FILE", "Some files are not found.")
        if body.get("replyId") and all(one.id != body["replyId"] for one in self.notes):
            raise Fail(400, "NO_SUCH_REPLY_TARGET", "No such reply target.")
        text = {"text": str(body["text"]).strip()} if body.get("text") else {}
        one = Note(self.new_id(), person.id, self.now(), dict(body) | text, files)
        self.notes.append(one)
        return one

    def _right(self, body: Mapping[str, Any]) -> None:
        text, poll = body.get("text"), body.get("poll")
        if not (text or body.get("fileIds") or poll):
            raise Fail(400, "INVALID_PARAM", param="#/anyOf")
        if text is not None and not 0 < len(text) <= self.text_limit:
            raise Fail(400, "INVALID_PARAM", param="#/properties/text/maxLength")
        if body.get("visibility") not in ("public", "home", "followers", "specified"):
            raise Fail(400, "INVALID_PARAM", param="#/properties/visibility/enum")
        if body.get("cw") is not None and not len(body["cw"]) <= 100:
            raise Fail(400, "INVALID_PARAM", param="#/properties/cw/maxLength")
        if poll and not (2 <= len(set(poll["choices"])) == len(poll["choices"]) <= 10):
            raise Fail(400, "INVALID_PARAM", param="#/properties/poll/properties/choices/uniqueItems")
        if "fileIds" in body and not 1 <= len(body["fileIds"]) <= 16:
            raise Fail(400, "INVALID_PARAM", param="#/properties/fileIds/maxItems")
