"""A strict Business Profile for tests: real HTTP, state, rules from Google's pages, troubles to ask for.

Accounts and locations are held against Google's discovery documents where those are at hand; posts have none, and are held against
rules.py. All three APIs and the sign-in answer at one address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.google.business_profile.tests import pages
from masthead.connectors.google.business_profile.tests.memory import SCOPE, Memory, Post
from masthead.connectors.google.business_profile.tests.rules import Fail
from masthead.connectors.tests.app_memory import Denied
from masthead.connectors.tests.checked import Checked
from masthead.connectors.tests.described import Described
from masthead.connectors.tests.harness import Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

ELSEWHERE = ("/v4/.*", "/(token|revoke|allow|o/oauth2/v2/auth)")
HOLDERS = Described(
    "Google accounts",
    "google-mybusinessaccountmanagement-v1.json",
    undescribed=(*ELSEWHERE, "/v1/locations/.*", "/v1/accounts/.*/locations"),
    script="bin/servers/google",
)
PLACES = Described(
    "Google locations",
    "google-mybusinessbusinessinformation-v1.json",
    undescribed=(*ELSEWHERE, "/v1/accounts"),
    script="bin/servers/google",
)
EXPIRED = Fail(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
SAYS = {
    Trouble.FAIL_BEFORE: Said(503, Fail(503, "UNAVAILABLE", "The service is currently unavailable.").body),
    Trouble.LIMITED: Said(429, Fail(429, "RESOURCE_EXHAUSTED", "Quota exceeded.").body, lambda: {"Retry-After": "120"}),
    Trouble.TOKEN_EXPIRED: Said(401, EXPIRED.body),
    Trouble.REFUSED: Said(400, Fail(400, "INVALID_ARGUMENT", "The text is not acceptable.", "summary").body),
}
POSTS = "/v4/accounts/{account}/locations/{location}/localPosts"


class BusinessProfileDouble:
    """The server. `order` may bring the listed posts into another order; `seen` keeps the bodies of new and changed posts."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.order: Callable[[list[Post]], list[Post]] = list
        self.seen: list[Any] = []
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(Checked(Checked(self._app(), HOLDERS), PLACES), _creates, SAYS)

    def start(self) -> BusinessProfileDouble:
        """Listen on a free port."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening; nothing that passed may have been other than described."""
        self.serving.stop()
        assert not HOLDERS.wrong + PLACES.wrong, (HOLDERS.wrong + PLACES.wrong)[:5]

    def stored(self, who: str) -> Sequence[Stored]:
        """The posts of a location."""
        return [
            Stored(one.id, one.told.get("summary", ""), ("",) * len(one.told.get("media", ())))
            for one in self.memory.of(who)
        ]

    def _app(self) -> Starlette:
        rows: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/v1/accounts", pages.holders),
            ("GET", "/v1/accounts/{account}/locations", pages.places),
            ("GET", "/v1/locations/{location}", pages.place),
            ("POST", POSTS, pages.create),
            ("GET", POSTS, pages.listed),
            ("GET", POSTS + "/{id}", pages.one_post),
            ("PATCH", POSTS + "/{id}", pages.change),
            ("DELETE", POSTS + "/{id}", pages.delete),
        )
        routes = [Route(path, self._page(handle), methods=[verb]) for verb, path, handle in rows]
        signs = {"/token": token, "/revoke": revoke, "/o/oauth2/v2/auth": authorize, "/allow": allow}
        return Starlette(
            routes=routes + [Route(path, self._open(one), methods=["GET", "POST"]) for path, one in signs.items()]
        )

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            told = {"Date": format_datetime(self.memory.clock.now(), usegmt=True)}
            try:
                who = self.memory.owner(request.headers.get("authorization", "")).id
                raw = await request.body()
                self.seen += [raw] if raw else []
                return JSONResponse(handle(self, who, request, raw), headers=told)
            except Denied:
                return JSONResponse(EXPIRED.body, EXPIRED.status, told)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status, told)

        return answer

    def _open(self, handle: Callable[..., Response]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            told = await request.form() if request.method == "POST" else request.query_params
            try:
                return handle(self, {name: str(value) for name, value in told.items()})
            except Denied:
                return JSONResponse({"error": "invalid_grant"}, 400)

        return answer


def _creates(method: str, path: str) -> bool:
    return method == "POST" and path.endswith("/localPosts")


def token(double: BusinessProfileDouble, form: Mapping[str, str]) -> Response:
    """https://developers.google.com/identity/protocols/oauth2/web-server"""
    told = {"expires_in": 3599, "scope": SCOPE, "token_type": "Bearer"}
    return JSONResponse(told | double.memory.exchanged(form))


def revoke(double: BusinessProfileDouble, form: Mapping[str, str]) -> Response:
    """The grant is gone, and all its tokens with it."""
    who = double.memory.refresh.get(form["token"]) or double.memory.access.get(form["token"], ("",))[0]
    if not who:
        return JSONResponse({"error": "invalid_token"}, 400)
    double.memory.end(who)
    return JSONResponse({})


def authorize(double: BusinessProfileDouble, asked: Mapping[str, str]) -> Response:
    """Google's page, if what is asked for is right: a refresh token comes only with offline access and consent."""
    wanted = {"response_type": "code", "access_type": "offline", "prompt": "consent", "scope": SCOPE}
    right = asked.get("client_id") == double.memory.app[0] and asked.get("code_challenge_method") == "S256"
    if not right or any(asked.get(name) != value for name, value in wanted.items()):
        return HTMLResponse("Access blocked: this request is invalid", 400)
    return HTMLResponse("Masthead wants access to your Google Account")


def allow(double: BusinessProfileDouble, asked: Mapping[str, str]) -> Response:
    """What the page's button does."""
    code = double.memory.code(asked["person"], asked["redirect_uri"])
    double.memory.challenges[code] = asked["code_challenge"]
    return RedirectResponse(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}), 302)
