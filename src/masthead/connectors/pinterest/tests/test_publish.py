"""What is special about Pinterest: boards, carousels, videos, Trial access, the look-up on a board that others use too."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors.pinterest.tests.double import DESCRIBED, PinterestDouble
from masthead.connectors.pinterest.tests.harness import PinterestHarness
from masthead.connectors.pinterest.tests.memory import SHARED_BOARD
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind, Presence, Segment

PICTURE = picture("image/png", "A loaf")


def pin(text: str, *files: Attachment, **options: str) -> Delivery:
    return delivery(Segment(text, files or (PICTURE,)), options={"board": SHARED_BOARD, **options})


def film(content: bytes) -> Attachment:
    async def load() -> bytes:
        return content

    sha = hashlib.sha256(content).hexdigest()
    return Attachment(MediaKind.VIDEO, "video/mp4", len(content), sha, load, seconds=9, alt="Kneading")


async def test_boards_are_offered(account: Account) -> None:
    assert account.limits == {"choices": {"board": [[SHARED_BOARD, "Bread"]]}}


@pytest.mark.parametrize("board", ["", "Bread"])
async def test_a_pin_needs_a_board(harness: PinterestHarness, http: Http, account: Account, board: str) -> None:
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, pin("A", board=board), 0, ())
    assert caught.value.field == "options.board"


async def test_title_link_and_a_carousel(
    harness: PinterestHarness, http: Http, account: Account, double: PinterestDouble
) -> None:
    sent = pin("Two loaves", PICTURE, picture("image/jpeg", "Another"), title="Bread", link="https://example.org/bread")
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    (body,) = double.asked("POST", "/v5/pins")
    assert (body["title"], body["link"], body["alt_text"]) == ("Bread", "https://example.org/bread", "A loaf\nAnother")
    assert [one["content_type"] for one in body["media_source"]["items"]] == ["image/png", "image/jpeg"]
    assert receipt.url == f"{double.url}/pin/{receipt.remote_id}/"
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND


async def test_a_video_is_sent_first(
    harness: PinterestHarness, http: Http, account: Account, double: PinterestDouble
) -> None:
    sent = pin("Kneading", film(b"film"), cover_second="3")
    await harness.platform.publisher.publish(http, account, sent, 0, ())
    (video,) = double.memory.videos.values()
    assert video.content == b"film"
    (body,) = double.asked("POST", "/v5/pins")
    assert body["media_source"] == {"source_type": "video_id", "media_id": video.id, "cover_image_key_frame_time": 3}
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, pin("Kneading", film(b"broken")), 0, ())
    assert caught.value.field == "attachments" and len(double.memory.pins) == 1


async def test_trial_access_is_named(
    harness: PinterestHarness, http: Http, account: Account, double: PinterestDouble
) -> None:
    double.memory.trial = True
    with pytest.raises(Unsupported) as caught:
        await harness.platform.publisher.publish(http, account, pin("A"), 0, ())
    assert "Standard access" in caught.value.remedy
    double.memory.trial, double.memory.beta = False, False
    receipt = await harness.platform.publisher.publish(http, account, pin("A"), 0, ())
    with pytest.raises(Unsupported):
        await harness.platform.publisher.edit(http, account, pin("B"), 0, [receipt])


async def test_other_peoples_pins_and_known_ones_are_not_ours(
    harness: PinterestHarness, http: Http, account: Account
) -> None:
    publisher, other = harness.platform.publisher, await harness.account()
    await publisher.publish(http, other, pin("Same words"), 0, ())
    assert (await publisher.find(http, account, pin("Same words"), 0, ())).presence is Presence.ABSENT
    mine = await publisher.publish(http, account, pin("Same words"), 0, ())
    twin = replace(pin("Same words"), known=frozenset({mine.remote_id}))
    assert (await publisher.find(http, account, twin, 0, ())).presence is Presence.ABSENT
    later = replace(pin("Same words"), sent_after=twin.created_at + timedelta(hours=1))
    assert (await publisher.find(http, account, later, 0, ())).presence is Presence.ABSENT


async def test_another_link_or_title_or_number_of_pictures(
    harness: PinterestHarness, http: Http, account: Account
) -> None:
    publisher = harness.platform.publisher
    await publisher.publish(http, account, pin("Words", link="https://example.org/a"), 0, ())
    same = await publisher.find(http, account, pin("Words", link="https://example.org/A/"), 0, ())
    assert same.presence is Presence.FOUND
    other = await publisher.find(http, account, pin("Words", link="https://example.org/b"), 0, ())
    assert other.presence is Presence.CANNOT_TELL and "another link" in other.evidence
    for sent in (pin("Words", title="T", link="https://example.org/a"), pin("Words", PICTURE, PICTURE)):
        assert (await publisher.find(http, account, sent, 0, ())).presence is Presence.ABSENT


async def test_a_board_too_long_to_read(
    harness: PinterestHarness, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.pinterest.lookup.PAGE", 1)
    monkeypatch.setattr("masthead.connectors.pinterest.lookup.MOST_PAGES", 2)
    publisher = harness.platform.publisher
    for text in ("One", "Two", "Three"):
        await publisher.publish(http, account, pin(text), 0, ())
    found = await publisher.find(http, account, pin("One"), 0, ())
    assert found.presence is Presence.CANNOT_TELL and "only a part" in found.evidence


async def test_every_call_is_as_described(
    harness: PinterestHarness, http: Http, account: Account, double: PinterestDouble
) -> None:
    DESCRIBED.needed()
    publisher, history = harness.platform.publisher, harness.platform.history
    assert history
    receipt = await publisher.publish(http, account, pin("Film", film(b"film"), title="T"), 0, ())
    await publisher.edit(http, account, pin("Other words", link="https://example.org/"), 0, [receipt])
    assert double.memory.pins[0].words["description"] == "Other words"
    page = await history.page(http, account, "")
    (one,) = page.posts
    assert (one.metrics["impression"], one.media[0].kind, one.raw["title"]) == (120, "video", "T")
    assert (await history.metrics(http, account, page.posts))[receipt.remote_id]["reaction"] == 5
    await publisher.find(http, account, pin("Film"), 0, ())
    await publisher.remove(http, account, receipt)
    await harness.platform.connecting.refresh(http, account)
    await harness.platform.connecting.revoke(http, account)
    names = {"oauth/token", "oauth/token_revoke", "user_account/get", "boards/list", "boards/list_pins", "media/create"}
    names |= {"media/get", "pins/create", "pins/update", "pins/delete", "pins/list", "pins/get"}
    assert len(names - set(DESCRIBED.requests)) <= 1, names - set(DESCRIBED.requests)
    assert DESCRIBED.wrong == []
    print(f"Pinterest: {DESCRIBED.requests.total()} requests of {len(DESCRIBED.requests)} operations are as described")
