"""Sign-in on a sandbox: an account token typed in, or the sandbox's own page with a redirect."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from masthead.connectors.sandbox import wire
from masthead.connectors.sandbox.errors import explain
from masthead.connectors.sandbox.operations import ME, REVOKE, TOKEN
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.origins import origin_of
from masthead.contract.platform import Field, FormSignIn, OAuthClient, Redirect, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.clock import now
from masthead.kit.words import N_ as _

SERVER = Field(
    "server",
    _("Address"),
    kind="url",
    help=_("Where the sandbox runs."),
    placeholder="http://127.0.0.1:8020",
    initial=os.environ.get("MASTHEAD_SANDBOX_URL", ""),  # the demo runs one and says where
)
ACCOUNT_TOKEN = Field(
    "token",
    _("Account token"),
    kind="password",
    help=_("Of the demo's members: ticker-demo-token, gallery-demo-token or longread-demo-token."),
    placeholder="ticker-demo-token",
)
CHECK_ADDRESS = "Check that the sandbox runs and that its address is right."
START_AGAIN = "Start the sign-in again."


def _origin(typed: str, http: Http) -> str:
    """The origin of a typed address; plain http where nothing is said."""
    text = typed.strip()
    text = text if "://" in text else f"http://{text}"
    return origin_of(text, allow_http=http.transport.allow_private, example="http://127.0.0.1:9000")


def bearer(account: Account) -> dict[str, str]:
    """The headers of a call in the account's name."""
    return {"Authorization": f"Bearer {account.secrets.get('token', '')}"}


async def _profile(http: Http, server: str, secrets: Mapping[str, Any], expires_at: datetime | None = None) -> Profile:
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    me = wire.read(wire.Me, await http.call(ME, server, headers=headers, explain=explain), ME)
    return Profile(
        server=server,
        remote_id=me.id,
        handle=f"@{me.handle}",
        name=me.name,
        secrets=dict(secrets),
        url=me.url,
        limits=me.limits,
        expires_at=expires_at,
    )


class TokenForm:
    """Sign-in with an account token."""

    fields: Sequence[Field] = (SERVER, ACCOUNT_TOKEN)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind address and token. Raises Refused(field="server" or "token")."""
        server, token = _origin(answers.get("server", ""), http), answers.get("token", "").strip()
        if not token or not token.isascii() or not token.isprintable():
            raise Refused("The token is missing or holds strange characters.", field="token", remedy="Copy it again.")
        try:
            return await _profile(http, server, {"token": token})
        except NeedsReconnect as error:
            raise Refused(
                "The sandbox does not know this token.", field="token", remedy="Copy it again.", status=error.status
            ) from None
        except (TryAgain, Refused) as error:
            raise _wrong_server(error) from None


def _wrong_server(error: ConnectorError) -> Refused:
    return Refused(
        f"No sandbox answers there: {error.message}", field="server", remedy=CHECK_ADDRESS, status=error.status
    )


class SandboxPage:
    """Sign-in on the sandbox's own page (authorization code with PKCE)."""

    fields: Sequence[Field] = (SERVER,)

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Where to send the person. Raises Refused(field="server")."""
        server, state, verifier = (
            _origin(answers.get("server", ""), http),
            random.token_urlsafe(24),
            random.token_urlsafe(48),
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "client_id": client.public_url,
                "redirect_uri": redirect_uri,
                "state": state,
                "response_type": "code",
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        return Redirect(f"{server}/authorize?{query}", state, {"server": server, "verifier": verifier})

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile:
        """The profile, after the person said yes. Raises Refused where they said no or another server answered."""
        server = str(keep["server"])
        if query.get("iss") != server:
            raise Refused("The answer came from another server than the one asked.", remedy=START_AGAIN)
        if query.get("error") or not query.get("code"):
            raise Refused("The sign-in was turned down on the sandbox's page.", remedy=START_AGAIN)
        form = {
            "grant_type": "authorization_code",
            "code": query["code"],
            "redirect_uri": redirect_uri,
            "code_verifier": str(keep["verifier"]),
            "client_id": client.public_url,
        }
        secrets, expires_at = await _tokens(http, server, form)
        return await _profile(http, server, secrets, expires_at)


async def _tokens(http: Http, server: str, form: Mapping[str, str]) -> tuple[dict[str, str], datetime]:
    tokens = wire.read(wire.Tokens, await http.call(TOKEN, server, data=dict(form), explain=explain), TOKEN)
    secrets = {"token": tokens.access_token, "refresh_token": tokens.refresh_token}
    return secrets, now() + timedelta(seconds=tokens.expires_in)


class SandboxConnecting:
    """Both ways in."""

    form: FormSignIn | None = TokenForm()
    redirect: RedirectSignIn | None = SandboxPage()

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask who we are. Raises NeedsReconnect or TokenExpired where the token no longer works."""
        return await _profile(http, account.server, account.secrets)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens; None for an account token, which does not run out. Raises NeedsReconnect, TryAgain."""
        refresh_token = account.secrets.get("refresh_token")
        if not refresh_token:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": str(refresh_token)}
        secrets, expires_at = await _tokens(http, account.server, form)
        return Refreshed(secrets, expires_at)

    async def revoke(self, http: Http, account: Account) -> None:
        """Give redirect tokens back. An account token was made by the person and stays theirs."""
        if account.secrets.get("refresh_token"):
            await http.call(
                REVOKE, account.server, data={"token": str(account.secrets["refresh_token"])}, explain=explain
            )
