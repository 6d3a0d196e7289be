"""Publish on Threads: look at the quota, prepare a container, publish it; a thread is a chain of replies to oneself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.containers import Patience, address, addressed, prepared
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.threads import lookup
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.lookup import ANSWERS
from masthead.connectors.meta.threads.operations import DELETE_POST, PUBLISH, PUBLISH_REPLY
from masthead.connectors.meta.threads.quota import STEPS, check_room_for
from masthead.contract.errors import Gone, Refused, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Poll, Receipt


@dataclass(frozen=True)
class ThreadsPublisher:
    """The publish part. `patience`: how long to wait for containers."""

    patience: Patience

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Prepare everything, then publish it with one call; only that can be in doubt."""
        await check_room_for(http, account, reply=bool(before))
        container = await self._ready(http, account, delivery, index, before)
        operation = PUBLISH_REPLY if before else PUBLISH
        answer = await call(http, WAY, operation, account, sent={"creation_id": container})
        return await addressed(http, STEPS, account, Receipt(shared.made(answer)))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the profile's own posts or replies since the first try."""
        return await lookup.find(http, account, delivery, index, before)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A post is there as soon as it is acknowledged; its address is asked for where it was not told."""
        return replace(await addressed(http, STEPS, account, receipt), processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is no error."""
        try:
            await call(http, WAY, DELETE_POST, account, path={"id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Threads lets nobody change a post through its API."""
        raise Unsupported("Threads posts cannot be edited from here.", remedy="Edit it in the app, or post anew.")

    async def _ready(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> str:
        segment = delivery.segments[index]
        sent = {"text": segment.text} if segment.text else {}
        sent |= {"reply_to_id": before[-1].remote_id} if before else _settings(delivery)
        if not segment.attachments:
            link = str(delivery.options.get("link") or "") if index == 0 else ""
            sent |= {"media_type": "TEXT"} | _below(link, segment.poll)
        elif len(segment.attachments) == 1:
            sent |= await _file(segment.attachments[0])
        else:
            parts = [
                await self._made(http, account, {"is_carousel_item": "true"} | await _file(one))
                for one in segment.attachments
            ]
            sent |= {"media_type": "CAROUSEL", "children": ",".join(parts)}
        return await self._made(http, account, sent)

    async def _made(self, http: Http, account: Account, sent: dict[str, str]) -> str:
        return await prepared(http, STEPS, account, sent, self.patience)


def _below(link: str, poll: Poll | None) -> dict[str, str]:
    """What stands below a text: a poll, which is open for a day, or a link's preview."""
    if poll and link:
        raise Refused("A link's preview cannot go with a poll.", field="options.link", remedy="Leave one of them out.")
    if poll:
        return {"poll_attachment": json.dumps(dict(zip(ANSWERS, poll.options, strict=False)), ensure_ascii=False)}
    return {"link_attachment": link} if link else {}


def _settings(delivery: Delivery) -> dict[str, str]:
    """What holds for the whole thread goes on its first part."""
    options = delivery.options
    found = {"reply_control": str(options.get("reply_control") or ""), "topic_tag": str(options.get("topic_tag") or "")}
    return {name: value.lstrip("#") for name, value in found.items() if value}


async def _file(one: Attachment) -> dict[str, str]:
    film = one.kind is MediaKind.VIDEO
    sent = {"media_type": "VIDEO" if film else "IMAGE", "video_url" if film else "image_url": await address(one)}
    return sent | ({"alt_text": one.alt} if one.alt else {})
