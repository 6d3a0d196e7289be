"""Publish, look up, settle, remove and edit on a sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from masthead.connectors.sandbox import wire
from masthead.connectors.sandbox.capabilities import CAPABILITIES
from masthead.connectors.sandbox.connect import bearer
from masthead.connectors.sandbox.errors import Missing, explain
from masthead.connectors.sandbox.operations import CREATE, CREATE_WITH_LINK, EDIT, LIST, REMOVE, SHOW, UPLOAD
from masthead.contract.foresight import Foreseen, Planned
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, Delivery, Found, Presence, Receipt
from masthead.kit.text import has_link


class SandboxPublisher:
    """The sandbox keeps one post for each idempotency key and can be asked for it, so a look-up is always certain."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the media, then create the post."""
        media = [await _upload(http, account, one) for one in delivery.segments[index].attachments]
        headers = bearer(account) | {"Idempotency-Key": delivery.segment_key(index)}
        wish = _wish(delivery, index, before) | {"media": media}
        create = operation_for(index, delivery.segments[index].text)
        answer = await http.call(create, account.server, headers=headers, json=wish, explain=explain)
        return _receipt(wire.read(wire.Post, answer, create))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Ask for the post with this segment's key."""
        query = {"key": delivery.segment_key(index)}
        answer = await http.call(LIST, account.server, query=query, headers=bearer(account), explain=explain)
        posts = wire.read(wire.Posts, answer, LIST).posts
        if not posts:
            return Found(Presence.ABSENT, "The sandbox has no post with this key.")
        return Found(Presence.FOUND, "The sandbox has the post with this key.", _receipt(posts[0]))

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask again for a post in processing."""
        answer = await http.call(
            SHOW, account.server, path={"id": receipt.remote_id}, headers=bearer(account), explain=explain
        )
        return _receipt(wire.read(wire.Post, answer, SHOW))

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Take the post down."""
        try:
            await http.call(
                REMOVE, account.server, path={"id": receipt.remote_id}, headers=bearer(account), explain=explain
            )
        except Missing:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the post's text."""
        answer = await http.call(
            EDIT,
            account.server,
            path={"id": receipts[index].remote_id},
            headers=bearer(account),
            json={"text": delivery.segments[index].text},
            explain=explain,
        )
        return _receipt(wire.read(wire.Post, answer, EDIT))


def operation_for(index: int, text: str) -> Operation:
    """What creates a segment: only a link in the first one has a price of its own."""
    return CREATE_WITH_LINK if index == 0 and has_link(text, bare=True) else CREATE


def foresee(parts: Sequence[Planned], limits: Mapping[str, Any]) -> Sequence[Foreseen]:
    """An upload for each file, and a post for each segment."""
    files = sum(len(part.files) for part in parts)
    creates = Counter(operation_for(index, part.text).name for index, part in enumerate(parts))
    uploads = (Foreseen(UPLOAD, files),) if files else ()
    return (*uploads, *(Foreseen(one, creates[one.name]) for one in (CREATE_WITH_LINK, CREATE) if creates[one.name]))


async def _upload(http: Http, account: Account, attachment: Attachment) -> dict[str, str]:
    headers = bearer(account) | {"Content-Type": attachment.mime}
    answer = await http.call(UPLOAD, account.server, headers=headers, data=await attachment.load(), explain=explain)
    return {"id": wire.read(wire.Uploaded, answer, UPLOAD).id, "alt": attachment.alt}


def _wish(delivery: Delivery, index: int, before: Sequence[Receipt]) -> dict[str, Any]:
    segment, poll = delivery.segments[index], delivery.segments[index].poll
    known = {option.name for option in CAPABILITIES.options} if index == 0 else set()
    return {
        "text": segment.text,
        "reply_to": before[-1].remote_id if before else "",
        "language": delivery.language,
        "poll": {"options": list(poll.options), "seconds": poll.seconds, "multiple": poll.multiple} if poll else None,
        **{name: value for name, value in delivery.options.items() if name in known},
    }


def _receipt(post: wire.Post) -> Receipt:
    return Receipt(post.id, post.url, processing=post.state == "processing")
