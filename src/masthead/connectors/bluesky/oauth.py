"""Sign-in on the account's own server: OAuth with pushed requests, PKCE, DPoP and client metadata of our own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from masthead.connectors.bluesky.calls import NONCES, OAUTH
from masthead.connectors.bluesky.errors import RECONNECT, words
from masthead.connectors.bluesky.identity import (
    DEFAULT_SERVER,
    DIRECTORY,
    authorization_server,
    greet,
    tidy_handle,
    tidy_server,
    verified,
)
from masthead.connectors.bluesky.operations import PUSH, REVOKE, TOKEN
from masthead.connectors.bluesky.profile import expiry, profile_of
from masthead.connectors.bluesky.video import VIDEO_SERVICE
from masthead.connectors.bluesky.wire import Pushed, Tokens, read
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain, Unsupported
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.oauth import (
    ASSERTION_TYPE,
    call_with_proof,
    client_assertion,
    is_loopback,
    jwks_url,
    metadata_url,
    new_key,
    new_pkce,
    new_state,
    with_query,
)
from masthead.contract.operations import Operation
from masthead.contract.platform import Field, OAuthClient, Redirect
from masthead.contract.values import Profile, Refreshed
from masthead.kit.words import N_ as _

KEY = "bluesky"
SCOPE = "atproto transition:generic"
METADATA_WAIT = 300.0

HANDLE = Field(
    "handle",
    _("Handle"),
    placeholder="name.bsky.social",
    help=_("You confirm on your own server; no password is typed here."),
)
SERVER = Field(
    "server",
    _("Server that knows the handle"),
    "url",
    placeholder=DEFAULT_SERVER,
    required=False,
    help=_("Leave empty unless your server is not part of the Bluesky network."),
)


@dataclass
class OAuthSignIn:
    """The redirect sign-in. On a loopback address we are a public client, elsewhere a confidential one."""

    directory: str = DIRECTORY
    video_service: str = VIDEO_SERVICE
    fields: Sequence[Field] = (HANDLE, SERVER)

    def client_metadata(self, client: OAuthClient, redirect_uri: str) -> dict[str, Any]:
        """The document to serve at the client_id (contract.oauth.metadata_url); its key set is at jwks_url."""
        return {
            "client_id": metadata_url(client, KEY),
            "client_name": client.name,
            "client_uri": client.public_url,
            "redirect_uris": [redirect_uri],
            "scope": SCOPE,
            "application_type": "web",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "jwks_uri": jwks_url(client),
            "dpop_bound_access_tokens": True,
        }

    async def start(
        self, http: Http, answers: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Redirect:
        """Find the account's authorization server, push the request there and say where to send the person."""
        handle = tidy_handle(answers.get("handle", ""))
        server = tidy_server(answers.get("server", ""), allow_private=http.transport.allow_private)
        if answers.get("server"):
            await greet(http, server)
        did, handle, home = await verified(http, server, handle, self.directory)
        there = await authorization_server(http, home)
        who = _client(client, redirect_uri, there.issuer)
        pkce, state = new_pkce(), new_state()
        secrets = {
            **who,
            "kind": OAUTH,
            "dpop_jwk": new_key(),
            "token_endpoint": there.token_endpoint,
            "revocation_endpoint": there.revocation_endpoint,
        }
        form = {
            "response_type": "code",
            "redirect_uri": who["redirect_uri"],
            "scope": SCOPE,
            "state": state,
            "code_challenge": pkce.challenge,
            "code_challenge_method": "S256",
            "login_hint": handle,
        }
        pushed = read(
            Pushed,
            await _post(http, PUSH, there.pushed_authorization_request_endpoint, secrets, form, _sign_in_problem),
            PUSH,
        )
        url = with_query(
            there.authorization_endpoint,
            {
                "client_id": who["client_id"],
                "request_uri": pushed.request_uri,
            },
        )
        return Redirect(
            url,
            state,
            {
                "secrets": secrets,
                "verifier": pkce.verifier,
                "did": did,
                "handle": handle,
                "home": home,
            },
        )

    async def finish(
        self, http: Http, keep: Mapping[str, Any], query: Mapping[str, str], *, redirect_uri: str, client: OAuthClient
    ) -> Profile:
        """Trade the code for tokens; they must come from the issuer we asked, for the account we asked about."""
        secrets = keep["secrets"]
        _check_return(query, secrets["issuer"])
        form = {
            "grant_type": "authorization_code",
            "code": query["code"],
            "redirect_uri": secrets["redirect_uri"],
            "code_verifier": keep["verifier"],
        }
        answer = await _post(http, TOKEN, secrets["token_endpoint"], secrets, form, _sign_in_problem)
        kept = _with_tokens(secrets, read(Tokens, answer, TOKEN), keep["did"])
        return await profile_of(http, keep["home"], keep["did"], keep["handle"], kept, self.video_service)


def _check_return(query: Mapping[str, str], issuer: str) -> None:
    if query.get("iss") != issuer:
        raise Refused("The answer came from another server than the one that was asked.", remedy="Connect again.")
    if query.get("error") == "access_denied":
        raise Refused("The sign-in was cancelled on Bluesky's page.", remedy="Connect again and choose to authorise.")
    if query.get("error") or not query.get("code"):
        said = query.get("error_description") or query.get("error") or "no code"
        raise Refused(f"Bluesky did not sign in: {said[:200]}", remedy="Connect again.")


def _client(client: OAuthClient, redirect_uri: str, issuer: str) -> dict[str, Any]:
    """How we present ourselves. The key stays with the session: a server binds the session to the key it began with."""
    if is_loopback(client.public_url):
        redirect = loopback(redirect_uri)
        client_id = with_query("http://localhost", {"redirect_uri": redirect, "scope": SCOPE})
        return {"client_id": client_id, "redirect_uri": redirect, "issuer": issuer}
    if urlsplit(client.public_url).scheme != "https":
        raise Unsupported(
            "Bluesky signs in only to https:// addresses and to this very computer.",
            remedy="Let the operator serve Masthead over https, or connect with an app password.",
        )
    return {
        "client_id": metadata_url(client, KEY),
        "redirect_uri": redirect_uri,
        "issuer": issuer,
        "client_jwk": dict(client.jwk),
    }


def loopback(redirect_uri: str) -> str:
    """The call-back address with an IP address for the name "localhost", which servers refuse (RFC 8252)."""
    return redirect_uri.replace("http://localhost", "http://127.0.0.1", 1)


async def _post(
    http: Http, operation: Operation, url: str, secrets: Mapping[str, Any], form: Mapping[str, str], explain: Explain
) -> Answer:
    """A form to the authorization server, with our proof and, as a confidential client, our assertion."""
    body = {**form, "client_id": secrets["client_id"]}
    if jwk := secrets.get("client_jwk"):
        signed = client_assertion(secrets["client_id"], secrets["issuer"], jwk, now=time.time())
        body |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
    return await call_with_proof(
        http,
        operation,
        secrets["issuer"],
        url=url,
        jwk=secrets["dpop_jwk"],
        nonces=NONCES,
        data=body,
        explain=explain,
    )


def _with_tokens(secrets: Mapping[str, Any], tokens: Tokens, did: str) -> dict[str, Any]:
    if tokens.sub != did:
        raise Refused(
            "Another account was signed in than the one that was typed.",
            field="handle",
            remedy="Sign out on Bluesky's page and connect again.",
        )
    if tokens.token_type.lower() != "dpop" or "atproto" not in (tokens.scope or SCOPE).split():
        raise Refused("The server signed in without the rights Masthead needs.", remedy="Connect with an app password.")
    return {
        **secrets,
        "access": tokens.access_token,
        "refresh": tokens.refresh_token or secrets.get("refresh", ""),
        "expires": int(time.time()) + tokens.expires_in,
        "did": did,
    }


def _sign_in_problem(answer: Answer) -> ConnectorError | None:
    word, said = words(answer)
    if answer.status >= 500 or answer.status == 429:
        return None
    if word.startswith("invalid_client") or word == "invalid_redirect_uri":
        return Refused(
            f"Bluesky could not accept this Masthead as a client: {said[:200] or word}",
            status=answer.status,
            remedy="Let the operator check that Masthead's public address can be reached from the internet.",
        )
    return Refused(
        f"Bluesky did not sign in: {said[:200] or word or answer.status}",
        remedy="Connect again.",
        field="handle" if "login_hint" in said else "",
        status=answer.status,
    )


def _refresh_problem(answer: Answer) -> ConnectorError | None:
    word, _ = words(answer)
    if answer.status >= 500 or answer.status == 429:
        return None
    if word == "invalid_client_metadata":
        return TryAgain(
            "The server could not read this Masthead's client metadata.", after=METADATA_WAIT, status=answer.status
        )
    return NeedsReconnect("The sign-in ran out or was withdrawn.", remedy=RECONNECT, status=answer.status)


async def refresh(http: Http, secrets: Mapping[str, Any]) -> Refreshed:
    """New tokens; the old refresh token is dead afterwards, and using it again ends the session (NeedsReconnect)."""
    if not secrets.get("refresh"):
        raise NeedsReconnect("The sign-in ran out.", remedy=RECONNECT)
    form = {"grant_type": "refresh_token", "refresh_token": secrets["refresh"]}
    answer = await _post(http, TOKEN, secrets["token_endpoint"], secrets, form, _refresh_problem)
    try:
        kept = _with_tokens(secrets, read(Tokens, answer, TOKEN), secrets["did"])
    except Refused as error:
        raise NeedsReconnect(error.message, remedy=RECONNECT) from None
    return Refreshed(kept, expiry(kept))


async def revoke(http: Http, secrets: Mapping[str, Any]) -> None:
    """Withdraw the session, where the server has an address for that."""
    if secrets.get("revocation_endpoint"):
        form = {"token": secrets.get("refresh") or secrets["access"]}
        await _post(http, REVOKE, secrets["revocation_endpoint"], secrets, form, _refresh_problem)
