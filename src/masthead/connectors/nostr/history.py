"""A person's own past notes on their relays, with reactions, reposts and replies as far as these relays know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from masthead.connectors.nostr.connect import PAGES, secret_of
from masthead.connectors.nostr.keys import encoded, public_of
from masthead.connectors.nostr.notes import NOTE
from masthead.connectors.nostr.operations import ANSWERS, FIND, OWN_NOTES
from masthead.connectors.nostr.relays import ask, everywhere
from masthead.connectors.nostr.wire import Event
from masthead.contract.history import PastMedia, PastPage, PastPost, kind_of
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account

REACTION, REPOST, OTHER_REPOST = 7, 6, 16
COUNTED = {NOTE: "replies", REACTION: "reactions", REPOST: "reposts", OTHER_REPOST: "reposts"}
MOST_ANSWERS = 500
"""What relays give at once; of more answers than that the rest is not counted."""


@dataclass(frozen=True)
class NostrHistory:
    """The history part. The cursor is the time of the oldest note shown, and the notes near it that were shown."""

    names: Mapping[str, str] = field(
        default_factory=lambda: {"reactions": "likes", "reposts": "reposts", "replies": "replies"}
    )
    most_ids: int = 20
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own notes from all relays. Time is in whole seconds, and not every relay counts `until` itself in."""
        until, *shown = cursor.split(" ")
        wanted = {"kinds": [NOTE], "authors": [public_of(secret_of(account))], "limit": self.page_size + len(shown)}
        found = await _events(http, OWN_NOTES, account, wanted | ({"until": int(until) + 1} if until else {}))
        new = sorted((one for one in found.values() if one.id not in shown), key=lambda one: (-one.created_at, one.id))
        page = new[: self.page_size]
        if not page:
            return PastPage(())
        oldest = page[-1].created_at
        near = [one.id for one in page if one.created_at <= oldest + 1]
        kept = shown if until and int(until) <= oldest + 1 else []
        return PastPage(tuple(_past(one) for one in page), " ".join([str(oldest), *kept, *near]))

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers in two questions: which notes are there, and what refers to them."""
        ids = [one.remote_id for one in posts]
        there = await _events(http, FIND, account, {"ids": ids})
        counts: dict[str, Counter[str]] = {one: Counter() for one in ids if one in there}
        wanted = {"kinds": list(COUNTED), "#e": list(counts), "limit": MOST_ANSWERS}
        for one in (await _events(http, ANSWERS, account, wanted) if counts else {}).values():
            about = parent(one.tags) if one.kind == NOTE else _last(one.tags)
            if about in counts and not (one.kind == REACTION and one.content == "-"):
                counts[about][COUNTED[one.kind]] += 1
        return {one: {name: float(told[name]) for name in self.names} for one, told in counts.items()}


async def _events(http: Http, operation: Operation, account: Account, wanted: Mapping[str, Any]) -> dict[str, Event]:
    """The events of all relays by id, each once. Raises where no relay answers."""
    answers = await everywhere(account, lambda relay: ask(http, operation, relay, wanted))
    if not answers.good:
        raise answers.worst()
    return {one.id: one for found in answers.good for one in found}


def parent(tags: Sequence[Sequence[str]]) -> str:
    """The note that a note answers (NIP-10); "" where it answers none."""
    marked = {tag[3]: tag[1] for tag in tags if tag[:1] == ["e"] and len(tag) > 3 and tag[3]}
    unmarked = [tag[1] for tag in tags if tag[:1] == ["e"] and 1 < len(tag) <= 3]
    return marked.get("reply") or marked.get("root") or (unmarked[-1] if unmarked and not marked else "")


def _last(tags: Sequence[Sequence[str]]) -> str:
    """What a reaction or repost is about: the last note it names (NIP-25)."""
    named = [tag[1] for tag in tags if tag[:1] == ["e"] and len(tag) > 1]
    return named[-1] if named else ""


def _past(one: Event) -> PastPost:
    files = [_told(tag) for tag in one.tags if tag[:1] == ["imeta"]]
    text = one.content
    for told in files:
        text = text.replace(told.get("url", ""), "")
    answered = parent(one.tags)
    return PastPost(
        one.id,
        text.rstrip("\n"),
        f"{PAGES}/{encoded('note', one.id)}",
        datetime.fromtimestamp(one.created_at, UTC),
        kind="reply" if answered else "post",
        media=tuple(
            PastMedia(kind_of(told.get("m", "")), told.get("url", ""), alt=told.get("alt", "")) for told in files
        ),
        reply_to=answered,
        language=next((tag[1] for tag in one.tags if tag[:1] == ["l"] and tag[2:3] == ["ISO-639-1"]), ""),
    )


def _told(tag: Sequence[str]) -> dict[str, str]:
    """What an imeta tag tells of a file (NIP-92)."""
    return {name: value for name, _, value in (part.partition(" ") for part in tag[1:])}
