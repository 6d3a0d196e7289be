"""What a make-believe Meta does wrong on purpose: an ASGI app around another, for the next requests that make a post."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from masthead.connectors.meta.tests.memory import GraphError
from masthead.connectors.tests.harness import Trouble

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAKES = re.compile(r"/v[\d.]+/\w+/(feed|media_publish|threads_publish)")
BUSY = GraphError(2, "An unexpected error has occurred. Please retry your request later.", status=500)
EXPIRED = GraphError(190, "Error validating access token: Session has expired.", 463, 400)
REFUSED = GraphError(100, "(#100) This content is not allowed.", 0, 400)
LIMITED = GraphError(32, "(#32) Page request limit reached", 0, 400)
USED_UP = {
    "x-app-usage": json.dumps({"call_count": 12, "total_time": 3, "total_cputime": 4}),
    "x-business-use-case-usage": json.dumps(
        {"1234": [{"type": "pages", "call_count": 100, "total_time": 9, "estimated_time_to_regain_access": 2}]}
    ),
}


class Faulty:
    """`next(trouble)` is brought about for the next requests whose path makes a post; `happened` counts them."""

    def __init__(self, app: App) -> None:
        self.app, self.waiting, self.happened = app, deque[Trouble](), list[Trouble]()

    def next(self, kind: Trouble, times: int = 1) -> None:
        """Bring this about for the next `times` requests."""
        self.waiting.extend([kind] * times)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        makes = scope["type"] == "http" and scope["method"] == "POST" and MAKES.fullmatch(scope["path"])
        if not makes or not self.waiting:
            return await self.app(scope, receive, send)
        kind = self.waiting.popleft()
        self.happened.append(kind)
        if kind in (Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT):
            return await self._after(kind, scope, receive, send)
        await _read(receive)
        wrong = {Trouble.FAIL_BEFORE: BUSY, Trouble.LIMITED: LIMITED, Trouble.TOKEN_EXPIRED: EXPIRED}.get(kind, REFUSED)
        await _answer(send, wrong.status, json.dumps(wrong.body()).encode(), USED_UP if kind is Trouble.LIMITED else {})
        return None

    async def _after(self, kind: Trouble, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = await _captured(self.app, scope, receive)
        if kind is Trouble.CLOSE_AFTER:
            send.__self__.transport.abort()  # type: ignore[attr-defined]
        elif kind is Trouble.FAIL_AFTER:
            await _answer(send, 500, json.dumps(BUSY.body()).encode())
        else:
            await _answer(send, status, body[: len(body) // 2])


async def _captured(app: App, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    status, body = 0, bytearray()

    async def keep(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return status, bytes(body)


async def _read(receive: Receive) -> None:
    more = True
    while more:
        message = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)


async def _answer(send: Send, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
    told = {"content-type": "application/json", "content-length": str(len(body))} | (more or {})
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
