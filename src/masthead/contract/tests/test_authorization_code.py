"""The authorization-code client: what it asks, what it sends back, what it refuses."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from masthead.contract.app_connecting import AppConnecting, revocation, whose
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens, basic, tokens_in
from masthead.contract.capabilities import Capabilities, Counting, Option, Plan, Quota, Source, TextRule, ThreadRule
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer
from masthead.contract.operations import Operation
from masthead.contract.platform import OAuthClient
from masthead.contract.values import Account, Profile
from masthead.kit.clock import now

TOKEN = Operation("token", "POST", "/token")
CLIENT = OAuthClient("https://masthead.example", "Masthead", {})
APP = {"client_id": "an id", "client_secret": "a:secret"}
SOMEBODY = Account(1, 1, "https://api.example", "7", "@seven", {})
BACK = "https://masthead.example/connect/callback/some/"


class Recording:
    """Stands for Http: keeps what was called and answers from a list."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.calls = list(answers), []

    async def call(self, operation: Operation, server: str, **sent: Any) -> Answer:
        self.calls.append(sent | {"server": server})
        answer = self.answers.pop(0)
        problem = None if answer.ok else sent["explain"](answer)
        if problem:
            raise problem
        return answer


async def who(http: Any, tokens: Tokens) -> Profile:
    return Profile("https://api.example", "7", "@seven", "Seven", tokens.secrets, expires_at=tokens.expires_at)


async def profile(http: Any, account: Account) -> Profile:
    return Profile(account.server, "7", "@seven", "Seven", account.secrets)


def way(**differences: Any) -> AuthorizationCode:
    return AuthorizationCode(
        "https://api.example", "https://site.example/authorize", TOKEN, ("read", "write"), who, Dialect(**differences)
    )


async def test_the_question_carries_state_scope_and_proof() -> None:
    sent = await way().start(Recording(), APP, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.url).query).items()}
    digest = hashlib.sha256(sent.keep["verifier"].encode()).digest()
    assert asked["state"] == sent.state and len(sent.state) >= 32
    assert (asked["client_id"], asked["redirect_uri"], asked["scope"]) == ("an id", BACK, "read write")
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert "a:secret" not in sent.url and sent.keep["verifier"] not in sent.url


async def test_without_an_app_the_field_is_named() -> None:
    for answers in ({}, {"client_id": "an id"}):
        with pytest.raises(Refused) as caught:
            await way().start(Recording(), answers, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
        assert caught.value.field == "client_id"


async def test_differences_are_data() -> None:
    one = way(client_id="client_key", separator=",", pkce=False, asks=(("access_type", "offline"),))
    sent = await one.start(Recording(), APP, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    asked = parse_qs(urlsplit(sent.url).query)
    assert asked["client_key"] == ["an id"] and asked["scope"] == ["read,write"] and asked["access_type"] == ["offline"]
    assert "code_challenge" not in asked


async def test_the_code_is_traded_with_the_verifier() -> None:
    http = Recording(Answer(200, {}, {"access_token": "A", "refresh_token": "R", "expires_in": 60}))
    keep = APP | {"verifier": "V"}
    profile = await way().finish(http, keep, {"code": "C"}, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    form = http.calls[0]["data"]
    assert form["code_verifier"] == "V" and form["redirect_uri"] == BACK and form["client_secret"] == "a:secret"
    assert isinstance(profile, Profile)
    assert profile.secrets == APP | {"access_token": "A", "refresh_token": "R"} and profile.expires_at


async def test_a_basic_app_keeps_its_secret_out_of_the_form() -> None:
    http = Recording(Answer(200, {}, {"access_token": "A"}))
    await way(basic=True).finish(http, APP, {"code": "C"}, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    assert "client_secret" not in http.calls[0]["data"]
    assert http.calls[0]["headers"]["Authorization"] == basic("an id", "a:secret")
    assert base64.b64decode(basic("an id", "a:secret").removeprefix("Basic ")) == b"an%20id:a%3Asecret"


@pytest.mark.parametrize("query", [{"error": "access_denied"}, {"error": "server_error"}, {}])
async def test_a_denial_or_an_empty_answer_is_refused(query: dict[str, str]) -> None:
    http = Recording()
    with pytest.raises(Refused) as caught:
        await way().finish(http, APP, query, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    assert caught.value.remedy and not http.calls


async def test_a_bad_code_is_refused_and_a_dead_refresh_token_asks_to_reconnect() -> None:
    bad = Answer(400, {}, {"error": "invalid_client", "error_description": "Client is unknown"})
    with pytest.raises(Refused) as caught:
        await way().finish(Recording(bad), APP, {"code": "C"}, redirect_uri=BACK, client=CLIENT)  # type: ignore[arg-type]
    assert "developer app" in caught.value.remedy
    with pytest.raises(NeedsReconnect):
        await way().renew(Recording(bad), APP | {"refresh_token": "R"})  # type: ignore[arg-type]
    for said in ({"error": "invalid_grant"}, {"ok": False}):  # some refuse with 200
        with pytest.raises(NeedsReconnect):
            await way().renew(Recording(Answer(200, {}, said)), APP | {"refresh_token": "R"})  # type: ignore[arg-type]


async def test_a_connect_part_gives_back_what_is_held() -> None:
    revoke = Operation("revoke", "POST", "/revoke")
    held = {"refresh_token": "R", "access_token": "A"}
    for each, secrets, expected in (
        (True, held, ["R", "A"]),
        (False, held, ["R"]),
        (False, {"access_token": "A"}, ["A"]),
    ):
        http = Recording(*(Answer(200, {}, None) for _ in expected))
        one = AppConnecting(way(), profile, revocation(way(), revoke, each=each))
        await one.revoke(http, replace(SOMEBODY, secrets=APP | secrets))  # type: ignore[arg-type]
        assert [call["data"]["token"] for call in http.calls] == expected
        assert all(call["headers"]["Authorization"] == basic("an id", "a:secret") for call in http.calls)


async def test_a_connect_part_without_a_refresh_token_has_nothing_to_renew() -> None:
    one = AppConnecting(way(), profile)
    assert await one.refresh(Recording(), SOMEBODY) is None  # type: ignore[arg-type]
    await one.revoke(Recording(), SOMEBODY)  # type: ignore[arg-type]
    http = Recording(Answer(200, {}, {"access_token": "B"}))
    renewed = await one.refresh(http, replace(SOMEBODY, secrets=APP | {"refresh_token": "R"}))  # type: ignore[arg-type]
    assert renewed and renewed.secrets["access_token"] == "B"


async def test_the_profile_behind_a_sign_in_says_when_it_runs_out() -> None:
    ends = now()
    found = await whose("https://api.example", profile)(Recording(), Tokens(APP, ends, {}))  # type: ignore[arg-type]
    assert isinstance(found, Profile)
    assert (found.server, found.expires_at, found.secrets) == ("https://api.example", ends, APP)


async def test_a_refresh_keeps_the_old_token_where_none_comes() -> None:
    http = Recording(Answer(200, {}, {"access_token": "B"}))
    tokens = await way().renew(http, APP | {"refresh_token": "R", "access_token": "A"})  # type: ignore[arg-type]
    assert tokens.secrets["refresh_token"] == "R" and tokens.access_token == "B" and tokens.expires_at is None
    assert http.calls[0]["data"]["grant_type"] == "refresh_token"


def test_an_answer_without_a_token_is_refused() -> None:
    for body in ({}, None, [], {"access_token": ""}):
        with pytest.raises(Refused):
            tokens_in(Answer(200, {}, body), {})


def test_a_plan_narrows_and_the_account_has_the_last_word() -> None:
    source = Source("https://example.org/", date(2026, 1, 1))
    quota = Quota("posts", "account", 5, 60, source)
    can = Capabilities(
        text=TextRule(Counting.WEIGHTED_V3, 280, source),
        media=(),
        max_attachments=4,
        threads=ThreadRule(25, source),
        quotas=(),
        edit=False,
        remove=True,
        source=source,
        options=(
            Option("quote", "Quote", "text", source),
            Option("board", "Board", "choice", source, from_account=True),
        ),
        plans=(
            Plan("free", "Free", source, {"without_options": ["quote"], "max_segments": 1}, (quota,)),
            Plan("large", "Large", source, {"text_limit": 25_000}),
        ),
    )
    free, large = (
        can.narrowed({}),
        can.narrowed({"plan": "large", "text_limit": 4000, "choices": {"board": [["1", "One"]]}}),
    )
    assert (
        [one.name for one in free.options] == ["board"] and free.threads.max_segments == 1 and free.quotas == (quota,)
    )
    assert large.text.limit == 4000 and large.threads.max_segments == 25 and large.quotas == ()
    assert large.options[1].choices == (("1", "One"),)
