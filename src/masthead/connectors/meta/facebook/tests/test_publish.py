"""What is special about publishing on a Page: photos first, videos in parts, link previews, the first comment, twins."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from masthead.connectors.meta.facebook.tests.harness import FacebookHarness
from masthead.connectors.meta.tests.scene import clip
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import OutcomeUnknown
from masthead.contract.http import Http
from masthead.contract.values import Account, Presence, Segment


async def test_photos_are_uploaded_unseen_and_shown_by_one_post(
    harness: FacebookHarness, http: Http, account: Account
) -> None:
    two = (picture("image/png", "First"), picture("image/jpeg", "Second"))
    receipt = await harness.platform.publisher.publish(http, account, delivery(Segment("Two", two)), 0, ())
    stored = await harness.posts(account)
    assert [one.alts for one in stored] == [("First", "Second")]
    assert stored[0].remote_id == receipt.remote_id
    edges = [one.edge for one in harness.double.asked if one.node == account.remote_id and one.method == "POST"]
    assert edges == ["photos", "photos", "feed"]


async def test_an_upload_that_fails_makes_no_post(harness: FacebookHarness, http: Http, account: Account) -> None:
    """A photo's lost answer is no doubt about the post: nothing is seen."""
    picture_without_bytes = replace(picture("image/png", ""), load=_nothing)
    with pytest.raises(Exception, match="324") as caught:
        await harness.platform.publisher.publish(
            http, account, delivery(Segment("No photo", (picture_without_bytes,))), 0, ()
        )
    assert getattr(caught.value, "field", "") == "attachments"
    assert not await harness.posts(account)


async def _nothing() -> bytes:
    return b""


async def test_a_video_goes_in_parts_and_is_settled(harness: FacebookHarness, http: Http, account: Account) -> None:
    sent = delivery(Segment("Moving", (clip(200_000),)), options={"title": "A film"})
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert receipt.processing
    phases = [one.sent["upload_phase"] for one in harness.double.asked if one.edge == "videos"]
    assert phases == ["start", "transfer", "transfer", "transfer", "transfer", "finish"]
    waiting = await harness.platform.publisher.settle(http, account, receipt)
    assert waiting.processing
    done = await harness.platform.publisher.settle(http, account, waiting)
    post = (await harness.posts(account))[0]
    assert (done.processing, done.remote_id) == (False, post.remote_id)
    assert done.url.startswith("https://www.facebook.com/reel/")
    found = await harness.platform.publisher.find(http, account, sent, 0, ())
    assert found.receipt and found.receipt.remote_id == done.remote_id
    known = replace(sent, known=frozenset({receipt.remote_id}))
    assert (await harness.platform.publisher.find(http, account, known, 0, ())).presence is Presence.ABSENT


@pytest.mark.parametrize(
    ("text", "options", "link"),
    [
        ("See https://example.org/a", {}, "https://example.org/a"),
        ("See https://example.org/a", {"link": "https://example.org/b"}, "https://example.org/b"),
        ("No link", {}, ""),
    ],
)
async def test_a_link_gets_its_preview(
    harness: FacebookHarness, http: Http, account: Account, text: str, options: dict[str, str], link: str
) -> None:
    receipt = await harness.platform.publisher.publish(http, account, delivery(text, options=options), 0, ())
    assert harness.double.memory.posts[receipt.remote_id].more["link"] == link


async def test_the_first_comment_follows_and_never_undoes_a_post(
    harness: FacebookHarness, http: Http, account: Account
) -> None:
    sent = delivery("With a comment", options={"first_comment": "More: example.org"})
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert harness.double.memory.posts[receipt.remote_id].comments == ["More: example.org"]
    harness.double.memory.refuses = ("comments",)
    try:
        receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    finally:
        harness.double.memory.refuses = ()
    assert "comment_failed" in receipt.raw
    assert receipt.remote_id in harness.double.memory.posts


@pytest.mark.faults
async def test_of_two_twins_each_finds_its_own(harness: FacebookHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    first = await publisher.publish(http, account, delivery("Twins"), 0, ())
    await asyncio.sleep(0)
    harness.trouble(Trouble.CLOSE_AFTER)
    second = delivery("Twins")
    with pytest.raises(OutcomeUnknown):
        await publisher.publish(http, account, second, 0, ())
    found = await publisher.find(http, account, replace(second, known=frozenset({first.remote_id})), 0, ())
    assert found.presence is Presence.FOUND and found.receipt
    assert found.receipt.remote_id not in ("", first.remote_id)


async def test_an_older_post_with_the_same_text_is_not_taken(
    harness: FacebookHarness, http: Http, account: Account
) -> None:
    await harness.platform.publisher.publish(http, account, delivery("Every Monday"), 0, ())
    harness.double.memory.of(account.remote_id)[0].at = harness.double.memory.clock.now().replace(year=2025)
    found = await harness.platform.publisher.find(http, account, delivery("Every Monday"), 0, ())
    assert found.presence is Presence.ABSENT


async def test_a_long_list_that_ends_unseen_cannot_tell(
    harness: FacebookHarness, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.meta.lookup.MOST_PAGES", 1)
    monkeypatch.setattr("masthead.connectors.meta.facebook.lookup.PAGE", 2)
    for number in range(3):
        await harness.platform.publisher.publish(http, account, delivery(f"Number {number}"), 0, ())
    found = await harness.platform.publisher.find(http, account, delivery("Number 0"), 0, ())
    assert found.presence is Presence.CANNOT_TELL
    assert "2 posts" in found.evidence
