"""Publish on TikTok: ask what the account allows, send the video or name the photos, and wait a while for the outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.tiktok import lookup, wire
from masthead.connectors.tiktok.capabilities import PUBLIC
from masthead.connectors.tiktok.connect import asked, creator_of
from masthead.connectors.tiktok.errors import failed
from masthead.connectors.tiktok.operations import BEGIN_VIDEO, POST_PHOTOS, POST_STATUS
from masthead.connectors.tiktok.prepare import check_length, photo_source, post_info
from masthead.connectors.tiktok.upload import send, video_source
from masthead.contract.errors import ConnectorError, OutcomeUnknown, Refused, TryAgain, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Receipt


@dataclass(frozen=True)
class Patience:
    """How long to wait for a post right away, and between two questions, in seconds. The confirmer asks on."""

    most: float = 30.0
    pause: float = 5.0


@dataclass(frozen=True)
class TikTokPublisher:
    """The publish part. `site` is where people see posts."""

    site: str
    patience: Patience = Patience()

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Begin the post and send its files. TikTok's number for it settles everything that comes after."""
        files = delivery.segments[index].attachments
        if not files:
            raise Refused("TikTok takes no post without a video or photos.", field="attachments", remedy="Add one.")
        creator = await creator_of(http, account.server, account.secrets)
        info = post_info(delivery, index, creator)
        film = files[0].kind is MediaKind.VIDEO
        if film:
            check_length(files[0], creator)
            number = await self._video(http, account, files[0], info)
        else:
            number = await self._photos(http, account, files, info)
        kept = {"publish_id": number, "public": info["privacy_level"] == PUBLIC, "kind": "video" if film else "photo"}
        return await self._awaited(http, account, Receipt(number, processing=True, raw=kept))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's public posts. What is not there may still be out."""
        return await lookup.find(http, account, delivery, index)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask what became of a post. A failed one is Refused: nothing is seen of it."""
        body = {"publish_id": str(receipt.raw.get("publish_id") or receipt.remote_id)}
        answer = await asked(http, account.server, account.secrets, POST_STATUS, json=body)
        told = wire.data_of(wire.Status, answer.body)
        if told.status == "FAILED":
            raise failed(told.fail_reason)
        if told.status != "PUBLISH_COMPLETE":
            return receipt
        if told.publicaly_available_post_id:
            number = told.publicaly_available_post_id[0]
            url = f"{self.site}/{account.handle}/{receipt.raw.get('kind', 'video')}/{number}"
            return replace(receipt, remote_id=number, url=url, processing=False)
        return receipt if receipt.raw.get("public") else replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """TikTok lets no app delete a post."""
        raise Unsupported("Posts on TikTok cannot be deleted from here.", remedy="Delete it in TikTok's app.")

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """TikTok lets no app change a post."""
        raise Unsupported("Posts on TikTok cannot be changed from here.", remedy="Change it in TikTok's app.")

    async def _video(self, http: Http, account: Account, one: Attachment, info: dict[str, object]) -> str:
        content = await one.load()
        body = {"post_info": info, "source_info": video_source(len(content))}
        begun = wire.data_of(
            wire.Begun, (await asked(http, account.server, account.secrets, BEGIN_VIDEO, json=body)).body
        )
        await send(http, account, begun.upload_url, content, one.mime)
        return begun.publish_id

    async def _photos(
        self, http: Http, account: Account, files: tuple[Attachment, ...], info: dict[str, object]
    ) -> str:
        source = await photo_source(files)
        body = {"media_type": "PHOTO", "post_mode": "DIRECT_POST", "post_info": info, "source_info": source}
        answer = await asked(http, account.server, account.secrets, POST_PHOTOS, json=body)
        try:
            return wire.data_of(wire.Begun, answer.body).publish_id
        except TryAgain:
            raise OutcomeUnknown("TikTok took the photos but did not say under which number.") from None

    async def _awaited(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """The receipt as it stands after a while. Only a failed post is an error: everything else is asked again later."""
        deadline = time.monotonic() + self.patience.most
        while receipt.processing and time.monotonic() < deadline:
            try:
                receipt = await self.settle(http, account, receipt)
            except (Refused, Unsupported):
                raise
            except ConnectorError:
                return receipt
            if receipt.processing:
                await asyncio.sleep(self.patience.pause)
        return receipt
