"""What is special about YouTube: parts of a video, thumbnails, needed settings, processing, quotas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from masthead.connectors.google.errors import explaining, until_midnight
from masthead.connectors.google.youtube import YOUTUBE
from masthead.connectors.google.youtube.errors import ROWS, WAY
from masthead.connectors.google.youtube.publish import tags
from masthead.connectors.google.youtube.tests.double import DESCRIBED, YouTubeDouble
from masthead.connectors.google.youtube.tests.harness import YouTubeHarness
from masthead.connectors.google.youtube.tests.memory import Fail
from masthead.connectors.google.youtube.upload import Uploading
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, film, picture
from masthead.contract.errors import NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, Delivery, Presence, Segment

SETTINGS = {"title": "How we bake", "made_for_kids": "no"}
PART = 262_144


def sent(*files: Attachment, options: Mapping[str, object] | None = None) -> Delivery:
    return delivery(Segment("At four in the morning", files or (film("video/mp4"),)), options=options or SETTINGS)


def long_film() -> Attachment:
    content = bytes(range(256)) * 3000

    async def load() -> bytes:
        return content

    return replace(film("video/mp4"), load=load, size=len(content))


async def test_a_video_goes_up_in_parts(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    publisher = replace(YOUTUBE.publisher, uploading=Uploading(PART))  # type: ignore[type-var]
    receipt = await publisher.publish(http, account, sent(long_film()), 0, ())
    (video,) = double.memory.videos
    assert video.content == bytes(range(256)) * 3000 and receipt.remote_id == video.id


async def test_only_the_last_part_can_be_in_doubt(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    publisher = replace(YOUTUBE.publisher, uploading=Uploading(PART))  # type: ignore[type-var]
    harness.trouble(Trouble.FAIL_BEFORE)
    with pytest.raises(TryAgain):
        await publisher.publish(http, account, sent(long_film()), 0, ())
    harness.trouble(Trouble.CLOSE_AFTER)
    with pytest.raises(OutcomeUnknown):
        await publisher.publish(http, account, sent(), 0, ())
    assert len(double.memory.videos) == 1


async def test_all_settings_arrive(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    more = {"privacy": "unlisted", "category": "26", "tags": "bread, sour dough,#rye,bread", "synthetic": True}
    options = SETTINGS | more | {"made_for_kids": "yes"}
    double.memory.looks = 1
    receipt = await harness.platform.publisher.publish(http, account, sent(options=options), 0, ())
    (video,) = double.memory.videos
    assert video.snippet == {
        "title": "How we bake",
        "description": "At four in the morning",
        "categoryId": "26",
        "tags": ["bread", "sour dough", "rye"],
    }
    assert video.status == {
        "privacyStatus": "unlisted",
        "selfDeclaredMadeForKids": True,
        "containsSyntheticMedia": True,
    }
    assert receipt.processing and not (await harness.platform.publisher.settle(http, account, receipt)).processing


@pytest.mark.parametrize("missing", ["title", "made_for_kids"])
async def test_what_youtube_must_know_is_asked_for(
    harness: YouTubeHarness, http: Http, account: Account, missing: str
) -> None:
    options = {name: value for name, value in SETTINGS.items() if name != missing}
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, sent(options={"tags": "", **options}), 0, ())
    assert caught.value.field == f"options.{missing}"
    assert next(one for one in YOUTUBE.capabilities.options if one.name == missing).required


async def test_a_picture_is_the_thumbnail_and_none_goes_alone(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    both = sent(picture("image/png", ""), film("video/mp4"))
    receipt = await harness.platform.publisher.publish(http, account, both, 0, ())
    assert receipt.raw == {"thumbnail": True} and double.memory.videos[0].thumbnail.startswith(b"\x89PNG")
    double.no_thumbnails = True
    receipt = await harness.platform.publisher.publish(http, account, both, 0, ())
    assert "thumbnail" in receipt.raw["thumbnail_failed"] and len(double.memory.videos) == 2
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, sent(picture("image/png", "")), 0, ())
    assert caught.value.field == "attachments" and len(double.memory.videos) == 2


async def test_a_video_youtube_cannot_use_is_told(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    receipt = await harness.platform.publisher.publish(http, account, sent(), 0, ())
    double.memory.videos[0].status |= {"uploadStatus": "rejected", "rejectionReason": "duplicate"}
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.settle(http, account, receipt)
    assert "duplicate" in caught.value.message


async def test_the_same_description_under_another_title_is_another_video(
    harness: YouTubeHarness, http: Http, account: Account
) -> None:
    first = await harness.platform.publisher.publish(http, account, sent(), 0, ())
    other = sent(options=SETTINGS | {"title": "How they bake"})
    assert (await harness.platform.publisher.find(http, account, other, 0, ())).presence is Presence.ABSENT
    known = replace(sent(), known=frozenset({first.remote_id}))
    assert (await harness.platform.publisher.find(http, account, known, 0, ())).presence is Presence.ABSENT
    assert (await harness.platform.publisher.find(http, account, sent(), 0, ())).presence is Presence.FOUND


async def test_an_account_without_a_channel_is_told_so(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    double.memory.empty.add(account.remote_id)
    with pytest.raises(NeedsReconnect) as caught:
        await harness.platform.connecting.verify(http, account)
    assert "channel" in caught.value.message and not isinstance(caught.value, TokenExpired)


async def test_giving_back_ends_the_whole_grant(
    harness: YouTubeHarness, http: Http, account: Account, double: YouTubeDouble
) -> None:
    await harness.platform.connecting.revoke(http, account)
    assert account.secrets["access_token"] not in double.memory.access
    await harness.platform.connecting.revoke(http, account)


async def test_numbers_have_their_words(harness: YouTubeHarness, http: Http, account: Account) -> None:
    await harness.platform.publisher.publish(http, account, sent(), 0, ())
    assert YOUTUBE.history
    (post,) = (await YOUTUBE.history.page(http, account, "")).posts
    assert post.metrics["viewCount"] == 321 and post.raw == {"title": "How we bake"}


def refusal(status: int, reason: str, **headers: str) -> Exception | None:
    return explaining(WAY.name, ROWS, renewable=True)(Answer(status, headers, Fail(status, reason).body))


def test_quotas_wait_until_google_s_day_ends_and_channels_a_day() -> None:
    error = refusal(403, "quotaExceeded")
    assert isinstance(error, TryAgain) and error.scope == "app" and 0 < error.after <= 90_060
    assert until_midnight(datetime(2026, 11, 24, 7, 0, tzinfo=UTC)) == 3660
    error = refusal(400, "uploadLimitExceeded")
    assert isinstance(error, TryAgain) and error.scope == "account" and error.after == 86_400
    assert isinstance(refusal(401, "youtubeSignupRequired"), NeedsReconnect)
    assert isinstance(refusal(401, "whatever"), TokenExpired)
    assert refusal(503, "backendError") is None


def test_tags_are_counted_as_youtube_does() -> None:
    assert tags(" a, b ,,#c, a") == ["a", "b", "c"]
    assert len(tags(",".join(f"{'x' * 48}{one:02}" for one in range(9)))) == 9
    with pytest.raises(Refused):
        tags(",".join(f"{'x' * 46} {one:02}" for one in range(10)))


async def test_what_passes_is_as_google_describes_it(harness: YouTubeHarness, http: Http, account: Account) -> None:
    DESCRIBED.needed()
    receipt = await harness.platform.publisher.publish(http, account, sent(), 0, ())
    await harness.platform.publisher.find(http, account, sent(), 0, ())
    await harness.platform.publisher.edit(http, account, sent(), 0, (receipt,))
    await harness.platform.publisher.remove(http, account, receipt)
    wanted = {"channels.list", "videos.insert", "playlistItems.list", "videos.update", "videos.delete"}
    assert {f"youtube.{one}" for one in wanted} <= set(DESCRIBED.requests) and not DESCRIBED.wrong
