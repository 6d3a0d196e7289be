"""What only the sandbox's connector does: processing, polls, options, limits of members."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors import PLATFORMS, available, platform
from masthead.connectors.sandbox import SANDBOX
from masthead.connectors.tests.kit import Remembering, delivery
from masthead.contract import testing_inbox
from masthead.contract import testing_network as network_limits
from masthead.contract.errors import OutcomeUnknown, Refused
from masthead.contract.http import Http, Transport
from masthead.contract.inbox import Kind, Objection, Reply
from masthead.contract.testing import (
    Fault,
    SandboxServer,
    add_demo_members,
    add_demo_past,
    add_demo_visitors,
    demo_token,
)
from masthead.contract.testing_pages import about
from masthead.contract.values import Account, MediaKind, Poll, Segment


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        add_demo_members(running.network)
        yield running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(transport, platform="sandbox", operations=SANDBOX.operations, meter=Remembering())


async def connected(http: Http, server: SandboxServer, handle: str) -> Account:
    assert SANDBOX.connecting.form
    profile = await SANDBOX.connecting.form.connect(http, {"server": server.url, "token": demo_token(handle)})
    return Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)


def test_the_register() -> None:
    assert platform("sandbox") is SANDBOX
    assert SANDBOX in available(sandbox=True)
    assert SANDBOX not in available(sandbox=False)
    assert {one.key for one in available(sandbox=False)} == set(PLATFORMS) - {"sandbox"}
    with pytest.raises(KeyError):
        platform("nowhere")


async def test_members_narrow_the_capabilities(http: Http, server: SandboxServer) -> None:
    can = {
        handle: SANDBOX.capabilities.narrowed((await connected(http, server, handle)).limits)
        for handle in ("ticker", "gallery", "longread")
    }
    assert [one.text.limit for one in can.values()] == [280, 1000, 5000]
    assert [one.media_required for one in can.values()] == [False, True, False]
    assert [one.max_attachments for one in can.values()] == [1, 10, 4]


def test_the_capabilities_are_the_networks_rules(server: SandboxServer) -> None:
    can, words = SANDBOX.capabilities, about(server.network)
    talks = SANDBOX.inbox and SANDBOX.inbox.rules.answering(Kind.DIRECT)
    assert can.poll is not None and talks is not None
    image, video = can.media_rule(MediaKind.IMAGE), can.media_rule(MediaKind.VIDEO)
    assert image is not None
    assert video is not None
    assert (image.max_bytes, video.max_bytes) == tuple(network_limits.MEDIA_BYTES.values())
    assert (can.poll.min_seconds, can.poll.max_seconds) == network_limits.POLL_SECONDS
    assert {mime for rule in can.media for mime in rule.mimes} == set(network_limits.MIMES)
    for part in (
        f"at most {can.text.limit} characters and {can.max_attachments} files",
        f"at most {image.alt_limit}",
        f"2 to {can.poll.max_options} answers of at most {can.poll.option_limit}",
        f"at most {can.threads.max_segments} posts",
        f"{can.quotas[0].limit} times in five minutes",
        f"A private message has at most {talks.text.limit} characters",
        f"answer it for {talks.window_seconds // 3600} hours",
    ):
        assert part in words


async def test_a_post_in_processing_is_settled(http: Http, server: SandboxServer) -> None:
    account = await connected(http, server, "ticker")
    server.network.turn(Fault.SLOW, seconds=60)
    receipt = await SANDBOX.publisher.publish(http, account, delivery("Slow"), 0, ())
    assert receipt.processing
    assert (await SANDBOX.publisher.settle(http, account, receipt)).processing
    server.network.shift += 61
    assert not (await SANDBOX.publisher.settle(http, account, receipt)).processing


async def test_polls_and_options_arrive(http: Http, server: SandboxServer) -> None:
    account = await connected(http, server, "gallery")
    sent = delivery(
        Segment("Which?", poll=Poll(("one", "two"), 600, multiple=True)),
        options={"mood": "calm", "note": "A question", "quiet": True, "strange": "ignored"},
    )
    await SANDBOX.publisher.publish(http, account, sent, 0, ())
    post = server.network.recent("gallery")[0]
    assert post["poll"] == {"options": ["one", "two"], "seconds": 600, "multiple": True}
    assert post["extra"] == {"language": "en", "mood": "calm", "note": "A question", "quiet": True}


async def test_refusals_name_the_field_and_the_remedy(http: Http, server: SandboxServer) -> None:
    for handle, text, field, remedy in (
        ("ticker", "x" * 281, "text", "Shorten the text."),
        ("gallery", "No picture", "media", "Add a picture or a poll."),
    ):
        with pytest.raises(Refused) as caught:
            await SANDBOX.publisher.publish(http, await connected(http, server, handle), delivery(text), 0, ())
        assert (caught.value.field, caught.value.remedy) == (field, remedy)


async def test_an_answer_of_another_form_counts_as_lost(
    http: Http, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await connected(http, server, "ticker")
    monkeypatch.setattr("masthead.contract.testing_app._post", lambda request, post: {"surprise": True})
    with pytest.raises(OutcomeUnknown):
        await SANDBOX.publisher.publish(http, account, delivery("Odd"), 0, ())


async def test_a_stranger_cannot_change_a_post(http: Http, server: SandboxServer) -> None:
    owner, stranger = await connected(http, server, "ticker"), await connected(http, server, "longread")
    sent = delivery("Mine")
    receipt = await SANDBOX.publisher.publish(http, owner, sent, 0, ())
    with pytest.raises(Refused):
        await SANDBOX.publisher.edit(http, stranger, sent, 0, [receipt])
    await SANDBOX.publisher.remove(http, stranger, receipt)
    assert len(server.network.recent()) == 1


async def test_a_sign_in_mixed_up_with_another_server_is_refused(http: Http, server: SandboxServer) -> None:
    assert SANDBOX.connecting.redirect
    keep, client = {"server": server.url, "verifier": "v"}, None
    for query in ({"code": "c", "iss": "http://other.test"}, {"code": "c"}, {"iss": server.url}):
        with pytest.raises(Refused):
            await SANDBOX.connecting.redirect.finish(http, keep, query, redirect_uri="", client=client)  # type: ignore[arg-type]


async def test_an_account_token_needs_no_refresh_and_is_not_revoked(http: Http, server: SandboxServer) -> None:
    account = await connected(http, server, "ticker")
    assert await SANDBOX.connecting.refresh(http, account) is None
    await SANDBOX.connecting.revoke(http, account)
    assert (await SANDBOX.connecting.verify(http, account)).handle == "@ticker"
    with pytest.raises(Refused):
        await SANDBOX.connecting.form.connect(http, {"server": server.url, "token": "ü"})  # type: ignore[union-attr]
    assert "ticker-demo-token" not in repr(replace(account, handle="x"))


async def test_a_private_message_is_answered_for_a_day(http: Http, server: SandboxServer) -> None:
    account, part = await connected(http, server, "ticker"), SANDBOX.inbox
    longread = server.network.member("longread")
    assert part and longread
    testing_inbox.write(server.network, longread, "ticker", "Are you there?", None)
    message = (await part.page(http, account, "messages", "")).messages[0]
    reply = Reply("0" * 32, message, "Yes", message.sent_at)
    await part.reply(http, account, reply)
    server.network.shift += 86_401
    with pytest.raises(Refused) as caught:
        await part.reply(http, account, replace(reply, key="1" * 32))
    assert caught.value.remedy == "Wait until the other person writes again."
    assert part.rules.objection(message, message.sent_at + timedelta(days=2)) is Objection.TOO_LATE


async def test_a_mention_of_a_longer_name_is_not_ours(http: Http, server: SandboxServer) -> None:
    account, part = await connected(http, server, "ticker"), SANDBOX.inbox
    longread = server.network.member("longread")
    assert part and longread
    server.network.post(longread, {"text": "Hello @tickers and x@ticker"}, None)
    assert not (await part.page(http, account, "mentions", "")).messages


async def test_a_post_in_processing_is_read_later(http: Http, server: SandboxServer) -> None:
    account, part = await connected(http, server, "ticker"), SANDBOX.inbox
    longread = server.network.member("longread")
    assert part and longread
    server.network.post(longread, {"text": "Slow, @ticker"}, None, seconds=60)
    server.network.post(longread, {"text": "Quick, @ticker"}, None)
    page = await part.page(http, account, "mentions", "0")
    assert not page.messages
    server.network.shift += 61
    found = (await part.page(http, account, "mentions", page.cursor)).messages
    assert [one.text for one in found] == ["Slow, @ticker", "Quick, @ticker"]


async def test_an_answer_needs_no_picture_where_posts_do(http: Http, server: SandboxServer) -> None:
    account, part = await connected(http, server, "gallery"), SANDBOX.inbox
    longread = server.network.member("longread")
    assert part and longread
    server.network.post(longread, {"text": "Lovely, @gallery"}, None)
    message = (await part.page(http, account, "mentions", "")).messages[0]
    assert (await part.reply(http, account, Reply("0" * 32, message, "Thank you", message.sent_at))).url


async def test_visitors_of_the_demo_write_to_its_members_once(http: Http, server: SandboxServer) -> None:
    account, part = await connected(http, server, "gallery"), SANDBOX.inbox
    gallery = server.network.member("gallery")
    assert part and gallery
    add_demo_past(server.network)
    for _ in range(2):
        add_demo_visitors(server.network, (gallery,))
    found = [one for name in ("mentions", "messages") for one in (await part.page(http, account, name, "")).messages]
    assert [(one.kind, one.author.handle) for one in found] == [
        (Kind.COMMENT, "@rosa"),
        (Kind.MENTION, "@emil"),
        (Kind.DIRECT, "@emil"),
    ]
