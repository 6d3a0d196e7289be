"""How the double of Discord writes things down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from masthead.connectors.discord.tests.memory import Channel, Message

KINDS = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "mp4": "video/mp4", "pdf": "application/pdf"}


def user(number: str) -> dict[str, Any]:
    """A bot."""
    plain = {"avatar": "abc", "discriminator": "0001", "public_flags": 0, "flags": 0, "global_name": None}
    return {"id": number, "username": f"bot{number[-4:]}", "bot": True, "primary_guild": None} | plain


def me(number: str) -> dict[str, Any]:
    """The bot itself."""
    return user(number) | {"mfa_enabled": False, "locale": "en-US", "verified": True}


def channel(one: Channel) -> dict[str, Any]:
    """A channel of a server."""
    plain = {"flags": 0, "position": 1, "permission_overwrites": [], "nsfw": False}
    return {
        "id": one.id,
        "type": one.type,
        "guild_id": one.guild,
        "name": f"news-{one.id[-4:]}",
        "last_message_id": one.last or None,
    } | plain


def message(where: Channel, one: Message) -> dict[str, Any]:
    """A message."""
    plain: dict[str, Any] = {"mentions": [], "mention_roles": [], "embeds": [], "components": [], "pinned": False}
    told = {
        "id": one.id,
        "type": 19 if one.reply_to else 0,
        "content": str(one.body.get("content") or "").strip(),
        "channel_id": where.id,
        "author": user(one.author),
        "attachments": [file(one, place) for place in range(len(one.files))],
        "timestamp": one.at.isoformat(),
        "edited_timestamp": one.edited_at.isoformat() if one.edited_at else None,
        "flags": one.body.get("flags", 0),
        "mention_everyone": False,
        "tts": False,
    }
    if one.reply_to:
        told["message_reference"] = {"type": 0, "channel_id": where.id, "message_id": one.reply_to}
    if one.reactions:
        told["reactions"] = [reaction(one.reactions)]
    return plain | told | ({"poll": poll(one)} if one.body.get("poll") else {})


def file(one: Message, place: int) -> dict[str, Any]:
    """An attached file."""
    name, raw, description = one.files[place]
    url = f"https://cdn.discordapp.com/attachments/{one.id}/{place}/{name}"
    told = {"id": str(int(one.id) + place), "filename": name, "size": len(raw), "url": url, "proxy_url": url}
    told |= {"content_type": KINDS.get(name.rpartition(".")[2], "application/octet-stream")}
    return told | ({"description": description} if description else {})


def reaction(count: int) -> dict[str, Any]:
    """An emoji under a message."""
    details = {"burst": 0, "normal": count}
    return {
        "emoji": {"id": None, "name": "🔥"},
        "count": count,
        "count_details": details,
        "burst_colors": [],
        "me_burst": False,
        "me": False,
    }


def poll(one: Message) -> dict[str, Any]:
    """A poll with two votes for its first answer."""
    asked = one.body["poll"]
    answers = [
        {"answer_id": place + 1, "poll_media": {"text": answer["poll_media"]["text"]}}
        for place, answer in enumerate(asked["answers"])
    ]
    counts = [{"id": 1, "count": 2, "me_voted": False}]
    return {
        "question": {"text": asked["question"]["text"]},
        "answers": answers,
        "expiry": (one.at + timedelta(hours=asked.get("duration", 24))).isoformat(),
        "allow_multiselect": bool(asked.get("allow_multiselect")),
        "layout_type": 1,
        "results": {"answer_counts": counts, "is_finalized": False},
    }
