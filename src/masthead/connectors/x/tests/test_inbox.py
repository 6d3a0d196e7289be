"""What is special about the inbox on X: two listings, prices, plans, groups, what people do not allow."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.connectors.tests.kit import Remembering, http_of
from masthead.connectors.x import X, x_platform
from masthead.connectors.x.inbox import XInbox
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.connectors.x.words import POSTS
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.http import Http, Transport
from masthead.contract.inbox import Kind, Message, Objection, Reply
from masthead.contract.values import Account, Presence

GROUP = "1000000000000000001"


def part_of(harness: XHarness, page_size: int = 50) -> XInbox:
    part = harness.platform.inbox
    assert isinstance(part, XInbox)
    return replace(part, page_size=page_size)


def reply_to(message: Message, text: str, **more: Any) -> Reply:
    return Reply(secrets.token_hex(16), message, text, datetime.now(UTC), **more)


async def newest(harness: XHarness, http: Http, account: Account, stream: str) -> Message:
    return (await part_of(harness).page(http, account, stream, "")).messages[-1]


async def test_a_mention_as_people_read_it(
    harness: XHarness, http: Http, account: Account, double: XDouble, meter: Remembering
) -> None:
    await harness.receive(account, Kind.MENTION, "Tea & cake? https://example.org/menu")
    message = await newest(harness, http, account, "mentions")
    author = double.memory.people[double.memory.posts[-1].owner]
    assert message.text == f"{account.handle} Tea & cake? https://example.org/menu"
    assert (message.author.remote_id, message.author.handle) == (author.id, f"@{author.name}")
    assert message.author.avatar_url.startswith("https://")
    assert message.url == f"{double.url}/{author.name}/status/{message.remote_id}"
    assert message.raw["author_id"] == author.id
    assert [(call.price_key, call.resources) for call in meter.calls] == [("post.read.owned", (message.remote_id,))]


async def test_an_answer_is_billed_as_one_that_was_asked_for(
    harness: XHarness, http: Http, account: Account, meter: Remembering
) -> None:
    await harness.receive(account, Kind.MENTION, "Open today?")
    message = await newest(harness, http, account, "mentions")
    await part_of(harness).reply(http, account, reply_to(message, "Until six, see https://example.org/"))
    await part_of(harness).reply(http, account, reply_to(message, "Do come", private=True))
    assert [call.price_key for call in meter.calls][1:] == ["post.create.summoned", "dm.create"]


async def test_a_sweep_in_pages_begins_again_where_the_token_is_dead(
    harness: XHarness, http: Http, account: Account
) -> None:
    part, ids = part_of(harness, 5), set[str]()
    await harness.receive(account, Kind.MENTION, "Before")
    page = await part.page(http, account, "mentions", "")
    many = {await harness.receive(account, Kind.MENTION, f"Number {number}") for number in range(12)}
    page = await part.page(http, account, "mentions", page.cursor)
    assert page.more and len(page.messages) == 5
    late = await harness.receive(account, Kind.MENTION, "Amid the sweep")
    page = await part.page(http, account, "mentions", page.cursor.replace("place-in-the-listing-", "forgotten-"))
    while page.more:
        ids |= {one.remote_id for one in page.messages}
        page = await part.page(http, account, "mentions", page.cursor)
    ids |= {one.remote_id for one in page.messages}
    assert ids == many | {late}


async def test_what_comes_amid_a_sweep_is_read_by_the_next(harness: XHarness, http: Http, account: Account) -> None:
    part = part_of(harness, 5)
    await harness.receive(account, Kind.DIRECT, "Before")
    first = await part.page(http, account, "messages", "")
    many = {await harness.receive(account, Kind.DIRECT, f"Number {number}") for number in range(7)}
    second = await part.page(http, account, "messages", first.cursor)
    assert second.more
    late = await harness.receive(account, Kind.DIRECT, "Amid the sweep")
    third = await part.page(http, account, "messages", second.cursor)
    fourth = await part.page(http, account, "messages", third.cursor)
    seen = [one.remote_id for page in (second, third, fourth) for one in page.messages]
    assert set(seen) == many | {late} and not fourth.more


async def test_a_look_for_messages_asks_for_few(
    harness: XHarness, http: Http, account: Account, double: XDouble, meter: Remembering
) -> None:
    for number in range(30):
        await harness.receive(account, Kind.DIRECT, f"Number {number}")
    part, sizes = part_of(harness), list[int]()
    page = await part.page(http, account, "messages", "")
    for new in (0, 1, 15):
        written = [await harness.receive(account, Kind.DIRECT, f"New {number}") for number in range(new)]
        meter.calls.clear()
        found = list[Message]()
        page = await part.page(http, account, "messages", page.cursor)
        found += page.messages
        while page.more:
            page = await part.page(http, account, "messages", page.cursor)
            found += page.messages
        assert {one.remote_id for one in found} == set(written)
        sizes.append(sum(len(call.resources) for call in meter.calls))
    assert sizes[:2] == [10, 10]


async def test_own_messages_belong_to_the_talk(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    await harness.receive(account, Kind.DIRECT, "Are you there?")
    other = double.memory.directs[-1].sender
    double.memory.message(account.remote_id, other, "Yes")
    message = await newest(harness, http, account, "messages")
    assert message.own and [one.remote_id for one in message.conversation.people] == [other]
    assert part_of(harness).rules.objection(message, datetime.now(UTC)) is Objection.OWN


async def test_a_group_is_answered_in_the_group(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    people = frozenset((account.remote_id, double.memory.person().id, double.memory.person().id))
    double.memory.message(max(people - {account.remote_id}), "", "Hello all", talk=GROUP, people=people)
    message = await newest(harness, http, account, "messages")
    assert message.conversation.remote_id == GROUP
    reply = reply_to(message, "Hello")
    receipt = await part_of(harness).reply(http, account, reply)
    assert (double.memory.directs[-1].talk, double.memory.directs[-1].people) == (GROUP, people)
    found = await part_of(harness).find(http, account, reply)
    assert found.receipt and found.receipt.remote_id == receipt.remote_id


async def test_a_sign_in_without_the_right_says_what_to_do(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    double.memory.without_messages.add(account.remote_id)
    with pytest.raises(Unsupported) as caught:
        await part_of(harness).page(http, account, "messages", "")
    assert caught.value.remedy.startswith("Reconnect the channel")
    await part_of(harness).page(http, account, "mentions", "")


async def test_who_takes_no_messages_is_said(harness: XHarness, http: Http, account: Account, double: XDouble) -> None:
    await harness.receive(account, Kind.MENTION, "Hm")
    message = await newest(harness, http, account, "mentions")
    double.memory.closed.add(message.author.remote_id)
    with pytest.raises(Refused) as caught:
        await part_of(harness).reply(http, account, reply_to(message, "Psst", private=True))
    assert "may not take messages" in caught.value.remedy


async def test_who_did_not_ask_is_not_answered(harness: XHarness, http: Http, account: Account) -> None:
    other = await harness.account()
    await harness.receive(other, Kind.MENTION, "To somebody else")
    message = await newest(harness, http, other, "mentions")
    with pytest.raises(Refused) as caught:
        await part_of(harness).reply(http, account, reply_to(message, "Butting in"))
    assert (caught.value.field, caught.value.remedy.split(".")[0]) == (
        "",
        "Most plans let an app answer only who mentioned or quoted the account",
    )


@pytest.mark.parametrize("plan", ["", "ppu", "basic", "pro", "free", "enterprise"])
def test_plans(plan: str, harness: XHarness) -> None:
    rules = part_of(harness).rules.narrowed(X.capabilities.told({"plan": plan}))
    mention = rules.answering(Kind.MENTION)
    assert mention and mention.summoned is (plan != "enterprise")
    assert (Kind.DIRECT in rules.kinds) is bool(rules.answering(Kind.DIRECT)) is (plan != "free")


async def test_a_lost_message_with_another_link_is_a_persons_to_settle(
    harness: XHarness, http: Http, account: Account, double: XDouble
) -> None:
    await harness.receive(account, Kind.DIRECT, "Where?")
    message = await newest(harness, http, account, "messages")
    double.memory.message(account.remote_id, message.author.remote_id, "Here: https://example.org/other")
    found = await part_of(harness).find(http, account, reply_to(message, "Here: https://example.org/one"))
    assert found.presence is Presence.CANNOT_TELL
    again = await part_of(harness).find(http, account, reply_to(message, "Here: https://example.org/other"))
    assert again.presence is Presence.FOUND


async def test_the_look_up_of_a_message_goes_back_to_the_first_try(
    harness: XHarness, http: Http, account: Account, double: XDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.x.talks.PAGE", 5)
    await harness.receive(account, Kind.DIRECT, "Hello")
    message = await newest(harness, http, account, "messages")
    reply = reply_to(message, "Sent before all that")
    double.memory.message(account.remote_id, message.author.remote_id, "Sent before all that")
    for number in range(12):
        double.memory.message(account.remote_id, message.author.remote_id, f"Later {number}")
    assert (await part_of(harness).find(http, account, reply)).presence is Presence.FOUND
    late = replace(reply, sent_after=double.memory.clock.now() + timedelta(hours=1))
    assert (await part_of(harness).find(http, account, late)).presence is Presence.ABSENT
    for number in range(15):
        double.memory.message(account.remote_id, message.author.remote_id, f"Still later {number}")
    assert (await part_of(harness).find(http, account, reply)).presence is Presence.CANNOT_TELL


# In X's new words


@pytest.fixture
def renamed() -> Iterator[XHarness]:
    harness = XHarness(XDouble(new_words=True))
    harness.platform = x_platform(harness.double.url, harness.double.url, POSTS)
    harness.start()
    yield harness
    harness.stop()


async def test_the_inbox_in_new_words(renamed: XHarness, meter: Remembering) -> None:
    account = await renamed.account()
    post = renamed.double.memory.create(renamed.double.memory.people[account.remote_id], {"text": "Ours"})
    async with Transport(allow_private=True) as transport:
        http = http_of(renamed, transport, meter)
        await renamed.receive(account, Kind.COMMENT, "A comment", post.id)
        message = await newest(renamed, http, account, "mentions")
        assert (message.kind, message.reply_to, message.conversation.remote_id) == (Kind.COMMENT, post.id, post.id)
        assert message.author.handle.startswith("@user")
        await renamed.receive(account, Kind.DIRECT, "In private")
        talk = await newest(renamed, http, account, "messages")
        assert (talk.text, talk.own, bool(talk.author.handle)) == ("In private", False, True)
        reply = reply_to(talk, "Yes")
        await part_of(renamed).reply(http, account, reply)
        assert (await part_of(renamed).find(http, account, reply)).presence is Presence.FOUND
