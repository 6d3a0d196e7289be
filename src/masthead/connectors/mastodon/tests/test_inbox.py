"""What is special about the inbox on Mastodon: names, who sees a reply, odd servers, posts that are gone."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.connectors.mastodon.inbox import MastodonInbox
from masthead.connectors.mastodon.tests import talks
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.connectors.mastodon.tests.rules import Status
from masthead.contract.errors import Unsupported
from masthead.contract.http import Http
from masthead.contract.inbox import Kind, Message, Reply
from masthead.contract.values import Account, Presence

INBOX = MastodonInbox()


@pytest.fixture
def harness(double: MastodonDouble) -> MastodonHarness:
    one = MastodonHarness()
    one.double = double
    return one


@pytest.fixture
async def account(double: MastodonDouble, harness: MastodonHarness) -> Account:
    token = double.fresh()
    return await harness._connected({"access_token": token.value})


def written(double: MastodonDouble, text: str, **more: Any) -> Status:
    made = double.memory.post(double.fresh(), {"status": text, **more}, "")
    assert isinstance(made, Status)
    return made


def name_of(double: MastodonDouble, account: Account) -> str:
    return double.memory.accounts[account.remote_id]


async def newest(http: Http, account: Account) -> Message:
    return (await INBOX.page(http, account, "notifications", "")).messages[-1]


def reply_to(message: Message, text: str, **more: Any) -> Reply:
    return Reply(secrets.token_hex(16), message, text, datetime.now(UTC).replace(microsecond=0), **more)


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
async def test_a_reply_is_seen_by_as_many_and_names_its_author(
    http: Http, account: Account, double: MastodonDouble, visibility: str
) -> None:
    made = written(double, f"@{name_of(double, account)} <b>Hello</b>", visibility=visibility)
    message = await newest(http, account)
    author = double.memory.accounts[made.account_id]
    assert message.text == f"@{name_of(double, account)} <b>Hello</b>"
    assert (message.kind is Kind.DIRECT, message.opening) == (visibility == "direct", f"@{author} ")
    await INBOX.reply(http, account, reply_to(message, "Good day", language="en-GB"))
    sent = double.statuses[-1]
    assert (sent.text, sent.visibility, sent.reply_to) == (f"@{author} Good day", visibility, made.id)
    assert sent.language == "en"


async def test_a_talk_of_several_stays_one(http: Http, account: Account, double: MastodonDouble) -> None:
    third = double.fresh("third")
    made = written(double, f"@{name_of(double, account)} @third Shall we?", visibility="direct")
    message = await newest(http, account)
    author = double.memory.accounts[made.account_id]
    assert message.opening == f"@{author} @third "
    assert message.conversation.remote_id == "+".join(sorted((made.account_id, third.account_id)))
    assert {one.handle for one in message.conversation.people} == {f"@{author}", "@third"}


async def test_a_sign_in_without_the_right_says_what_to_do(
    http: Http, account: Account, double: MastodonDouble
) -> None:
    old = double.memory.add_token(account.remote_id, "read:accounts read:statuses write:statuses")
    with pytest.raises(Unsupported) as caught:
        await INBOX.page(http, replace(account, secrets={"access_token": old.value}), "notifications", "")
    assert caught.value.remedy.startswith("Reconnect the channel")


async def test_a_server_that_ignores_the_cursor_ends_the_reading(
    http: Http, account: Account, double: MastodonDouble
) -> None:
    double.paging, part = False, MastodonInbox(page_size=3)
    ids = [written(double, f"@{name_of(double, account)} Number {number}").id for number in range(5)]
    first = await part.page(http, account, "notifications", "")
    assert [one.remote_id for one in first.messages] == ids[-3:]
    again = await part.page(http, account, "notifications", first.cursor)
    assert not again.more and again.cursor == first.cursor


async def test_only_mentions_are_read(
    http: Http, account: Account, double: MastodonDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(double, f"@{name_of(double, account)} Hello")
    real = talks._notification
    monkeypatch.setattr(talks, "_notification", lambda *told: real(*told) | {"type": "favourite"})
    page = await INBOX.page(http, account, "notifications", "")
    assert not page.messages and page.cursor != "0"


async def test_a_lost_reply_to_what_is_gone(http: Http, account: Account, double: MastodonDouble) -> None:
    made = written(double, f"@{name_of(double, account)} Hello")
    reply = reply_to(await newest(http, account), "Good day")
    receipt = await INBOX.reply(http, account, reply)
    double.statuses.remove(made)
    found = await INBOX.find(http, account, reply)
    assert found.receipt and found.receipt.remote_id == receipt.remote_id
    private = await INBOX.find(http, account, replace(reply, private=True))
    assert private.presence is Presence.CANNOT_TELL
    assert (await INBOX.find(http, account, reply_to(reply.to, "Never said"))).presence is Presence.ABSENT


async def test_somebody_elses_answer_is_not_ours(http: Http, account: Account, double: MastodonDouble) -> None:
    made = written(double, f"@{name_of(double, account)} Hello", visibility="direct")
    reply = reply_to(await newest(http, account), "Good day")
    author = double.memory.accounts[made.account_id]
    written(double, f"@{author} Good day", visibility="direct", in_reply_to_id=made.id)
    assert (await INBOX.find(http, account, reply)).presence is Presence.ABSENT
    await INBOX.reply(http, account, reply)
    assert (await INBOX.find(http, account, reply)).presence is Presence.FOUND
