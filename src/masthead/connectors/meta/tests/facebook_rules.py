"""How the make-believe Meta answers for Pages: photos, feed, videos in parts, posts, comments, numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from masthead.connectors.meta.tests.asked import Asked, listed
from masthead.connectors.meta.tests.memory import GraphError, Memory, Owner, Post, gone, stamp

Body = Mapping[str, Any]
MADE_UP = {"post_media_view": 210, "post_total_media_view_unique": 180, "post_clicks": 7}
PART = 65_536


def page_node(memory: Memory, owner: Owner, token: str, *, tasks: bool = False) -> Body:
    """A Page as its admin sees it; the token only with a person's token."""
    account = next((one for one in memory.owners.values() if one.page == owner.id), None)
    found: dict[str, Any] = {"id": owner.id, "name": owner.name.title(), "username": owner.name}
    found |= {"link": f"https://www.facebook.com/{owner.name}", "picture": {"data": {"url": "https://cdn.test/p.jpg"}}}
    found |= {"access_token": token} if token else {}
    found |= {"tasks": list(owner.tasks)} if tasks else {}
    if account:
        found["instagram_business_account"] = {"id": account.id, "username": account.name, "name": account.name}
    return found


def upload_photo(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """An unpublished photo."""
    if asked.sent.get("published") != "false" or not asked.files.get("source"):
        raise GraphError(324, "(#324) Requires upload file")
    made = memory.id()
    memory.photos[made] = {"page": owner.id, "alt": asked.sent.get("alt_text_custom", "")}
    return {"id": made}


def post_feed(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """A post: text, link, or photos uploaded before."""
    photos = [one["media_fbid"] for one in json.loads(asked.sent.get("attached_media", "[]"))]
    if any(memory.photos.get(one, {}).get("page") != owner.id for one in photos):
        raise GraphError(100, "(#100) A photo is not the Page's own.")
    text, link = asked.sent.get("message", ""), asked.sent.get("link", "")
    if not (text or link or photos):
        raise GraphError(100, "(#100) Missing message or attachment")
    media = tuple(("photo", memory.photos[one]["alt"], one) for one in photos)
    made = Post(f"{owner.id}_{memory.id()}", owner.id, text, memory.clock.now(), media, more={"link": link})
    return {"id": memory.publish(made).id}


def videos(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """The three steps of an upload in parts."""
    phase = asked.sent["upload_phase"]
    if phase == "start":
        session = memory.id()
        size = int(asked.sent["file_size"])
        memory.videos[session] = {"id": memory.id(), "size": size, "got": b"", "owner": owner.id, "asked": 0}
        end = min(PART, size)
        told = {"upload_session_id": session, "video_id": memory.videos[session]["id"]}
        return told | {"start_offset": "0", "end_offset": str(end)}
    video = memory.videos.get(asked.sent["upload_session_id"])
    if video is None:
        raise GraphError(6000, "There was a problem uploading your video file.")
    return _transfer(video, asked) if phase == "transfer" else _finish(memory, owner, video, asked)


def _transfer(video: dict[str, Any], asked: Asked) -> Body:
    if int(asked.sent["start_offset"]) != len(video["got"]):
        raise GraphError(6001, "There was a problem uploading your video file.", 1363037)
    video["got"] += asked.files["video_file_chunk"]
    start = len(video["got"])
    return {"start_offset": str(start), "end_offset": str(min(start + PART, video["size"]))}


def _finish(memory: Memory, owner: Owner, video: dict[str, Any], asked: Asked) -> Body:
    if len(video["got"]) != video["size"]:
        raise GraphError(6000, "The video is not whole.")
    video["post"] = f"{owner.id}_{memory.id()}"
    media = (("video", "", video["id"]),)
    memory.publish(
        Post(
            video["post"], owner.id, asked.sent.get("description", ""), memory.clock.now(), media, more=dict(asked.sent)
        )
    )
    return {"success": True}


def video_node(video: dict[str, Any]) -> Body:
    """A video; ready when it is asked about the second time."""
    video["asked"] += 1
    status = "ready" if video["asked"] > 1 else "processing"
    told = {"id": video["id"], "permalink_url": f"/reel/{video['id']}/", "status": {"video_status": status}}
    return told | ({"post_id": video["post"].split("_")[1]} if status == "ready" else {})


def published_posts(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """The Page's posts, newest first."""
    return listed([post_node(one) for one in reversed(memory.of(owner.id))], asked)


def post_node(post: Post) -> Body:
    """A post with what hangs on it."""
    parts = [_part(*one) for one in post.media]
    hanging = [parts[0] | {"subattachments": {"data": parts}}] if len(parts) > 1 else parts
    if post.more.get("link"):
        hanging = [{"type": "share", "media_type": "link", "target": {"url": post.more["link"]}}]
    return {
        "id": post.id,
        "message": post.text,
        "created_time": stamp(post.at),
        "permalink_url": f"https://www.facebook.com/{post.id.replace('_', '/posts/')}",
        "attachments": {"data": hanging},
        "reactions": {"data": [], "summary": {"total_count": 3}},
        "comments": {"data": [], "summary": {"total_count": len(post.comments)}},
        "shares": {"count": 1},
    }


def _part(kind: str, alt: str, target: str) -> dict[str, Any]:
    image = {"image": {"src": f"https://cdn.test/{target}.jpg"}}
    return {"type": kind, "media_type": kind, "media": image, "target": {"id": target}, "description": alt}


def insights(post: Post, asked: Asked) -> Body:
    """The numbers of a post; a metric that is not known any more spoils the call."""
    wanted = asked.sent["metric"].split(",")
    if unknown := [one for one in wanted if one not in MADE_UP]:
        raise GraphError(100, f"(#100) The value must be a valid insights metric: {unknown[0]}")
    return {
        "data": [
            {"name": one, "period": "lifetime", "values": [{"value": MADE_UP[one]}], "id": f"{post.id}/insights/{one}"}
            for one in wanted
        ]
    }


def edit(post: Post, asked: Asked) -> Body:
    """Another text."""
    post.text = asked.sent.get("message") or asked.sent.get("description") or post.text
    return {"success": True}


def found_post(memory: Memory, owner: str, name: str) -> Post:
    """A post of an owner by its own id or its video's. GraphError where it is not there."""
    for post in memory.of(owner):
        if name == post.id or name in {target for kind, _, target in post.media if kind == "video"}:
            return post
    raise gone(name)
