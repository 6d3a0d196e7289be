"""Own posts as ActivityStreams 2.0: for each account an actor and its outbox, in the form in which federated servers export theirs.

Source: https://www.w3.org/TR/activitystreams-core/ and https://www.w3.org/TR/activitystreams-vocabulary/ (checked 2026-11-24).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.text import slugify

from masthead.media.bundle import Zip, pieces

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
SPACE = uuid.UUID("6f9c2f0e-3d55-5f0f-9d34-6a3f6c1b8a10")
TYPES = {"image": "Image", "gif": "Image", "video": "Video", "audio": "Audio"}


class Outboxes:
    """One file of activities for each account, on the disk of this machine until it goes into the zip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "outboxes"
        self.folder.mkdir()
        self.accounts: dict[tuple[str, str], int] = {}
        self.counts: dict[tuple[str, str], int] = {}

    def add(self, item: dict[str, Any]) -> None:
        """An own post becomes an activity of its account; everything else is none."""
        if item["kind"] != "own_post":
            return
        account = (item["platform"], item["author"])
        number = self.accounts.setdefault(account, len(self.accounts))
        comma = "," if self.counts.get(account) else ""
        with (self.folder / str(number)).open("a", encoding="utf-8") as file:
            file.write(comma + "\n" + json.dumps(create(item), ensure_ascii=False))
        self.counts[account] = self.counts.get(account, 0) + 1

    def write(self, made: Zip) -> None:
        """Actor and outbox of every account."""
        for account, number in self.accounts.items():
            place = f"activitystreams/{number + 1:02}-{slugify(' '.join(account))[:60] or 'account'}"
            made.add(f"{place}/actor.json", [json.dumps(actor(*account), ensure_ascii=False, indent=1).encode()])
            made.add(f"{place}/outbox.json", self._outbox(account, number))

    def _outbox(self, account: tuple[str, str], number: int) -> Iterator[bytes]:
        head = {
            "@context": CONTEXT,
            "id": "outbox.json",
            "type": "OrderedCollection",
            "totalItems": self.counts[account],
        }
        yield json.dumps(head)[:-1].encode() + b', "orderedItems": ['
        with (self.folder / str(number)).open("rb") as file:
            yield from pieces(file)
        yield b"\n]}\n"


def actor_id(platform: str, author: str) -> str:
    """A name of the account that no server answers for."""
    return f"urn:uuid:{uuid.uuid5(SPACE, f'{platform}/{author}')}"


def actor(platform: str, author: str) -> dict[str, Any]:
    """The account."""
    return {
        "@context": CONTEXT,
        "id": actor_id(platform, author),
        "type": "Person",
        "preferredUsername": author.removeprefix("@"),
        "name": f"{author} ({platform})",
        "outbox": "outbox.json",
    }


def create(item: dict[str, Any]) -> dict[str, Any]:
    """The activity by which a post came into the world."""
    who = actor_id(item["platform"], item["author"])
    note = _note(item, who)
    addressed = {name: note[name] for name in ("to", "cc") if name in note}
    return {
        "id": f"{note['id']}#create",
        "type": "Create",
        "actor": who,
        "published": item["posted_at"],
        **addressed,
        "object": note,
    }


def _note(item: dict[str, Any], who: str) -> dict[str, Any]:
    address = _web(item["url"])
    content = "".join(f"<p>{escape(one)}</p>" for one in item["text"].split("\n\n") if one).replace("\n", "<br>")
    note: dict[str, Any] = {
        "id": address or f"urn:uuid:{uuid.uuid5(SPACE, '/'.join((item['platform'], item['remote_id'])))}",
        "type": "Note",
        "attributedTo": who,
        "published": item["posted_at"],
        "content": content,
        **_audience(item, who),
    }
    optional = {
        "url": address,
        "inReplyTo": _web(item["reply_to"]),
        "contentMap": {item["language"]: content} if item["language"] else None,
        "attachment": [_attached(one) for one in item["media"] if one.get("path") or _web(one.get("url"))],
    }
    return note | {name: value for name, value in optional.items() if value}


def _audience(item: dict[str, Any], who: str) -> dict[str, list[str]]:
    """Whom it was for, as the archive told. What nobody told is addressed to nobody: it may have been private."""
    told, followers = item["raw"].get("visibility"), f"{who}#followers"
    if told == "public":
        return {"to": [PUBLIC]}
    if told in ("unlisted", "home"):
        return {"to": [followers], "cc": [PUBLIC]}
    return {"to": [followers]} if told in ("followers", "private") else {}


def _attached(medium: dict[str, Any]) -> dict[str, Any]:
    place = f"../../{medium['path']}" if medium.get("path") else medium["url"]
    told = {"type": TYPES.get(str(medium.get("kind")), "Document"), "url": place}
    optional = {"mediaType": medium.get("mime"), "name": medium.get("alt")}
    return told | {name: value for name, value in optional.items() if value}


def _web(address: Any) -> str:
    """An address of the web; "" for anything else."""
    text = str(address or "")
    return text if text.startswith(("https://", "http://")) else ""
