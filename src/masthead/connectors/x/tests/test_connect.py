"""Sign-in: what is asked of X, tokens that are used once, what is given back, whose account it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from masthead.connectors.tests.kit import Remembering
from masthead.connectors.x.operations import SCOPES
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Profile

BACK = "http://127.0.0.1:1/connect/callback/x/"


async def test_whose_account_it_is(harness: XHarness, http: Http) -> None:
    way = harness.platform.connecting.redirect
    assert way
    sent = await way.start(http, harness.redirect_answers(), redirect_uri=BACK, client=harness.client())
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.url).query).items()}
    assert asked["scope"].split() == list(SCOPES)
    assert asked["code_challenge_method"] == "S256"
    query = await harness.visit(sent, allow=True)
    profile = await way.finish(http, sent.keep, query, redirect_uri=BACK, client=harness.client())
    assert isinstance(profile, Profile)
    assert profile.handle == f"@{harness.double.memory.people[profile.remote_id].name}"
    assert profile.url.endswith(profile.handle[1:])
    assert profile.limits == {"plan": "ppu"}
    assert profile.expires_at and timedelta(hours=1) < profile.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert {"client_id", "client_secret", "access_token", "refresh_token", "plan"} == set(profile.secrets)


async def test_without_a_developer_app(harness: XHarness, http: Http) -> None:
    way = harness.platform.connecting.redirect
    assert way
    with pytest.raises(Refused) as caught:
        await way.start(http, {}, redirect_uri=BACK, client=harness.client())
    assert caught.value.field == "client_id"


async def test_a_wrong_app_secret_is_explained(harness: XHarness, http: Http) -> None:
    way = harness.platform.connecting.redirect
    assert way
    answers = dict(harness.redirect_answers()) | {"client_secret": "wrong"}
    sent = await way.start(http, answers, redirect_uri=BACK, client=harness.client())
    query = await harness.visit(sent, allow=True)
    with pytest.raises(Refused) as caught:
        await way.finish(http, sent.keep, query, redirect_uri=BACK, client=harness.client())
    assert "app" in caught.value.remedy


async def test_a_refresh_token_is_used_once(harness: XHarness, http: Http, account: Account) -> None:
    connecting = harness.platform.connecting
    fresh = await connecting.refresh(http, account)
    assert fresh
    assert fresh.secrets["refresh_token"] != account.secrets["refresh_token"]
    with pytest.raises(NeedsReconnect):
        await connecting.refresh(http, account)
    again = await connecting.refresh(http, replace(account, secrets=fresh.secrets))
    assert again and again.secrets["plan"] == "ppu"


async def test_tokens_run_out(harness: XHarness, http: Http, account: Account, double: XDouble) -> None:
    double.memory.clock.advance(7201)
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.verify(http, account)
    fresh = await harness.platform.connecting.refresh(http, account)
    assert fresh
    await harness.platform.connecting.verify(http, replace(account, secrets=fresh.secrets))


async def test_an_account_without_a_refresh_token(harness: XHarness, http: Http, account: Account) -> None:
    bare = replace(account, secrets={"access_token": account.secrets["access_token"]})
    assert await harness.platform.connecting.refresh(http, bare) is None


async def test_tokens_are_given_back(
    harness: XHarness, http: Http, account: Account, double: XDouble, meter: Remembering
) -> None:
    await harness.platform.connecting.revoke(http, account)
    assert account.secrets["access_token"] not in double.memory.access
    assert account.secrets["refresh_token"] not in double.memory.refresh
    assert [call.operation for call in meter.calls] == ["revoke_token", "revoke_token"]
    await harness.platform.connecting.revoke(http, replace(account, secrets={**account.secrets, "client_secret": "no"}))
