"""One call to Slack in the bot's name; into a public channel that the bot is not in yet it goes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.connectors.slack.errors import NotIn, doubting
from masthead.connectors.slack.operations import JOIN
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account


async def call(
    http: Http, operation: Operation, server: str, secrets: Mapping[str, Any], sent: Mapping[str, str]
) -> Any:
    """The body of Slack's answer. `sent` goes as a form, or as the query of a GET. Raises what `errors.py` names."""
    token = secrets.get("access_token", "")
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    doubt = doubting(operation, renewable=bool(secrets.get("refresh_token")))
    query, form = (sent, None) if operation.method == "GET" else (None, sent)
    return (await http.call(operation, server, headers=headers, doubt=doubt, query=query, data=form)).body


async def call_inside(http: Http, operation: Operation, account: Account, sent: Mapping[str, str]) -> Any:
    """A call about the account's channel; where the bot is not in it, it joins and calls again (nothing was done before)."""
    try:
        return await call(http, operation, account.server, account.secrets, sent)
    except NotIn:
        await call(http, JOIN, account.server, account.secrets, {"channel": account.remote_id})
    return await call(http, operation, account.server, account.secrets, sent)
