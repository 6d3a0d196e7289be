"""What the contract promises of signing in to an ad platform, and of its errors."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.tests import ads_kit as kit
from masthead.connectors.tests.ads_harness import AdsHarness
from masthead.connectors.tests.ads_kit import budget_of, needs
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.kit import Remembering, everything_said, shown
from masthead.contract.ads import AdsPart, Order, pieces
from masthead.contract.ads_rules import Kind
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account

CALL_BACK = "/connect/callback/{key}/"


async def test_good_answers_connect(harness: AdsHarness, platform: Platform, http: Http) -> None:
    answers = harness.good()
    if platform.connecting.form is None or answers is None:
        pytest.skip(f"{platform.name} has no form sign-in")
    profile = await platform.connecting.form.connect(http, answers)
    assert profile.remote_id and profile.handle and profile.server.startswith("http")
    assert profile.limits["currency"] and profile.limits["time_zone"]
    found = Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    assert (await platform.connecting.verify(http, found)).remote_id == profile.remote_id


async def test_bad_answers_name_the_field_and_the_remedy(harness: AdsHarness, platform: Platform, http: Http) -> None:
    if platform.connecting.form is None:
        pytest.skip(f"{platform.name} has no form sign-in")
    for bad in harness.bad():
        with pytest.raises((Refused, NeedsReconnect)) as caught:
            await platform.connecting.form.connect(http, bad.answers)
        assert caught.value.field == bad.field, bad.what
        assert all((caught.value.message, caught.value.remedy)), bad.what


async def test_a_redirect_gives_the_ad_accounts(harness: AdsHarness, platform: Platform, http: Http) -> None:
    way, answers, client = platform.connecting.redirect, harness.redirect_answers(), harness.client()
    if way is None or answers is None:
        pytest.skip(f"the {platform.name} server of this test has no sign-in page")
    back = client.public_url + CALL_BACK.format(key=platform.key)
    sent = await way.start(http, answers, redirect_uri=back, client=client)
    query = await harness.visit(sent, allow=True)
    assert query["state"] == sent.state
    offered = await way.finish(http, sent.keep, query, redirect_uri=back, client=client)
    for profile in offered if isinstance(offered, tuple) else (offered,):
        assert profile.limits["currency"] and profile.limits["time_zone"]
        found = Account(7, 3, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
        assert (await platform.connecting.verify(http, found)).remote_id == profile.remote_id
        assert await kit.ads_of(platform).running(http, found) == ()
    denied = await way.start(http, answers, redirect_uri=back, client=client)
    query = await harness.visit(denied, allow=False)
    with pytest.raises((Refused, NeedsReconnect)) as caught:
        await way.finish(http, denied.keep, query, redirect_uri=back, client=client)
    assert caught.value.remedy


async def test_a_dead_token_asks_for_a_reconnect(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http
) -> None:
    dead = await harness.dead_account()
    order = kit.order_for(harness, dead)
    first = pieces(ads.rules, order)[0]
    with pytest.raises(NeedsReconnect):
        await platform.connecting.verify(http, dead)
    with pytest.raises(NeedsReconnect):
        await ads.create(http, dead, order, first, {})
    with pytest.raises(NeedsReconnect):
        await ads.find(http, dead, order, first, {})
    with pytest.raises(NeedsReconnect):
        await ads.running(http, dead)


@pytest.mark.faults
async def test_a_rate_limit_says_when_to_try_again(
    harness: AdsHarness, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    needs(harness, Trouble.LIMITED)
    harness.trouble(Trouble.LIMITED)
    with pytest.raises(TryAgain) as caught:
        await ads.create(http, account, order, pieces(ads.rules, order)[0], {})
    assert caught.value.whole_channel
    assert 100 <= caught.value.after <= 130
    assert not await harness.stored(account)


@pytest.mark.faults
async def test_an_expired_token_asks_for_a_refresh(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    needs(harness, Trouble.TOKEN_EXPIRED)
    harness.trouble(Trouble.TOKEN_EXPIRED)
    first = pieces(ads.rules, order)[0]
    with pytest.raises(TokenExpired):
        await ads.create(http, account, order, first, {})
    fresh = await platform.connecting.refresh(http, account)
    harness.reset()
    again = replace(account, secrets=fresh.secrets) if fresh else account
    assert (await ads.create(http, again, order, first, {})).remote_id
    assert len(await harness.stored(account)) == 1


@pytest.mark.faults
async def test_what_is_refused_names_a_field(
    harness: AdsHarness, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    needs(harness, Trouble.REFUSED)
    harness.trouble(Trouble.REFUSED)
    with pytest.raises(Refused) as caught:
        await ads.create(http, account, order, pieces(ads.rules, order)[0], {})
    assert all((caught.value.message, caught.value.remedy))
    assert not await harness.stored(account)


async def test_secrets_are_never_seen(
    harness: AdsHarness,
    platform: Platform,
    ads: AdsPart,
    http: Http,
    account: Account,
    caplog: pytest.LogCaptureFixture,
    impatient: None,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [shown(account)]
    for trouble in sorted(harness.troubles):
        harness.reset()
        harness.trouble(trouble)
        order = kit.order_for(harness, account)
        try:
            await kit.create(platform, http, account, order)
        except ConnectorError as error:
            said.append(everything_said(error))
    said.append(repr(await platform.connecting.refresh(http, account)))
    said += [record.getMessage() for record in caplog.records]
    for secret in harness.secrets(account):
        assert secret, "the harness names an empty secret"
        assert not [text for text in said if secret in text]


async def test_calls_are_metered_and_listed(
    harness: AdsHarness,
    platform: Platform,
    ads: AdsPart,
    http: Http,
    account: Account,
    order: Order,
    meter: Remembering,
) -> None:
    made = await kit.create(platform, http, account, order)
    created = [call for call in meter.calls if platform.operations[call.operation].creates]
    named = [piece for piece in pieces(ads.rules, order) if piece.kind is not Kind.ASSET]
    assert len(created) >= len(named), "each piece is created by a call that says so"
    await ads.start(http, account, made)
    await ads.set_budget(http, account, made, budget_of(order, order.daily))
    await ads.results(http, account, [made], datetime.now(UTC).date() - timedelta(days=2), datetime.now(UTC).date())
    await ads.end(http, account, made)
    for call in meter.calls:
        assert (call.platform, call.workspace_id, call.channel_id) == (platform.key, 3, 7)
        assert call.operation in platform.operations
        assert call.purpose == "ads"
    assert not [call for call in meter.calls if call.error and call.error != "refused"]
