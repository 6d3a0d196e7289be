"""What the contract promises of an inbox holds for every connector that has one, against its running server."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors import PLATFORMS
from masthead.connectors.tests.harness import InboxHarness, Stored, Trouble
from masthead.connectors.tests.kit import Remembering, everything_said, package_of, parcel, publish_all
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.inbox import InboxPart, InboxRules, Kind, Message, Reply
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Presence

LOST = (Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT)
SMALL = 5


@pytest.fixture(scope="module", params=sorted(key for key, one in PLATFORMS.items() if one.inbox))
def running(request: pytest.FixtureRequest) -> Iterator[InboxHarness]:
    """The platforms that have an inbox, in the place of all."""
    module = importlib.import_module(f"{package_of(PLATFORMS[request.param])}.tests.harness")
    if reason := getattr(module.HARNESS, "no_inbox", ""):
        pytest.skip(f"the {PLATFORMS[request.param].name} server of this test shows no messages: {reason}")
    harness = module.HARNESS()
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def part(platform: Platform) -> InboxPart:
    """The inbox part with pages as small as it lets us make them."""
    assert platform.inbox
    return replace(platform.inbox, page_size=SMALL)  # type: ignore[type-var]


@pytest.fixture
def rules(part: InboxPart, platform: Platform, account: Account) -> InboxRules:
    return part.rules.narrowed(platform.capabilities.told(account.limits))


class Reading:
    """A stream with the cursor that is kept between two readings."""

    def __init__(self, part: InboxPart, http: Http, account: Account, kind: Kind) -> None:
        self.part, self.http, self.account, self.cursor = part, http, account, ""
        self.stream = next(one for one in part.rules.streams if kind in one.kinds)

    async def new(self) -> list[Message]:
        """All that came since the last reading, each once."""
        found: dict[str, Message] = {}
        for _ in range(20):
            page = await self.part.page(self.http, self.account, self.stream.name, self.cursor)
            self.cursor = page.cursor
            assert len(page.messages) <= self.stream.page_size, "a page is bounded"
            assert [one.sent_at for one in page.messages] == sorted(one.sent_at for one in page.messages)
            found |= {one.remote_id: one for one in page.messages}
            if not page.more:
                return list(found.values())
        raise AssertionError("the reading does not end")


class Scene:
    """An account that somebody writes to."""

    def __init__(
        self,
        harness: InboxHarness,
        part: InboxPart,
        rules: InboxRules,
        http: Http,
        account: Account,
        platform: Platform,
    ) -> None:
        self.harness, self.part, self.rules, self.http, self.account = harness, part, rules, http, account
        self.platform = platform

    async def written(self, kind: Kind, text: str) -> str:
        """Somebody writes in this way; the message's id."""
        about = ""
        if kind is Kind.COMMENT:
            sent = parcel(self.harness, f"Something to talk about {secrets.token_hex(3)}")
            about = (await publish_all(self.platform, self.http, self.account, sent))[0].remote_id
        return await self.harness.receive(self.account, kind, text, about)

    async def message(self, kind: Kind, text: str) -> Message:
        """A message of a kind, as it is read."""
        remote_id = await self.written(kind, text)
        found = await Reading(self.part, self.http, self.account, kind).new()
        return next(one for one in found if one.remote_id == remote_id)

    async def reply(self, kind: Kind, text: str) -> Reply:
        """A reply to a fresh message."""
        if self.rules.answering(kind) is None:
            pytest.skip(f"{self.platform.name} does not answer by {kind}")
        to = await self.message(kind, f"To be answered {secrets.token_hex(3)}")
        return Reply(secrets.token_hex(16), to, text, datetime.now(UTC).replace(microsecond=0), language="en")

    async def sent(self, kind: Kind, text: str) -> Sequence[Stored]:
        """What lies on the platform of a reply."""
        return [one for one in await self.harness.told(self.account, kind) if text in one.text]


@pytest.fixture
def scene(
    harness: InboxHarness, part: InboxPart, rules: InboxRules, http: Http, account: Account, platform: Platform
) -> Scene:
    return Scene(harness, part, rules, http, account, platform)


def needs(harness: InboxHarness, trouble: Trouble) -> None:
    if trouble not in harness.troubles:
        pytest.skip(f"the {harness.platform.name} server of this test cannot be made to: {trouble}")


def offered(scene: Scene, kind: Kind) -> None:
    if kind not in scene.rules.kinds:
        pytest.skip(f"{scene.platform.name} reads no {kind}")


def test_rules_are_sourced_and_hang_together(part: InboxPart) -> None:
    names = [one.name for one in part.rules.streams]
    kinds = [one.kind for one in part.rules.answers]
    assert names and len(set(names)) == len(names)
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= set(part.rules.kinds), "what is not read cannot be answered"
    for one in (*part.rules.streams, *part.rules.answers):
        assert one.source.url.startswith("http")
        assert one.source.checked_on <= datetime.now(UTC).date()


# Reading


@pytest.mark.parametrize("kind", Kind)
async def test_a_message_is_read(scene: Scene, kind: Kind) -> None:
    offered(scene, kind)
    message = await scene.message(kind, "A question for you")
    assert message.kind is kind
    assert "A question for you" in message.text
    assert message.author.remote_id not in ("", scene.account.remote_id)
    assert message.author.handle
    assert message.conversation.remote_id
    assert message.conversation.private is (kind is Kind.DIRECT)
    assert abs(message.sent_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert message.raw and not message.own
    assert message.url.startswith("http") or kind is Kind.DIRECT
    assert bool(message.reply_to) or kind is not Kind.COMMENT
    assert message.summons or kind is Kind.COMMENT
    assert scene.rules.objection(message, datetime.now(UTC)) is None or scene.rules.answering(kind) is None


@pytest.mark.parametrize("kind", Kind)
async def test_what_came_since_is_read_whole(scene: Scene, kind: Kind) -> None:
    offered(scene, kind)
    reading = Reading(scene.part, scene.http, scene.account, kind)
    assert not [one for one in await reading.new() if not one.own]
    for size in (2 * SMALL + 2, 2, SMALL + 1):
        written = [await scene.written(kind, f"Number {number}") for number in range(size)]
        assert {one.remote_id for one in await reading.new() if not one.own} >= set(written)
    assert not {one.remote_id for one in await reading.new() if not one.own} - set(written)


@pytest.mark.parametrize("kind", Kind)
async def test_a_dead_account_reads_nothing(scene: Scene, harness: InboxHarness, kind: Kind) -> None:
    offered(scene, kind)
    dead = await harness.dead_account()
    with pytest.raises(NeedsReconnect):
        await Reading(scene.part, scene.http, dead, kind).new()


# Replying


@pytest.mark.parametrize("kind", Kind)
async def test_a_reply_arrives_where_it_belongs(scene: Scene, kind: Kind) -> None:
    reply = await scene.reply(kind, "Here is your answer")
    receipt = await scene.part.reply(scene.http, scene.account, reply)
    stored = await scene.sent(kind, "Here is your answer")
    assert [one.remote_id for one in stored] == [receipt.remote_id]
    assert stored[0].reply_to == reply.to.remote_id or kind is Kind.DIRECT
    assert receipt.url.startswith("http") or kind is Kind.DIRECT


@pytest.mark.parametrize("kind", Kind)
async def test_the_same_reply_again_is_found_and_sent_once(scene: Scene, harness: InboxHarness, kind: Kind) -> None:
    reply = await scene.reply(kind, "Said once")
    receipt = await scene.part.reply(scene.http, scene.account, reply)
    found = await scene.part.find(scene.http, scene.account, reply)
    assert found.presence is Presence.FOUND, found.evidence
    assert found.receipt and found.receipt.remote_id == receipt.remote_id
    if getattr(harness, "keyed", True):
        assert (await scene.part.reply(scene.http, scene.account, reply)).remote_id == receipt.remote_id
    assert len(await scene.sent(kind, "Said once")) == 1


@pytest.mark.parametrize("kind", Kind)
async def test_a_reply_never_sent_is_absent(scene: Scene, kind: Kind) -> None:
    await scene.part.reply(scene.http, scene.account, await scene.reply(kind, "Another answer"))
    found = await scene.part.find(scene.http, scene.account, await scene.reply(kind, "Never said"))
    assert found.presence is Presence.ABSENT
    assert found.evidence.endswith(".")


@pytest.mark.parametrize("kind", Kind)
async def test_twins_are_not_taken_for_each_other(scene: Scene, kind: Kind) -> None:
    reply = await scene.reply(kind, "Thank you!")
    receipt = await scene.part.reply(scene.http, scene.account, reply)
    twin = replace(reply, key=secrets.token_hex(16), known=frozenset({receipt.remote_id}))
    found = await scene.part.find(scene.http, scene.account, twin)
    assert found.presence is not Presence.FOUND


async def test_a_public_message_is_answered_in_private(scene: Scene) -> None:
    rule = scene.rules.answering(Kind.DIRECT)
    if rule is None or not rule.begins:
        pytest.skip(f"{scene.platform.name} begins no private talk")
    reply = replace(await scene.reply(Kind.MENTION, "Between you and me"), private=True)
    receipt = await scene.part.reply(scene.http, scene.account, reply)
    assert [one.remote_id for one in await scene.sent(Kind.DIRECT, "Between you and me")] == [receipt.remote_id]
    assert (await scene.part.find(scene.http, scene.account, reply)).presence is Presence.FOUND


@pytest.mark.faults
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("trouble", LOST)
async def test_a_lost_reply_is_found(scene: Scene, harness: InboxHarness, kind: Kind, trouble: Trouble) -> None:
    needs(harness, trouble)
    reply = await scene.reply(kind, f"Lost: {trouble}")
    harness.trouble(trouble)
    with pytest.raises(OutcomeUnknown):
        await scene.part.reply(scene.http, scene.account, reply)
    found = await scene.part.find(scene.http, scene.account, reply)
    stored = await scene.sent(kind, f"Lost: {trouble}")
    assert found.presence is Presence.FOUND, found.evidence
    assert found.receipt and [one.remote_id for one in stored] == [found.receipt.remote_id]


@pytest.mark.faults
@pytest.mark.parametrize("kind", Kind)
async def test_a_failure_before_storing_is_absent(scene: Scene, harness: InboxHarness, kind: Kind) -> None:
    needs(harness, Trouble.FAIL_BEFORE)
    reply = await scene.reply(kind, "Failed before storing")
    harness.trouble(Trouble.FAIL_BEFORE)
    with pytest.raises(OutcomeUnknown):
        await scene.part.reply(scene.http, scene.account, reply)
    assert (await scene.part.find(scene.http, scene.account, reply)).presence is Presence.ABSENT
    await scene.part.reply(scene.http, scene.account, reply)
    assert len(await scene.sent(kind, "Failed before storing")) == 1


@pytest.mark.faults
@pytest.mark.parametrize("kind", Kind)
async def test_a_limit_and_a_refusal_send_nothing(scene: Scene, harness: InboxHarness, kind: Kind) -> None:
    needs(harness, Trouble.LIMITED)
    reply = await scene.reply(kind, "Not now")
    harness.trouble(Trouble.LIMITED)
    with pytest.raises(TryAgain) as limited:
        await scene.part.reply(scene.http, scene.account, reply)
    assert limited.value.whole_channel and 100 <= limited.value.after <= 130
    needs(harness, Trouble.REFUSED)
    harness.trouble(Trouble.REFUSED)
    with pytest.raises(Refused) as refused:
        await scene.part.reply(scene.http, scene.account, reply)
    assert all((refused.value.message, refused.value.remedy))
    assert not await scene.sent(kind, "Not now")


@pytest.mark.faults
async def test_secrets_are_never_seen(scene: Scene, harness: InboxHarness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    said = []
    kind = next(one for one in scene.rules.kinds if scene.rules.answering(one))
    for trouble in sorted(harness.troubles - {Trouble.HANG_AFTER, Trouble.HELD}):
        reply = await scene.reply(kind, f"Whisper {trouble}")
        said.append(repr(reply))
        harness.trouble(trouble)
        try:
            await scene.part.reply(scene.http, scene.account, reply)
        except ConnectorError as error:
            said.append(everything_said(error))
        harness.reset()
    said += [record.getMessage() for record in caplog.records]
    for secret in harness.secrets(scene.account):
        assert not [text for text in said if secret in text]


async def test_readings_are_metered(scene: Scene, meter: Remembering) -> None:
    kind = scene.rules.kinds[0]
    await Reading(scene.part, scene.http, scene.account, kind).new()
    assert meter.calls
    for call in meter.calls:
        assert (call.platform, call.workspace_id, call.channel_id) == (scene.platform.key, 3, 7)
        assert not scene.platform.operations[call.operation].creates
