"""What is special about Threads: chains of replies, settings on the first part, carousels, quotas, tokens of 60 days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.meta.tests import threads_rules
from masthead.connectors.meta.tests.scene import clip
from masthead.connectors.meta.threads.tests.harness import ThreadsHarness
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Poll, Presence, Segment


async def test_a_thread_is_a_chain_with_its_settings_on_the_first_part(
    harness: ThreadsHarness, http: Http, account: Account
) -> None:
    options = {"reply_control": "mentioned_only", "topic_tag": "#Bread", "link": "https://example.org/a"}
    sent = delivery("First", "Second", options=options)
    publisher, memory = harness.platform.publisher, harness.double.memory
    first = await publisher.publish(http, account, sent, 0, ())
    second = await publisher.publish(http, account, sent, 1, (first,))
    one, two = memory.posts[first.remote_id], memory.posts[second.remote_id]
    assert (one.more["reply_control"], one.more["topic_tag"]) == ("mentioned_only", "Bread")
    assert one.more["link_attachment"] == "https://example.org/a"
    assert two.reply_to == one.id and not {"reply_control", "topic_tag", "link_attachment"} & set(two.more)
    found = await publisher.find(http, account, sent, 1, (first,))
    assert found.receipt and found.receipt.remote_id == two.id
    assert (await publisher.find(http, account, sent, 1, (second,))).presence is Presence.ABSENT


async def test_a_carousel_keeps_order_and_descriptions(harness: ThreadsHarness, http: Http, account: Account) -> None:
    files = (picture("image/jpeg", "One"), replace(clip(), alt="Two"), picture("image/png", "Three"))
    sent = delivery(Segment("Three", files))
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    post = harness.double.memory.posts[receipt.remote_id]
    assert [(kind, alt) for kind, alt, _ in post.media] == [("IMAGE", "One"), ("VIDEO", "Two"), ("IMAGE", "Three")]
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND


async def test_a_poll_goes_with_a_text_and_is_looked_up_with_its_answers(
    harness: ThreadsHarness, http: Http, account: Account
) -> None:
    publisher = harness.platform.publisher
    sent = delivery(Segment("Which bread?", poll=Poll(("Rye", "Spelt"), 86_400)))
    receipt = await publisher.publish(http, account, sent, 0, ())
    post = harness.double.memory.posts[receipt.remote_id]
    assert json.loads(post.more["poll_attachment"]) == {"option_a": "Rye", "option_b": "Spelt"}
    assert (await publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND
    for other in (None, Poll(("Rye", "Wheat"), 86_400), Poll(("Rye", "Spelt", "Oat"), 86_400)):
        unlike = replace(sent, segments=(Segment("Which bread?", poll=other),))
        assert (await publisher.find(http, account, unlike, 0, ())).presence is Presence.ABSENT
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, replace(sent, options={"link": "https://example.org"}), 0, ())
    assert caught.value.field == "options.link"


async def test_media_without_a_public_address_are_refused(
    harness: ThreadsHarness, http: Http, account: Account
) -> None:
    sent = delivery(Segment("Hidden", (clip(public=False),)))
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert "MASTHEAD_PUBLIC_URL" in caught.value.remedy


async def test_posts_and_replies_have_quotas_of_their_own(
    harness: ThreadsHarness, http: Http, account: Account
) -> None:
    owner, publisher = harness.double.memory.owners[account.remote_id], harness.platform.publisher
    sent = delivery("First", "Second")
    first = await publisher.publish(http, account, sent, 0, ())
    owner.used = 250
    await publisher.publish(http, account, sent, 1, (first,))
    with pytest.raises(TryAgain, match="250 posts") as caught:
        await publisher.publish(http, account, sent, 0, ())
    assert caught.value.whole_channel
    owner.replies_used = 1000
    with pytest.raises(TryAgain, match="1000 replies"):
        await publisher.publish(http, account, sent, 1, (first,))


async def test_a_token_of_60_days_is_renewed_while_it_lives(harness: ThreadsHarness, http: Http) -> None:
    profile = (await harness.profiles())[0]
    assert profile.expires_at and profile.expires_at > datetime.now(UTC) + timedelta(days=59)
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets)
    fresh = await harness.platform.connecting.refresh(http, account)
    assert fresh and fresh.expires_at and fresh.secrets["access_token"] != profile.secrets["access_token"]
    assert fresh.secrets["client_secret"] == profile.secrets["client_secret"]
    harness.double.memory.tokens[str(profile.secrets["access_token"])].ends = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.refresh(http, account)


async def test_the_numbers_of_a_post(harness: ThreadsHarness, http: Http, account: Account) -> None:
    history = harness.platform.history
    assert history
    await harness.platform.publisher.publish(http, account, delivery("Counted"), 0, ())
    posts = (await history.page(http, account, "")).posts
    assert (await history.metrics(http, account, posts))[posts[0].remote_id] == threads_rules.NUMBERS


async def test_requests_are_held_against_the_collection(harness: ThreadsHarness, http: Http, account: Account) -> None:
    if not threads_rules.described():
        pytest.skip(f"no {threads_rules.FILE} in {threads_rules.FOLDER}; set MASTHEAD_CONTRACTS")
    before = threads_rules.CHECKED.total()
    await harness.platform.publisher.publish(http, account, delivery("Held"), 0, ())
    assert threads_rules.CHECKED.total() >= before + 4
    assert not threads_rules.WRONG
    wrong = replace(harness.double.asked[-1], method="POST", path="/v1.0/me/threads", sent={"words": "no such name"})
    threads_rules.hold(wrong)
    assert [threads_rules.WRONG.pop()] == ["POST me/threads: parameter words"]
    print(f"{threads_rules.CHECKED.total()} requests to Threads checked, {len(threads_rules.CHECKED)} operations")


async def test_the_quotas_are_what_threads_tells(harness: ThreadsHarness, http: Http, account: Account) -> None:
    profile = await harness.platform.connecting.verify(http, account)
    assert profile.limits["quotas"] == {"posts": [250, 86_400], "replies": [1000, 86_400]}
