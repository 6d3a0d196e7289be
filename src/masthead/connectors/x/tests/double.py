"""A strict X for tests: real HTTP, state, rules, a clock to move, troubles to ask for. Everything that passes is held against
X's own description, where that is at hand.

with XDouble() as double:
    double.troubled.next(Trouble.CLOSE_AFTER)
    ... double.url, double.memory.person(), double.memory.clock.advance(3600)
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.tests.checked import Checked, Declining
from masthead.connectors.tests.described import Described
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled
from masthead.connectors.x.tests import readings, talks, uploads
from masthead.connectors.x.tests.memory import Fail, Memory, Person
from masthead.connectors.x.tests.shapes import user

SIGN_IN = ("/2/oauth2/(token|revoke)", "/i/oauth2/authorize", "/allow")
TWEETS = Described("X", "x-openapi-2.166.json", undescribed=SIGN_IN)
POSTS = Described("X in its new words", "x-openapi-2.167.json", undescribed=SIGN_IN)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_UNDERSTOOD = Said(
    400,
    {
        "type": "https://api.twitter.com/2/problems/invalid-request",
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
    },
    lambda: {"content-type": "application/problem+json"},
)


def _reset() -> dict[str, str]:
    return {
        "x-rate-limit-limit": "100",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(int(time.time()) + 120),
    }


def problem(status: int, title: str, detail: str) -> dict[str, Any]:
    """A refusal as X writes it."""
    return {"title": title, "detail": detail, "type": "about:blank", "status": status}


ANSWERS = {
    Trouble.FAIL_BEFORE: Said(503, problem(503, "Service Unavailable", "Service Unavailable")),
    Trouble.LIMITED: Said(429, problem(429, "Too Many Requests", "Too Many Requests"), _reset),
    Trouble.TOKEN_EXPIRED: Said(401, problem(401, "Unauthorized", "Unauthorized")),
    Trouble.REFUSED: Said(403, problem(403, "Forbidden", "You are not permitted to perform this action.")),
}


class XDouble:
    """The server. `new_words` answers in posts and reposts; `seen` keeps method, path and body of each request."""

    def __init__(self, *, new_words: bool = False) -> None:
        self.memory, self.new_words = Memory(), new_words
        self.seen: list[tuple[str, str, Any]] = []
        self.described = POSTS if new_words else TWEETS
        self.video_looks = 1
        self.private_for = timedelta(days=30)
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(Checked(Declining(self._app(), NOT_UNDERSTOOD), self.described), _creates, ANSWERS)

    def start(self) -> XDouble:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def __enter__(self) -> XDouble:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests to an address."""
        return [body for verb, where, body in self.seen if (verb, where) == (method, path)]

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/2/users/me", me),
            ("POST", "/2/tweets", create),
            ("GET", "/2/tweets", readings.by_id),
            ("DELETE", "/2/tweets/{id}", delete),
            ("GET", "/2/users/{id}/tweets", readings.timeline),
            ("GET", "/2/users/{id}/mentions", talks.mentions),
            ("GET", "/2/dm_events", talks.events),
            ("GET", "/2/dm_conversations/with/{id}/dm_events", talks.events),
            ("GET", "/2/dm_conversations/{id}/dm_events", talks.events),
            ("POST", "/2/dm_conversations/with/{id}/messages", talks.send),
            ("POST", "/2/dm_conversations/{id}/messages", talks.send),
            ("POST", "/2/media/upload", uploads.whole),
            ("GET", "/2/media/upload", uploads.status),
            ("POST", "/2/media/upload/initialize", uploads.initialize),
            ("POST", "/2/media/upload/{id}/append", uploads.append),
            ("POST", "/2/media/upload/{id}/finalize", uploads.finalize),
            ("POST", "/2/media/metadata", uploads.describe),
        )
        routes = [Route(path, self._page(handle), methods=[method]) for method, path, handle in pages]
        plain = (("POST", "/2/oauth2/token", token), ("POST", "/2/oauth2/revoke", revoke), ("GET", "/allow", allow))
        routes += [Route(path, self._open(handle), methods=[method]) for method, path, handle in plain]
        routes += [Route("/2/usage/tweets", self._of_app(readings.usage), methods=["GET"])]
        routes += [Route("/i/oauth2/authorize", self._open(authorize), methods=["GET"])]
        return Starlette(routes=routes)

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await _body(request)
            self.seen.append((request.method, request.url.path, body))
            try:
                owner = self.memory.owner(request.headers.get("authorization", "").removeprefix("Bearer "))
                made = handle(self, owner, request, body)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status, media_type="application/problem+json")
            return made if isinstance(made, Response) else JSONResponse(made)

        return answer

    def _of_app(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        """A page for the app's own bearer token; anybody else's is refused."""

        async def answer(request: Request) -> Response:
            self.seen.append((request.method, request.url.path, None))
            if request.headers.get("authorization") != f"Bearer {self.memory.bearer}":
                fail = Fail(401, "Unauthorized")
                return JSONResponse(fail.body, fail.status, media_type="application/problem+json")
            return JSONResponse(handle(self, request))

        return answer

    def _open(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            form = await request.form() if request.method == "POST" else request.query_params
            try:
                return handle(self, request, {name: str(value) for name, value in form.items()})  # type: ignore[no-any-return]
            except Fail as fail:
                told = {"error": "invalid_request", "error_description": fail.body["detail"]}
                return JSONResponse(told, fail.status)

        return answer


def _creates(method: str, path: str) -> bool:
    message = path.startswith("/2/dm_conversations/") and path.endswith("/messages")
    return method == "POST" and (path == "/2/tweets" or message)


async def _body(request: Request) -> Any:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return await request.json()
    if kind.startswith("multipart/form-data"):
        form = await request.form(max_part_size=64_000_000)
        return {name: value if isinstance(value, str) else await value.read() for name, value in form.items()}
    return None


def me(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Who am I?"""
    return {"data": user(owner, request.query_params.get("user.fields", "").split(","))}


def create(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Make a post."""
    made = double.memory.create(owner, body)
    return JSONResponse({"data": {"id": made.id, "text": made.text, "edit_history_tweet_ids": [made.id]}}, 201)


def delete(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Delete one's own post; X says "deleted" of one that is gone as well, or 404."""
    number = request.path_params["id"]
    found = [one for one in double.memory.posts if one.id == number and one.owner == owner.id]
    if not found:
        raise Fail(
            404, f"Could not find tweet with id: [{number}].", "https://api.twitter.com/2/problems/resource-not-found"
        )
    double.memory.posts.remove(found[0])
    return {"data": {"deleted": True}}


def _signed(double: XDouble, request: Request) -> None:
    """The app signs in with Basic; anything else is refused."""
    given = request.headers.get("authorization", "").removeprefix("Basic ")
    name, _, word = base64.b64decode(given or "").decode().partition(":")
    if (unquote(name), unquote(word)) != double.memory.app:
        raise Fail(401, "Missing valid authorization header")


def token(double: XDouble, request: Request, form: Mapping[str, str]) -> Response:
    """Tokens for a code or a refresh token."""
    _signed(double, request)
    return JSONResponse(double.memory.exchanged(form))


def revoke(double: XDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The token no longer works."""
    _signed(double, request)
    double.memory.access.pop(form["token"], None)
    double.memory.refresh.pop(form["token"], None)
    return JSONResponse({"revoked": True})


def authorize(double: XDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The page on which a person allows it, if what is asked for is right."""
    right = form.get("client_id") == double.memory.app[0] and form.get("code_challenge_method") == "S256"
    wanted = {
        "response_type": "code",
        "scope": "tweet.read tweet.write users.read media.write dm.read dm.write offline.access",
    }
    if not right or any(form.get(name) != value for name, value in wanted.items()) or not form.get("code_challenge"):
        return HTMLResponse("Something went wrong. You weren’t able to give access to the App.", 400)
    return HTMLResponse("Masthead wants to access your X account.")


def allow(double: XDouble, request: Request, form: Mapping[str, str]) -> Response:
    """What the page's button does."""
    code = f"code{len(double.memory.codes)}{time.monotonic_ns()}"
    kept = {"person": form["person"], "challenge": form["code_challenge"], "redirect_uri": form["redirect_uri"]}
    double.memory.codes[code] = kept
    return RedirectResponse(form["redirect_uri"] + "?" + urlencode({"state": form["state"], "code": code}))
