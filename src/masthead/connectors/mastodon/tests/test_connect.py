"""Sign-in on the double: both ways in, odd servers, and what is kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from masthead.connectors.mastodon import MASTODON
from masthead.connectors.mastodon.connect import OAuthSignIn, TokenForm
from masthead.connectors.mastodon.operations import SCOPES
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.platform import OAuthClient, Redirect
from masthead.contract.values import Account, Profile

BACK = "http://127.0.0.1:1/connect/callback/mastodon/"
CLIENT = OAuthClient("http://127.0.0.1:1", "Masthead", {})


async def start(double: MastodonDouble, http: Http, answers: dict[str, str] | None = None) -> Redirect:
    wanted = {"server": double.url} | (answers or {})
    return await OAuthSignIn().start(http, wanted, redirect_uri=BACK, client=CLIENT)


async def signed_in(double: MastodonDouble, http: Http, sent: Redirect) -> Profile:
    harness = MastodonHarness()
    harness.double = double
    query = await harness.visit(sent, allow=True)
    return await OAuthSignIn().finish(http, sent.keep, query, redirect_uri=BACK, client=CLIENT)


@pytest.mark.parametrize(("pkce", "metadata"), [(True, True), (False, True), (True, False)])
async def test_pkce_is_used_where_offered(http: Http, pkce: bool, metadata: bool) -> None:
    with MastodonDouble(pkce=pkce, metadata=metadata) as double:
        sent = await start(double, http)
        question = parse_qs(urlsplit(sent.url).query)
        assert ("code_challenge" in question) == (pkce and metadata)
        assert question["scope"] == [SCOPES]
        profile = await signed_in(double, http, sent)
        assert profile.handle.endswith("@double.example")
        assert profile.secrets["client_secret"]
        assert "code_verifier" in double.asked("get_token")[0].body or not (pkce and metadata)


async def test_a_registration_is_used_again(double: MastodonDouble, http: Http) -> None:
    first = await signed_in(double, http, await start(double, http))
    kept = {name: first.secrets[name] for name in ("client_id", "client_secret")}
    second = await signed_in(double, http, await start(double, http, kept))
    assert second.secrets["client_id"] == first.secrets["client_id"]
    assert second.secrets["access_token"] != first.secrets["access_token"]
    assert len(double.asked("register_app")) == 1


async def test_a_wrong_verifier_or_code_is_refused(double: MastodonDouble, http: Http) -> None:
    sent = await start(double, http)
    harness = MastodonHarness()
    harness.double = double
    query = await harness.visit(sent, allow=True)
    keep = dict(sent.keep) | {"verifier": "another"}
    with pytest.raises(Refused):
        await OAuthSignIn().finish(http, keep, query, redirect_uri=BACK, client=CLIENT)
    with pytest.raises(Refused):
        await OAuthSignIn().finish(http, sent.keep, {"code": "wrong"}, redirect_uri=BACK, client=CLIENT)


@pytest.mark.parametrize("query", [{}, {"error": "access_denied"}, {"code": "x", "iss": "https://evil.example"}])
async def test_answers_that_are_no_sign_in(double: MastodonDouble, http: Http, query: dict[str, str]) -> None:
    sent = await start(double, http)
    with pytest.raises(Refused) as caught:
        await OAuthSignIn().finish(http, sent.keep, query, redirect_uri=BACK, client=CLIENT)
    assert caught.value.remedy
    assert not double.asked("get_token")


async def test_an_older_server_tells_its_limits_at_the_older_address(http: Http) -> None:
    with MastodonDouble(version_two=False) as double:
        profile = await TokenForm().connect(http, {"server": double.url, "access_token": double.token})
        assert profile.limits["text_limit"] == 500
        assert profile.limits["alt_limit"] == 1500


@pytest.mark.parametrize("status", [400, 401, 403, 422])
async def test_a_dead_token_has_many_statuses(
    double: MastodonDouble, http: Http, account: Account, status: int
) -> None:
    double.fail_next("refuse", operation="verify_credentials", status=status, words="No")
    with pytest.raises(NeedsReconnect):
        await MASTODON.connecting.verify(http, account)


@pytest.mark.faults
async def test_a_server_in_trouble_disconnects_nobody(double: MastodonDouble, http: Http, account: Account) -> None:
    double.fail_next("500_before", operation="verify_credentials")
    with pytest.raises(TryAgain):
        await MASTODON.connecting.verify(http, account)
    double.fail_next("500_before", operation="instance")
    double.fail_next("500_before", operation="instance_v1")
    known = Account(1, 1, double.url, account.remote_id, "", account.secrets, {"text_limit": 5000})
    assert (await MASTODON.connecting.verify(http, known)).limits == {"text_limit": 5000}


async def test_a_server_that_is_no_mastodon(double: MastodonDouble, http: Http) -> None:
    double.fail_next("refuse", operation="verify_credentials", status=404, words="Not Found")
    with pytest.raises(Refused) as caught:
        await TokenForm().connect(http, {"server": double.url, "access_token": double.token})
    assert caught.value.field == "server"


async def test_a_token_with_line_breaks_is_not_sent(double: MastodonDouble, http: Http) -> None:
    with pytest.raises(Refused) as caught:
        await TokenForm().connect(http, {"server": double.url, "access_token": "abc\r\nHost: x"})
    assert caught.value.field == "access_token"
    assert not double.requests


async def test_refresh_and_revoke(double: MastodonDouble, http: Http) -> None:
    profile = await signed_in(double, http, await start(double, http))
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    assert await MASTODON.connecting.refresh(http, account) is None
    await MASTODON.connecting.revoke(http, account)
    assert profile.secrets["access_token"] not in double.memory.tokens
    typed = Account(1, 1, double.url, "1", "", {"access_token": double.token})
    await MASTODON.connecting.revoke(http, typed)
    assert double.token in double.memory.tokens
