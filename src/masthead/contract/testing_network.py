"""The sandbox network itself: members, tokens, media and posts, with the rules a real network would have."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from masthead.contract.testing_faults import STORING, Fault, Knob, Knobs
from masthead.contract.testing_store import Store
from masthead.kit.text import count

TEXT_LIMIT = 500
MAX_ATTACHMENTS = 4
ALT_LIMIT = 1000
POLL_OPTIONS = 4
POLL_OPTION_LIMIT = 50
POLL_SECONDS = (300, 604_800)
MEDIA_BYTES = {"image": 8_000_000, "video": 40_000_000}
MIMES = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4")
VIDEO_SECONDS = 2.0
ACCESS_SECONDS = 3600.0
CODE_SECONDS = 120.0


class Problem(Exception):
    """The network says no: a status, a stable word, the field at fault and a sentence."""

    def __init__(self, status: int, error: str, message: str, field_name: str = "") -> None:
        super().__init__(message)
        self.status, self.error, self.message, self.field_name = status, error, message, field_name


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the network; `limits` differ from the network's own: text_limit, max_attachments, media_required."""

    handle: str
    name: str
    about: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gives out. `seconds` is how long the access token lasts."""

    handle: str
    token: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float


class SandboxNetwork:
    """State and rules. `clock` gives seconds since the epoch; `shift` moves it in tests."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store, self.clock, self.shift, self.knobs = store, clock, 0.0, Knobs()
        self.calls = 0  # by programs, so that a test can see that none came

    def now(self) -> float:
        """The network's time in seconds since the epoch."""
        return self.clock() + self.shift

    # Members and tokens

    def add(self, member: Member, token: str = "") -> str:
        """Add a member; returns an account token that does not run out."""
        self.store.insert(
            "member",
            {"handle": member.handle, "name": member.name, "about": member.about, "limits": dict(member.limits)},
        )
        return self._token(member.handle, secrets.token_hex(8), "access", None, token)

    def member(self, handle: str) -> Member | None:
        """The member with this handle."""
        row = self.store.row("select * from member where handle = ?", handle)
        return Member(**row) if row else None

    def members(self) -> list[Member]:
        """Everybody, by name."""
        return [Member(**row) for row in self.store.rows("select * from member order by name, handle")]

    def whose(self, token: str) -> Member:
        """The member an access token belongs to; Problem 401 (token_expired or token_dead) otherwise."""
        row = self.store.row("select * from token where token = ? and kind = 'access'", token)
        member = self.member(row["handle"]) if row else None
        if not row or not member:
            raise Problem(401, "token_dead", "This token is not known here.")
        if row["expires_at"] is not None and row["expires_at"] <= self.now():
            raise Problem(401, "token_expired", "This token ran out.")
        if not row["used"]:
            self.store.change("update token set used = 1 where token = ?", token)
        return member

    def allow(self, handle: str, challenge: str, redirect_uri: str) -> str:
        """A member says yes on the sign-in page; returns the code to exchange."""
        code = secrets.token_urlsafe(24)
        self.store.insert(
            "code",
            {
                "code": code,
                "handle": handle,
                "challenge": challenge,
                "redirect_uri": redirect_uri,
                "expires_at": self.now() + CODE_SECONDS,
            },
        )
        return code

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Tokens for a code, once; Problem 400 where code, verifier or address do not fit."""
        row = self.store.row("delete from code where code = ? returning *", code)
        fits = row and row["challenge"] == challenge_of(verifier) and row["redirect_uri"] == redirect_uri
        if not row or not fits or row["expires_at"] <= self.now():
            raise Problem(400, "invalid_grant", "The code is not valid.")
        return self._tokens(row["handle"], secrets.token_hex(8))

    def refresh(self, refresh: str) -> Tokens:
        """New tokens for a refresh token, which is then used up.

        A second use is allowed until a newer access token was used, since an answer may get lost; after that it
        ends the sign-in.
        """
        row = self.store.row("select * from token where token = ? and kind = 'refresh'", refresh)
        if not row:
            raise Problem(400, "invalid_grant", "The refresh token is not valid.")
        newer = "select 1 from token where family = ? and kind = 'access' and used = 1 and rowid > ?"
        place = self.store.row("select rowid as place from token where token = ?", refresh)
        if row["used"] and place and self.store.row(newer, row["family"], place["place"]):
            self.store.change("delete from token where family = ?", row["family"])
            raise Problem(400, "invalid_grant", "The refresh token was used before.")
        self.store.change("update token set used = 1 where token = ?", refresh)
        return self._tokens(row["handle"], row["family"])

    def revoke(self, token: str) -> None:
        """End the sign-in a token belongs to; unknown tokens are no error."""
        self.store.change("delete from token where family = (select family from token where token = ?)", token)

    def expire(self, token: str) -> None:
        """Let an access token run out now."""
        self.store.change("update token set expires_at = ? where token = ?", self.now() - 1, token)

    def _tokens(self, handle: str, family: str) -> Tokens:
        refresh = self._token(handle, family, "refresh", None)
        access = self._token(handle, family, "access", self.now() + ACCESS_SECONDS)
        return Tokens(handle, access, refresh, ACCESS_SECONDS)

    def _token(self, handle: str, family: str, kind: str, expires_at: float | None, token: str = "") -> str:
        token = token or f"sandbox-{kind}-{secrets.token_urlsafe(24)}"
        self.store.insert(
            "token", {"token": token, "handle": handle, "family": family, "kind": kind, "expires_at": expires_at}
        )
        return token

    # Media and posts

    def upload(self, member: Member, mime: str, content: bytes) -> str:
        """Keep a file; returns its id. Problem 422 where the kind or the size is not taken."""
        if mime not in MIMES:
            raise Problem(422, "kind_not_taken", f"Files of the kind {mime[:40]} are not taken.", "media")
        if len(content) > MEDIA_BYTES[mime.split("/")[0]]:
            raise Problem(422, "file_too_large", "The file is too large.", "media")
        if not content:
            raise Problem(422, "file_empty", "The file is empty.", "media")
        id_ = secrets.token_hex(8)
        self.store.insert("media", {"id": id_, "handle": member.handle, "mime": mime, "content": content})
        return id_

    def file(self, id_: str) -> tuple[str, bytes] | None:
        """A file's kind and content."""
        row = self.store.row("select mime, content from media where id = ?", id_)
        return (row["mime"], row["content"]) if row else None

    def by_key(self, member: Member, key: str) -> dict[str, Any] | None:
        """The member's post with this idempotency key, also a removed one."""
        return self.store.row("select * from post where handle = ? and key = ?", member.handle, key)

    def post(self, member: Member, wish: Mapping[str, Any], key: str | None, seconds: float = 0.0) -> dict[str, Any]:
        """Store a post, or give back the one with the same key. `seconds` is how long it stays in processing."""
        if key and (known := self.by_key(member, key)):
            return known
        parent = self.shown(wish["reply_to"]) if wish.get("reply_to") else None
        if wish.get("reply_to") and not parent:
            raise Problem(422, "no_such_post", "The post it answers is not there.", "reply_to")
        media, poll = self._checked(member, wish, answer=bool(parent and parent["handle"] != member.handle))
        if any(one["mime"].startswith("video/") for one in media):
            seconds = max(seconds, VIDEO_SECONDS)
        id_, now = secrets.token_hex(8), self.now()
        self.store.insert(
            "post",
            {
                "id": id_,
                "handle": member.handle,
                "key": key,
                "text": str(wish.get("text", "")),
                "media": media,
                "reply_to": parent["id"] if parent else "",
                "root": parent["root"] if parent else id_,
                "poll": poll,
                "extra": {name: wish[name] for name in ("language", "mood", "note", "quiet") if wish.get(name)},
                "created_at": now,
                "ready_at": now + seconds,
            },
        )
        stored = self.by_key(member, key) if key else self.found(id_)
        assert stored
        return stored

    def edit(self, member: Member, id_: str, text: str) -> dict[str, Any]:
        """Change the text of a post of one's own."""
        post = self._own(member, id_)
        self._check_text(member, text, bool(post["media"]))
        self.store.change("update post set text = ?, edited_at = ? where id = ?", text, self.now(), id_)
        return self._own(member, id_)

    def remove(self, member: Member, id_: str) -> None:
        """Take a post of one's own down."""
        self._own(member, id_)
        self.store.change("update post set removed = 1 where id = ?", id_)

    def found(self, id_: str) -> dict[str, Any] | None:
        """A post by its id, also one in processing; None where it is not there or was removed."""
        return self.store.row("select * from post where id = ? and removed = 0", id_)

    def shown(self, id_: str) -> dict[str, Any] | None:
        """A post that is ready to be seen."""
        post = self.found(id_)
        return post if post and post["ready_at"] <= self.now() else None

    def recent(self, handle: str = "", most: int = 40) -> list[dict[str, Any]]:
        """The newest posts of a member or of all, newest first."""
        sql = "select * from post where removed = 0 and ? in ('', handle) order by seq desc limit ?"
        return self.store.rows(sql, handle, most)

    def page(self, member: Member, before: str, most: int) -> list[dict[str, Any]]:
        """A member's posts, newest first, those older than the post `before` ("" for the newest)."""
        above = self.store.row("select seq from post where id = ? and handle = ?", before, member.handle)
        sql = "select * from post where removed = 0 and handle = ? and seq < ? order by seq desc limit ?"
        return self.store.rows(sql, member.handle, above["seq"] if above else 2**62, most)

    def keep(self, member: Member, id_: str, text: str, at: float) -> None:
        """Put a post there as if it had been made at a moment in the past."""
        row: dict[str, Any] = {
            "id": id_,
            "handle": member.handle,
            "key": None,
            "text": text,
            "media": [],
            "reply_to": "",
            "root": id_,
        }
        self.store.insert("post", {**row, "poll": None, "extra": {}, "created_at": at, "ready_at": at})

    def thread(self, root: str) -> list[dict[str, Any]]:
        """The posts that hang together under `root`, oldest first."""
        return self.store.rows("select * from post where root = ? and removed = 0 order by seq", root)

    def fault(self, member: Member) -> Knob | None:
        """What goes wrong with this member's post, if anything."""
        return self.knobs.take(member.handle)

    def turn(self, fault: Fault, *, times: int = 1, handle: str = "", seconds: float = 120.0) -> None:
        """Turn a fault knob."""
        self.knobs.turn(Knob(fault, times, handle, seconds))

    def _own(self, member: Member, id_: str) -> dict[str, Any]:
        post = self.found(id_)
        if not post or post["handle"] != member.handle:
            raise Problem(404, "no_such_post", "There is no such post.")
        return post

    def _checked(
        self, member: Member, wish: Mapping[str, Any], *, answer: bool
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """The media and the poll of a post. An answer to somebody else needs no picture."""
        media = [self._medium(member, one) for one in wish.get("media") or []]
        poll = _poll(wish.get("poll"))
        self._check_text(member, str(wish.get("text", "")), bool(media))
        most = int(member.limits.get("max_attachments", MAX_ATTACHMENTS))
        if len(media) > most:
            raise Problem(422, "too_many_files", f"At most {most} files.", "media")
        if member.limits.get("media_required") and not (media or poll or answer):
            raise Problem(422, "media_required", "A post here needs a picture or a poll.", "media")
        return media, poll

    def _medium(self, member: Member, one: Mapping[str, Any]) -> dict[str, Any]:
        row = self.store.row("select mime from media where id = ? and handle = ?", str(one.get("id")), member.handle)
        if not row:
            raise Problem(422, "no_such_file", "One of the files is not there.", "media")
        alt = str(one.get("alt") or "")
        if len(alt) > ALT_LIMIT:
            raise Problem(422, "alt_too_long", f"A description has at most {ALT_LIMIT} characters.", "alt")
        return {"id": one["id"], "mime": row["mime"], "alt": alt}

    def _check_text(self, member: Member, text: str, has_media: bool) -> None:
        most, used = int(member.limits.get("text_limit", TEXT_LIMIT)), count(text, "graphemes")
        if used > most:
            raise Problem(422, "too_long", f"The text has {used} characters, {most} are allowed.", "text")
        if not text.strip() and not has_media:
            raise Problem(422, "empty", "A post needs a text or a picture.", "text")


def _poll(poll: Any) -> dict[str, Any] | None:
    if not poll:
        return None
    options, seconds = [str(option) for option in poll.get("options", [])], int(poll.get("seconds", 0))
    if not 2 <= len(options) <= POLL_OPTIONS or any(not 0 < len(option) <= POLL_OPTION_LIMIT for option in options):
        raise Problem(
            422,
            "poll_options",
            f"A poll has 2 to {POLL_OPTIONS} answers of at most {POLL_OPTION_LIMIT} characters.",
            "poll",
        )
    if not POLL_SECONDS[0] <= seconds <= POLL_SECONDS[1]:
        raise Problem(422, "poll_time", "A poll stays open for five minutes to a week.", "poll")
    return {"options": options, "seconds": seconds, "multiple": bool(poll.get("multiple"))}


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def stores(knob: Knob | None) -> bool:
    """True where the post is kept before anything goes wrong."""
    return knob is None or knob.fault in STORING
