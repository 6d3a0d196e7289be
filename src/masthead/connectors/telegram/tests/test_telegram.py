"""What is special about Telegram: names of chats, albums, captions, polls, 48 hours, no look-up, its own description."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.connectors.telegram.connect import chat_in
from masthead.connectors.telegram.errors import explain
from masthead.connectors.telegram.operations import OPERATIONS
from masthead.connectors.telegram.tests.botapi import BotApi
from masthead.connectors.telegram.tests.double import TELEGRAM, TelegramDouble
from masthead.connectors.telegram.tests.harness import TelegramHarness
from masthead.connectors.tests.described import Told
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, MediaKind, Poll, Segment


def film(kind: MediaKind = MediaKind.VIDEO, mime: str = "video/mp4") -> Attachment:
    """A file that is no picture."""
    return replace(picture("image/png", ""), kind=kind, mime=mime, width=640, height=360, seconds=3.6)


@pytest.mark.parametrize(
    ("typed", "chat"),
    [
        ("@bakery", "@bakery"),
        ("bakery", "@bakery"),
        ("https://t.me/bakery", "@bakery"),
        ("t.me/bakery/12", "@bakery"),
        (" -1001234567890 ", "-1001234567890"),
        ("https://t.me/c/1234567890/7", "-1001234567890"),
    ],
)
def test_names_of_chats(typed: str, chat: str) -> None:
    assert chat_in(typed) == chat


async def test_addresses_of_messages(harness: TelegramHarness, http: Http, double: TelegramDouble) -> None:
    public, private = double.memory.chat(), double.memory.chat(named=False)
    small = double.memory.chat("group", named=False)
    double.memory.chats[-77] = small
    double.memory.chats.pop(small.id)
    small.id = -77
    for chat, start in ((public, f"https://t.me/{public.username}/"), (private, "https://t.me/c/"), (small, "")):
        account = await harness.account(str(chat.id))
        receipt = await harness.platform.publisher.publish(http, account, delivery("Where?"), 0, ())
        assert receipt.url == (f"{start}{receipt.remote_id}" if chat is public else receipt.url)
        assert receipt.url.startswith(start) and bool(receipt.url) == bool(start)


async def test_an_album_has_one_caption_and_goes_as_one(
    harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble
) -> None:
    publisher = harness.platform.publisher
    sent = delivery(Segment("Look", (picture("image/png", "x"), film())), "And this")
    receipt = await publisher.publish(http, account, sent, 0, ())
    first, second = double.asked("sendMediaGroup")[0]["media"]
    assert (first["caption"], first["type"], second["type"]) == ("Look", "photo", "video")
    assert (second["duration"], second["width"]) == (4, 640) and "caption" not in second
    await publisher.publish(http, account, sent, 1, (receipt,))
    fixed = replace(sent, segments=(replace(sent.segments[0], text="Look!"), sent.segments[1]))
    assert await publisher.edit(http, account, fixed, 0, (receipt,)) == receipt
    assert await publisher.edit(http, account, fixed, 0, (receipt,)) == receipt, "the same text again is no error"
    assert [one.text for one in await harness.posts(account)] == ["Look!", "And this"]
    await publisher.remove(http, account, receipt)
    assert [one.text for one in await harness.posts(account)] == ["And this"], "all of the album is gone"


async def test_settings(harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble) -> None:
    chosen = {"silent": True, "no_preview": True, "protect": True}
    for options in (chosen, {}):
        await harness.platform.publisher.publish(http, account, delivery("https://example.org", options=options), 0, ())
    quiet, plain = double.asked("sendMessage")
    assert quiet["disable_notification"] and quiet["protect_content"]
    assert quiet["link_preview_options"] == {"is_disabled": True}
    assert set(plain) == {"chat_id", "text"}


async def test_after_48_hours_people_must_delete(
    harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble
) -> None:
    receipt = await harness.platform.publisher.publish(http, account, delivery("Old"), 0, ())
    double.memory.clock.offset = 49 * 3600
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.remove(http, account, receipt)
    assert "48 hours" in caught.value.remedy


async def test_the_look_up_says_where_a_person_must_look(
    harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble
) -> None:
    calls = len(double.seen)
    found = await harness.platform.publisher.find(http, account, delivery("Fresh  bread"), 0, ())
    assert account.handle in found.evidence and "“Fresh bread”" in found.evidence
    assert len(double.seen) == calls


async def test_polls(harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble) -> None:
    sent = delivery(Segment("Which?", poll=Poll(("A", "B"), 600, multiple=True)))
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    assert double.asked("sendPoll")[0]["open_period"] == 600
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.edit(http, account, sent, 0, (receipt,))
    assert caught.value.field == "poll"
    long = delivery(Segment("?" * 301, poll=Poll(("A", "B"), 600)))
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, long, 0, ())
    assert caught.value.field == "text"


async def test_what_can_go_wrong_has_a_name(
    harness: TelegramHarness, http: Http, account: Account, double: TelegramDouble
) -> None:
    publisher, sent = harness.platform.publisher, delivery("One", "Two")
    first = await publisher.publish(http, account, sent, 0, ())
    await publisher.remove(http, account, first)
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, sent, 1, (first,))
    assert caught.value.field == "thread"
    captioned = delivery(Segment("x" * 1025, (picture("image/png", ""),)))
    with pytest.raises(Refused) as caught:
        await publisher.publish(http, account, captioned, 0, ())
    assert caught.value.field == "text"
    double.memory.chats[int(account.remote_id)].may_post = False
    with pytest.raises(NeedsReconnect) as lost:
        await publisher.publish(http, account, sent, 0, ())
    assert "administrator" in lost.value.remedy


def test_answers_that_are_not_what_they_should_be() -> None:
    wait = explain(Answer(429, {}, {"ok": False, "parameters": {"retry_after": 9}}))
    assert isinstance(wait, TryAgain) and wait.after == 9
    assert isinstance(explain(Answer(403, {}, {"description": "Forbidden: bot was kicked"})), NeedsReconnect)
    assert explain(Answer(502, {}, {})) is None


async def test_an_answer_without_a_message_is_unclear(
    harness: TelegramHarness, http: Http, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("masthead.connectors.telegram.wire.sent", lambda body: [])
    with pytest.raises(OutcomeUnknown):
        await harness.platform.publisher.publish(http, account, delivery("Sent"), 0, ())


async def test_every_call_is_as_described(harness: TelegramHarness, http: Http, account: Account) -> None:
    TELEGRAM.needed()
    before, publisher = TELEGRAM.requests.copy(), harness.platform.publisher
    await harness.platform.connecting.verify(http, account)
    kinds = (
        film(),
        film(MediaKind.GIF, "image/gif"),
        film(MediaKind.AUDIO, "audio/mpeg"),
        film(MediaKind.DOCUMENT, "application/pdf"),
        picture("image/png", ""),
    )
    for one in kinds:
        sent = delivery(Segment("One file", (one,)))
        receipt = await publisher.publish(http, account, sent, 0, ())
    await publisher.edit(http, account, delivery(Segment("Changed", (kinds[-1],))), 0, (receipt,))
    album = delivery(
        Segment("Many", (picture("image/png", ""), film())), Segment("?", poll=Poll(("A", "B"), 60)), "End"
    )
    receipts = [await publisher.publish(http, account, album, 0, ())]
    receipts += [await publisher.publish(http, account, album, 1, receipts)]
    receipts += [await publisher.publish(http, account, album, 2, receipts)]
    await publisher.edit(http, account, replace(album, segments=(*album.segments[:2], Segment("Ends"))), 2, receipts)
    await publisher.remove(http, account, receipts[0])
    made = TELEGRAM.requests - before
    assert set(made) == {operation.path.rpartition("/")[2] for operation in OPERATIONS.values()}
    assert TELEGRAM.wrong == []
    print(f"Telegram: {made.total()} requests of {len(made)} methods are as described")


def test_a_wrong_call_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    TELEGRAM.needed()
    monkeypatch.setattr("masthead.connectors.tests.described.KNOWN", {})
    apart, start = BotApi("apart", TELEGRAM.file), f"/bot123:{'x' * 35}"
    for path, body in (
        ("/sendMessage", {"chat_id": 1}),
        ("/sendMessage", {"chat_id": 1, "text": "A", "disable_web_page_preview": True}),
        ("/sendMediaGroup", {"chat_id": 1, "media": [{"type": "photo", "medium": "attach://a"}]}),
        ("/sendPoll", {"chat_id": 1, "question": "?", "options": ["A", "B"]}),
        ("/readMessages", {"chat_id": 1}),
    ):
        assert apart.check_request(Told("POST", start + path, (), body, "application/json")), body
    assert apart.check_answer(Told("POST", start + "/sendMessage"), 200, {"ok": True, "result": {"date": 1}})
