"""Signed events. The id of a note follows from its content and planned time alone, so it is the same on every try."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from masthead.connectors.nostr.keys import decoded, public_of, sign
from masthead.contract.values import Attachment, Delivery, Receipt

NOTE, DELETION, PROFILE_DATA, UPLOAD_RIGHT = 1, 5, 0, 24242
HASHTAG = re.compile(r"(?<![\w#/&])#(\w{1,100})")
MENTION = re.compile(r"\bnostr:(npub1[a-z0-9]{58})\b")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that libraries escape in different ways, which would change the id."""
ENDINGS = {
    "image/jpeg": "jpg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
}


def event(secret: str, kind: int, content: str, tags: Sequence[Sequence[str]], at: int) -> dict[str, Any]:
    """An event with id and signature (NIP-01); `at` in seconds since the epoch."""
    author, written = public_of(secret), [list(one) for one in tags]
    told = json.dumps([0, author, at, kind, written, content], separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(told.encode()).digest()
    return {
        "id": digest.hex(),
        "pubkey": author,
        "created_at": at,
        "kind": kind,
        "tags": written,
        "content": content,
        "sig": sign(secret, digest),
    }


def note(
    secret: str, delivery: Delivery, index: int, before: Sequence[Receipt], relay: str, media_server: str
) -> dict[str, Any]:
    """One segment as a note. Its time is the planned one, a second later for each further segment."""
    segment = delivery.segments[index]
    addresses = [address(media_server, one) for one in segment.attachments]
    content = "\n".join(part for part in (UNWRITABLE.sub("", segment.text), *addresses) if part)
    tags = [
        *_thread(before, relay, public_of(secret)),
        *_mentioned(content),
        *_described(delivery.options, delivery.language),
        *(_attached(one, where) for one, where in zip(segment.attachments, addresses, strict=True)),
    ]
    at = int((delivery.publish_at or delivery.created_at).timestamp()) + index
    return event(secret, NOTE, content, tags, at)


def address(media_server: str, one: Attachment) -> str:
    """Where a media server shows a file (BUD-01): its hash and an ending."""
    return f"{media_server}/{one.sha256}.{ENDINGS.get(one.mime) or one.mime.rpartition('/')[2]}"


def _thread(before: Sequence[Receipt], relay: str, author: str) -> list[list[str]]:
    if not before:
        return []
    where = "ws" + relay.removeprefix("http")
    root, parent = before[0].remote_id, before[-1].remote_id
    tags = [["e", root, where, "root", author]]
    if parent != root:
        tags.append(["e", parent, where, "reply", author])
    return [*tags, ["p", author]]


def _mentioned(content: str) -> list[list[str]]:
    people = [decoded("npub", name) for name in dict.fromkeys(MENTION.findall(content))]
    words = dict.fromkeys(word.lower() for word in HASHTAG.findall(content))
    return [*(["p", one] for one in people if one), *(["t", word] for word in words)]


def _described(options: Mapping[str, Any], language: str) -> list[list[str]]:
    warning = UNWRITABLE.sub("", str(options.get("content_warning") or "")).strip()
    tags = [["content-warning", warning]] if warning else []
    if language:
        code = language.split("-")[0].lower()
        tags += [["L", "ISO-639-1"], ["l", code, "ISO-639-1"]]
    return tags


def _attached(one: Attachment, where: str) -> list[str]:
    told = ["imeta", f"url {where}", f"m {one.mime}", f"x {one.sha256}", f"size {one.size}"]
    if one.width and one.height:
        told.append(f"dim {one.width}x{one.height}")
    if one.alt:
        told.append(f"alt {' '.join(UNWRITABLE.sub('', one.alt).split())}")
    return told
