"""One test for every connector: what the contract promises holds on each of them, against a real HTTP server."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest

from masthead.connectors.tests.harness import Harness, Stored, Trouble
from masthead.connectors.tests.kit import (
    Remembering,
    everything_said,
    parcel,
    picture,
    publish_all,
    shown,
)
from masthead.contract.capabilities import LookUp
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain
from masthead.contract.foresight import planned
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account, MediaKind, Presence, Segment

CALL_BACK = "/connect/callback/{key}/"
LOST = (Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT)


async def mine(harness: Harness, account: Account, text: str) -> Sequence[Stored]:
    return [post for post in await harness.posts(account) if text in post.text]


def needs(harness: Harness, trouble: Trouble) -> None:
    if trouble not in harness.troubles:
        pytest.skip(f"the {harness.platform.name} server of this test cannot be made to: {trouble}")


def sought(platform: Platform, presence: Presence) -> Presence:
    """What a look-up answers: where only a person can look, always that it cannot tell; where not all is shown, of what is absent."""
    hidden = {LookUp.PERSON, LookUp.PUBLIC_POSTS} if presence is Presence.ABSENT else {LookUp.PERSON}
    return Presence.CANNOT_TELL if platform.capabilities.look_up in hidden else presence


# Connecting


async def test_good_answers_connect(harness: Harness, platform: Platform, http: Http) -> None:
    answers = harness.good()
    if platform.connecting.form is None or answers is None:
        pytest.skip(f"{platform.name} has no form sign-in")
    profile = await platform.connecting.form.connect(http, answers)
    assert profile.remote_id
    assert profile.handle
    assert profile.server.startswith("http")
    found = Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    assert (await platform.connecting.verify(http, found)).remote_id == profile.remote_id


async def test_bad_answers_name_the_field_and_the_remedy(harness: Harness, platform: Platform, http: Http) -> None:
    if platform.connecting.form is None:
        pytest.skip(f"{platform.name} has no form sign-in")
    names = {field.name for field in platform.connecting.form.fields}
    for bad in harness.bad():
        with pytest.raises((Refused, NeedsReconnect)) as caught:
            await platform.connecting.form.connect(http, bad.answers)
        assert caught.value.field == bad.field, bad.what
        assert bad.field in names
        assert all((caught.value.message, caught.value.remedy)), bad.what


async def test_a_redirect_signs_in(harness: Harness, platform: Platform, http: Http) -> None:
    way, answers, client = platform.connecting.redirect, harness.redirect_answers(), harness.client()
    if way is None or answers is None:
        pytest.skip(f"the {platform.name} server of this test has no sign-in page")
    back = client.public_url + CALL_BACK.format(key=platform.key)
    sent = await way.start(http, answers, redirect_uri=back, client=client)
    assert sent.state in sent.url or "request_uri=" in sent.url
    query = await harness.visit(sent, allow=True)
    assert query["state"] == sent.state
    offered = await way.finish(http, sent.keep, query, redirect_uri=back, client=client)
    profile = offered[0] if isinstance(offered, tuple) else offered
    found = Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    sent_post = parcel(harness, "Signed in with a redirect")
    assert (await publish_all(platform, http, found, sent_post))[0].remote_id
    await platform.connecting.revoke(http, found)


async def test_a_denied_redirect_is_refused(harness: Harness, platform: Platform, http: Http) -> None:
    way, answers, client = platform.connecting.redirect, harness.redirect_answers(), harness.client()
    if way is None or answers is None:
        pytest.skip(f"the {platform.name} server of this test has no sign-in page")
    back = client.public_url + CALL_BACK.format(key=platform.key)
    sent = await way.start(http, answers, redirect_uri=back, client=client)
    query = await harness.visit(sent, allow=False)
    with pytest.raises((Refused, NeedsReconnect)) as caught:
        await way.finish(http, sent.keep, query, redirect_uri=back, client=client)
    assert caught.value.remedy


async def test_refreshed_secrets_work(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    fresh = await platform.connecting.refresh(http, account)
    if fresh is None:
        assert (await platform.connecting.verify(http, account)).remote_id == account.remote_id
        return
    again = replace(account, secrets=fresh.secrets)
    assert (await platform.connecting.verify(http, again)).remote_id == account.remote_id
    assert fresh.expires_at is None or fresh.expires_at > datetime.now(UTC)


async def test_dead_secrets_ask_for_a_reconnect(harness: Harness, platform: Platform, http: Http) -> None:
    dead = await harness.dead_account()
    with pytest.raises(NeedsReconnect):
        await platform.connecting.verify(http, dead)
    with pytest.raises(NeedsReconnect) as caught:
        await platform.publisher.publish(http, dead, parcel(harness, "From a dead channel"), 0, ())
    assert caught.value.remedy


async def test_a_dead_refresh_asks_for_a_reconnect(harness: Harness, platform: Platform, http: Http) -> None:
    dead = await harness.dead_account()
    error: ConnectorError | None = None
    try:
        fresh = await platform.connecting.refresh(http, dead)
    except NeedsReconnect as caught:
        fresh, error = None, caught
    assert fresh is None
    assert not isinstance(error, TokenExpired)


async def test_a_server_that_is_away_disconnects_nobody(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    if not platform.many_servers:
        pytest.skip(f"{platform.name} has one fixed server")
    away = replace(account, server="http://127.0.0.1:9")
    with pytest.raises(TryAgain):
        await platform.publisher.publish(http, away, parcel(harness, "To nobody"), 0, ())


# Publishing


async def test_text(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    sent = parcel(harness, "Plain text, an umlaut ü and an emoji 👩‍🚀")
    receipt = (await publish_all(platform, http, account, sent))[0]
    stored = await mine(harness, account, "an umlaut ü")
    assert len(stored) == 1
    assert "👩‍🚀" in stored[0].text
    assert receipt.url.startswith("http")


async def test_an_image_with_its_description(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    if not harness.media_type:
        pytest.skip(f"the {platform.name} server of this test takes no pictures")
    image = picture(harness.media_type, "A small brown rectangle")
    receipt = (await publish_all(platform, http, account, parcel(harness, Segment("With a picture", (image,)))))[0]
    for _ in range(40):
        if not receipt.processing:
            break
        await asyncio.sleep(0.25)
        receipt = await platform.publisher.settle(http, account, receipt)
    assert not receipt.processing
    rule = platform.capabilities.media_rule(MediaKind.IMAGE)
    told = "A small brown rectangle" if rule and rule.alt_limit else ""
    assert [post.alts for post in await mine(harness, account, "With a picture")] == [(told,)]


async def test_a_thread_hangs_together(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    if platform.capabilities.threads.max_segments < 3:
        pytest.skip(f"{platform.name} has no threads")
    receipts = await publish_all(platform, http, account, parcel(harness, "Thread one", "Thread two", "Thread three"))
    stored = {
        post.text: post for text in ("one", "two", "three") for post in await mine(harness, account, f"Thread {text}")
    }
    assert len(stored) == 3
    assert [post.reply_to for post in stored.values()] == ["", *[post.remote_id for post in stored.values()][:2]]
    assert len({receipt.remote_id for receipt in receipts}) == 3


async def test_the_same_request_again_posts_once(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    sent = parcel(harness, "The same request again")
    first = (await publish_all(platform, http, account, sent))[0]
    found = await platform.publisher.find(http, account, sent, 0, ())
    assert found.presence is sought(platform, Presence.FOUND)
    assert (found.receipt.remote_id if found.receipt else first.remote_id) == first.remote_id
    if not getattr(harness, "keyed", True):
        return
    second = await platform.publisher.publish(http, account, sent, 0, ())
    assert second.remote_id == first.remote_id
    assert len(await mine(harness, account, "The same request again")) == 1


async def test_remove_and_remove_again(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    if not platform.capabilities.remove:
        pytest.skip(f"{platform.name} cannot remove")
    receipt = (await publish_all(platform, http, account, parcel(harness, "Soon removed")))[0]
    await platform.publisher.remove(http, account, receipt)
    assert not await mine(harness, account, "Soon removed")
    await platform.publisher.remove(http, account, receipt)


async def test_edit(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    if not platform.capabilities.edit:
        pytest.skip(f"{platform.name} cannot edit")
    sent = parcel(harness, "Before the edit")
    receipts = await publish_all(platform, http, account, sent)
    changed = replace(sent, segments=(replace(sent.segments[0], text="After the edit"),))
    receipt = await platform.publisher.edit(http, account, changed, 0, receipts)
    assert receipt.remote_id == receipts[0].remote_id
    assert len(await mine(harness, account, "After the edit")) == 1
    assert not await mine(harness, account, "Before the edit")


# Looking up


async def test_a_post_never_sent_is_absent(harness: Harness, platform: Platform, http: Http, account: Account) -> None:
    await publish_all(platform, http, account, parcel(harness, "Something else"))
    found = await platform.publisher.find(http, account, parcel(harness, "Never sent"), 0, ())
    assert found.presence is sought(platform, Presence.ABSENT)
    assert found.receipt is None
    assert found.evidence.endswith(".")


@pytest.mark.faults
@pytest.mark.parametrize("trouble", LOST)
async def test_a_lost_answer_is_found(
    harness: Harness, platform: Platform, http: Http, account: Account, trouble: Trouble
) -> None:
    needs(harness, trouble)
    sent = parcel(harness, f"Lost: {trouble}")
    harness.trouble(trouble)
    with pytest.raises(OutcomeUnknown):
        await platform.publisher.publish(http, account, sent, 0, ())
    found = await platform.publisher.find(http, account, sent, 0, ())
    assert found.presence is sought(platform, Presence.FOUND)
    stored = await mine(harness, account, f"Lost: {trouble}")
    assert len(stored) == 1
    assert bool(found.receipt) == (found.presence is Presence.FOUND)
    assert (found.receipt.remote_id if found.receipt else stored[0].remote_id) == stored[0].remote_id


@pytest.mark.faults
async def test_a_lost_answer_amid_a_thread_is_found(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    needs(harness, Trouble.CLOSE_AFTER)
    if platform.capabilities.threads.max_segments < 2:
        pytest.skip(f"{platform.name} has no threads")
    sent = parcel(harness, "Amid, first", "Amid, second")
    first = await platform.publisher.publish(http, account, sent, 0, ())
    harness.trouble(Trouble.CLOSE_AFTER)
    with pytest.raises(OutcomeUnknown):
        await platform.publisher.publish(http, account, sent, 1, (first,))
    found = await platform.publisher.find(http, account, sent, 1, (first,))
    assert found.presence is sought(platform, Presence.FOUND)
    assert [post.reply_to for post in await mine(harness, account, "Amid, second")] == [
        post.remote_id for post in await mine(harness, account, "Amid, first")
    ]


@pytest.mark.faults
async def test_a_failure_before_storing_is_absent(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    needs(harness, Trouble.FAIL_BEFORE)
    sent = parcel(harness, "Failed before storing")
    harness.trouble(Trouble.FAIL_BEFORE)
    with pytest.raises(OutcomeUnknown):
        await platform.publisher.publish(http, account, sent, 0, ())
    found = await platform.publisher.find(http, account, sent, 0, ())
    assert found.presence is sought(platform, Presence.ABSENT)
    await platform.publisher.publish(http, account, sent, 0, ())
    assert len(await mine(harness, account, "Failed before storing")) == 1


# Errors


@pytest.mark.faults
async def test_a_rate_limit_silences_the_channel(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    needs(harness, Trouble.LIMITED)
    harness.trouble(Trouble.LIMITED)
    with pytest.raises(TryAgain) as caught:
        await platform.publisher.publish(http, account, parcel(harness, "Too fast"), 0, ())
    assert caught.value.whole_channel
    assert 100 <= caught.value.after <= 130
    assert not await mine(harness, account, "Too fast")


@pytest.mark.faults
async def test_an_expired_token_asks_for_a_refresh(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    needs(harness, Trouble.TOKEN_EXPIRED)
    harness.trouble(Trouble.TOKEN_EXPIRED)
    sent = parcel(harness, "With an expired token")
    with pytest.raises(TokenExpired):
        await platform.publisher.publish(http, account, sent, 0, ())
    fresh = await platform.connecting.refresh(http, account)
    harness.reset()
    again = replace(account, secrets=fresh.secrets) if fresh else account
    await platform.publisher.publish(http, again, sent, 0, ())
    assert len(await mine(harness, account, "With an expired token")) == 1


@pytest.mark.faults
async def test_refused_content_names_the_author(
    harness: Harness, platform: Platform, http: Http, account: Account
) -> None:
    needs(harness, Trouble.REFUSED)
    harness.trouble(Trouble.REFUSED)
    with pytest.raises(Refused) as caught:
        await platform.publisher.publish(http, account, parcel(harness, "Not wanted"), 0, ())
    assert all((caught.value.message, caught.value.remedy))
    assert not await mine(harness, account, "Not wanted")


async def test_secrets_are_never_seen(
    harness: Harness,
    platform: Platform,
    http: Http,
    account: Account,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    real = aiohttp.ClientTimeout  # shortened, or a platform that hangs is waited for as long as in earnest
    monkeypatch.setattr(aiohttp, "ClientTimeout", lambda **told: real(**told | {"total": 3}))
    said = [shown(account)]
    for trouble in sorted(harness.troubles):
        harness.reset()
        harness.trouble(trouble)
        try:
            await platform.publisher.publish(http, account, parcel(harness, f"Whisper {trouble}"), 0, ())
        except ConnectorError as error:
            said.append(everything_said(error))
    said.append(repr(await platform.connecting.refresh(http, account)))
    said += [record.getMessage() for record in caplog.records]
    for secret in harness.secrets(account):
        assert secret, "the harness names an empty secret"
        assert not [text for text in said if secret in text]


# Counting and data


async def test_calls_are_metered(
    harness: Harness, platform: Platform, http: Http, account: Account, meter: Remembering
) -> None:
    await publish_all(platform, http, account, parcel(harness, "Metered"))
    assert meter.calls
    for call in meter.calls:
        assert (call.platform, call.workspace_id, call.channel_id) == (platform.key, 3, 7)
        assert call.operation in platform.operations
        assert call.seconds > 0
    assert any(platform.operations[call.operation].creates and not call.error for call in meter.calls)


async def test_what_was_foreseen_is_what_is_called(
    harness: Harness, platform: Platform, http: Http, account: Account, meter: Remembering
) -> None:
    """Of the calls that have a price: all of them, as often as was said."""
    if platform.foresee is None:
        pytest.skip(f"{platform.name} foresees nothing, because nothing there has a price")
    image = picture(harness.media_type, "A small brown rectangle")
    sent = parcel(harness, Segment("See https://example.org/menu", (image,)), "Thread two https://example.org", "Three")
    foreseen = Counter[str]()
    for one in platform.foresee(planned(sent), account.limits):
        foreseen[one.operation.name] += one.units if one.operation.price_key else 0
    await publish_all(platform, http, account, sent)
    assert Counter(call.operation for call in meter.calls if call.price_key) == foreseen
