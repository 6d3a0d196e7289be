"""The double's pages for files: whole, in chunks, their state and their description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from masthead.connectors.x.tests.memory import INVALID, NOT_FOUND, Fail, Person, Upload

if TYPE_CHECKING:
    from masthead.connectors.x.tests.double import XDouble

SIZES = {"tweet_image": 5_000_000, "tweet_gif": 15_000_000, "tweet_video": 8_000_000_000}


def _told(upload: Upload) -> dict[str, Any]:
    """An upload as X answers it. The description wants `meta`, of which nothing is said."""
    told: dict[str, Any] = {"id": upload.id, "media_key": upload.key, "expires_after_secs": 86_400}
    if upload.done and upload.kind != "tweet_image":
        state = "in_progress" if upload.left > 0 else "failed" if upload.broken else "succeeded"
        told["processing_info"] = {"type": "media", "state": state, "check_after_secs": 0}
    return {"data": told, "meta": {}}


def _mine(double: XDouble, owner: Person, number: str) -> Upload:
    found = double.memory.uploads.get(number)
    if not found or found.owner != owner.id:
        raise Fail(404, f"Could not find media with id: [{number}].", NOT_FOUND)
    return found


def _new(double: XDouble, owner: Person, kind: str, total: int) -> Upload:
    if total > SIZES[kind]:
        raise Fail(400, "File size exceeds the limit of the media category.", INVALID)
    upload = Upload(double.memory.new_id(), owner.id, kind, total)
    double.memory.uploads[upload.id] = upload
    return upload


def whole(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """A picture in one request."""
    upload = _new(double, owner, body["media_category"], len(body["media"]))
    upload.parts[0], upload.done = body["media"], True
    return _told(upload)


def initialize(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Begin an upload in chunks."""
    return _told(_new(double, owner, body["media_category"], body["total_bytes"]))


def append(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """One chunk; a chunk that comes again takes the place of the first."""
    upload = _mine(double, owner, request.path_params["id"])
    upload.parts[int(body["segment_index"])] = body["media"]
    return {"data": {"expires_at": 2_000_000_000}, "meta": {}}


def finalize(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """End an upload; all of it must have come."""
    upload = _mine(double, owner, request.path_params["id"])
    if sum(len(one) for one in upload.parts.values()) != upload.total:
        raise Fail(400, "Segments do not add up to provided total file size.", INVALID)
    content = b"".join(part for _, part in sorted(upload.parts.items()))
    upload.done, upload.left, upload.broken = True, double.video_looks, content.startswith(b"broken")
    return _told(upload)


def status(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """How far X is with a file."""
    upload = _mine(double, owner, request.query_params["media_id"])
    upload.left -= 1
    return _told(upload)


def describe(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """The description for people who cannot see a picture."""
    upload = _mine(double, owner, body["id"])
    upload.alt = body["metadata"]["alt_text"]["text"]
    return {"data": {"id": upload.id, "associated_metadata": {"alt_text": {"text": upload.alt}}}}
