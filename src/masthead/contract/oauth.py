"""OAuth for any platform: state, PKCE (RFC 7636), DPoP (RFC 9449) and private_key_jwt (RFC 7523)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from masthead.contract.errors import ConnectorError, TryAgain
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.operations import Operation
from masthead.contract.platform import OAuthClient

ALGORITHM = "ES256"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
METADATA_PATH = "/connect/metadata/{platform}.json"
JWKS_PATH = "/connect/jwks.json"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pkce:
    """A proof key: the challenge goes out with the request, the verifier (a secret) with the code."""

    verifier: str = field(repr=False)
    challenge: str


@runtime_checkable
class HostsMetadata(Protocol):
    """A redirect sign-in whose servers read a document about us at `metadata_url`, instead of registering us."""

    def client_metadata(self, client: OAuthClient, redirect_uri: str) -> dict[str, Any]:
        """The document to serve there."""
        ...


class NonceWanted(TryAgain):
    """The server wants its nonce inside the DPoP proof. Nothing was created; the request may be sent again at once."""

    code = "dpop_nonce"


class Nonces:
    """The last nonce each origin gave, for the newest `limit` origins. Nonces are no secrets and may be lost."""

    def __init__(self, limit: int = 2000) -> None:
        self._limit = limit
        self._known: OrderedDict[str, str] = OrderedDict()

    def of(self, url: str) -> str:
        """The nonce to use for a request to `url`; "" where the origin gave none yet."""
        return self._known.get(origin(url), "")

    def learn(self, url: str, headers: Mapping[str, str]) -> None:
        """Remember the nonce in an answer's headers, if there is one."""
        if nonce := headers.get("DPoP-Nonce", ""):
            self._known[origin(url)] = nonce
            self._known.move_to_end(origin(url))
            while len(self._known) > self._limit:
                self._known.popitem(last=False)


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def new_state() -> str:
    """An unguessable value that ties a call back to the sign-in it belongs to (256 bits)."""
    return secrets.token_urlsafe(32)


def new_pkce() -> Pkce:
    """A fresh proof key with method S256."""
    verifier = secrets.token_urlsafe(48)
    return Pkce(verifier, _digest(verifier))


def new_key() -> dict[str, Any]:
    """A fresh private P-256 key as a JWK with a `kid`. Keep it sealed."""
    key = ECKey.generate_key("P-256")
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}


def public_key(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """The public half of a private JWK."""
    return {name: jwk[name] for name in ("kty", "crv", "x", "y", "kid", "alg", "use") if name in jwk}


def jwks(client: OAuthClient) -> dict[str, Any]:
    """The document to serve at JWKS_PATH, by which servers check what `client` signs."""
    return {"keys": [{"alg": ALGORITHM, "use": "sig", **public_key(client.jwk)}]}


def metadata_url(client: OAuthClient, platform: str) -> str:
    """Where this installation serves a platform's client metadata; for some platforms it is the client_id."""
    return client.public_url.rstrip("/") + METADATA_PATH.format(platform=platform)


def jwks_url(client: OAuthClient) -> str:
    """Where this installation serves its public keys."""
    return client.public_url.rstrip("/") + JWKS_PATH


def is_loopback(url: str) -> bool:
    """True where the address is this machine itself over plain http: nobody outside can read our client metadata."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def with_query(url: str, values: Mapping[str, str]) -> str:
    """The address with `values` put behind it as a query."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(values)}"


def client_assertion(client_id: str, audience: str, jwk: Mapping[str, Any], *, now: float) -> str:
    """A signed statement that we are `client_id`, for the server `audience` (its issuer), good for a minute."""
    header = {"alg": ALGORITHM, **({"kid": jwk["kid"]} if "kid" in jwk else {})}
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(16),
        "iat": int(now),
        "exp": int(now) + ASSERTION_SECONDS,
    }
    return jwt.encode(header, claims, _key(jwk), algorithms=[ALGORITHM])


def dpop_proof(jwk: Mapping[str, Any], method: str, url: str, *, now: float, nonce: str = "", token: str = "") -> str:
    """A proof that the sender of one request holds `jwk`; with `token` it is bound to that access token."""
    bare = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
    claims: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": url.split("?")[0].split("#")[0],
        "iat": int(now),
    }
    if nonce:
        claims["nonce"] = nonce
    if token:
        claims["ath"] = _digest(token)
    return jwt.encode({"typ": "dpop+jwt", "alg": ALGORITHM, "jwk": bare}, claims, _key(jwk), algorithms=[ALGORITHM])


async def call_with_proof(
    http: Http,
    operation: Operation,
    server: str,
    *,
    jwk: Mapping[str, Any],
    nonces: Nonces,
    token: str = "",
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    explain: Explain | None = None,
    clock: Clock = time.time,
    **rest: Any,
) -> Answer:
    """`http.call` with a DPoP proof, sent once more where the server first asks for its nonce.

    `operation.path` must hold no placeholders. Raises what `http.call` raises.
    """
    target = url or server + operation.path

    def judged(answer: Answer) -> ConnectorError | None:
        nonces.learn(target, answer.headers)
        if wants_nonce(answer):
            return NonceWanted("The server asks for its nonce.", after=1, status=answer.status)
        return explain(answer) if explain else None

    async def send() -> Answer:
        proof = dpop_proof(jwk, operation.method, target, now=clock(), nonce=nonces.of(target), token=token)
        proven = {**(headers or {}), "DPoP": proof, **({"Authorization": f"DPoP {token}"} if token else {})}
        answer = await http.call(operation, server, url=url, headers=proven, explain=judged, **rest)
        nonces.learn(target, answer.headers)
        return answer

    try:
        return await send()
    except NonceWanted:
        return await send()


def wants_nonce(answer: Answer) -> bool:
    """True where an answer refuses a DPoP proof only because it lacks the server's nonce."""
    body = answer.body if isinstance(answer.body, dict) else {}
    asked = body.get("error") == "use_dpop_nonce" or "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "")
    return answer.status in (400, 401) and asked and "DPoP-Nonce" in answer.headers


def _key(jwk: Mapping[str, Any]) -> ECKey:
    return ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y", "d")})


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
