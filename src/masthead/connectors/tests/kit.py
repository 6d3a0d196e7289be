"""What the shared contract test needs: pictures, deliveries, a meter that remembers, and a bound client."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from PIL import Image

from masthead.connectors.tests.harness import Harness
from masthead.contract.http import Call, Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Attachment, Delivery, MediaKind, Receipt, Segment


def package_of(platform: Platform) -> str:
    """The connector's package, "masthead.connectors.<...>", whichever folder it stands in."""
    return type(platform.ads or platform.publisher).__module__.rpartition(".")[0]


class Remembering:
    """A meter that keeps every call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def note(self, call: Call) -> None:
        self.calls.append(call)


def http_of(harness: Harness, transport: Transport, meter: Remembering) -> Http:
    """A client as the worker makes it, for channel 7 of workspace 3."""
    platform = harness.platform
    return Http(
        transport, platform=platform.key, operations=platform.operations, meter=meter, workspace_id=3, channel_id=7
    )


def picture(mime: str, alt: str) -> Attachment:
    """A small picture of the wanted type."""
    buffer = io.BytesIO()
    Image.new("RGB", (48, 32), (180, 90, 30)).save(buffer, mime.removeprefix("image/"))
    content = buffer.getvalue()

    async def load() -> bytes:
        return content

    async def public_url() -> str:
        return f"https://files.masthead.example/{sha}"

    sha = hashlib.sha256(content).hexdigest()
    return Attachment(
        MediaKind.IMAGE, mime, len(content), sha, load, 48, 32, alt=alt, file_name="a picture", public_url=public_url
    )


def film(mime: str) -> Attachment:
    """A small file that stands for a video."""
    content = b"\x00\x00\x00\x18ftypmp42" + secrets.token_bytes(400)

    async def load() -> bytes:
        return content

    sha = hashlib.sha256(content).hexdigest()
    return Attachment(MediaKind.VIDEO, mime, len(content), sha, load, 64, 36, 2.0, file_name="a film")


def stand_in(platform: Platform, media_type: str = "") -> Attachment:
    """A file for a platform that takes nothing without one: of the wanted type, else of the first it takes."""
    mime = media_type or platform.capabilities.media[0].mimes[0]
    return film(mime) if mime.startswith("video/") else picture(mime, "")


def furnished(harness: Harness, one: Segment | str) -> Segment:
    """A segment the platform can take: with a file where it takes none without."""
    segment = Segment(one) if isinstance(one, str) else one
    bare = harness.platform.capabilities.media_required and not segment.attachments and not segment.poll
    return Segment(segment.text, (stand_in(harness.platform, harness.media_type),)) if bare else segment


def delivery(*segments: Segment | str, options: Mapping[str, object] | None = None) -> Delivery:
    """A delivery with a fresh key."""
    parts = tuple(Segment(one) if isinstance(one, str) else one for one in segments)
    return Delivery(secrets.token_hex(16), parts, datetime.now(UTC).replace(microsecond=0), "en", dict(options or {}))


def everything_said(error: BaseException) -> str:
    """All that an error would show, its causes included."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        parts += [str(current), repr(current), repr(current.args), repr(getattr(current, "__dict__", ""))]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(parts)


def shown(account: Account) -> str:
    """What a log line would show of an account."""
    return f"{account} {account!r}"


def parcel(harness: Harness, *segments: Segment | str) -> Delivery:
    """A delivery with the options that this platform needs."""
    return delivery(*(furnished(harness, one) for one in segments), options=harness.options)


async def publish_all(platform: Platform, http: Http, account: Account, sent: Delivery) -> list[Receipt]:
    """Every segment, one after the other."""
    receipts: list[Receipt] = []
    for index in range(len(sent.segments)):
        receipts.append(await platform.publisher.publish(http, account, sent, index, tuple(receipts)))
    return receipts
