"""A strict LinkedIn for tests: real HTTP, state, rules by hand from LinkedIn's pages, troubles to ask for.

with LinkedInDouble() as double:
    double.troubled.next(Trouble.CLOSE_AFTER)
    ... double.url, double.memory.posts
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.linkedin.tests import pages
from masthead.connectors.linkedin.tests.memory import Fail, Memory
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

SAYS = {
    Trouble.FAIL_BEFORE: Said(503, {"status": 503, "message": "Service unavailable"}),
    Trouble.LIMITED: Said(
        429,
        {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "Resource level throttle MEMBER DAY limit reached"},
        lambda: {"Retry-After": "120"},
    ),
    Trouble.TOKEN_EXPIRED: Said(
        401,
        {"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "The token used in the request has expired"},
    ),
    Trouble.REFUSED: Said(422, {"status": 422, "message": "ERROR :: /commentary :: is not allowed"}),
}


class LinkedInDouble:
    """The server. `checked` counts the requests whose headers and address were held against LinkedIn's rules."""

    def __init__(self) -> None:
        self.memory, self.checked = Memory(), 0
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(self._app(), lambda verb, path: (verb, path) == ("POST", "/rest/posts"), SAYS)

    def start(self) -> LinkedInDouble:
        """Listen on a free port."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.serving.stop()

    def __enter__(self) -> LinkedInDouble:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _app(self) -> Starlette:
        handlers = {"authorization": authorize, "allow": allow, "accessToken": token}
        routes = [
            Route(f"/oauth/v2/{name}", self._open(one), methods=["GET", "POST"]) for name, one in handlers.items()
        ]
        routes += [Route("/dms-uploads/{part:path}", self._page(pages.receive), methods=["PUT"])]
        routes += [Route("/v2/userinfo", self._page(pages.user_info)), Route("/v2/me", self._page(pages.me))]
        routes += [Route("/rest/{rest:path}", self._page(pages.rest), methods=["GET", "POST", "DELETE"])]
        return Starlette(routes=routes)

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                token = self.memory.holder(request.headers.get("authorization", "").removeprefix("Bearer "))
                self._checked(request)
                made = handle(self, token, request, await request.body())
            except Fail as fail:
                return JSONResponse(fail.body, fail.status)
            return made if isinstance(made, Response) else JSONResponse(made)

        return answer

    def _checked(self, request: Request) -> None:
        """Versioned calls name a version and Rest.li 2.0.0; URNs in addresses are encoded.

        https://learn.microsoft.com/en-us/linkedin/marketing/versioning,
        https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/protocol-version
        """
        if not request.url.path.startswith("/rest/"):
            return
        self.checked += 1
        if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", request.headers.get("linkedin-version", "")):
            raise Fail(426, "Requested version is not active", "NONEXISTENT_VERSION")
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            raise Fail(400, "Invalid query parameters passed to request")
        raw = request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode()
        if "urn:li:" in raw:
            raise Fail(400, "Syntax exception in path variables")

    def _open(self, handle: Callable[..., Response]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            told = await request.form() if request.method == "POST" else request.query_params
            return handle(self, {name: str(value) for name, value in told.items()})

        return answer


def token(double: LinkedInDouble, form: dict[str, str]) -> Response:
    """https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow"""
    memory = double.memory
    if (form.get("client_id"), form.get("client_secret")) != memory.app:
        return JSONResponse({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
    if form["grant_type"] == "refresh_token":
        old = memory.refresh.get(form["refresh_token"])
        if old is None:
            return JSONResponse({"error": "invalid_grant", "error_description": "The refresh token is invalid"}, 400)
        return JSONResponse(memory.grant(old.member, old.scopes))
    known = memory.codes.pop(form["code"], None)
    if not known or known["redirect_uri"] != form["redirect_uri"]:
        return JSONResponse({"error": "invalid_request", "error_description": "Unable to retrieve access token"}, 400)
    return JSONResponse(memory.grant(known["member"], tuple(known["scope"].split())))


def authorize(double: LinkedInDouble, asked: dict[str, str]) -> Response:
    """The page on which a person allows it. A scope the app was not granted ends the whole sign-in."""
    if asked.get("client_id") != double.memory.app[0] or "code_challenge" in asked:
        return HTMLResponse("The passed in client_id is invalid", 400)
    if set(asked["scope"].split()) - set(double.memory.granted):
        told = {"error": "unauthorized_scope_error", "state": asked["state"]}
        return RedirectResponse(asked["redirect_uri"] + "?" + urlencode(told), 302)
    return HTMLResponse("Masthead would like to")


def allow(double: LinkedInDouble, asked: dict[str, str]) -> Response:
    """What the page's button does."""
    code = f"code{len(double.memory.codes)}{double.memory.number()}"
    double.memory.codes[code] = {name: asked[name] for name in ("member", "redirect_uri", "scope")}
    return RedirectResponse(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}), 302)
