"""Calls to the Graph API: the token, the proof that we hold the app's secret, errors by code, and the quota told by headers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp

from masthead.connectors.meta import wire
from masthead.connectors.meta.errors import RECONNECT, Row, explaining
from masthead.connectors.meta.usage import usage
from masthead.contract.authorization_code import Tokens, tokens_in
from masthead.contract.errors import NeedsReconnect
from masthead.contract.headers import QuotaTold
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account

VERSION = "v25.0"
"""Of February 2026. Meta keeps a version for at least two years; https://developers.facebook.com/docs/graph-api/changelog."""
FULL = 100.0
PAUSE = 300.0


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form: the parameter's name, the content, its name and media type."""

    name: str
    content: bytes
    file_name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Way:
    """How one platform of the family is called.

    `header`: the token goes into a header, else into the parameters. `proof`: calls carry `appsecret_proof`. `renews`: the
    secret without which nothing can be refreshed. `rows`: its own errors.
    """

    header: bool = True
    proof: bool = True
    renews: str = "user_token"
    rows: tuple[Row, ...] = ()


def proof(token: str, secret: str) -> str:
    """The `appsecret_proof` of a token (https://developers.facebook.com/docs/graph-api/guides/secure-requests)."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


async def call(
    http: Http,
    way: Way,
    operation: Operation,
    account: Account,
    *,
    path: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
    file: File | None = None,
    server: str = "",
) -> Answer:
    """Make a call in the account's name. `sent` are its parameters: the query of a GET or DELETE, the form of a POST."""
    known, headers = _signed(way, account.secrets)
    told = dict(sent or {}) | known
    posts = operation.method == "POST"
    answer = await http.call(
        operation,
        server or account.server,
        path=path,
        query=None if posts else told,
        data=(_form(told, file) if file else told) if posts else None,
        headers=headers,
        explain=explaining(operation, way.rows, renewable=bool(account.secrets.get(way.renews))),
    )
    heed(http, answer)
    return answer


def heed(http: Http, answer: Answer) -> None:
    """Where the headers say that a quota is used up, let the generic code pause the channel."""
    used = usage(answer.headers)
    if used.percent >= FULL:
        http.told = QuotaTold(0, used.wait or PAUSE)


def _signed(way: Way, secrets: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    token, secret = str(secrets.get("access_token", "")), str(secrets.get("client_secret", ""))
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if way.header else {})
    proved = {"appsecret_proof": proof(token, secret)} if way.proof and secret else {}
    return proved | ({} if way.header else {"access_token": token}), headers


def _form(told: Mapping[str, str], file: File) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in told.items():
        form.add_field(name, value)
    form.add_field(file.name, file.content, filename=file.file_name, content_type=file.mime)
    return form


def with_token(account: Account, token: str) -> Account:
    """The account as another token of the same sign-in sees it."""
    return replace(account, secrets=dict(account.secrets) | {"access_token": token})


async def exchanged(http: Http, operation: Operation, server: str, asked: Mapping[str, str], old: Tokens) -> Tokens:
    """A token traded for another one (short for long, old for new). NeedsReconnect where the old one is dead."""
    answer = await http.call(
        operation, server, query=asked, headers={"Accept": "application/json"}, explain=explaining(operation)
    )
    return tokens_in(answer, old.secrets)


@dataclass(frozen=True, slots=True)
class Debugged:
    """What Meta says of a token: the permissions it carries, and when it runs out (None: never)."""

    scopes: frozenset[str]
    expires_at: datetime | None


async def debug(http: Http, operation: Operation, server: str, secrets: Mapping[str, Any], token: str) -> Debugged:
    """Ask Meta about a token in the app's own name. Raises NeedsReconnect where it is not valid."""
    app = f"{secrets.get('client_id', '')}|{secrets.get('client_secret', '')}"
    headers = {"Accept": "application/json", "Authorization": f"Bearer {app}"}
    answer = await http.call(
        operation, server, query={"input_token": token}, headers=headers, explain=explaining(operation)
    )
    told = wire.read(wire.Debug, answer.body).data
    if not told.is_valid:
        raise NeedsReconnect("The platform says that the sign-in is no longer valid.", remedy=RECONNECT)
    ends = datetime.fromtimestamp(told.expires_at, UTC) if told.expires_at else None
    return Debugged(frozenset(told.scopes), ends)


def missing(debugged: Debugged, wanted: Sequence[str]) -> list[str]:
    """The wanted permissions that a token lacks."""
    return [one for one in wanted if debugged.scopes and one not in debugged.scopes]
