"""How LinkedIn takes posts, each rule with its source."""

from __future__ import annotations

from typing import Any

from masthead.connectors.linkedin.tests.memory import Fail, File, Memory, Post

RESERVED = set("|{}@[]()<>#*_~")
FIELDS = {
    "author",
    "commentary",
    "visibility",
    "distribution",
    "lifecycleState",
    "isReshareDisabledByAuthor",
    "content",
}
"""Those of the schema that we use: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api."""
DURATIONS = {"ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"}


def seen(sent: str) -> str:
    """What people see of a commentary. LinkedIn cuts it off at the first reserved character without a backslash.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
    """
    shown, at = "", 0
    while at < len(sent):
        if sent.startswith("{hashtag|\\#|", at):
            end = sent.index("}", at)
            shown += "#" + sent[at + 12 : end].replace("\\", "")
            at = end + 1
        elif sent[at] == "\\":
            shown += sent[at + 1]
            at += 2
        elif sent[at] in RESERVED:
            return shown
        else:
            shown += sent[at]
            at += 1
    return shown


def create(memory: Memory, body: dict[str, Any]) -> Post:
    """Make a post, or refuse it."""
    if unknown := set(body) - FIELDS:
        raise Fail(422, f"ERROR :: /{min(unknown)} :: unrecognized field found but not allowed")
    for name in ("author", "commentary", "visibility", "distribution", "lifecycleState"):
        if name not in body:
            raise Fail(422, f"ERROR :: /{name} :: field is required but not found and has no default value")
    if body["lifecycleState"] != "PUBLISHED" or body["distribution"].get("feedDistribution") != "MAIN_FEED":
        raise Fail(422, "ERROR :: /lifecycleState :: only PUBLISHED posts of the main feed are organic")
    page = ":organization:" in body["author"]
    if body["visibility"] not in ({"PUBLIC"} if page else {"PUBLIC", "CONNECTIONS", "LOGGED_IN"}):
        raise Fail(422, "ERROR :: /visibility :: is not allowed for this author")
    text = seen(body["commentary"])
    if len(text) > 3000:
        raise Fail(422, "ERROR :: /commentary :: length is beyond maximum allowed length 3000")
    _content(memory, body)
    twin = next((one for one in memory.of(body["author"]) if one.body == body), None)
    if twin and not body.get("content"):
        raise Fail(422, f"Content is a duplicate of {twin.urn}", "DUPLICATE_POST")
    post = Post(f"urn:li:share:{memory.number()}", body["author"], text, memory.now(), body)
    memory.posts.append(post)
    return post


def _content(memory: Memory, body: dict[str, Any]) -> None:
    content = body.get("content")
    if content is None:
        return
    if len(content) != 1 or set(content) - {"media", "multiImage", "article", "poll"}:
        raise Fail(422, "ERROR :: /content :: exactly one kind of content is allowed")
    kind, told = next(iter(content.items()))
    {"media": _media, "multiImage": _several, "article": _article, "poll": _poll}[kind](memory, body["author"], told)


def _file(memory: Memory, author: str, told: dict[str, Any]) -> File:
    file = memory.files.get(told.get("id", ""))
    if file is None or file.owner != author or not file.done or len(told.get("altText", "")) > 4086:
        raise Fail(422, "ERROR :: /content/media/id :: the media is not there, not ready, or not the author's")
    return file


def _media(memory: Memory, author: str, told: dict[str, Any]) -> None:
    """A document needs a title: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/documents-api."""
    file = _file(memory, author, told)
    if "document" in file.urn and not told.get("title"):
        raise Fail(422, "ERROR :: /content/media/title :: field is required for documents")
    if file.left > 0 and "image" not in file.urn:
        raise Fail(422, "ERROR :: /content/media/id :: the media is still processed")


def _several(memory: Memory, author: str, told: dict[str, Any]) -> None:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/multiimage-post-api"""
    if not 2 <= len(told["images"]) <= 20:
        raise Fail(422, "ERROR :: /content/multiImage/images :: between 2 and 20")
    for one in told["images"]:
        if "image" not in _file(memory, author, one).urn:
            raise Fail(422, "ERROR :: /content/multiImage/images :: only images")


def _article(_memory: Memory, _author: str, told: dict[str, Any]) -> None:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api (article content)"""
    if not told.get("source", "").startswith("http") or not told.get("title"):
        raise Fail(422, "ERROR :: /content/article/source :: is not a URL, or there is no title")


def _poll(_memory: Memory, _author: str, told: dict[str, Any]) -> None:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/poll-post-api"""
    options = [one["text"] for one in told["options"]]
    fits = 2 <= len(options) <= 4 and all(len(one) <= 30 for one in options) and len(told["question"]) <= 140
    if not fits or told["settings"]["duration"] not in DURATIONS:
        raise Fail(422, "ERROR :: /content/poll :: is not valid")
