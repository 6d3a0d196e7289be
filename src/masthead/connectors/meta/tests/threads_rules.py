"""How the make-believe Meta answers for Threads, on its own host: sign-in, containers, posts, replies, numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from masthead.connectors.meta.tests import sign_in_rules
from masthead.connectors.meta.tests.asked import Asked, listed
from masthead.connectors.meta.tests.memory import (
    LONG,
    SHORT,
    Container,
    GraphError,
    Memory,
    Owner,
    Post,
    Token,
    gone,
    stamp,
)
from masthead.connectors.tests.described import FOLDER
from masthead.connectors.tests.described_graph import top_level

Body = Mapping[str, Any]
NUMBERS = {"views": 90, "likes": 8, "replies": 2, "reposts": 1, "quotes": 0, "shares": 3}
FILE = "threads-postman.json"
SPELT = {"id", "limit", "after", "before", "since", "until", "access_token", "fields", "metric"}
CHECKED: Counter[str] = Counter()
WRONG: list[str] = []


@cache
def described() -> dict[tuple[str, str], set[str]]:
    """Method and path of each call in Meta's Postman collection, with the parameters it may have; {} where it is not at hand."""
    found: dict[tuple[str, str], set[str]] = {}

    def walk(items: list[Any]) -> None:
        for one in items:
            walk(one.get("item", []))
            if "request" in one:
                url = one["request"]["url"]
                path = "/".join("{id}" if "{{" in part else part for part in url["path"] if part)
                key = (one["request"]["method"], path)
                found.setdefault(key, set()).update(item["key"] for item in url.get("query", []))

    if (FOLDER / FILE).is_file():
        walk(json.loads((FOLDER / FILE).read_text())["item"])
    return found


@cache
def spelt(variable: str) -> set[str]:
    """The names a variable of the collection lists (fields, metrics, choices)."""
    told = json.loads((FOLDER / FILE).read_text())["variable"]
    text = next(one["value"] for one in told if one["key"] == variable)
    return {name.strip() for name in (top_level(text) if variable.startswith("fields") else text.split(","))}


def hold(asked: Asked) -> None:
    """Hold a request against the collection; what is wrong is kept in WRONG."""
    if not described():
        return
    path = re.sub(r"^v1.0/", "", asked.path.strip("/"))
    path = re.sub(r"\b\d{5,}\b", "{id}", path)
    CHECKED[f"{asked.method} {path}"] += 1
    known = described().get((asked.method, path))
    if known is None:
        WRONG.append(f"{asked.method} {path} is not described")
        return
    WRONG.extend(f"{asked.method} {path}: parameter {one}" for one in sorted(set(asked.sent) - known - SPELT))
    fields = spelt("fields_threads") | spelt("fields_replies") | spelt("fields_profile") | spelt("fields_quota")
    fields |= spelt("fields_container")
    WRONG.extend(f"field {one}" for one in top_level(asked.sent.get("fields", "")) if one not in fields)
    if asked.edge == "insights":
        WRONG.extend(f"metric {one}" for one in asked.sent["metric"].split(",") if one not in spelt("metrics_post"))
    for name in ("media_type", "reply_control"):
        if asked.sent.get(name) and asked.sent[name] not in spelt(name):
            WRONG.append(f"{name} {asked.sent[name]}")


def handled(memory: Memory, asked: Asked) -> Body | str:
    """The answer to a request on Threads' host."""
    if asked.node == "oauth" and asked.edge == "authorize":
        return sign_in_rules.dialogue(memory, asked)
    hold(asked)
    if asked.node == "oauth":
        return _code(memory, asked)
    if asked.node in ("access_token", "refresh_access_token"):
        return _longer(memory, asked)
    token = memory.checked(asked.token)
    owner = memory.owners[token.owner]
    return _mine(memory, owner, asked) if asked.node == "me" else _object(memory, owner, asked)


def _code(memory: Memory, asked: Asked) -> Body:
    app = sign_in_rules.app_checked(memory, asked)
    kept = sign_in_rules.code_spent(memory, asked, app)
    owner = next(one for one in memory.owners.values() if one.kind == "threads" and one.user == kept["user"])
    scopes = tuple(kept["scopes"].split(","))
    return {"access_token": memory.token(owner.id, app, "threads", scopes, SHORT, owner.user), "user_id": owner.id}


def _longer(memory: Memory, asked: Asked) -> Body:
    old: Token = memory.checked(asked.token)
    if asked.node == "access_token" and asked.sent.get("client_secret") != memory.apps[old.app]:
        raise GraphError(1, "Error validating client secret.")
    fresh = memory.token(old.owner, old.app, "threads", old.scopes, LONG, old.user)
    return {"access_token": fresh, "token_type": "bearer", "expires_in": LONG}


def _mine(memory: Memory, owner: Owner, asked: Asked) -> Body:
    if not asked.edge:
        return {"id": owner.id, "username": owner.name, "name": owner.name.title()}
    rules = {
        ("GET", "threads_publishing_limit"): _limit,
        ("POST", "threads"): _prepare,
        ("POST", "threads_publish"): _publish,
        ("GET", "threads"): _own,
        ("GET", "replies"): _own,
    }
    return rules[asked.method, asked.edge](memory, owner, asked)


def _limit(memory: Memory, owner: Owner, asked: Asked) -> Body:
    posts, replies = ({"quota_total": total, "quota_duration": 86_400} for total in (250, 1000))
    told = {"quota_usage": owner.used, "config": posts}
    return {"data": [told | {"reply_quota_usage": owner.replies_used, "reply_config": replies}]}


def _prepare(memory: Memory, owner: Owner, asked: Asked) -> Body:
    sent = asked.sent
    where = sent.get("image_url") or sent.get("video_url") or ""
    if sent["media_type"] in ("IMAGE", "VIDEO") and not where.startswith("https://"):
        raise GraphError(9004, "The media could not be fetched from this URI.")
    if sent["media_type"] == "TEXT" and not sent.get("text"):
        raise GraphError(100, "Param text must not be empty")
    if "poll_attachment" in sent:
        _check_poll(sent)
    if len(sent.get("text", "")) > 500:
        raise GraphError(100, "Param text must be at most 500 characters long.")
    if (parent := sent.get("reply_to_id")) and parent not in memory.posts:
        raise GraphError(24, "The requested resource does not exist", 4279009)
    made = Container(memory.id(), owner.id, {name: value for name, value in sent.items() if name != "access_token"})
    memory.containers[made.id] = made
    return {"id": made.id}


def _check_poll(sent: Mapping[str, str]) -> None:
    answers = json.loads(sent["poll_attachment"])
    right = 2 <= len(answers) <= 4 and all(0 < len(one) <= 25 for one in answers.values())
    if sent["media_type"] != "TEXT" or "link_attachment" in sent or not right:
        raise GraphError(100, "Param poll_attachment is not valid")


def _publish(memory: Memory, owner: Owner, asked: Asked) -> Body:
    container = memory.containers.get(asked.sent["creation_id"])
    if container is None or container.owner != owner.id or container.status == "PUBLISHED":
        raise GraphError(24, "The requested resource does not exist", 4279009)
    if container.status != "FINISHED":
        raise GraphError(9007, "The media is not ready")
    container.status, sent = "PUBLISHED", container.sent
    parts = [memory.containers[one] for one in sent["children"].split(",")] if "children" in sent else [container]
    media = tuple(_file(one) for one in parts if one.sent["media_type"] != "TEXT")
    reply = sent.get("reply_to_id", "")
    owner.used, owner.replies_used = owner.used + (not reply), owner.replies_used + bool(reply)
    post = Post(memory.id(), owner.id, sent.get("text", ""), memory.clock.now(), media, reply, more=sent)
    return {"id": memory.publish(post).id}


def _file(container: Container) -> tuple[str, str, str]:
    where = container.sent.get("image_url") or container.sent.get("video_url") or ""
    return (container.sent["media_type"], container.sent.get("alt_text", ""), where)


def _own(memory: Memory, owner: Owner, asked: Asked) -> Body:
    replies = asked.edge == "replies"
    return listed([_node(one) for one in reversed(memory.of(owner.id)) if bool(one.reply_to) is replies], asked)


def _object(memory: Memory, owner: Owner, asked: Asked) -> Body:
    if container := memory.containers.get(asked.node):
        container.asked += 1
        if container.status == "IN_PROGRESS" and container.asked > memory.polls:
            container.status = "ERROR" if memory.fail_media else "FINISHED"
        words = {"error_message": memory.fail_media} if container.status == "ERROR" else {}
        return {"id": container.id, "status": container.status} | words
    post = memory.posts.get(asked.node)
    if post is None or post.owner != owner.id:
        raise gone(asked.node)
    if asked.method == "DELETE":
        del memory.posts[post.id]
        return {"success": True}
    if asked.edge == "insights":
        return {"data": [{"name": one, "values": [{"value": NUMBERS[one]}]} for one in asked.sent["metric"].split(",")]}
    return _node(post)


def _node(post: Post) -> Body:
    told: dict[str, Any] = {"id": post.id, "timestamp": stamp(post.at), "text": post.text}
    told |= {"permalink": f"https://www.threads.com/@me/post/{post.id}", "media_type": "TEXT_POST"}
    told |= {"replied_to": {"id": post.reply_to}} if post.reply_to else {}
    told |= {"poll_attachment": json.loads(post.more["poll_attachment"])} if "poll_attachment" in post.more else {}
    files = [
        {"id": f"{post.id}{number}", "media_type": kind, "media_url": where, "alt_text": alt}
        for number, (kind, alt, where) in enumerate(post.media)
    ]
    if len(files) == 1:
        told |= {name: value for name, value in files[0].items() if name != "id"}
    elif files:
        told |= {"media_type": "CAROUSEL_ALBUM", "children": {"data": files}}
    return told
