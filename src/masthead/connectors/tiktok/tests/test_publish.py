"""What is special about TikTok: consent, audiences, chunks, a number that settles what became of a post."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from masthead.connectors.tests.kit import delivery, picture
from masthead.connectors.tiktok import upload
from masthead.connectors.tiktok.errors import explaining
from masthead.connectors.tiktok.tests.double import TikTokDouble
from masthead.connectors.tiktok.tests.harness import TikTokHarness
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain, Unsupported
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind, Presence, Segment

INIT = "/v2/post/publish/video/init/"
PHOTOS = "/v2/post/publish/content/init/"
CHOSEN = {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": "agreed"}


def film(content: bytes = b"film", seconds: float = 9) -> Attachment:
    async def load() -> bytes:
        return content

    sha = hashlib.sha256(content).hexdigest()
    return Attachment(MediaKind.VIDEO, "video/mp4", len(content), sha, load, seconds=seconds)


def post(text: str, *files: Attachment, **options: object) -> Delivery:
    return delivery(Segment(text, files or (film(),)), options={**CHOSEN, **options})


async def test_what_the_account_allows_is_told(account: Account, harness: TikTokHarness) -> None:
    can = harness.platform.capabilities.narrowed(account.limits)
    options = {one.name: one for one in can.options}
    assert "allow_duet" not in options and "allow_stitch" in options
    assert dict(options["privacy_level"].choices)["SELF_ONLY"] == "Only you"
    assert options["privacy_level"].required and not options["privacy_level"].default
    film_rule = can.media_rule(MediaKind.VIDEO)
    assert film_rule and film_rule.max_seconds == 300


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"consent": ""}, "options.consent"),
        ({"privacy_level": ""}, "options.privacy_level"),
        ({"privacy_level": "FOLLOWER_OF_CREATOR"}, "options.privacy_level"),
        ({"privacy_level": "SELF_ONLY", "branded_content": True}, "options.privacy_level"),
    ],
)
async def test_consent_and_audience_are_checked(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble, wrong: Mapping[str, object], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, post("A", **wrong), 0, ())
    assert caught.value.field == field and not double.memory.posts


async def test_a_video_with_its_settings(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble
) -> None:
    sent = post("Kneading", allow_comment=True, allow_duet=True, your_brand=True, made_with_ai=True)
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    (body,) = double.asked(INIT)
    assert body["post_info"] == {
        "title": "Kneading",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "brand_organic_toggle": True,
        "brand_content_toggle": False,
        "disable_comment": False,
        "disable_duet": True,
        "disable_stitch": True,
        "is_aigc": True,
    }
    assert double.memory.posts[0].content == b"film"
    assert receipt.url == f"{double.url}/{account.handle}/video/{double.memory.posts[0].id}" and not receipt.processing


async def test_photos_with_a_title(harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble) -> None:
    image = picture("image/jpeg", "")
    await harness.platform.publisher.publish(http, account, post("Loaves", image, image, title="Bread"), 0, ())
    (body,) = double.asked(PHOTOS)
    assert (body["post_info"]["title"], body["post_info"]["description"]) == ("Bread", "Loaves")
    assert "disable_duet" not in body["post_info"] and len(body["source_info"]["photo_images"]) == 2
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, post("A", replace(image, public_url=None)), 0, ())
    assert "MASTHEAD_PUBLIC_URL" in caught.value.remedy


async def test_a_long_video_goes_in_chunks(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "WHOLE", 6 * upload.MEGABYTE)
    monkeypatch.setattr(upload, "CHUNK", 5 * upload.MEGABYTE)
    content = bytes(range(256)) * 4096 * 13  # 13 MB: two chunks, of 5 and 8 MB
    await harness.platform.publisher.publish(http, account, post("Long", film(content)), 0, ())
    assert double.asked(INIT)[0]["source_info"]["total_chunk_count"] == 2
    assert double.memory.posts[0].content == content


@pytest.mark.parametrize("size", [1, 5_000_000, 64 * 1024 * 1024, 64 * 1024 * 1024 + 1, 200_000_000, 4_000_000_000])
def test_chunks_are_as_tiktok_wants_them(size: int) -> None:
    source, spans = upload.video_source(size), list(upload.spans(size))
    assert len(spans) == source["total_chunk_count"] == max(1, size // source["chunk_size"]) <= 1000
    assert [start for start, _ in spans[1:]] == [end + 1 for _, end in spans[:-1]]
    assert (spans[0][0], spans[-1][1]) == (0, size - 1)
    assert spans[-1][1] - spans[-1][0] < 128 * 1024 * 1024


async def test_a_video_longer_than_allowed(harness: TikTokHarness, http: Http, account: Account) -> None:
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, post("Long", film(seconds=301)), 0, ())
    assert "300" in caught.value.message


async def test_a_post_that_is_still_checked_is_settled(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble
) -> None:
    publisher, double.memory.moderating = harness.platform.publisher, True
    sent = post("Kneading")
    receipt = await publisher.publish(http, account, sent, 0, ())
    assert receipt.processing and receipt.remote_id == double.memory.posts[0].number
    found = await publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.CANNOT_TELL and "checking" in found.evidence
    double.memory.moderating = False
    settled = await publisher.settle(http, account, receipt)
    assert settled.remote_id == double.memory.posts[0].id and settled.url and not settled.processing


async def test_a_private_post_is_out_without_an_id(harness: TikTokHarness, http: Http, account: Account) -> None:
    receipt = await harness.platform.publisher.publish(http, account, post("Mine", privacy_level="SELF_ONLY"), 0, ())
    assert not receipt.processing and receipt.remote_id.startswith("v_pub")


async def test_a_failed_post_is_refused(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble
) -> None:
    publisher, double.memory.moderating = harness.platform.publisher, True
    receipt = await publisher.publish(http, account, post("A"), 0, ())
    for reason, field in (("frame_rate_check_failed", "attachments"), ("spam_risk_text", "text"), ("internal", "")):
        double.memory.posts[0].fail_reason = reason
        with pytest.raises(Refused) as caught:
            await publisher.settle(http, account, receipt)
        assert caught.value.field == field and caught.value.remedy


async def test_an_app_that_is_not_audited(
    harness: TikTokHarness, http: Http, account: Account, double: TikTokDouble
) -> None:
    double.memory.audited = False
    with pytest.raises(Unsupported) as caught:
        await harness.platform.publisher.publish(http, account, post("A"), 0, ())
    assert "Only you" in caught.value.remedy


async def test_a_long_text_is_found_and_another_is_not(harness: TikTokHarness, http: Http, account: Account) -> None:
    publisher, text = harness.platform.publisher, "A long story. " * 30
    receipt = await publisher.publish(http, account, post(text), 0, ())
    found = await publisher.find(http, account, post(text), 0, ())
    assert found.receipt and found.receipt.remote_id == receipt.remote_id
    for other in (post("A long"), replace(post(text), known=frozenset({receipt.remote_id}))):
        assert (await publisher.find(http, account, other, 0, ())).presence is Presence.CANNOT_TELL


async def test_an_error_with_status_200_is_one(harness: TikTokHarness, http: Http, account: Account) -> None:
    from_tiktok = {"error": {"code": "spam_risk_too_many_posts", "message": ""}}
    harness.double.memory.allowed = {"privacy_level_options": []}
    with pytest.raises(Refused):
        await harness.platform.publisher.publish(http, account, post("A"), 0, ())
    explain = explaining()(Answer(200, {}, from_tiktok))
    assert isinstance(explain, TryAgain) and explain.whole_channel


async def test_a_right_that_was_left_out_is_named(harness: TikTokHarness, http: Http, double: TikTokDouble) -> None:
    double.scopes, way = "user.info.basic,video.publish", harness.platform.connecting.redirect
    assert way
    back = "http://127.0.0.1:1/back"
    sent = await way.start(http, harness.redirect_answers(), redirect_uri=back, client=harness.client())
    query = await harness.visit(sent, allow=True)
    with pytest.raises(Refused) as caught:
        await way.finish(http, sent.keep, query, redirect_uri=back, client=harness.client())
    assert "video.list" in caught.value.message


async def test_posts_cannot_be_changed_or_deleted(harness: TikTokHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    receipt = await publisher.publish(http, account, post("A"), 0, ())
    with pytest.raises(Unsupported):
        await publisher.edit(http, account, post("B"), 0, [receipt])
    with pytest.raises(Unsupported):
        await publisher.remove(http, account, receipt)


async def test_a_refresh_token_works_once(harness: TikTokHarness, http: Http, account: Account) -> None:
    assert await harness.platform.connecting.refresh(http, account)
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.refresh(http, account)
