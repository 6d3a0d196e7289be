"""Reads the posts that are looked for, from JSON Lines."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from masthead.rights.audit.storage import opened, read
from masthead.rights.audit.unpack import kind, unpacked
from masthead.rights.audit.values import Post

TEXTS: Final = ("id", "text", "posted_at", "twin_of")


class WrongPosts(Exception):
    """The file of posts is not as it must be; the text names line, field and remedy."""


def load(place: str) -> tuple[list[Post], str]:
    """The posts of a file (packed or not), and the file's SHA-256. Raises WrongPosts."""
    if not place.startswith("s3://") and not Path(place).is_file():
        raise WrongPosts(f"{place}: there is no such file. Give one JSON object a line with at least id and text.")
    digest, whole = hashlib.sha256(), bytearray()
    with opened(place) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    with opened(place) as file:
        for piece in unpacked(file, kind(read(place, 0, 4)), _refuse(place)):
            whole += piece
    posts = [
        _post(f"{place}, line {number}", line) for number, line in enumerate(whole.split(b"\n"), 1) if line.strip()
    ]
    _look(place, posts)
    return posts, digest.hexdigest()


def line(post: Post) -> bytes:
    """A post as a line of JSON."""
    return json.dumps(asdict(post)).encode() + b"\n"


def _post(where: str, raw: bytes) -> Post:
    try:
        found: Any = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise WrongPosts(f"{where} is not JSON ({error}). Write one object on each line.") from error
    if not isinstance(found, dict):
        raise WrongPosts(f'{where} is not an object. Write {{"id": "1", "text": "..."}}.')
    if isinstance(found.get("id"), int):
        found["id"] = str(found["id"])
    for name in TEXTS:
        if not isinstance(found.get(name, "" if name not in TEXTS[:2] else None), str):
            raise WrongPosts(f"{where}: {name} is missing or is not a text. Give it in quotes.")
    if not isinstance(found.get("decoy", False), bool):
        raise WrongPosts(f"{where}: decoy is not true or false. Write it without quotes.")
    return Post(**{name: found[name] for name in (*TEXTS, "decoy") if name in found})


def _look(place: str, posts: list[Post]) -> None:
    if not posts:
        raise WrongPosts(f"{place} holds no post. Give one JSON object a line with at least id and text.")
    seen: set[str] = set()
    for post in posts:
        if post.id in seen:
            raise WrongPosts(f"{place}: two posts have the id {post.id}. Give each its own.")
        seen.add(post.id)


def _refuse(place: str) -> Any:
    def refuse(problem: str, remedy: str) -> None:
        raise WrongPosts(f"{place}: {problem}. {remedy}")

    return refuse
