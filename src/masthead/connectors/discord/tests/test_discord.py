"""What is special about Discord: nonces, mentions, polls, empty lists that prove nothing, errors, its own description."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors.discord.errors import explain
from masthead.connectors.discord.operations import OPERATIONS
from masthead.connectors.discord.tests.double import DISCORD, DiscordDouble
from masthead.connectors.discord.tests.harness import DiscordHarness
from masthead.connectors.tests.described import Described, Told
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Poll, Presence, Segment


async def test_after_the_nonce_is_forgotten_the_look_up_still_finds(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    publisher, sent = harness.platform.publisher, delivery("Once")
    first = await publisher.publish(http, account, sent, 0, ())
    assert (await publisher.publish(http, account, sent, 0, ())).remote_id == first.remote_id
    double.memory.clock.offset = 3600
    found = await publisher.find(http, account, sent, 0, ())
    assert found.receipt and found.receipt.remote_id == first.remote_id
    assert (await publisher.publish(http, account, sent, 0, ())).remote_id != first.remote_id


async def test_nobody_is_notified_unless_asked(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    for chosen in ({}, {"mentions": "people", "silent": True, "suppress_embeds": True}):
        await harness.platform.publisher.publish(http, account, delivery("@everyone", options=chosen), 0, ())
    quiet, loud = double.asked("POST", "/messages")
    assert quiet["allowed_mentions"] == {"parse": [], "replied_user": False} and "flags" not in quiet
    assert loud["allowed_mentions"]["parse"] == ["users", "roles"] and loud["flags"] == 4 | 4096


async def test_a_poll(harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble) -> None:
    publisher = harness.platform.publisher
    sent = delivery(Segment("Which?", poll=Poll(("A", "B"), 5400, multiple=True)))
    receipt = await publisher.publish(http, account, sent, 0, ())
    assert double.asked("POST", "/messages")[0]["poll"]["duration"] == 2
    found = await publisher.find(http, account, sent, 0, ())
    assert found.receipt == receipt
    history = harness.platform.history
    assert history
    page = await history.page(http, account, "")
    assert (page.posts[0].text, page.posts[0].metrics["votes"]) == ("Which?", 2)
    with pytest.raises(Refused) as caught:
        await publisher.edit(http, account, sent, 0, (receipt,))
    assert caught.value.field == "poll"
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, delivery(Segment("?" * 301, poll=Poll(("A", "B"), 3600))), 0, ())
    assert caught.value.field == "text"


async def test_an_empty_list_proves_nothing_without_the_right_to_read(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    publisher, place = harness.platform.publisher, double.memory.channels[account.remote_id]
    place.readable = False
    sent = delivery("Hidden")
    assert (await publisher.find(http, account, sent, 0, ())).presence is Presence.ABSENT, (
        "nothing was ever written there"
    )
    await publisher.publish(http, account, sent, 0, ())
    found = await publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.CANNOT_TELL
    later = replace(sent, sent_after=double.memory.clock.now() + timedelta(hours=1))
    assert (await publisher.find(http, account, later, 0, ())).presence is Presence.ABSENT


async def test_twins_and_other_authors(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    publisher, place = harness.platform.publisher, double.memory.channels[account.remote_id]
    double.memory.create("99", place, {"content": "Twins"})
    sent = delivery("Twins")
    assert (await publisher.find(http, account, sent, 0, ())).presence is Presence.ABSENT
    one = await publisher.publish(http, account, sent, 0, ())
    other = delivery("Twins")
    known = replace(other, known=frozenset({one.remote_id}))
    assert (await publisher.find(http, account, known, 0, ())).presence is Presence.ABSENT


async def test_many_messages_of_others_are_paged_through(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.discord.lookup.PAGE", 3)
    place = double.memory.channels[account.remote_id]
    for number in range(10):
        double.memory.create("99", place, {"content": f"Chatter {number}"})
    sent = delivery("Among many")
    await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).presence is Presence.FOUND
    monkeypatch.setattr("masthead.connectors.discord.lookup.MOST_PAGES", 2)
    found = await harness.platform.publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.CANNOT_TELL


async def test_an_edit_keeps_the_files(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    sent = delivery(Segment("Bevore", (picture("image/png", "A"), picture("image/jpeg", ""))))
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    fixed = replace(sent, segments=(replace(sent.segments[0], text="Before"),))
    await harness.platform.publisher.edit(http, account, fixed, 0, (receipt,))
    message = double.memory.channels[account.remote_id].messages[0]
    assert (message.text, [one[0] for one in message.files]) == ("Before", ["file1.png", "file2.jpeg"])


async def test_a_channel_the_bot_may_not_see_needs_a_reconnect(
    harness: DiscordHarness, http: Http, account: Account, double: DiscordDouble
) -> None:
    double.memory.channels[account.remote_id].allowed = False
    with pytest.raises(NeedsReconnect) as caught:
        await harness.platform.publisher.publish(http, account, delivery("Out"), 0, ())
    assert "Send Messages" in caught.value.remedy


async def test_a_reply_to_a_deleted_message_is_refused(harness: DiscordHarness, http: Http, account: Account) -> None:
    publisher, sent = harness.platform.publisher, delivery("One", "Two")
    first = await publisher.publish(http, account, sent, 0, ())
    await publisher.remove(http, account, first)
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, sent, 1, (first,))
    assert caught.value.field == "thread"


def test_a_global_limit_is_the_whole_bots() -> None:
    error = explain(Answer(429, {}, {"message": "slow", "retry_after": 7.5, "global": True}))
    assert isinstance(error, TryAgain) and (error.scope, error.after) == ("app", 7.5)
    large = explain(Answer(413, {}, {"code": 40005, "message": "Request entity too large"}))
    assert isinstance(large, Refused) and large.field == "attachments"


NAMES = {
    "me": "get_my_user",
    "get_channel": "get_channel",
    "create_message": "create_message",
    "list_messages": "list_messages",
    "get_message": "get_message",
    "edit_message": "update_message",
    "delete_message": "delete_message",
}


async def test_every_call_is_as_described(harness: DiscordHarness, http: Http, account: Account) -> None:
    DISCORD.needed()
    before, publisher, history = DISCORD.requests.copy(), harness.platform.publisher, harness.platform.history
    assert history
    await harness.platform.connecting.verify(http, account)
    sent = delivery(Segment("Look", (picture("image/png", "A"),)), Segment("Which?", poll=Poll(("A", "B"), 3600)))
    first = await publisher.publish(http, account, sent, 0, ())
    second = await publisher.publish(http, account, sent, 1, (first,))
    await publisher.find(http, account, sent, 1, (first,))
    await publisher.edit(http, account, sent, 0, (first,))
    await history.metrics(http, account, (await history.page(http, account, "")).posts)
    await publisher.remove(http, account, second)
    made = DISCORD.requests - before
    assert set(NAMES) == set(OPERATIONS) and set(made) == set(NAMES.values())
    assert DISCORD.wrong == []
    print(f"Discord: {made.total()} requests of {len(made)} operations are as described")


def test_a_wrong_call_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    DISCORD.needed()
    monkeypatch.setattr("masthead.connectors.tests.described.KNOWN", {})
    apart = Described("apart", DISCORD.file, prefix=DISCORD.prefix)
    path = "/api/v10/channels/12/messages"
    for told in (
        Told("POST", path, (), {"nonce": "x" * 26}, "application/json"),
        Told("POST", path, (), {"content": "x", "attachments": [{"description": "no id"}]}, "application/json"),
        Told("GET", path, [("limit", "101")]),
        Told("GET", "/api/v10/channels/general/messages"),
    ):
        assert apart.check_request(told), told
    assert apart.check_answer(Told("GET", path), 200, [{"id": "1"}])
