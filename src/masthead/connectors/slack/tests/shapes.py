"""How the double of Slack writes things down."""

from __future__ import annotations

from typing import Any

from masthead.connectors.slack.tests.memory import Channel, File, Message

KINDS = {"png": "image/png", "jpeg": "image/jpeg", "mp4": "video/mp4", "pdf": "application/pdf", "gif": "image/gif"}


def channel(one: Channel, user: str) -> dict[str, Any]:
    """A channel as a bot sees it."""
    off = ("is_general", "is_mpim", "is_group", "is_org_shared", "is_im", "is_shared")
    words = {"value": "", "creator": "", "last_set": 0}
    told = {"id": one.id, "name": one.name, "name_normalized": one.name, "created": 1, "creator": "U000000001"}
    told |= {
        "is_archived": one.archived,
        "is_channel": True,
        "is_private": one.private,
        "topic": words,
        "purpose": words,
    }
    return told | dict.fromkeys(off, False) | {"is_member": user in one.members}


def message(one: Message, replies: int = 0) -> dict[str, Any]:
    """A message."""
    told: dict[str, Any] = {"type": "message", "ts": one.ts, "text": one.text, "user": one.user, "team": "T00000001A"}
    told |= {"thread_ts": one.thread} if one.thread else {}
    told |= {"metadata": dict(one.metadata)} if one.metadata else {}
    told |= {"files": [file(one) for one in one.files]} if one.files else {}
    told |= {"reply_count": replies, "thread_ts": one.ts} if replies else {}
    users = [f"U{place:09d}" for place in range(one.reactions)]
    return told | ({"reactions": [{"name": "fire", "users": users, "count": one.reactions}]} if one.reactions else {})


def file(one: File) -> dict[str, Any]:
    """A file."""
    kind = KINDS.get(one.name.rpartition(".")[2], "application/octet-stream")
    told = {"id": one.id, "name": one.name, "title": one.title, "mimetype": kind, "size": one.length}
    return told | {"permalink": f"https://bakery.slack.com/files/{one.id}"} | ({"alt_txt": one.alt} if one.alt else {})
