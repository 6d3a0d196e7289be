"""Calls to LinkedIn's versioned REST API. Addresses are sent exactly as written: Rest.li reads ":" and "," as its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from masthead.connectors.linkedin.errors import explaining
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account

VERSION = "202607"
"""July 2026. LinkedIn ends a version about a year later (https://learn.microsoft.com/en-us/linkedin/marketing/versioning)."""


def renewable(account: Account) -> bool:
    """True where LinkedIn gave a refresh token; it does so for approved partners."""
    return bool(account.secrets.get("refresh_token"))


def headers(account: Account) -> dict[str, str]:
    """The headers of each call in the account's name."""
    return {
        "Accept": "application/json",
        "Authorization": f"Bearer {account.secrets.get('access_token', '')}",
        "LinkedIn-Version": VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }


async def call(
    http: Http,
    operation: Operation,
    account: Account,
    *,
    path: Mapping[str, str] | None = None,
    ready: Mapping[str, str] | None = None,
    json: Any = None,
    method: str = "",
) -> Answer:
    """Make a call. `path` is encoded, `ready` is so already; `method` names a Rest.li method that the verb does not tell."""
    parts = {name: quoted(value) for name, value in (path or {}).items()} | dict(ready or {})
    more = {"X-RestLi-Method": method} if method else {}
    return await http.call(
        operation,
        account.server,
        url=account.server + operation.path.format(**parts),
        exact=True,
        headers=headers(account) | more,
        json=json,
        explain=explaining(renewable=renewable(account)),
    )


def quoted(value: str) -> str:
    """A value inside an address."""
    return quote(value, safe="")
