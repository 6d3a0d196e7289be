"""Publish, look up, settle and remove posts. Every write names its record key: a repeat makes no second post."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.connectors.bluesky import records, video
from masthead.connectors.bluesky.calls import ask, call
from masthead.connectors.bluesky.capabilities import VIDEO_MIMES
from masthead.connectors.bluesky.card import card
from masthead.connectors.bluesky.errors import Missing, Taken
from masthead.connectors.bluesky.facets import Span, facets, handles, spans
from masthead.connectors.bluesky.operations import (
    DELETE_RECORD,
    GET_RECORD,
    PUT_GATE,
    PUT_RECORD,
    RESOLVE_HANDLE,
    UPLOAD_BLOB,
)
from masthead.connectors.bluesky.profile import profile_url
from masthead.connectors.bluesky.record_keys import record_key
from masthead.connectors.bluesky.video import VIDEO_SERVICE
from masthead.connectors.bluesky.wire import Record, Resolved, Uploaded, Written, read
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain, Unsupported
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Presence, Receipt, Segment
from masthead.kit.clock import now

VIDEO_PATIENCE = 40.0


@dataclass(frozen=True)
class BlueskyPublisher:
    """The publish part. `clock` gives the date of a post, which is the moment of sending."""

    video_service: str = VIDEO_SERVICE
    clock: Callable[[], datetime] = now
    video_patience: float = VIDEO_PATIENCE

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Write one segment as a record. A video that is still worked on gives a receipt that says so."""
        segment = delivery.segments[index]
        _check_offered(segment)
        rkey = record_key(delivery.created_at, delivery.key, index)
        found = spans(segment.text)
        dids = await _dids(http, account, found)
        embed, job = await self._embed(http, account, delivery, segment, found)
        record = records.post(
            delivery, index, facets=facets(segment.text, found, dids), embed=embed, before=before, at=self.clock()
        )
        gated = index == 0 and await self._gate(http, account, delivery, rkey)
        if job is None:
            return await _write(http, account, rkey, record, gated=gated)
        if index + 1 < len(delivery.segments):
            raise TryAgain("The video service still works on the video; the thread waits for it.", after=30)
        return _waiting(account, rkey, record, job, segment.attachments[0], gated=gated)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Read the record key this segment would have. Needs no sign-in."""
        rkey = record_key(delivery.created_at, delivery.key, index)
        where = f"the record {rkey} of {account.handle}"
        try:
            record = await _read(http, account, rkey)
        except Missing:
            return Found(Presence.ABSENT, f"The server says that {where} does not exist.")
        if record.value.get("text") != delivery.segments[index].text:
            return Found(Presence.CANNOT_TELL, f"There is something at {where}, but with another text.")
        gated = index == 0 and records.gate(delivery, record.uri, self.clock()) is not None
        return Found(Presence.FOUND, f"The server has {where}.", _receipt(account, record.uri, record.cid, gated=gated))

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Once the video service is done, write the record that waits for its blob."""
        if not receipt.processing:
            return receipt
        raw = receipt.raw
        job = await video.status(http, str(raw["job"]), self.video_service)
        if not job.blob:
            return receipt
        embed = {**raw["embed"], "video": job.blob}
        return await _write(
            http,
            account,
            records.key_of(receipt.remote_id),
            {**raw["record"], "embed": embed},
            gated=bool(raw.get("gated")),
        )

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the record and its gate; the server does not mind if they are gone already."""
        rkey = records.key_of(receipt.remote_id)
        collections = (records.POST, records.GATE) if receipt.raw.get("gated") else (records.POST,)
        for collection in collections:
            body = {"repo": account.remote_id, "collection": collection, "rkey": rkey}
            await call(http, account, DELETE_RECORD, json=body)

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Always Unsupported: readers see the first version only."""
        raise Unsupported("Bluesky does not show changes to a post.", remedy="Delete the post and publish it again.")

    async def _embed(
        self, http: Http, account: Account, delivery: Delivery, segment: Segment, found: Sequence[Span]
    ) -> tuple[dict[str, Any] | None, str | None]:
        """The embed, and the id of the job it still waits for."""
        if segment.attachments and segment.attachments[0].kind is MediaKind.VIDEO:
            return await self._video(http, account, segment.attachments[0])
        if segment.attachments:
            blobs = [await _upload(http, account, one) for one in segment.attachments]
            return records.images(segment.attachments, blobs), None
        link = next((one.value for one in found if one.kind == "link"), "")
        wanted = link and delivery.options.get("link_card", True)
        return (await card(http, account, link) if wanted else None), None

    async def _video(self, http: Http, account: Account, one: Attachment) -> tuple[dict[str, Any], str | None]:
        job = await video.upload(http, account, one, self.video_service)
        job = await video.waited(http, job, self.video_service, seconds=self.video_patience)
        return records.video(one, job.blob or {}), None if job.blob else job.job_id

    async def _gate(self, http: Http, account: Account, delivery: Delivery, rkey: str) -> bool:
        """Set who may reply before the post is there, so that nobody is quicker. True where there is a gate."""
        gate = records.gate(delivery, records.address(account.remote_id, records.POST, rkey), self.clock())
        if gate is None:
            return False
        try:
            await _put(http, account, PUT_GATE, records.GATE, rkey, gate)
        except Taken:
            return True
        return True


def _check_offered(segment: Segment) -> None:
    if segment.poll:
        raise Unsupported("Bluesky has no polls.", field="poll", remedy="Remove the poll.")
    kinds = {one.kind for one in segment.attachments}
    if kinds - {MediaKind.IMAGE, MediaKind.VIDEO} or (MediaKind.VIDEO in kinds and len(segment.attachments) > 1):
        raise Unsupported(
            "Bluesky takes up to four images or one video.", field="attachments", remedy="Remove the other files."
        )
    if MediaKind.VIDEO in kinds and segment.attachments[0].mime not in VIDEO_MIMES:
        raise Unsupported("Bluesky takes videos as MP4 only.", field="attachments", remedy="Convert the video.")


async def _dids(http: Http, account: Account, found: Sequence[Span]) -> dict[str, str]:
    """Whom the mentions mean. A handle nobody knows is left out; a server that does not answer puts the post off."""
    known: dict[str, str] = {}
    for handle in handles(found):
        try:
            known[handle] = (await ask(http, account.server, RESOLVE_HANDLE, Resolved, query={"handle": handle})).did
        except Refused:
            continue
        except TryAgain as error:
            if error.status is None or error.whole_channel:
                raise
    return known


async def _upload(http: Http, account: Account, one: Attachment) -> dict[str, Any]:
    answer = await call(http, account, UPLOAD_BLOB, data=await one.load(), headers={"Content-Type": one.mime})
    return read(Uploaded, answer, UPLOAD_BLOB).blob


async def _put(
    http: Http, account: Account, operation: Operation, collection: str, rkey: str, record: Mapping[str, Any]
) -> Written:
    """Create a record or fail with Taken; the same record again counts as created."""
    body = {
        "repo": account.remote_id,
        "collection": collection,
        "rkey": rkey,
        "record": dict(record),
        "swapRecord": None,
    }
    return read(Written, await call(http, account, operation, json=body), operation)


async def _write(http: Http, account: Account, rkey: str, record: Mapping[str, Any], *, gated: bool) -> Receipt:
    try:
        written = await _put(http, account, PUT_RECORD, records.POST, rkey, record)
        return _receipt(account, written.uri, written.cid, gated=gated)
    except Taken:
        there = await _read(http, account, rkey)
    if there.value.get("text") != record["text"]:
        raise OutcomeUnknown("There is a post with this key already, but with another text.")
    return _receipt(account, there.uri, there.cid, gated=gated)


async def _read(http: Http, account: Account, rkey: str) -> Record:
    query = {"repo": account.remote_id, "collection": records.POST, "rkey": rkey}
    return await ask(http, account.server, GET_RECORD, Record, query=query)


def _receipt(account: Account, uri: str, cid: str, *, gated: bool) -> Receipt:
    raw = {"uri": uri, "cid": cid, **({"gated": True} if gated else {})}
    return Receipt(uri, _link(account, records.key_of(uri)), raw=raw)


def _waiting(
    account: Account, rkey: str, record: Mapping[str, Any], job: str, one: Attachment, *, gated: bool
) -> Receipt:
    uri = records.address(account.remote_id, records.POST, rkey)
    rest = {name: value for name, value in record.items() if name != "embed"}
    raw = {"job": job, "record": rest, "embed": {**records.video(one, {})}, "gated": gated}
    return Receipt(uri, _link(account, rkey), processing=True, raw=raw)


def _link(account: Account, rkey: str) -> str:
    return f"{profile_url(account.remote_id, account.handle)}/post/{rkey}"
