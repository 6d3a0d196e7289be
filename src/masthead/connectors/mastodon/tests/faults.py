"""Troubles a contract double can bring about: any ASGI app, any operation, in the order they were asked for.

    faults.next("store_then_close", operation="post_status", times=2)

The app inside really handles the request where the name says "store"; what fails is the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HANG_SECONDS = 600.0


@dataclass
class Fault:
    """One kind of trouble for the next `left` requests of an operation ("" for any)."""

    kind: str
    operation: str
    left: int
    details: Mapping[str, Any]


@dataclass
class Faulty:
    """An ASGI app around another. `name_of(method, path)` names the operation; `happened` lists what was done."""

    app: App
    name_of: Callable[[str, str], str]
    waiting: deque[Fault] = field(default_factory=deque)
    happened: list[tuple[str, str]] = field(default_factory=list)

    def next(self, kind: str, *, operation: str = "", times: int = 1, **details: Any) -> None:
        """Bring this about for the next `times` requests of the operation. KeyError for an unknown kind."""
        KINDS[kind]
        self.waiting.append(Fault(kind, operation, times, details))

    def clear(self) -> None:
        """Forget what was asked for."""
        self.waiting.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._take(scope) if scope["type"] == "http" else None
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await KINDS[fault.kind](self.app, scope, receive, send, fault.details)

    def _take(self, scope: Scope) -> Fault | None:
        name = self.name_of(scope["method"], scope["path"])
        for fault in self.waiting:
            if fault.operation in ("", name):
                fault.left -= 1
                if fault.left <= 0:
                    self.waiting.remove(fault)
                self.happened.append((name, fault.kind))
                return fault
        return None


async def _captured(app: App, scope: Scope, receive: Receive) -> tuple[dict[str, Any], bytes]:
    start: dict[str, Any] = {}
    body = bytearray()

    async def keep(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return start, bytes(body)


async def _answer(
    receive: Receive, send: Send, status: int, body: Any, headers: Mapping[str, str] | None = None, *, read: bool = True
) -> None:
    if read:
        await _read(receive)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content-type": "application/json", "content-length": str(len(raw))} | dict(headers or {})
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body


def _cut(send: Send) -> None:
    """Close the connection without a word; uvicorn's `send` is a method of the cycle that holds the transport."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]


async def _store_then_close(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _captured(app, scope, receive)
    _cut(send)


async def _close_before(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    _cut(send)


async def _store_then_500(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _captured(app, scope, receive)
    await _answer(receive, send, 500, {"error": "This page is not correct"}, read=False)


async def _500_before(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _answer(receive, send, details.get("status", 500), {"error": "This page is not correct"})


async def _store_then_hang(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _captured(app, scope, receive)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(details.get("seconds", HANG_SECONDS)):
            while (await receive())["type"] != "http.disconnect":  # the rest of the body, then the end
                continue
    _cut(send)


async def _429(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    seconds = str(details.get("retry_after", 3600))
    await _answer(receive, send, 429, {"error": "Too many requests"}, {"retry-after": seconds})


async def _truncated(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    start, body = await _captured(app, scope, receive)
    await _answer(receive, send, start["status"], body[: len(body) // 2], read=False)


async def _token_expired(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _answer(receive, send, 401, {"error": "The access token expired"})


async def _refuse(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    words = details.get("words", "Validation failed: Text is not welcome here")
    await _answer(receive, send, details.get("status", 422), {"error": words})


async def _slow(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await asyncio.sleep(details.get("seconds", 1.0))
    await app(scope, receive, send)


async def _held(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    """The request is read whole and worked on later, also when the client has gone by then."""
    body = await _read(receive)
    await asyncio.sleep(details.get("seconds", 1.0))

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    await app(scope, again, send)


async def _no_id(app: App, scope: Scope, receive: Receive, send: Send, details: Mapping[str, Any]) -> None:
    await _captured(app, scope, receive)
    await _answer(receive, send, 200, {}, read=False)


KINDS: dict[str, Callable[[App, Scope, Receive, Send, Mapping[str, Any]], Awaitable[None]]] = {
    "store_then_close": _store_then_close,
    "store_then_500": _store_then_500,
    "store_then_hang": _store_then_hang,
    "truncated": _truncated,
    "no_id": _no_id,
    "500_before": _500_before,
    "close_before": _close_before,
    "429": _429,
    "token_expired": _token_expired,
    "refuse": _refuse,
    "slow": _slow,
    "held": _held,
}
