"""A call in the name of an account: with a bearer token (app password) or with a DPoP-bound token (OAuth)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from masthead.connectors.bluesky.errors import explain as explained
from masthead.connectors.bluesky.wire import read
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.oauth import Nonces, call_with_proof
from masthead.contract.operations import Operation
from masthead.contract.values import Account

NONCES = Nonces()
APP_PASSWORD = "app_password"  # noqa: S105 the kind of sign-in, not a password
OAUTH = "oauth"

M = TypeVar("M", bound=BaseModel)


async def call(
    http: Http, account: Account, operation: Operation, *, explain: Explain = explained, **rest: Any
) -> Answer:
    """Make a call on the account's own server with the account's access token."""
    return await call_as(http, account.server, account.secrets, operation, explain=explain, **rest)


async def call_as(
    http: Http,
    server: str,
    secrets: Mapping[str, Any],
    operation: Operation,
    *,
    headers: Mapping[str, str] | None = None,
    explain: Explain = explained,
    **rest: Any,
) -> Answer:
    """The same, before there is an account."""
    if secrets["kind"] == OAUTH:
        return await call_with_proof(
            http,
            operation,
            server,
            jwk=secrets["dpop_jwk"],
            nonces=NONCES,
            token=secrets["access"],
            headers=headers,
            explain=explain,
            **rest,
        )
    bearer = {"Authorization": f"Bearer {secrets['access']}", **(headers or {})}
    return await http.call(operation, server, headers=bearer, explain=explain, **rest)


async def ask(http: Http, server: str, operation: Operation, shape: type[M], **rest: Any) -> M:
    """A call without sign-in, its answer in a shape."""
    rest.setdefault("explain", explained)
    return read(shape, await http.call(operation, server, **rest), operation)
