"""A strict Discord for tests: real HTTP, state, rules, troubles to ask for. All that passes is held against Discord's description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from masthead.connectors.discord.tests import shapes
from masthead.connectors.discord.tests.memory import Fail, Memory
from masthead.connectors.tests.checked import Checked, Declining
from masthead.connectors.tests.described import Described, Told
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

PREFIX = "/api/v10"
DISCORD = Described("Discord", "discord-v10.json", prefix=PREFIX)
ANSWERS = {
    Trouble.FAIL_BEFORE: Said(503, {"code": 0, "message": "503: Service Unavailable"}),
    Trouble.LIMITED: Said(
        429,
        {"message": "You are being rate limited.", "retry_after": 120.0, "global": False},
        lambda: {"Retry-After": "120"},
    ),
    Trouble.REFUSED: Said(400, {"code": 200000, "message": "Message was blocked by AutoMod"}),
}
NOT_UNDERSTOOD = Said(400, {"code": 50035, "message": "Invalid Form Body", "errors": {}})


class DiscordDouble:
    """The server; `seen` keeps method, path and body of each request."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, str, Any]] = []
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(Checked(Declining(self._app(), NOT_UNDERSTOOD), DISCORD), _creates, ANSWERS)

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests to an address that ends so."""
        return [body for verb, where, body in self.seen if verb == method and where.endswith(path)]

    def _app(self) -> Starlette:
        messages = PREFIX + "/channels/{channel}/messages"
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", PREFIX + "/users/@me", me),
            ("GET", PREFIX + "/channels/{channel}", channel),
            ("POST", messages, create),
            ("GET", messages, listing),
            ("GET", messages + "/{message}", one),
            ("PATCH", messages + "/{message}", edit),
            ("DELETE", messages + "/{message}", delete),
        )
        return Starlette(routes=[Route(path, self._page(handle), methods=[verb]) for verb, path, handle in pages])

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body, files = await _body(request)
            self.seen.append((request.method, request.url.path, body))
            try:
                bot = self.memory.owner(request.headers.get("authorization", ""))
                made = handle(self, bot, request, body, files)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status)
            return Response(status_code=204) if made is None else JSONResponse(made)

        return answer


def _creates(method: str, path: str) -> bool:
    return method == "POST" and path.endswith("/messages")


async def _body(request: Request) -> tuple[Any, list[tuple[str, bytes]]]:
    """The body, and the files beside it by their places. What a form holds as JSON is held against the description as well."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return await request.json(), []
    if not kind.startswith("multipart/form-data"):
        return None, []
    form = await request.form(max_part_size=64_000_000)
    body, files = json.loads(str(form["payload_json"])), []
    for name, value in form.items():
        if not isinstance(value, str):
            files.append((str(re.fullmatch(r"files\[(\d+)\]", name)[1]), await value.read()))  # type: ignore[index]
    DISCORD.check_request(Told(request.method, request.url.path, (), body, "application/json"))
    return body, files


def me(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """Who am I?"""
    return shapes.me(bot)


def channel(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """A channel."""
    return shapes.channel(double.memory.place(request.path_params["channel"]))


def create(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """Make a message."""
    place = double.memory.place(request.path_params["channel"])
    return shapes.message(place, double.memory.create(bot, place, body, files))


def listing(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """Messages, newest first: the newest before an id, or the oldest after one. Nothing without the right to read."""
    place, query = double.memory.place(request.path_params["channel"]), request.query_params
    size, after, before = int(query.get("limit", 50)), int(query.get("after", -1)), int(query.get("before", 1 << 63))
    fit = [one for one in place.messages if after < int(one.id) < before] if place.readable else []
    chosen = fit[:size] if "after" in query else fit[-size:]
    return [shapes.message(place, one) for one in reversed(chosen)]


def one(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """One message."""
    place = double.memory.place(request.path_params["channel"])
    return shapes.message(place, double.memory.message(place, request.path_params["message"]))


def edit(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """Change one's own message."""
    place = double.memory.place(request.path_params["channel"])
    found = double.memory.message(place, request.path_params["message"])
    if found.author != bot:
        raise Fail(403, 50005, "Cannot edit a message authored by another user")
    found.body |= body
    found.edited_at = double.memory.clock.now()
    return shapes.message(place, found)


def delete(double: DiscordDouble, bot: str, request: Request, body: Any, files: Any) -> Any:
    """Delete a message."""
    place = double.memory.place(request.path_params["channel"])
    place.messages.remove(double.memory.message(place, request.path_params["message"]))
