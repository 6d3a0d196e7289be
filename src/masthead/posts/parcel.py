"""From a row of the ledger to the values a connector takes, and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from masthead.channels.queries import opened
from masthead.contract.ending import Ending
from masthead.contract.values import Account, Attachment, Delivery, Poll, Receipt, Segment

ENDED = "This has ended on %s: Masthead calls nothing there any more."
Attach = Callable[[int, str, Mapping[str, Any], Sequence[Mapping[str, Any]]], Awaitable[tuple[Attachment, ...]]]


def account(row: Mapping[str, Any]) -> Account:
    """The account of a claimed row; secrets are decrypted once per version of the credential."""
    return Account(
        channel_id=row["channel_id"],
        workspace_id=row["workspace_id"],
        server=row["server"],
        remote_id=row["remote_id"],
        handle=row["handle"],
        limits=row["limits"],
        secrets=_secrets(row["channel_id"], row["secrets"]),
    )


def endings(row: Mapping[str, Any]) -> tuple[Ending, ...]:
    """What ends for a claimed row's channel; empty where nothing is announced."""
    return tuple(
        Ending(datetime.fromisoformat(at), ENDED % at[:10], operation) for at, operation in row.get("endings") or ()
    )


@lru_cache(maxsize=4096)
def _secrets(channel_id: int, sealed: str | None) -> Mapping[str, Any]:
    return opened(channel_id, sealed) if sealed else {}


async def delivery(row: Mapping[str, Any], attach: Attach, known: frozenset[str] = frozenset()) -> Delivery:
    """The delivery of a claimed row; attachments are looked up only where a segment has some."""
    content = row["content"]
    segments = [await _segment(part, row, attach) for part in content["segments"]]
    return Delivery(
        key=row["key"].hex,
        segments=tuple(segments),
        created_at=row["created_at"],
        language=content.get("language", ""),
        options=content.get("options", {}),
        sent_after=row.get("sent_after"),
        known=known,
        tries=row.get("attempts") or 0,
        publish_at=row.get("publish_at"),
    )


async def _segment(part: Mapping[str, Any], row: Mapping[str, Any], attach: Attach) -> Segment:
    stored, poll = part.get("attachments") or [], part.get("poll")
    attachments = await attach(row["workspace_id"], row["platform"], row["limits"], stored) if stored else ()
    return Segment(part["text"], attachments, poll_from(poll))


def poll_from(stored: Mapping[str, Any] | None) -> Poll | None:
    """A stored poll as a value."""
    if not stored:
        return None
    return Poll(tuple(stored["options"]), int(stored["seconds"]), bool(stored.get("multiple")))


def receipts_from(stored: Sequence[Mapping[str, Any]]) -> list[Receipt]:
    """Stored receipts as values."""
    return [Receipt(**one) for one in stored]


def receipts_json(receipts: Sequence[Receipt]) -> list[dict[str, Any]]:
    """Receipts as they are stored; spelt out, since `asdict` copies deeply and stands on the hot path."""
    return [
        {"remote_id": one.remote_id, "url": one.url, "processing": one.processing, "raw": dict(one.raw)}
        for one in receipts
    ]
