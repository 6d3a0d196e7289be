"""PKCE, client assertions and DPoP proofs, checked by hand and against a server that insists on its nonces."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey

from masthead.contract import oauth
from masthead.contract.errors import TryAgain
from masthead.contract.http import Answer, Http, Transport, Unmetered
from masthead.contract.operations import Operation, listed
from masthead.contract.platform import OAuthClient

CALL = Operation("call", "POST", "/call", creates=True)
KEY = oauth.new_key()
CLIENT = OAuthClient("https://social.example.org/", "Masthead", KEY)


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, with the signature checked against KEY."""
    found = jwt.decode(token, ECKey.import_key(oauth.public_key(KEY)), algorithms=["ES256"])
    return dict(found.header), dict(found.claims)


def test_pkce_is_s256() -> None:
    pkce = oauth.new_pkce()
    digest = hashlib.sha256(pkce.verifier.encode()).digest()
    assert pkce.challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert 43 <= len(pkce.verifier) <= 128
    assert pkce.verifier not in repr(pkce)
    assert oauth.new_state() != oauth.new_state()


def test_the_published_keys_hold_nothing_private() -> None:
    published = oauth.jwks(CLIENT)["keys"][0]
    assert "d" not in published
    assert published["kid"] == KEY["kid"]
    assert KEY["d"] not in json.dumps(oauth.jwks(CLIENT))
    assert KEY["d"] not in repr(CLIENT)


def test_addresses_of_our_documents() -> None:
    assert oauth.metadata_url(CLIENT, "somewhere") == "https://social.example.org/connect/metadata/somewhere.json"
    assert oauth.jwks_url(CLIENT) == "https://social.example.org/connect/jwks.json"
    assert oauth.is_loopback("http://localhost:8000")
    assert oauth.is_loopback("http://127.0.0.1")
    assert not oauth.is_loopback("https://localhost")
    assert not oauth.is_loopback("http://localhost.example.org")


def test_client_assertion() -> None:
    header, claims = opened(oauth.client_assertion("me", "https://issuer", KEY, now=1000))
    assert header["kid"] == KEY["kid"]
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("me", "me", "https://issuer")
    assert claims["exp"] - claims["iat"] == 60
    assert claims["jti"]


def test_proof_is_bound_to_request_and_token() -> None:
    header, claims = opened(oauth.dpop_proof(KEY, "GET", "https://a.example/x?y=1#z", now=5, nonce="n", token="t"))
    assert header["typ"] == "dpop+jwt"
    assert "d" not in header["jwk"]
    assert (claims["htm"], claims["htu"], claims["iat"], claims["nonce"]) == ("GET", "https://a.example/x", 5, "n")
    assert claims["ath"] == base64.urlsafe_b64encode(hashlib.sha256(b"t").digest()).rstrip(b"=").decode()


def test_nonces_are_kept_per_origin_and_bounded() -> None:
    nonces = oauth.Nonces(limit=2)
    for name in ("a", "b", "c"):
        nonces.learn(f"https://{name}.example/x", {"DPoP-Nonce": name})
    assert [nonces.of(f"https://{name}.example/y") for name in ("a", "b", "c")] == ["", "b", "c"]


class Strict:
    """Takes a request only with its newest nonce, which it changes when told to."""

    def __init__(self) -> None:
        self.nonce, self.taken, self.asked, self.never = "n1", 0, 0, False

    async def call(self, request: web.Request) -> web.Response:
        """One proof, one answer."""
        _, claims = opened(request.headers["DPoP"])
        if claims.get("nonce") != self.nonce or self.never:
            self.asked += 1
            told = {"DPoP-Nonce": self.nonce, "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
            return web.json_response({"error": "use_dpop_nonce"}, status=401, headers=told)
        self.taken += 1
        return web.json_response({}, headers={"DPoP-Nonce": self.nonce})


@pytest.fixture
async def strict() -> AsyncIterator[tuple[Strict, Http, str]]:
    one, app = Strict(), web.Application()
    app.router.add_post("/call", one.call)
    async with TestServer(app) as server, Transport(allow_private=True) as transport:
        http = Http(transport, platform="test", operations=listed(CALL), meter=Unmetered())
        yield one, http, str(server.make_url("")).rstrip("/")


async def test_a_wanted_nonce_is_learned_and_the_call_made_once(strict: tuple[Strict, Http, str]) -> None:
    server, http, url = strict
    nonces = oauth.Nonces()
    await oauth.call_with_proof(http, CALL, url, jwk=KEY, nonces=nonces, token="t")
    await oauth.call_with_proof(http, CALL, url, jwk=KEY, nonces=nonces, token="t")
    assert (server.taken, server.asked) == (2, 1)
    server.nonce = "n2"
    await oauth.call_with_proof(http, CALL, url, jwk=KEY, nonces=nonces, token="t")
    assert (server.taken, server.asked) == (3, 2)


async def test_a_server_that_never_stops_asking_is_left_alone(strict: tuple[Strict, Http, str]) -> None:
    server, http, url = strict
    server.never = True
    with pytest.raises(TryAgain):
        await oauth.call_with_proof(http, CALL, url, jwk=KEY, nonces=oauth.Nonces())
    assert server.asked == 2


def test_only_an_offered_nonce_makes_a_repeat_worthwhile() -> None:
    assert not oauth.wants_nonce(Answer(401, {}, {"error": "use_dpop_nonce"}))
    assert not oauth.wants_nonce(Answer(401, {"DPoP-Nonce": "n"}, {"error": "invalid_token"}))
    assert oauth.wants_nonce(Answer(400, {"DPoP-Nonce": "n"}, {"error": "use_dpop_nonce"}))
