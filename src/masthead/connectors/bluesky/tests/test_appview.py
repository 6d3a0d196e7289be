"""What readers see: the whole network with its AppView, on a real PostgreSQL."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from masthead.connectors.bluesky.inbox import BlueskyInbox
from masthead.connectors.bluesky.tests.harness import account_of, platform_at
from masthead.connectors.bluesky.tests.realpds import RunningPds
from masthead.connectors.tests.harness import Trouble
from masthead.contract.errors import OutcomeUnknown
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.inbox import Kind, Message, Reply
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Delivery, Presence, Receipt, Segment

pytestmark = [pytest.mark.servers, pytest.mark.slow]


async def connected(network: RunningPds, http: Http, number: int) -> Account:
    form, person = platform_at(network).connecting.form, network.accounts[number]
    assert form is not None
    answers = {"handle": person.handle, "password": person.app_password, "server": network.url}
    return account_of(await form.connect(http, answers))


async def publish(platform: Platform, http: Http, account: Account, text: str, *before: Receipt) -> Receipt:
    one = Delivery(secrets.token_hex(16), (Segment(text),), datetime.now(UTC))
    return await platform.publisher.publish(http, account, one, 0, before)


async def test_a_post_is_seen_answered_and_liked(network: RunningPds, transport: Transport) -> None:
    platform = platform_at(network)
    http = Http(transport, platform="bluesky", operations=platform.operations, meter=Unmetered())
    alice, bob = [await connected(network, http, number) for number in (0, 1)]
    mention = Delivery("a" * 32, (Segment(f"hello @{bob.handle} #tag"), Segment("second")), datetime.now(UTC))
    first = await platform.publisher.publish(http, alice, mention, 0, ())
    second = await platform.publisher.publish(http, alice, mention, 1, (first,))
    subject = {"uri": first.raw["uri"], "cid": first.raw["cid"]}
    like = {"$type": "app.bsky.feed.like", "subject": subject, "createdAt": datetime.now(UTC).isoformat()}
    body = {"repo": bob.remote_id, "collection": "app.bsky.feed.like", "record": like}
    network.xrpc("com.atproto.repo.createRecord", body, bob.secrets["access"])
    network.settle()
    thread = network.xrpc(f"app.bsky.feed.getPostThread?uri={first.remote_id}", token=bob.secrets["access"])["thread"]
    assert thread["post"]["likeCount"] == 1
    assert thread["post"]["replyCount"] == 1
    assert thread["replies"][0]["post"]["uri"] == second.remote_id
    told = network.xrpc("app.bsky.notification.listNotifications", token=bob.secrets["access"])["notifications"]
    assert [(one["reason"], one["uri"]) for one in told] == [("mention", first.remote_id)]
    feed = network.xrpc(f"app.bsky.feed.getAuthorFeed?actor={alice.handle}", token=bob.secrets["access"])["feed"]
    assert {one["post"]["uri"] for one in feed} == {first.remote_id, second.remote_id}
    page = await platform.history.page(http, alice, "")  # type: ignore[union-attr]
    assert [one.remote_id for one in page.posts] == [second.remote_id, first.remote_id]
    assert page.posts[1].metrics["likeCount"] == 1
    numbers = await platform.history.metrics(http, alice, page.posts)  # type: ignore[union-attr]
    assert numbers[first.remote_id]["replyCount"] == 1


async def test_mentions_and_answers_are_read_and_answered(network: RunningPds, transport: Transport) -> None:
    platform = platform_at(network)
    http = Http(transport, platform="bluesky", operations=platform.operations, meter=Unmetered())
    alice, bob = [await connected(network, http, number) for number in (0, 1)]
    part = replace(BlueskyInbox(page_size=2), publisher=platform.publisher)  # type: ignore[arg-type]
    network.settle()
    cursor = (await part.page(http, alice, "notifications", "")).cursor
    ours = await publish(platform, http, alice, "Something to talk about")
    network.settle()  # accounts are indexed side by side: an answer before its post would be nobody's answer
    await publish(platform, http, bob, f"Hello @{alice.handle}")
    await publish(platform, http, bob, "A comment", ours)
    quote = await publish(platform, http, bob, f"Once more @{alice.handle}")
    network.settle()
    found: dict[str, Message] = {}
    for _ in range(9):
        page = await part.page(http, alice, "notifications", cursor)
        found |= {one.text: one for one in page.messages}
        cursor = page.cursor
        if not page.more:
            break
    assert found.keys() >= {f"Hello @{alice.handle}", "A comment", f"Once more @{alice.handle}"}
    comment, mention = found["A comment"], found[f"Once more @{alice.handle}"]
    assert (comment.kind, comment.reply_to, mention.kind) == (Kind.COMMENT, ours.remote_id, Kind.MENTION)
    assert (mention.remote_id, mention.author.handle) == (quote.remote_id, f"@{bob.handle}")
    for number, message in enumerate((comment, mention)):
        reply = Reply(f"{number}" * 32, message, "Thank you", datetime.now(UTC))
        network.gate.trouble(Trouble.CLOSE_AFTER)
        with pytest.raises(OutcomeUnknown):
            await part.reply(http, alice, reply)
        lost = await part.find(http, alice, reply)
        again = await part.reply(http, alice, reply)
        assert lost.receipt and lost.receipt.remote_id == again.remote_id
        assert (await part.find(http, alice, replace(reply, key="f" * 32))).presence is Presence.ABSENT
    network.settle()
    token = bob.secrets["access"]
    thread = network.xrpc(f"app.bsky.feed.getPostThread?uri={ours.remote_id}", token=token)["thread"]
    below = thread["replies"][0]
    assert below["post"]["uri"] == comment.remote_id
    assert [one["post"]["record"]["text"] for one in below["replies"]] == ["Thank you"]
