"""A closed platform for tests: it wants a developer app, has plans, and one sign-in may reveal several profiles.

Its authorization server is a real one on a port of its own that judges app, code, proof and address as RFC 6749 and 7636 ask.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from masthead.connectors import PLATFORMS
from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.authorization_code import AuthorizationCode, Dialect, Tokens
from masthead.contract.capabilities import Plan, Source
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Profile, Refreshed

KEY, ISSUER = "closed", "https://closed.example"
HERE = Source("https://closed.example/terms", date(2026, 11, 24))
TOKEN = Operation("token", "POST", "/token")
APP = {"client_id": "app-1234", "client_secret": "a-secret-of-the-app"}
BACK = f"/connect/callback/{KEY}/"
ALIAS = f"/integrations/social/{KEY}"
RULE = AppRule(
    fields=(Field("client_id", "Client ID"), Field("client_secret", "Client Secret", "password")),
    environment=(("client_id", "CLOSED_ID"), ("client_secret", "CLOSED_SECRET")),
    console=HERE,
    steps=("Open the console and make a project.", "Add {callback} to the call-back addresses."),
    scopes=(Scope("posts.write", "to publish for you"),),
    cost="Nothing for 500 posts a month.",
    cost_source=HERE,
    warning="The terms forbid an app that only posts for others.",
    warning_source=HERE,
)


@dataclass
class ClosedServer:
    """The authorization server: hands out codes, trades them once."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def __enter__(self) -> ClosedServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, body = outer.trade(form)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.http.server_port}"

    def allow(self, asked: Mapping[str, str]) -> dict[str, str]:
        """The query that a person's yes to `asked` sends back."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(asked)
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def trade(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A token for a code that fits the app, the proof and the address."""
        self.asked.append(form)
        asked = self.codes.pop(form.get("code", ""), None)
        if form.get("client_secret") != APP["client_secret"]:
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        wanted = asked and (asked["code_challenge"], asked["redirect_uri"], asked["client_id"])
        if wanted != (proof, form.get("redirect_uri"), form.get("client_id")):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "token-of-the-person", "expires_in": 3600}


@dataclass
class ClosedConnecting:
    """Only the redirect way in; `names` are the profiles behind the sign-in."""

    redirect: AuthorizationCode
    form: None = None

    async def verify(self, http: Http, account: Account) -> Profile:
        """The same profile again."""
        return Profile(account.server, account.remote_id, account.handle, "Again", account.secrets)

    async def refresh(self, http: Http, account: Account) -> Refreshed | None:
        """Nothing to refresh."""
        return None

    async def revoke(self, http: Http, account: Account) -> None:
        """Nothing to give back."""


def closed_platform(server: ClosedServer, *names: str) -> Platform:
    """The platform, with these profiles behind every sign-in."""

    async def who(http: Http, tokens: Tokens) -> tuple[Profile, ...]:
        return tuple(
            Profile(server.url, name, f"@{name}", name.title(), tokens.secrets, expires_at=tokens.expires_at)
            for name in names
        )

    way = AuthorizationCode(server.url, f"{ISSUER}/authorize", TOKEN, ("posts.write",), who, Dialect(issuer=ISSUER))
    sandbox = PLATFORMS["sandbox"]
    plans = (Plan("free", "Free", HERE, {"text_limit": 100}), Plan("paid", "Paid", HERE, {"text_limit": 4000}))
    return replace(
        sandbox,
        key=KEY,
        name="Closed",
        app=RULE,
        connecting=ClosedConnecting(way),
        operations={"token": TOKEN},
        capabilities=replace(sandbox.capabilities, plans=plans),
    )


def begin(client: Client, slug: str, **extra: str) -> dict[str, str]:
    """Start a sign-in; what the platform's page was asked."""
    answer = client.post(f"/w/{slug}/channels/connect/{KEY}/", {"way": "redirect", **extra})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith(f"{ISSUER}/authorize?")
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def come_back(client: Client, query: Mapping[str, str], path: str = BACK) -> Any:
    """What the person sees on the way back."""
    return client.get(path, query, HTTP_HOST="localhost:8000")
