"""How the make-believe Meta answers for Instagram: containers that take their time, publishing, media, stories, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.connectors.meta.tests.asked import Asked, listed
from masthead.connectors.meta.tests.memory import Container, GraphError, Memory, Owner, Post, stamp

Body = Mapping[str, Any]
TOTAL = 100
NUMBERS = {"views": 320, "reach": 250, "saved": 4, "shares": 2, "total_interactions": 31}


def prepare(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """A container; the address must be one the internet can reach."""
    sent = asked.sent
    files = [sent[name] for name in ("image_url", "video_url") if name in sent]
    if any(not one.startswith("https://") for one in files):
        raise GraphError(9004, "The media could not be fetched from this URI.", 2207052)
    if sent.get("media_type") == "CAROUSEL":
        _check_carousel(memory, owner, sent)
    elif len(files) != 1:
        raise GraphError(100, "The parameter image_url is required")
    if len(sent.get("caption", "")) > 2200:
        raise GraphError(36004, "The caption is too long.", 2207010)
    made = Container(memory.id(), owner.id, dict(sent))
    memory.containers[made.id] = made
    return {"id": made.id}


def _check_carousel(memory: Memory, owner: Owner, sent: Mapping[str, str]) -> None:
    parts = [memory.containers.get(one) for one in sent["children"].split(",")]
    if not 2 <= len(parts) <= 10 or any(one is None or one.owner != owner.id for one in parts):
        raise GraphError(100, "A carousel takes 2 to 10 children.", 2207028)
    if any(one and (one.status != "FINISHED" or one.sent.get("is_carousel_item") != "true") for one in parts):
        raise GraphError(9007, "The media is not ready for publishing", 2207027)


def container_node(memory: Memory, container: Container) -> Body:
    """How far a container is; each question brings it on."""
    container.asked += 1
    if container.status == "IN_PROGRESS" and container.asked > memory.polls:
        container.status = "ERROR" if memory.fail_media else "FINISHED"
    words = memory.fail_media if container.status == "ERROR" else f"{container.status}: Media is known."
    return {"id": container.id, "status_code": container.status, "status": words}


def publish(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """The one call that makes a post."""
    container = memory.containers.get(asked.sent["creation_id"])
    if container is None or container.owner != owner.id or container.status == "PUBLISHED":
        raise GraphError(24, "The requested resource does not exist", 2207006)
    if container.status != "FINISHED":
        raise GraphError(9007, "The media is not ready for publishing", 2207027)
    if owner.used >= TOTAL:
        raise GraphError(9, "Maximum number of posts is reached.", 2207042, 403)
    sent = container.sent
    parts = [memory.containers[one] for one in sent["children"].split(",")] if "children" in sent else [container]
    container.status, owner.used = "PUBLISHED", owner.used + 1
    story = sent.get("media_type") == "STORIES"
    media = tuple(_file(one) for one in parts)
    post = Post(memory.id(), owner.id, sent.get("caption", ""), memory.clock.now(), media, story=story, more=sent)
    return {"id": memory.publish(post).id}


def _file(container: Container) -> tuple[str, str, str]:
    film = "video_url" in container.sent
    where = container.sent["video_url" if film else "image_url"]
    return ("VIDEO" if film else "IMAGE", container.sent.get("alt_text", ""), where)


def limit(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """The quota of posts."""
    return {"data": [{"quota_usage": owner.used, "config": {"quota_total": TOTAL, "quota_duration": 86_400}}]}


def own_media(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """Posts and reels, newest first; stories are not among them."""
    return listed([node(one) for one in reversed(memory.of(owner.id)) if not one.story], asked)


def own_stories(memory: Memory, owner: Owner, asked: Asked) -> Body:
    """Stories, newest first."""
    return listed([node(one) for one in reversed(memory.of(owner.id)) if one.story], asked)


def node(post: Post) -> Body:
    """A post; the @ of mentions is missing, as for everybody but an app's own people."""
    one = len(post.media) == 1
    kind, alt, where = post.media[0]
    product = "STORY" if post.story else "REELS" if one and kind == "VIDEO" else "FEED"
    told: dict[str, Any] = {
        "id": post.id,
        "timestamp": stamp(post.at),
        "permalink": f"https://www.instagram.com/p/{post.id}/",
        "media_type": kind if one else "CAROUSEL_ALBUM",
        "media_product_type": product,
        "like_count": 5,
        "comments_count": len(post.comments),
    }
    told |= {"caption": post.text.replace("@", "")} if post.text else {}
    told |= {"media_url": where} | ({"alt_text": alt} if alt else {}) if one else {}
    if not one:
        parts = [
            {"id": f"{post.id}{number}", "media_type": kind, "media_url": where, "alt_text": alt or None}
            for number, (kind, alt, where) in enumerate(post.media)
        ]
        told["children"] = {"data": parts}
    return told


def insights(post: Post, asked: Asked) -> Body:
    """The numbers of a post."""
    if "few" in post.text:
        raise GraphError(10, "(#10) Not enough viewers for the media to show insights")
    return {
        "data": [
            {"name": one, "period": "lifetime", "values": [{"value": NUMBERS[one]}], "id": f"{post.id}/insights/{one}"}
            for one in asked.sent["metric"].split(",")
        ]
    }
