"""Files: pictures whole, animations and videos in chunks, waiting for X, descriptions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.connectors.tests.kit import Remembering, delivery, picture
from masthead.connectors.x import upload
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.connectors.x.upload import Uploading
from masthead.contract.errors import Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, MediaKind, Segment

QUICK = Uploading(first_pause=0.01)


def film(content: bytes, kind: MediaKind = MediaKind.VIDEO) -> Attachment:
    async def load() -> bytes:
        return content

    mime = "image/gif" if kind is MediaKind.GIF else "video/mp4"
    return Attachment(kind, mime, len(content), "", load, 640, 480, 2.0, alt="A film")


async def test_a_picture_goes_whole_with_its_description(
    harness: XHarness, http: Http, account: Account, double: XDouble, meter: Remembering
) -> None:
    parcel = delivery(Segment("Two", (picture("image/png", "One"), picture("image/jpeg", ""))))
    await harness.platform.publisher.publish(http, account, parcel, 0, ())
    assert [one.alt for one in double.memory.posts[0].media] == ["One", ""]
    calls = [call.operation for call in meter.calls]
    assert calls == ["upload", "describe_media", "upload", "create_post"]


@pytest.mark.parametrize(("kind", "alt"), [(MediaKind.VIDEO, ""), (MediaKind.GIF, "A film")])
async def test_a_film_goes_in_chunks(
    http: Http,
    account: Account,
    double: XDouble,
    meter: Remembering,
    monkeypatch: pytest.MonkeyPatch,
    kind: MediaKind,
    alt: str,
) -> None:
    monkeypatch.setattr(upload, "CHUNK", 1000)
    content = bytes(range(250)) * 10
    number = await QUICK.upload(http, account, film(content, kind))
    kept = double.memory.uploads[number]
    assert b"".join(part for _, part in sorted(kept.parts.items())) == content
    assert [len(part) for part in kept.parts.values()] == [1000, 1000, 500]
    assert kept.alt == alt
    calls = [call.operation for call in meter.calls]
    assert calls[:5] == ["initialize_upload", *["append_upload"] * 3, "finalize_upload"]
    assert "upload_status" in calls


async def test_chunks_grow_with_the_file(
    http: Http, account: Account, double: XDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "CHUNK", 10)
    monkeypatch.setattr(upload, "MOST_CHUNKS", 4)
    number = await QUICK.upload(http, account, film(b"x" * 101))
    assert [len(part) for part in double.memory.uploads[number].parts.values()] == [26, 26, 26, 23]


async def test_a_film_x_cannot_use_is_the_authors(http: Http, account: Account) -> None:
    with pytest.raises(Refused) as caught:
        await QUICK.upload(http, account, film(b"broken film"))
    assert (caught.value.field, bool(caught.value.remedy)) == ("attachments", True)


async def test_a_film_that_takes_too_long_is_tried_again(http: Http, account: Account, double: XDouble) -> None:
    double.video_looks = 1000
    with pytest.raises(TryAgain):
        await replace(QUICK, seconds=0.05).upload(http, account, film(b"long film"))


async def test_a_file_that_is_refused_names_the_attachments(harness: XHarness, http: Http, account: Account) -> None:
    large = film(b"x" * 16_000_000, MediaKind.GIF)
    with pytest.raises(Refused) as caught:
        await QUICK.upload(http, account, large)
    assert caught.value.field == "attachments"
