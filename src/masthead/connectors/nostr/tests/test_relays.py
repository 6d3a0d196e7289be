"""Several relays, media servers and relays' words, against a real relay."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from masthead.connectors.nostr.connect import secret_of
from masthead.connectors.nostr.errors import refusal
from masthead.connectors.nostr.history import NostrHistory
from masthead.connectors.nostr.notes import event
from masthead.connectors.nostr.operations import OPERATIONS, PUBLISH
from masthead.connectors.nostr.publish import NostrPublisher
from masthead.connectors.nostr.relays import say
from masthead.connectors.nostr.tests.gate import valid
from masthead.connectors.nostr.tests.harness import HARNESS, asked
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Presence, Segment
from masthead.kit.clock import now

pytestmark = pytest.mark.servers
AWAY = "http://127.0.0.1:9"
PUBLISHER = NostrPublisher()


@pytest.fixture(scope="module")
def running() -> Iterator[HARNESS]:
    one = HARNESS()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def harness(running: HARNESS) -> HARNESS:
    running.reset()
    return running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(transport, platform="nostr", operations=OPERATIONS, meter=Unmetered())


async def test_one_relay_that_takes_it_is_enough(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    several = replace(account, limits={**account.limits, "relays": [AWAY]})
    sent = delivery("To two relays")
    receipt = await PUBLISHER.publish(http, several, sent, 0, ())
    assert [one.remote_id for one in await harness.posts(account)] == [receipt.remote_id]
    found = await PUBLISHER.find(http, replace(several, server=AWAY, limits={"relays": [account.server]}), sent, 0, ())
    assert found.presence is Presence.FOUND


async def test_an_unclear_answer_outweighs_a_relay_that_is_away(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    several = replace(account, limits={"relays": [AWAY]})
    harness.trouble(Trouble.CLOSE_AFTER)
    with pytest.raises(OutcomeUnknown):
        await PUBLISHER.publish(http, several, delivery("Lost at one of two"), 0, ())


async def test_nobody_answers_a_look_up(harness: HARNESS, http: Http) -> None:
    account = replace(await harness.account(), server=AWAY)
    with pytest.raises(TryAgain):
        await PUBLISHER.find(http, account, delivery("Where"), 0, ())


async def test_past_notes_come_with_what_others_said(harness: HARNESS, http: Http) -> None:
    account, other = await harness.account(), secret_of(await harness.account())
    image = picture("image/png", "A loaf")
    sent = delivery(Segment("Fresh bread", (image,)), "And rye")
    first = await PUBLISHER.publish(http, account, sent, 0, ())
    second = await PUBLISHER.publish(http, account, sent, 1, (first,))
    about, at = ["e", first.remote_id], int(now().timestamp())
    for kind, content, tags in (
        (7, "+", [about]),
        (7, "🍞", [about]),
        (7, "-", [about]),
        (6, "", [about]),
        (1, "Lovely", [[*about, "", "root"]]),
        (1, "Look at this", [[*about, "", "mention"]]),
    ):
        await say(http, PUBLISH, account.server, event(other, kind, content, tags, at))
    history = NostrHistory()
    newest, oldest = (await history.page(http, account, "")).posts
    assert (newest.kind, newest.reply_to, newest.text) == ("reply", first.remote_id, "And rye")
    assert (oldest.kind, oldest.text, oldest.language) == ("post", "Fresh bread", "en")
    assert [(one.kind, one.alt) for one in oldest.media] == [("image", "A loaf")] and oldest.media[0].url
    told = await history.metrics(http, account, [newest, oldest])
    assert told[first.remote_id] == {"reactions": 2, "reposts": 1, "replies": 2}
    assert told[second.remote_id] == {"reactions": 0, "reposts": 0, "replies": 0}


async def test_notes_of_one_second_and_of_several_relays_come_once(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    several = replace(account, limits={**account.limits, "relays": [f"{account.server}/", AWAY]})
    sent = delivery("A", "B", "C")
    same = [replace(sent, key=f"{number:032x}", segments=(one,)) for number, one in enumerate(sent.segments)]
    made = {(await PUBLISHER.publish(http, account, one, 0, ())).remote_id for one in same}
    history, cursor, found = NostrHistory(page_size=2), "", list[str]()
    for _ in range(5):
        page = await history.page(http, several, cursor)
        found += [one.remote_id for one in page.posts]
        cursor = page.cursor
        if not cursor:
            break
    assert not cursor and sorted(found) == sorted(made)


async def test_what_the_relay_keeps_is_signed_and_whole(harness: HARNESS, http: Http) -> None:
    account = await harness.account()
    image = picture("image/png", "A loaf")
    sent = delivery(Segment("With #bread", (image,)), options={"content_warning": "Crumbs"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    stored = next(frame[2] for frame in await asked(harness.relay, {"ids": [receipt.remote_id]}) if frame[0] == "EVENT")
    assert valid(stored) and ["content-warning", "Crumbs"] in stored["tags"] and ["t", "bread"] in stored["tags"]
    assert harness.gate.blobs[image.sha256] == await image.load()


async def test_a_removed_note_does_not_come_back_by_a_repeat(harness: HARNESS, http: Http) -> None:
    account, sent = await harness.account(), delivery("Gone for good")
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    await PUBLISHER.remove(http, account, receipt)
    assert (await PUBLISHER.find(http, account, sent, 0, ())).presence is Presence.ABSENT


async def test_a_media_server_that_changes_files_is_refused(harness: HARNESS, http: Http) -> None:
    account, image = await harness.account(), picture("image/png", "")
    harness.gate.changes_files = True
    with pytest.raises(Refused) as caught:
        await PUBLISHER.publish(http, account, delivery(Segment("Changed", (image,))), 0, ())
    assert caught.value.field == "attachments" and not await harness.posts(account)


async def test_files_need_a_media_server(harness: HARNESS, http: Http) -> None:
    form, answers = harness.platform.connecting.form, dict(harness.good()) | {"media_server": ""}
    assert form is not None
    profile = await form.connect(http, answers)
    assert harness.platform.capabilities.narrowed(profile.limits).max_attachments == 0
    account = replace(await harness.account(), limits=profile.limits)
    with pytest.raises(Refused) as caught:
        await PUBLISHER.publish(http, account, delivery(Segment("A file", (picture("image/png", ""),))), 0, ())
    assert caught.value.field == "attachments"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("blocked: not on the list", NeedsReconnect),
        ("auth-required: we only take notes from members", NeedsReconnect),
        ("restricted: no", NeedsReconnect),
        ("rate-limited: slow down", TryAgain),
        ("error: disk full", OutcomeUnknown),
        ("pow: difficulty 25 is less than 30", Refused),
        ("invalid: created_at too old", Refused),
        ("", Refused),
    ],
)
def test_relays_words(said: str, kind: type[ConnectorError]) -> None:
    error = refusal(said)
    assert type(error) is kind and error.message
