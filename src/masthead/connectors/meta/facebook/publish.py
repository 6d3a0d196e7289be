"""Publish on a Page: photos are uploaded unseen, then one call makes the post; a video goes its own way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.facebook import lookup, wire
from masthead.connectors.meta.facebook.errors import WAY
from masthead.connectors.meta.facebook.operations import (
    COMMENT,
    DELETE_POST,
    EDIT_POST,
    GET_POST,
    POST_FEED,
    UPLOAD_PHOTO,
)
from masthead.connectors.meta.facebook.video import Videos
from masthead.connectors.meta.graph import File, call
from masthead.contract.errors import ConnectorError, Gone
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Receipt
from masthead.kit.text import links


@dataclass(frozen=True)
class FacebookPublisher:
    """The publish part."""

    videos: Videos

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Make the post, then the first comment where one is wanted. Only the post can be in doubt."""
        segment = delivery.segments[index]
        first = segment.attachments[0] if segment.attachments else None
        if first and first.kind is MediaKind.VIDEO:
            title = str(delivery.options.get("title") or "")
            receipt = await self.videos.publish(http, account, first, segment.text, title)
        else:
            receipt = await self._post(http, account, delivery, index)
        return await _commented(http, account, receipt, str(delivery.options.get("first_comment") or ""))

    async def _post(self, http: Http, account: Account, delivery: Delivery, index: int) -> Receipt:
        segment = delivery.segments[index]
        photos = [await _photo(http, account, one) for one in segment.attachments]
        sent = {"message": segment.text} if segment.text else {}
        if photos:
            sent["attached_media"] = json.dumps([{"media_fbid": one} for one in photos])
        elif link := str(delivery.options.get("link") or "") or _first_link(segment.text):
            sent["link"] = link
        answer = await call(http, WAY, POST_FEED, account, path={"id": account.remote_id}, sent=sent)
        made = shared.made(answer)
        return Receipt(made, f"https://www.facebook.com/{made}")

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the Page's own published posts since the first try."""
        return await lookup.find(http, account, delivery, index)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A video is asked about; everything else is there as soon as it is acknowledged, and tells its own address."""
        if receipt.processing and receipt.raw.get("video"):
            return await self.videos.settle(http, account, receipt)
        sent = {"fields": "id,created_time,permalink_url"}
        answer = await call(http, WAY, GET_POST, account, path={"id": receipt.remote_id}, sent=sent)
        post = shared.read(wire.Post, answer.body)
        return replace(receipt, url=post.permalink_url or receipt.url, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is no error."""
        try:
            await call(http, WAY, DELETE_POST, account, path={"id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the text in place; media and link stay."""
        receipt, text = receipts[index], delivery.segments[index].text
        still_video = bool(receipt.raw.get("video")) and "_" not in receipt.remote_id
        sent = {"description": text} if still_video else {"message": text}
        await call(http, WAY, EDIT_POST, account, path={"id": receipt.remote_id}, sent=sent)
        return receipt


async def _photo(http: Http, account: Account, one: Attachment) -> str:
    """The id of an uploaded photo that nobody sees until a post shows it."""
    sent = {"published": "false"} | ({"alt_text_custom": one.alt} if one.alt else {})
    file = File("source", await one.load(), one.file_name or "photo", one.mime)
    answer = await call(http, WAY, UPLOAD_PHOTO, account, path={"id": account.remote_id}, sent=sent, file=file)
    return shared.read(shared.Made, answer.body).id


async def _commented(http: Http, account: Account, receipt: Receipt, text: str) -> Receipt:
    """The first comment under a post that is out. It must not undo that: where it fails, the receipt says so."""
    if not text:
        return receipt
    try:
        answer = await call(http, WAY, COMMENT, account, path={"id": receipt.remote_id}, sent={"message": text})
        return replace(receipt, raw={**receipt.raw, "comment": shared.read(shared.Made, answer.body).id})
    except ConnectorError as error:
        return replace(receipt, raw={**receipt.raw, "comment_failed": error.message})


def _first_link(text: str) -> str:
    found = links(text)
    return found[0].url if found else ""
