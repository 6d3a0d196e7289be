"""Publish on YouTube: one video with title and description; look it up, edit and delete it. YouTube has no key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from masthead.connectors.google.rest import call, read
from masthead.connectors.google.youtube import lookup, wire
from masthead.connectors.google.youtube.capabilities import DEFAULT_CATEGORY, TAGS_LIMIT
from masthead.connectors.google.youtube.errors import OTHER_FILE, WAY
from masthead.connectors.google.youtube.operations import DELETE_VIDEO, EDIT_VIDEO, SET_THUMBNAIL, VIDEOS
from masthead.connectors.google.youtube.upload import Uploading
from masthead.contract.errors import ConnectorError, Gone, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Receipt


@dataclass(frozen=True)
class YouTubePublisher:
    """The publish part. `site` is where people see videos."""

    site: str
    uploading: Uploading = field(default_factory=Uploading)

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the video, then its thumbnail. Only the video can be in doubt."""
        segment = delivery.segments[index]
        video = next((one for one in segment.attachments if one.kind is MediaKind.VIDEO), None)
        if video is None:
            raise Refused("YouTube takes videos only.", field="attachments", remedy="Add a video to the picture.")
        notify = bool(delivery.options.get("notify", True))
        made = await self.uploading.upload(http, account, video, body(delivery, segment.text), notify=notify)
        receipt = Receipt(made.id, self._link(made.id), processing=made.status.uploadStatus == "uploaded")
        picture = next((one for one in segment.attachments if one.kind is MediaKind.IMAGE), None)
        return await _with_thumbnail(http, account, receipt, picture) if picture else receipt

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the channel's own uploads since the first try."""
        return await lookup.find(http, account, delivery, index, self._link)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask how far the video is. Raises Refused where YouTube could not use it, or took it down."""
        found = await _video(http, account, receipt.remote_id, "status")
        status = found.status
        if status.uploadStatus in ("failed", "rejected", "deleted"):
            why = status.failureReason or status.rejectionReason or status.uploadStatus
            raise Refused(f"YouTube could not use the video ({why}).", field="attachments", remedy=OTHER_FILE)
        return replace(receipt, processing=status.uploadStatus == "uploaded")

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the video; one that is gone already is no error."""
        try:
            await call(http, WAY, DELETE_VIDEO, account, query={"id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change title, description, tags and category in place; who can see it and the rest stay."""
        receipt = receipts[index]
        await _video(http, account, receipt.remote_id, "snippet")
        told = {"id": receipt.remote_id, "snippet": body(delivery, delivery.segments[index].text)["snippet"]}
        await call(http, WAY, EDIT_VIDEO, account, query={"part": "snippet"}, json=told)
        return receipt

    def _link(self, video: str) -> str:
        return f"{self.site}/watch?v={video}"


def body(delivery: Delivery, description: str) -> dict[str, Any]:
    """A video's title, description and settings. Raises Refused where a needed setting is missing."""
    options = delivery.options
    title, kids = str(options.get("title") or "").strip(), str(options.get("made_for_kids") or "")
    if not title:
        raise Refused("A video needs a title.", field="options.title", remedy="Enter a title.")
    if kids not in ("yes", "no"):
        raise Refused(
            "YouTube must be told whether a video is made for children.",
            field="options.made_for_kids",
            remedy="Choose yes or no.",
        )
    category = str(options.get("category") or DEFAULT_CATEGORY)
    snippet = {"title": title, "description": description, "categoryId": category}
    wanted = tags(str(options.get("tags") or ""))
    status = {"privacyStatus": str(options.get("privacy") or "public"), "selfDeclaredMadeForKids": kids == "yes"}
    status |= {"containsSyntheticMedia": True} if options.get("synthetic") else {}
    return {"snippet": snippet | ({"tags": wanted} if wanted else {}), "status": status}


def tags(typed: str) -> list[str]:
    """Tags that were typed with commas between. YouTube counts commas, and quotes around tags with spaces."""
    found = list(dict.fromkeys(one.strip().removeprefix("#") for one in typed.split(",") if one.strip()))
    if sum(len(one) + (2 if " " in one else 0) for one in found) + max(0, len(found) - 1) > TAGS_LIMIT:
        raise Refused(
            f"The tags are longer than {TAGS_LIMIT} characters.", field="options.tags", remedy="Use fewer tags."
        )
    return found


async def _video(http: Http, account: Account, video: str, part: str) -> wire.Video:
    answer = await call(http, WAY, VIDEOS, account, query={"part": part, "id": video})
    found = read(wire.Videos, answer.body).items
    if not found:
        raise Gone("The video is gone.", remedy="Look at the channel on YouTube.", status=404)
    return found[0]


async def _with_thumbnail(http: Http, account: Account, receipt: Receipt, picture: Attachment) -> Receipt:
    """The video is out; a thumbnail that fails must not undo that, so the receipt says so."""
    try:
        query, content = {"videoId": receipt.remote_id}, await picture.load()
        told = {"Content-Type": picture.mime}
        await call(http, WAY, SET_THUMBNAIL, account, query=query, headers=told, data=content)
    except ConnectorError as error:
        return replace(receipt, raw={**receipt.raw, "thumbnail_failed": error.message})
    return replace(receipt, raw={**receipt.raw, "thumbnail": True})
