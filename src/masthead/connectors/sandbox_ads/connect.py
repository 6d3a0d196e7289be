"""Sign-in on the sandbox's ad market: an address and the token of one ad account."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from masthead.connectors.sandbox_ads import wire
from masthead.connectors.sandbox_ads.errors import explain
from masthead.connectors.sandbox_ads.operations import ACCOUNT
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.origins import origin_of
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

SERVER = Field(
    "server",
    _("Address"),
    kind="url",
    help=_("Where the sandbox runs."),
    placeholder="http://127.0.0.1:8020",
    initial=os.environ.get("MASTHEAD_SANDBOX_URL", ""),  # the demo runs one and says where
)
TOKEN = Field(
    "token",
    _("Account token"),
    kind="password",
    help=_("Of the demo's ad accounts: search-ads-demo-token, social-ads-demo-token or video-ads-demo-token."),
    placeholder="search-ads-demo-token",
)
CHECK_ADDRESS = "Check that the sandbox runs and that its address is right."


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name."""
    return _headers(account.secrets)


def _headers(secrets: Mapping[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {secrets.get('token', '')}"}


async def asked(http: Http, server: str, secrets: Mapping[str, Any]) -> wire.AdAccount:
    """What the market says of the account now."""
    answer = await http.call(ACCOUNT, server, headers=_headers(secrets), explain=explain)
    return wire.read(wire.AdAccount, answer, ACCOUNT)


async def _profile(http: Http, server: str, secrets: Mapping[str, Any]) -> Profile:
    told = await asked(http, server, secrets)
    limits = {"currency": told.currency, "time_zone": told.time_zone}
    return Profile(
        server=server, remote_id=told.id, handle=told.id, name=told.name, secrets=dict(secrets), limits=limits
    )


class TokenForm:
    """Sign-in with the token of an ad account."""

    fields: Sequence[Field] = (SERVER, TOKEN)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The ad account behind address and token. Raises Refused(field="server" or "token")."""
        typed, token = answers.get("server", "").strip(), answers.get("token", "").strip()
        typed = typed if "://" in typed else f"http://{typed}"
        server = origin_of(typed, allow_http=http.transport.allow_private, example="http://127.0.0.1:9000")
        if not token or not token.isascii() or not token.isprintable():
            raise Refused("The token is missing or holds strange characters.", field="token", remedy="Copy it again.")
        try:
            return await _profile(http, server, {"token": token})
        except NeedsReconnect as error:
            raise Refused(
                "The ad market does not know this token.", field="token", remedy="Copy it again.", status=error.status
            ) from None
        except (TryAgain, Refused) as error:
            raise _wrong_server(error) from None


def _wrong_server(error: ConnectorError) -> Refused:
    return Refused(
        f"No sandbox answers there: {error.message}", field="server", remedy=CHECK_ADDRESS, status=error.status
    )


class SandboxAdsConnecting:
    """One way in."""

    form: FormSignIn | None = TokenForm()
    redirect: RedirectSignIn | None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask whose token this is. Raises NeedsReconnect where it no longer works."""
        return await _profile(http, account.server, account.secrets)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """None: the token does not run out."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """The token was made by the person and stays theirs."""
