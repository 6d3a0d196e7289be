"""Several Pages behind one sign-in, permissions that were not given, and the Page's token renewed by way of the person's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.connectors.meta.facebook.operations import SCOPES
from masthead.connectors.meta.facebook.tests.harness import FacebookHarness
from masthead.connectors.meta.tests.memory import LONG
from masthead.contract.authorization_code import Tokens
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account


def tokens_of(harness: FacebookHarness, user: str, scopes: tuple[str, ...] = SCOPES) -> Tokens:
    value = harness.double.memory.token(user, harness.app["client_id"], "user", scopes, LONG)
    return Tokens({**harness.app, "access_token": value}, None, {})


async def test_each_page_one_may_post_on_is_a_profile(harness: FacebookHarness, http: Http) -> None:
    memory = harness.double.memory
    user = harness.person()
    second, looks_only = memory.owner("page", user), memory.owner("page", user)
    looks_only.tasks = ("ANALYZE",)
    found = await harness.platform.connecting.who(http, tokens_of(harness, user))  # type: ignore[attr-defined]
    assert len(found) == 2 and second.id in {one.remote_id for one in found}
    assert len({one.secrets["access_token"] for one in found}) == 2
    assert all(memory.tokens[one.secrets["access_token"]].ends is None for one in found)


async def test_without_a_page_or_a_permission_the_sign_in_says_so(harness: FacebookHarness, http: Http) -> None:
    who = harness.platform.connecting.who  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="no Page"):
        await who(http, tokens_of(harness, "nobody"))
    with pytest.raises(Refused, match="pages_manage_posts") as caught:
        await who(http, tokens_of(harness, harness.person(), ("pages_show_list",)))
    assert "allow" in caught.value.remedy


async def test_a_renewed_token_is_another_one_and_works(harness: FacebookHarness, http: Http, account: Account) -> None:
    fresh = await harness.platform.connecting.refresh(http, account)
    assert fresh and fresh.secrets["access_token"] != account.secrets["access_token"]
    assert fresh.secrets["page_id"] == account.secrets["page_id"]
    profile = await harness.platform.connecting.verify(http, replace(account, secrets=fresh.secrets))
    assert profile.remote_id == account.remote_id and profile.expires_at is None


async def test_a_permission_taken_back_asks_for_a_reconnect(
    harness: FacebookHarness, http: Http, account: Account
) -> None:
    harness.double.memory.tokens[account.secrets["access_token"]].scopes = ("pages_show_list",)
    with pytest.raises(NeedsReconnect, match="pages_manage_posts"):
        await harness.platform.connecting.verify(http, account)


async def test_disconnecting_one_page_leaves_the_others(harness: FacebookHarness, http: Http, account: Account) -> None:
    await harness.platform.connecting.revoke(http, account)
    assert (await harness.platform.connecting.verify(http, account)).remote_id == account.remote_id
