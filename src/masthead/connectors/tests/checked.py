"""A door in front of a double: each request and each answer that passes is shown to the vendor's description."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from masthead.connectors.tests.described import Described, Told
from masthead.connectors.tests.troubles import Said, respond

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Checked:
    """An ASGI app around another, that shows each request and each answer to a description."""

    def __init__(self, app: App, described: Described) -> None:
        self.app, self.described = app, described

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, check it, pass it on, check the answer, send it."""
        if scope["type"] != "http" or not self.described.available:
            await self.app(scope, receive, send)
            return
        raw = await _whole(receive)
        told = await _told(scope, raw)
        self.described.check_request(told)
        started: dict[str, Any] = {}
        answered = bytearray()

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                answered.extend(message.get("body", b""))

        await self.app(scope, _again(raw), keep)
        kind = dict(started["headers"]).get(b"content-type", b"").decode().split(";")[0]
        self.described.check_answer(told, started["status"], _parsed(bytes(answered), kind), kind)
        await send(started)
        await send({"type": "http.response.body", "body": bytes(answered)})


async def _whole(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        body.extend(message.get("body", b""))
        more = message.get("more_body", False)
    return bytes(body)


def _again(raw: bytes) -> Receive:
    async def receive() -> Any:
        return {"type": "http.request", "body": raw, "more_body": False}

    return receive


async def _told(scope: Scope, raw: bytes) -> Told:
    kind = dict(scope["headers"]).get(b"content-type", b"").decode().split(";")[0].strip()
    query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
    return Told(scope["method"], scope["path"], query, await _read_body(scope, raw, kind), kind)


async def _read_body(scope: Scope, raw: bytes, kind: str) -> Any:
    """JSON parsed, forms as pairs (a file as its name), other bodies as text; None for an empty one."""
    if not raw:
        return None
    if kind.endswith("json"):
        return json.loads(raw)
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        form = await Request(scope, _again(raw)).form(max_part_size=len(raw) + 1)
        return [
            (name, value.filename if isinstance(value, UploadFile) else value) for name, value in form.multi_items()
        ]
    return raw.decode("latin-1")


def _parsed(raw: bytes, kind: str) -> Any:
    return json.loads(raw) if raw and kind.endswith("json") else (raw.decode("latin-1") if raw else None)


class Declining:
    """An ASGI app around a double, which knows what a connector sends: what it does not understand gets the platform's refusal."""

    def __init__(self, app: App, said: Said) -> None:
        self.app, self.said = app, said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where the app fails, refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer: list[Any] = []

        async def keep(message: Any) -> None:
            answer.append(message)

        try:
            await self.app(scope, receive, keep)
        except (AssertionError, AttributeError, LookupError, TypeError, ValueError):
            answer.clear()
            await respond(keep, self.said)
        for message in answer:
            await send(message)
