"""The connector against snac: a real server, lax where the double is strict."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.mastodon import MASTODON
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.connectors.mastodon.tests.realsnac import Snac, installed
from masthead.connectors.tests.kit import Remembering, delivery, picture
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http, Transport
from masthead.contract.inbox import Kind, Message, Reply
from masthead.contract.platform import OAuthClient
from masthead.contract.values import Account, Delivery, Poll, Presence, Profile, Receipt, Segment

pytestmark = pytest.mark.servers
BACK = "http://127.0.0.1:1/connect/callback/mastodon/"


@pytest.fixture(scope="module")
def snac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snac]:
    installed()
    server = Snac(tmp_path_factory.mktemp("snac") / "home")
    server.prepare()
    with server.running():
        yield server


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(transport, platform="mastodon", operations=MASTODON.operations, meter=Remembering())


async def signed_in(snac: Snac, http: Http, user: str = "alice") -> Profile:
    way, client = (
        MASTODON.connecting.redirect,
        OAuthClient("http://127.0.0.1:1", "Masthead", MastodonHarness().client().jwk),
    )
    assert way
    sent = await way.start(http, {"server": snac.url}, redirect_uri=BACK, client=client)
    query = await snac.visit(sent, user)
    assert query["state"] == sent.state
    return await way.finish(http, sent.keep, query, redirect_uri=BACK, client=client)


@pytest.fixture
async def account(snac: Snac, http: Http) -> Account:
    profile = await signed_in(snac, http)
    return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)


async def publish(http: Http, account: Account, sent: Delivery) -> list[Receipt]:
    receipts: list[Receipt] = []
    for index in range(len(sent.segments)):
        receipts.append(await MASTODON.publisher.publish(http, account, sent, index, receipts))
    return receipts


async def test_sign_in_and_limits(snac: Snac, http: Http) -> None:
    profile = await signed_in(snac, http)
    assert profile.handle == f"@alice@localhost:{snac.port}"
    assert profile.limits["text_limit"] > 500
    assert "image/png" in profile.limits["mimes"]


async def test_the_token_typed_in(snac: Snac, http: Http, account: Account) -> None:
    form = MASTODON.connecting.form
    assert form
    profile = await form.connect(http, {"server": snac.url, "access_token": account.secrets["access_token"]})
    assert profile.remote_id == account.remote_id
    with pytest.raises(Refused) as caught:
        await form.connect(http, {"server": snac.url, "access_token": "wrong"})
    assert caught.value.field == "access_token"


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, ümlauts and 👩‍🚀",
        'Two\nlines and\n\na paragraph & <b>no tag</b> "quoted" it\'s',
        "A link https://example.org/a/rather/long/path/that/is/shortened?x=1&y=2 and #hashtag",
        "It *looks* like **Markdown**, `code` and _more_",
        "> a quotation\n\n- a list\n- of two",
        "# Heading\nand @somebody@localhost",
    ],
)
async def test_text_is_posted_and_found(http: Http, account: Account, text: str) -> None:
    sent = delivery(text)
    receipt = (await publish(http, account, sent))[0]
    found = await MASTODON.publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.FOUND, found.evidence
    assert found.receipt
    assert found.receipt.remote_id == receipt.remote_id
    await MASTODON.publisher.remove(http, account, receipt)


async def test_an_image_with_its_description(http: Http, account: Account) -> None:
    sent = delivery(Segment("With a picture", (picture("image/png", "A small brown rectangle"),)))
    receipt = (await publish(http, account, sent))[0]
    found = await MASTODON.publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.FOUND
    assert receipt.url.startswith(account.server)
    async with http.transport.session.get(receipt.url) as page:
        assert "A small brown rectangle" in await page.text()


async def test_a_thread_hangs_together(http: Http, account: Account) -> None:
    sent = delivery("Thread, first", "Thread, second")
    receipts = await publish(http, account, sent)
    for index in (0, 1):
        found = await MASTODON.publisher.find(http, account, sent, index, receipts[:index])
        assert found.receipt
        assert found.receipt.remote_id == receipts[index].remote_id


async def test_a_content_warning_and_a_poll(http: Http, account: Account) -> None:
    sent = delivery(Segment("Which one?", poll=Poll(("This", "That"), 3600)))
    receipt = (await publish(http, account, sent))[0]
    found = await MASTODON.publisher.find(http, account, sent, 0, ())
    assert found.receipt
    assert found.receipt.remote_id == receipt.remote_id
    warned = delivery("Behind a warning", options={"spoiler_text": "Careful", "sensitive": True})
    receipt = (await publish(http, account, warned))[0]
    found = await MASTODON.publisher.find(http, account, warned, 0, ())
    assert found.receipt
    assert found.receipt.remote_id == receipt.remote_id


async def test_twins_find_their_own(http: Http, account: Account) -> None:
    first, second = delivery("Twins"), delivery("Twins")
    one = (await publish(http, account, first))[0]
    other = (await publish(http, account, second))[0]
    again = replace(second, known=frozenset({one.remote_id}))
    found = await MASTODON.publisher.find(http, account, again, 0, ())
    assert found.receipt
    assert found.receipt.remote_id == other.remote_id
    third = replace(second, known=frozenset({one.remote_id, other.remote_id}))
    assert (await MASTODON.publisher.find(http, account, third, 0, ())).presence is Presence.ABSENT


async def test_never_sent_is_absent(http: Http, account: Account) -> None:
    await publish(http, account, delivery("Something else"))
    assert (await MASTODON.publisher.find(http, account, delivery("Never sent"), 0, ())).presence is Presence.ABSENT


async def test_paging_reaches_back(http: Http, account: Account) -> None:
    first = delivery("The oldest of many")
    await publish(http, account, first)
    for number in range(45):
        await publish(http, account, delivery(f"One of many, {number}"))
    sent = replace(first, sent_after=datetime.now(UTC) - timedelta(days=1))
    found = await MASTODON.publisher.find(http, account, sent, 0, ())
    assert found.presence is Presence.FOUND, found.evidence


async def test_edit_and_remove_twice(http: Http, account: Account) -> None:
    sent = delivery("Before the edit")
    receipts = await publish(http, account, sent)
    changed = replace(sent, segments=(Segment("After the edit"),))
    edited = await MASTODON.publisher.edit(http, account, changed, 0, receipts)
    assert edited.remote_id == receipts[0].remote_id
    await MASTODON.publisher.remove(http, account, edited)
    await MASTODON.publisher.remove(http, account, edited)
    assert (await MASTODON.publisher.find(http, account, changed, 0, ())).presence is Presence.ABSENT


async def test_a_dead_token_needs_a_reconnect(http: Http, account: Account) -> None:
    dead = replace(account, secrets={"access_token": "0" * 32})
    with pytest.raises(NeedsReconnect):
        await MASTODON.connecting.verify(http, dead)
    with pytest.raises(NeedsReconnect):
        await MASTODON.publisher.publish(http, dead, delivery("From a dead channel"), 0, ())


async def test_revoked_is_dead(snac: Snac, http: Http) -> None:
    profile = await signed_in(snac, http, "bob")
    bob = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    await MASTODON.connecting.revoke(http, bob)
    with pytest.raises(NeedsReconnect):
        await MASTODON.connecting.verify(http, bob)


async def test_past_posts(http: Http, account: Account) -> None:
    """snac lists what was posted; a post that is gone is missing from its numbers."""
    receipts = [(await publish(http, account, delivery(f"Past {number}")))[0] for number in range(2)]
    history = MASTODON.history
    assert history
    page = await history.page(http, account, "")
    found = [one for one in page.posts if one.text.startswith("Past ")]
    assert {one.remote_id for one in found} == {one.remote_id for one in receipts}
    await MASTODON.publisher.remove(http, account, receipts[0])
    assert set(await history.metrics(http, account, found)) == {receipts[1].remote_id}


async def test_a_comment_is_read_and_answered(snac: Snac, http: Http, account: Account) -> None:
    """snac delivers to its own users by and by. It leaves direct posts out of a profile's listing."""
    profile = await signed_in(snac, http, "bob")
    bob = Account(2, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    post = (await publish(http, account, delivery("Something to talk about")))[0]
    question = await MASTODON.publisher.publish(http, bob, delivery("A question"), 0, (post,))
    part = MASTODON.inbox
    assert part
    found, cursor = list[Message](), ""
    for _ in range(60):
        page = await part.page(http, account, "notifications", cursor)
        found, cursor = [*found, *page.messages], page.cursor
        if found:
            break
        await asyncio.sleep(0.5)
    message = found[-1]
    assert (message.kind, message.text, message.reply_to) == (Kind.COMMENT, "A question", post.remote_id)
    assert message.author.handle == profile.handle
    assert message.sent_at and question.remote_id
    for private in (False, True):
        reply = Reply(f"{int(private)}" * 32, message, "An answer", datetime.now(UTC), private)
        assert (await part.find(http, account, reply)).presence is Presence.ABSENT
        receipt = await part.reply(http, account, reply)
        again = await part.find(http, account, reply)
        assert again.receipt and again.receipt.remote_id == receipt.remote_id, again.evidence
