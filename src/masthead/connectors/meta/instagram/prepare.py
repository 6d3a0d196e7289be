"""Containers for Instagram: one file, or a carousel of them, ready to be published."""

from __future__ import annotations

import json
from dataclasses import dataclass

from masthead.connectors.meta.containers import PATIENT, Patience, Steps, address, prepared
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.lookup import STORY
from masthead.connectors.meta.instagram.operations import GET_CONTAINER, GET_LIMIT, GET_MEDIA, PREPARE
from masthead.contract.errors import Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind

STEPS = Steps("Instagram", WAY, PREPARE, GET_CONTAINER, GET_LIMIT, GET_MEDIA, "id,status_code,status")


@dataclass(frozen=True)
class Preparing:
    """Makes containers and waits for them as long as `patience` says."""

    patience: Patience = PATIENT

    async def ready(self, http: Http, account: Account, delivery: Delivery, index: int) -> str:
        """The id of a container that may be published."""
        files = delivery.segments[index].attachments
        if not files:
            raise Refused("Instagram takes no post without a picture or video.", field="attachments", remedy="Add one.")
        if len(files) == 1:
            return await self._made(http, account, await _single(files[0], delivery, index))
        if delivery.options.get("kind") == STORY:
            raise Refused("A story has one picture or video.", field="attachments", remedy="Leave the others out.")
        parts = [await self._part(http, account, one) for one in files]
        sent = {"media_type": "CAROUSEL", "children": ",".join(parts)} | _words(delivery, index)
        return await self._made(http, account, sent)

    async def _part(self, http: Http, account: Account, one: Attachment) -> str:
        """One file of a carousel."""
        film = one.kind is MediaKind.VIDEO
        sent = {"is_carousel_item": "true"} | await _file(one) | ({"media_type": "VIDEO"} if film else {})
        return await self._made(http, account, sent)

    async def _made(self, http: Http, account: Account, sent: dict[str, str]) -> str:
        return await prepared(http, STEPS, account, sent, self.patience)


async def _single(one: Attachment, delivery: Delivery, index: int) -> dict[str, str]:
    if delivery.options.get("kind") == STORY:
        return {"media_type": "STORIES"} | await _file(one)
    sent = await _file(one) | _words(delivery, index)
    return sent | ({"media_type": "REELS", "share_to_feed": "true"} if one.kind is MediaKind.VIDEO else {})


async def _file(one: Attachment) -> dict[str, str]:
    where = await address(one)
    if one.kind is MediaKind.VIDEO:
        return {"video_url": where}
    return {"image_url": where} | ({"alt_text": one.alt} if one.alt else {})


def _words(delivery: Delivery, index: int) -> dict[str, str]:
    """Caption, place and collaborators of a post."""
    options, text = delivery.options, delivery.segments[index].text
    found = {"caption": text} if text else {}
    if place := str(options.get("location_id") or "").strip():
        found["location_id"] = place
    names = [one.strip().lstrip("@") for one in str(options.get("collaborators") or "").split(",")]
    if any(names):
        found["collaborators"] = json.dumps([one for one in names if one])
    return found
