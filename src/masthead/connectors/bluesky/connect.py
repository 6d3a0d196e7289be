"""Sign-in with an app password, and verify, refresh, revoke for both ways in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from masthead.connectors.bluesky import oauth
from masthead.connectors.bluesky.calls import APP_PASSWORD, OAUTH, call
from masthead.connectors.bluesky.errors import RECONNECT, explain, words
from masthead.connectors.bluesky.identity import (
    DEFAULT_SERVER,
    DIRECTORY,
    greet,
    home_of,
    tidy_handle,
    tidy_server,
)
from masthead.connectors.bluesky.operations import CREATE_SESSION, DELETE_SESSION, GET_SESSION, REFRESH_SESSION
from masthead.connectors.bluesky.profile import expires_of, expiry, profile_of
from masthead.connectors.bluesky.video import VIDEO_SERVICE
from masthead.connectors.bluesky.wire import Me, Session, read
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.platform import Field, FormSignIn, RedirectSignIn
from masthead.contract.values import Account, Profile, Refreshed
from masthead.kit.words import N_ as _

SERVER = Field(
    "server",
    _("Server"),
    "url",
    placeholder=DEFAULT_SERVER,
    required=False,
    help=_("Only if your account is not on bsky.social: the address of your own server (PDS)."),
)
HANDLE = Field("handle", _("Handle"), placeholder="name.bsky.social", help=_("Your whole handle, without the @."))
PASSWORD = Field(
    "password",
    _("App password"),
    "password",
    placeholder="xxxx-xxxx-xxxx-xxxx",
    help=_("Make one in Bluesky under Settings, Privacy and security, App passwords. Not your main password."),
)


@dataclass
class AppPassword:
    """Sign-in by typing handle and app password. The password itself is not kept, only the tokens it gives."""

    video_service: str = VIDEO_SERVICE
    fields: Sequence[Field] = (HANDLE, PASSWORD, SERVER)

    async def connect(self, http: Http, answers: Mapping[str, str]) -> Profile:
        """The profile behind handle and app password. Raises Refused with field handle, password or server."""
        handle, password = tidy_handle(answers.get("handle", "")), answers.get("password", "").strip()
        if not handle or not password:
            raise Refused(
                "Handle and app password are both needed.",
                field="password" if handle else "handle",
                remedy="Fill in both.",
            )
        server = tidy_server(answers.get("server", ""), allow_private=http.transport.allow_private)
        await greet(http, server)
        body = {"identifier": handle, "password": password}
        answer = await http.call(CREATE_SESSION, server, json=body, explain=_sign_in_problem)
        session = read(Session, answer, CREATE_SESSION)
        home = home_of(session.did_doc, server)
        return await profile_of(http, home, session.did, session.handle, _kept(session), self.video_service)


def _sign_in_problem(answer: Answer) -> ConnectorError | None:
    word, said = words(answer)
    if answer.status >= 500 or answer.status == 429:
        return None
    if word == "AuthFactorTokenRequired":
        return Refused(
            "This is the account's main password, which needs a code sent by e-mail.",
            field="password",
            remedy="Use an app password.",
            status=answer.status,
        )
    if word in ("AccountTakedown", "AccountSuspended"):
        return Refused("The account was taken down by its server.", field="handle", status=answer.status)
    if answer.status == 401:
        return Refused(
            "Handle and password do not belong together.",
            field="password",
            status=401,
            remedy="Check the handle, and make a new app password if in doubt.",
        )
    return Refused(
        f"The server refused the sign-in: {said[:200] or word or answer.status}",
        field="handle",
        remedy="Check the handle.",
        status=answer.status,
    )


def _kept(session: Session) -> dict[str, Any]:
    return {
        "kind": APP_PASSWORD,
        "access": session.access_jwt,
        "refresh": session.refresh_jwt,
        "expires": expires_of(session.access_jwt),
    }


def _refresh_problem(answer: Answer) -> ConnectorError | None:
    if answer.status in (400, 401, 403):
        return NeedsReconnect(
            "The app password was revoked or its sign-in ran out.", remedy=RECONNECT, status=answer.status
        )
    return explain(answer)


class BlueskyConnecting:
    """Both ways in. `directory` is where did:plc is looked up; `video_service` "" switches video off."""

    def __init__(self, directory: str = DIRECTORY, video_service: str = VIDEO_SERVICE) -> None:
        self.video_service = video_service
        self.form: FormSignIn | None = AppPassword(video_service)
        self.redirect: RedirectSignIn | None = oauth.OAuthSignIn(directory, video_service)

    async def verify(self, http: Http, account: Account) -> Profile:
        """Ask the account's server who we are. Raises NeedsReconnect (TokenExpired if a refresh may help)."""
        me = read(Me, await call(http, account, GET_SESSION), GET_SESSION)
        if me.did != account.remote_id:
            raise NeedsReconnect("The stored sign-in belongs to another account.", remedy=RECONNECT)
        return await profile_of(http, account.server, me.did, me.handle, account.secrets, self.video_service)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """New tokens. The refresh token rotates: the answer must be stored before the next refresh."""
        if account.secrets["kind"] == OAUTH:
            return await oauth.refresh(http, account.secrets)
        headers = {"Authorization": f"Bearer {account.secrets['refresh']}"}
        answer = await http.call(REFRESH_SESSION, account.server, headers=headers, explain=_refresh_problem)
        secrets = _kept(read(Session, answer, REFRESH_SESSION))
        return Refreshed(secrets, expiry(secrets))

    async def revoke(self, http: Http, account: Account) -> None:
        """End the session at the server; a session that is dead already is no error."""
        try:
            if account.secrets["kind"] == OAUTH:
                await oauth.revoke(http, account.secrets)
            else:
                headers = {"Authorization": f"Bearer {account.secrets['refresh']}"}
                await http.call(DELETE_SESSION, account.server, headers=headers, explain=explain)
        except (NeedsReconnect, Refused):
            return
