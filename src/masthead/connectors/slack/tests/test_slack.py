"""What is special about Slack: refusals with 200, escapes, channels to choose and join, files, keys, its own description."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.connectors.slack.errors import doubting
from masthead.connectors.slack.history import readable
from masthead.connectors.slack.operations import MESSAGES, OPERATIONS, POST
from masthead.connectors.slack.publish import SlackPublisher
from masthead.connectors.slack.tests.described import SlackDescribed
from masthead.connectors.slack.tests.double import LATER, SLACK, SlackDouble
from masthead.connectors.slack.tests.harness import SlackHarness
from masthead.connectors.tests.described import Told
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Presence, Segment

BACK = "http://127.0.0.1:1/connect/callback/slack/"
QUICK = SlackPublisher(looks=3, pause=0.01)


async def test_channels_to_choose_among(harness: SlackHarness, http: Http, double: SlackDouble) -> None:
    way, hidden = harness.platform.connecting.redirect, double.memory.channel(private=True)
    assert way
    sent = await way.start(http, harness.redirect_answers(), redirect_uri=BACK, client=harness.client())
    assert "code_challenge" not in sent.url and "chat%3Awrite%2Cfiles%3Awrite" in sent.url
    query = await harness.visit(sent, allow=True)
    for number in range(250):
        double.memory.channel().archived = number < 10
    invited = double.memory.channel(private=True)
    invited.members.update(double.memory.codes.values())
    offered = await way.finish(http, sent.keep, query, redirect_uri=BACK, client=harness.client())
    assert isinstance(offered, tuple)
    ids = [one.remote_id for one in offered]
    assert len(ids) == 242 and hidden.id not in ids and ids[0] == invited.id
    assert offered[0].secrets["refresh_token"] and offered[0].expires_at


async def test_the_bot_joins_a_public_channel_and_asks_for_a_private_one(
    harness: SlackHarness, http: Http, account: Account, double: SlackDouble
) -> None:
    place = double.memory.channels[account.remote_id]
    place.members.clear()
    await harness.platform.publisher.publish(http, account, delivery("First"), 0, ())
    assert place.members and len(place.messages) == 1
    place.members.clear()
    place.private = True
    with pytest.raises(NeedsReconnect) as caught:
        await harness.platform.publisher.publish(http, account, delivery("Second"), 0, ())
    assert "/invite" in caught.value.remedy


async def test_text_is_escaped_and_read_back(
    harness: SlackHarness, http: Http, account: Account, double: SlackDouble
) -> None:
    text = "Fish & chips <!channel> https://example.org/?a=1"
    options = {"no_preview": True, "plain": True}
    await harness.platform.publisher.publish(http, account, delivery(text, options=options), 0, ())
    told = double.asked("chat.postMessage")[-1]
    assert told["text"].startswith("Fish &amp; chips &lt;!channel&gt;")
    assert (told["unfurl_links"], told["mrkdwn"]) == ("false", "false")
    history = harness.platform.history
    assert history
    page = await history.page(http, account, "")
    assert page.posts[0].text == text
    assert readable("<https://example.org|here> &lt;3") == "https://example.org <3"


async def test_twins_have_keys_of_their_own(harness: SlackHarness, http: Http, account: Account) -> None:
    publisher, one, other = harness.platform.publisher, delivery("Twins"), delivery("Twins")
    await publisher.publish(http, account, one, 0, ())
    assert (await publisher.find(http, account, one, 0, ())).presence is Presence.FOUND
    assert (await publisher.find(http, account, other, 0, ())).presence is Presence.ABSENT
    late = replace(one, sent_after=one.created_at + timedelta(hours=1))
    assert (await publisher.find(http, account, late, 0, ())).presence is Presence.ABSENT


async def test_files_that_show_late_are_waited_for(
    harness: SlackHarness, http: Http, account: Account, double: SlackDouble
) -> None:
    place = double.memory.channels[account.remote_id]
    sent = delivery(Segment("Look", (picture("image/png", "A"), picture("image/jpeg", ""))))
    place.slow = 2
    receipt = await QUICK.publish(http, account, sent, 0, ())
    assert receipt.remote_id == place.messages[0].ts and len(receipt.raw["files"]) == 2
    assert [one.title for one in place.messages[0].files] == ["a picture", "a picture"]
    place.slow = 99
    later = delivery(Segment("Later", (picture("image/png", ""),)))
    with pytest.raises(OutcomeUnknown):
        await QUICK.publish(http, account, later, 0, ())
    place.slow = 0
    found = await QUICK.find(http, account, later, 0, ())
    assert found.receipt and found.receipt.remote_id == place.messages[1].ts
    await QUICK.remove(http, account, receipt)
    await QUICK.remove(http, account, receipt)
    assert len(place.messages) == 1 and len(double.memory.files) == 1


async def test_more_messages_than_slack_shows(
    harness: SlackHarness, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.slack.lookup.PAGE", 2)
    publisher, first = harness.platform.publisher, delivery("Number 0")
    await publisher.publish(http, account, first, 0, ())
    for number in range(5):
        await publisher.publish(http, account, delivery(f"Number {number + 1}"), 0, ())
    assert (await publisher.find(http, account, first, 0, ())).presence is Presence.FOUND
    monkeypatch.setattr("masthead.connectors.slack.lookup.MOST_PAGES", 2)
    assert (await publisher.find(http, account, first, 0, ())).presence is Presence.CANNOT_TELL


async def test_an_edit_keeps_the_key(harness: SlackHarness, http: Http, account: Account) -> None:
    publisher, sent = harness.platform.publisher, delivery("Bevore")
    receipt = await publisher.publish(http, account, sent, 0, ())
    await publisher.edit(http, account, replace(sent, segments=(Segment("Before"),)), 0, (receipt,))
    assert (await publisher.find(http, account, sent, 0, ())).receipt == receipt
    with pytest.raises(Refused) as caught:
        await publisher.edit(http, account, replace(sent, segments=(Segment("x" * 4001),)), 0, (receipt,))
    assert caught.value.field == "text"


async def test_reactions_and_replies(harness: SlackHarness, http: Http, account: Account, double: SlackDouble) -> None:
    publisher, sent = harness.platform.publisher, delivery("One", "Two")
    first = await publisher.publish(http, account, sent, 0, ())
    await publisher.publish(http, account, sent, 1, (first,))
    double.memory.channels[account.remote_id].messages[0].reactions = 3
    history = harness.platform.history
    assert history
    page = await history.page(http, account, "")
    assert [(one.text, one.kind, one.metrics) for one in page.posts] == [
        ("One", "post", {"reactions": 3, "reply_count": 1})
    ]


def test_refusals_with_status_200() -> None:
    cases = (
        ("token_expired", True, TokenExpired),
        ("token_expired", False, NeedsReconnect),
        ("ratelimited", False, TryAgain),
        ("internal_error", False, OutcomeUnknown),
        ("something_new", False, Refused),
    )
    for word, renewable, kind in cases:
        error = doubting(POST, renewable=renewable)(Answer(200, {}, {"ok": False, "error": word}))
        assert type(error) is kind, word
    assert isinstance(doubting(POST, renewable=False)(Answer(200, {}, None)), OutcomeUnknown)
    assert isinstance(doubting(MESSAGES, renewable=False)(Answer(200, {}, {"ok": False})), TryAgain)


async def test_every_call_is_as_described(harness: SlackHarness, http: Http, account: Account) -> None:
    SLACK.needed()
    before, history = SLACK.requests.copy(), harness.platform.history
    assert history
    await harness.platform.connecting.verify(http, account)
    way = harness.platform.connecting.redirect
    assert way
    signed = await way.start(http, harness.redirect_answers(), redirect_uri=BACK, client=harness.client())
    query = await harness.visit(signed, allow=True)
    await way.finish(http, signed.keep, query, redirect_uri=BACK, client=harness.client())
    sent = delivery("One", Segment("Two", (picture("image/png", "A"),)))
    harness.double.memory.channels[account.remote_id].members.clear()
    first = await QUICK.publish(http, account, sent, 0, ())
    second = await QUICK.publish(http, account, sent, 1, (first,))
    await QUICK.edit(http, account, sent, 0, (first,))
    await history.metrics(http, account, (await history.page(http, account, "")).posts)
    await QUICK.remove(http, account, second)
    made = SLACK.requests - before
    undescribed = {"get_token", "upload_url", "upload", "share"}
    known = {one.path.removeprefix("/api/") for name, one in OPERATIONS.items() if name not in undescribed}
    assert set(made) == {name.replace(".", "_") for name in known}
    assert SLACK.wrong == []
    print(f"Slack: {made.total()} requests of {len(made)} methods are as described")


def test_a_wrong_call_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    SLACK.needed()
    monkeypatch.setattr("masthead.connectors.tests.described.KNOWN", {})
    apart = SlackDescribed("apart", SLACK.file, prefix="/api", undescribed=LATER, strict_query=False)
    form = "application/x-www-form-urlencoded"
    for told in (
        Told("POST", "/api/chat.postMessage", (), [("text", "no channel")], form),
        Told("POST", "/api/chat.postMessage", (), [("channel", "C1"), ("txt", "A")], form),
        Told("GET", "/api/conversations.history", [("limit", "many")]),
        Told("POST", "/api/chat.unsend", (), [("channel", "C1")], form),
    ):
        assert apart.check_request(told), told
    told = Told("POST", "/api/chat.postMessage", (), [("channel", "C1")], form)
    assert apart.check_answer(told, 200, {"ok": True, "ts": "yesterday"})
