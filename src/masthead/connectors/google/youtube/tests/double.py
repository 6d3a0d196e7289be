"""A strict YouTube for tests: real HTTP, state, rules, troubles to ask for. What passes is held against Google's discovery document.

with YouTubeDouble() as double:
    double.troubled.next(Trouble.CLOSE_AFTER)
    ... double.url, double.memory.videos
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.google.youtube.tests import pages
from masthead.connectors.google.youtube.tests.memory import SCOPE, Fail, Memory
from masthead.connectors.tests.checked import Checked
from masthead.connectors.tests.described import Described
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

DESCRIBED = Described(
    "YouTube",
    "google-youtube-v3.json",
    undescribed=("/(token|revoke|allow|o/oauth2/v2/auth|session/.*)",),
    script="bin/servers/google",
)
"""The discovery document that google-api-python-client carries; upload sessions and sign-in are not in it."""
SAYS = {
    Trouble.FAIL_BEFORE: Said(503, {"error": {"code": 503, "message": "Backend Error", "errors": []}}),
    Trouble.LIMITED: Said(429, Fail(429, "rateLimitExceeded").body, lambda: {"Retry-After": "120"}),
    Trouble.TOKEN_EXPIRED: Said(401, Fail(401, "authError", "Invalid Credentials").body),
    Trouble.REFUSED: Said(400, Fail(400, "invalidVideoMetadata", "The request metadata is invalid.").body),
}


class YouTubeDouble:
    """The server. `no_thumbnails`: channels may not set any."""

    def __init__(self) -> None:
        self.memory, self.no_thumbnails = Memory(), False
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(
            Checked(self._app(), DESCRIBED), lambda verb, path: verb == "PUT" and path.startswith("/session/"), SAYS
        )

    def start(self) -> YouTubeDouble:
        """Listen on a free port."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.serving.stop()

    def __enter__(self) -> YouTubeDouble:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _app(self) -> Starlette:
        rows: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/youtube/v3/channels", pages.channels),
            ("GET", "/youtube/v3/playlistItems", pages.listed),
            ("GET", "/youtube/v3/videos", pages.videos),
            ("PUT", "/youtube/v3/videos", pages.update),
            ("DELETE", "/youtube/v3/videos", pages.delete),
            ("POST", "/upload/youtube/v3/videos", pages.begin),
            ("POST", "/upload/youtube/v3/thumbnails/set", pages.thumbnail),
            ("PUT", "/session/{key}", pages.receive),
        )
        routes = [Route(path, self._page(handle), methods=[verb]) for verb, path, handle in rows]
        signs = {"/token": token, "/revoke": revoke, "/o/oauth2/v2/auth": authorize, "/allow": allow}
        return Starlette(
            routes=routes + [Route(path, self._open(one), methods=["GET", "POST"]) for path, one in signs.items()]
        )

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                channel = self.memory.holder(request.headers.get("authorization", "").removeprefix("Bearer "))
                made = handle(self, channel, request, await request.body())
            except Fail as fail:
                return JSONResponse(fail.body, fail.status)
            return made if isinstance(made, Response) else JSONResponse(made)

        return answer

    def _open(self, handle: Callable[..., Response]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            told = await request.form() if request.method == "POST" else request.query_params
            try:
                return handle(self, {name: str(value) for name, value in told.items()})
            except Fail as fail:
                return JSONResponse({"error": str(fail)}, fail.status)

        return answer


def token(double: YouTubeDouble, form: dict[str, str]) -> Response:
    """Tokens."""
    return JSONResponse(double.memory.exchanged(form))


def revoke(double: YouTubeDouble, form: dict[str, str]) -> Response:
    """The grant is gone, and all its tokens with it."""
    memory = double.memory
    channel = memory.refresh.get(form["token"]) or memory.access.get(form["token"])
    if channel is None:
        return JSONResponse({"error": "invalid_token"}, 400)
    for kept in (memory.access, memory.refresh):
        for one in [key for key, owner in kept.items() if owner == channel]:
            del kept[one]
    return JSONResponse({})


def authorize(double: YouTubeDouble, asked: dict[str, str]) -> Response:
    """Google's page, if what is asked for is right: a refresh token comes only with offline access and consent."""
    wanted = {"response_type": "code", "access_type": "offline", "prompt": "consent", "scope": SCOPE}
    right = asked.get("client_id") == double.memory.app[0] and asked.get("code_challenge_method") == "S256"
    if not right or any(asked.get(name) != value for name, value in wanted.items()):
        return HTMLResponse("Access blocked: this request is invalid", 400)
    return HTMLResponse("Masthead wants access to your Google Account")


def allow(double: YouTubeDouble, asked: dict[str, str]) -> Response:
    """What the page's button does."""
    code = f"4/{len(double.memory.codes)}{asked['state'][:8]}"
    double.memory.codes[code] = {name: asked[name] for name in ("channel", "redirect_uri", "code_challenge")}
    return RedirectResponse(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}), 302)
