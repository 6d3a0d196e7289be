"""What is special about Instagram: containers, carousels, stories, the quota, files that must be reachable."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from masthead.connectors.meta.instagram.operations import SCOPES
from masthead.connectors.meta.instagram.tests.harness import InstagramHarness
from masthead.connectors.meta.tests.scene import clip
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Presence, Segment

IMAGE = picture("image/jpeg", "A rectangle")


async def test_a_carousel_is_a_container_of_containers(harness: InstagramHarness, http: Http, account: Account) -> None:
    sent = delivery(Segment("Three", (IMAGE, clip(), picture("image/jpeg", "Last"))))
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    post = harness.double.memory.posts[receipt.remote_id]
    assert [(kind, alt) for kind, alt, _ in post.media] == [("IMAGE", "A rectangle"), ("VIDEO", ""), ("IMAGE", "Last")]
    assert receipt.url == f"https://www.instagram.com/p/{post.id}/"
    assert len(harness.double.memory.of(account.remote_id)) == 1


async def test_a_single_video_is_a_reel_with_its_settings(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    options = {"collaborators": "@ann, ben ,", "location_id": "77", "first_comment": "#bread"}
    sent = delivery(Segment("A reel", (clip(),)), options=options)
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    post = harness.double.memory.posts[receipt.remote_id]
    assert (post.more["media_type"], post.more["share_to_feed"], post.more["location_id"]) == ("REELS", "true", "77")
    assert json.loads(post.more["collaborators"]) == ["ann", "ben"]
    assert post.comments == ["#bread"]


async def test_a_story_is_found_among_the_stories(harness: InstagramHarness, http: Http, account: Account) -> None:
    sent = delivery(Segment("", (IMAGE,)), options={"kind": "story", "first_comment": "none on stories"})
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    post = harness.double.memory.posts[receipt.remote_id]
    assert post.story and not post.comments
    found = await harness.platform.publisher.find(http, account, sent, 0, ())
    assert found.receipt and found.receipt.remote_id == post.id
    as_post = replace(sent, options={})
    assert (await harness.platform.publisher.find(http, account, as_post, 0, ())).presence is Presence.ABSENT
    with pytest.raises(Refused, match="one picture"):
        await harness.platform.publisher.publish(
            http, account, delivery(Segment("", (IMAGE, IMAGE)), options={"kind": "story"}), 0, ()
        )


async def test_without_a_public_address_the_remedy_names_the_setting(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    sent = delivery(Segment("Hidden", (replace(IMAGE, public_url=None),)))
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert caught.value.field == "attachments" and "MASTHEAD_PUBLIC_URL" in caught.value.remedy


async def test_media_that_cannot_be_used_are_refused_and_slow_ones_tried_again(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    memory, sent = harness.double.memory, delivery(Segment("Trouble", (clip(),)))
    memory.fail_media = "Error: Media upload has failed with error code 2207026"
    try:
        with pytest.raises(Refused, match="2207026") as caught:
            await harness.platform.publisher.publish(http, account, sent, 0, ())
    finally:
        memory.fail_media = ""
    assert caught.value.field == "attachments"
    memory.polls = 10_000
    try:
        with pytest.raises(TryAgain, match="still works"):
            await harness.platform.publisher.publish(http, account, sent, 0, ())
    finally:
        memory.polls = 1
    assert not await harness.posts(account)


async def test_a_full_quota_waits_before_anything_is_prepared(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    memory = harness.double.memory
    memory.owners[account.remote_id].used = 100
    containers = len(memory.containers)
    with pytest.raises(TryAgain, match="100 posts in 24 hours") as caught:
        await harness.platform.publisher.publish(http, account, delivery(Segment("Too many", (IMAGE,))), 0, ())
    assert caught.value.whole_channel and len(memory.containers) == containers


async def test_captions_are_found_without_the_signs_that_instagram_drops(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    sent = delivery(Segment("With @ann\n\nand  @ben", (IMAGE,)))
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    found = await harness.platform.publisher.find(http, account, sent, 0, ())
    assert found.receipt and found.receipt.remote_id == receipt.remote_id
    other = replace(sent, segments=(Segment(sent.segments[0].text, (clip(),)),))
    assert (await harness.platform.publisher.find(http, account, other, 0, ())).presence is Presence.ABSENT


async def test_a_page_without_an_account_is_no_profile(harness: InstagramHarness, http: Http) -> None:
    memory, connecting = harness.double.memory, harness.platform.connecting
    user = harness.person()
    memory.owner("page", user)
    value = memory.token(user, harness.app["client_id"], "user", SCOPES)
    found = await connecting.who(http, Tokens({**harness.app, "access_token": value}, None, {}))  # type: ignore[attr-defined]
    assert [memory.owners[one.remote_id].kind for one in found] == ["instagram"]


async def test_an_account_taken_off_its_page_asks_for_a_reconnect(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    harness.double.memory.owners[account.remote_id].page = ""
    with pytest.raises(NeedsReconnect, match="professional"):
        await harness.platform.connecting.verify(http, account)


async def test_numbers_by_meta_s_names_and_only_counts_where_few_looked(
    harness: InstagramHarness, http: Http, account: Account
) -> None:
    history, publisher = harness.platform.history, harness.platform.publisher
    assert history
    for text in ("Many looked", "only few looked"):
        await publisher.publish(http, account, delivery(Segment(text, (IMAGE,))), 0, ())
    posts = (await history.page(http, account, "")).posts
    assert [(one.text, one.media[0].kind, one.media[0].alt) for one in posts][0] == (
        "only few looked",
        "image",
        "A rectangle",
    )
    few, many = [(await history.metrics(http, account, [one]))[one.remote_id] for one in posts]
    assert few == {"like_count": 5, "comments_count": 0}
    assert many["views"] == 320 and many["saved"] == 4 and set(history.names) <= set(many)


async def test_the_quota_is_what_instagram_tells(harness: InstagramHarness, http: Http, account: Account) -> None:
    profile = await harness.platform.connecting.verify(http, account)
    quotas = harness.platform.capabilities.narrowed(profile.limits).quotas
    assert profile.limits["quotas"] == {"posts": [100, 86_400]}
    assert next(one.limit for one in quotas if one.bucket == "posts") == 100
