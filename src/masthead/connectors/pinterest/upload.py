"""What a Pin shows: pictures go along with the request, a video is sent to Pinterest's storage first."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.connect import asked
from masthead.connectors.pinterest.errors import OTHER_FILE
from masthead.connectors.pinterest.operations import MEDIA_STATUS, REGISTER_MEDIA, UPLOAD_MEDIA
from masthead.contract.errors import Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind


@dataclass(frozen=True)
class Uploading:
    """`seconds`: how long to wait for a video Pinterest works on; `pause` between two questions."""

    seconds: float = 600.0
    pause: float = 5.0

    async def source(self, http: Http, account: Account, delivery: Delivery, index: int) -> dict[str, Any]:
        """The media_source of a Pin."""
        files = delivery.segments[index].attachments
        if not files:
            raise Refused("Pinterest takes no Pin without a picture or video.", field="attachments", remedy="Add one.")
        if files[0].kind is MediaKind.VIDEO:
            media_id = await self._video(http, account, files[0])
            second = str(delivery.options.get("cover_second") or "0").strip()
            frame = int(second) if second.isdecimal() else 0
            return {"source_type": "video_id", "media_id": media_id, "cover_image_key_frame_time": frame}
        if len(files) == 1:
            return {"source_type": "image_base64", **await _picture(files[0])}
        return {"source_type": "multiple_image_base64", "items": await _pictures(files), "index": 0}

    async def _video(self, http: Http, account: Account, one: Attachment) -> str:
        """The id of a video that is ready. A lost answer leaves only a file nobody sees."""
        answer = await asked(http, account.server, account.secrets, REGISTER_MEDIA, json={"media_type": "video"})
        place = wire.read(wire.Registered, answer.body)
        form = aiohttp.FormData()
        for name, value in place.upload_parameters.items():
            form.add_field(name, value)
        form.add_field("file", await one.load(), filename="video", content_type=one.mime)
        await http.call(UPLOAD_MEDIA, account.server, url=place.upload_url, data=form, raw=True)
        await self._until_ready(http, account, place.media_id)
        return place.media_id

    async def _until_ready(self, http: Http, account: Account, media_id: str) -> None:
        deadline = time.monotonic() + self.seconds
        while True:
            answer = await asked(http, account.server, account.secrets, MEDIA_STATUS, path={"id": media_id})
            status = wire.read(wire.Upload, answer.body).status
            if status == "succeeded":
                return
            if status == "failed":
                raise Refused("Pinterest cannot use the video.", field="attachments", remedy=OTHER_FILE)
            if time.monotonic() > deadline:
                raise TryAgain(f"Pinterest still works on the video after {self.seconds:.0f} seconds.", after=120)
            await asyncio.sleep(self.pause)


async def _picture(one: Attachment) -> dict[str, str]:
    return {"content_type": one.mime, "data": base64.b64encode(await one.load()).decode()}


async def _pictures(files: Sequence[Attachment]) -> list[dict[str, str]]:
    return [await _picture(one) for one in files]
