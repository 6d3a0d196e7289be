"""The troubles of the shared contract test in front of any double: an ASGI app around another.

    app = Troubled(starlette, creates, {Trouble.LIMITED: Said(429, {...}), ...})
    app.next(Trouble.CLOSE_AFTER, times=2)

The app inside really handles the request where the trouble says "stores"; what fails is the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from masthead.connectors.tests.harness import Trouble

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


STORING = (Trouble.CLOSE_AFTER, Trouble.FAIL_AFTER, Trouble.CUT_SHORT, Trouble.HANG_AFTER)
HANG_SECONDS = 60.0
HELD_SECONDS = 1.5


@dataclass(frozen=True)
class Said:
    """An answer of the platform's own making. `headers` may be made at the moment of answering."""

    status: int
    body: Any
    headers: Callable[[], Mapping[str, str]] = dict


@dataclass
class Troubled:
    """`creates(method, path)` is True for requests that create a post; `answers` for LIMITED, TOKEN_EXPIRED, REFUSED and FAIL_*."""

    app: App
    creates: Callable[[str, str], bool]
    answers: Mapping[Trouble, Said]
    waiting: deque[Trouble] = field(default_factory=deque)

    def next(self, kind: Trouble, times: int = 1) -> None:
        """Bring this about for the next `times` requests that create a post."""
        self.waiting.extend([kind] * times)

    def clear(self) -> None:
        """Forget what was asked for."""
        self.waiting.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or bring a trouble about."""
        troubled = scope["type"] == "http" and self.waiting and self.creates(scope["method"], scope["path"])
        if not troubled:
            await self.app(scope, receive, send)
            return
        kind = self.waiting.popleft()
        if kind is Trouble.HELD:
            await asyncio.sleep(HELD_SECONDS)
            await self.app(scope, receive, send)
        elif kind in STORING:
            await self._after(kind, scope, receive, send)
        else:
            await _drained(receive)
            await respond(send, self.answers[kind])

    async def _after(self, kind: Trouble, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = await _handled(self.app, scope, receive)
        assert status < 300, f"the double did not store it: {status} {body[:200]!r}"
        if kind is Trouble.HANG_AFTER:
            await _left(receive)
        if kind in (Trouble.CLOSE_AFTER, Trouble.HANG_AFTER):
            send.__self__.transport.abort()  # type: ignore[attr-defined] # uvicorn's cycle holds the transport
        elif kind is Trouble.FAIL_AFTER:
            await respond(send, self.answers[Trouble.FAIL_BEFORE])
        else:
            await respond(send, Said(200, body[: len(body) // 2]))


async def _handled(app: App, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    start: dict[str, Any] = {}
    body = bytearray()

    async def keep(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return start["status"], bytes(body)


async def _left(receive: Receive) -> None:
    """Wait until the other side has gone, at most HANG_SECONDS."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HANG_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                continue


async def _drained(receive: Receive) -> None:
    more = True
    while more:
        more = (await receive()).get("more_body", False)


async def respond(send: Send, said: Said) -> None:
    """Give an answer of the platform's own making."""
    raw = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
    told = {"content-type": "application/json", "content-length": str(len(raw)), **said.headers()}
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": said.status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})
