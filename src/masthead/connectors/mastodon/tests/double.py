"""A strict Mastodon server for tests: real HTTP, with state, rules, rate limits, a clock to move and faults to ask for.

with MastodonDouble() as double:
    double.fail_next("store_then_close", operation="post_status")
    ... double.url, double.token, double.statuses, double.clock.advance(3600)
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from masthead.connectors.mastodon.operations import OPERATIONS
from masthead.connectors.mastodon.tests import pages, talks
from masthead.connectors.mastodon.tests.faults import Faulty
from masthead.connectors.mastodon.tests.rules import Clock, Memory, Status, Token
from masthead.connectors.tests.checked import Declining
from masthead.connectors.tests.troubles import Said

PATTERNS = [
    (one.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", one.path) + r"/?\Z"), one.name) for one in OPERATIONS.values()
]
NOT_UNDERSTOOD = Said(422, {"error": "Validation failed"})


def operation_of(method: str, path: str) -> str:
    """The connector's name for a request; "" for one it does not make."""
    found = (name for verb, pattern, name in PATTERNS if verb == method and pattern.match(path))
    return next(found, "")


@dataclass(frozen=True)
class Asked:
    """A request as it came in. `body` is parsed JSON, a form as a dict, or None."""

    method: str
    path: str
    operation: str
    headers: dict[str, str]
    query: dict[str, str]
    body: Any


class MastodonDouble:
    """The server. `token` belongs to a first account, "alice"; `fresh()` makes further ones.

    `paging` set to False ignores `max_id`, as some small servers do.
    """

    def __init__(
        self, *, limited: bool = True, pkce: bool = True, version_two: bool = True, metadata: bool = True
    ) -> None:
        self.memory = Memory(limited=limited)
        self.pkce, self.version_two, self.metadata = pkce, version_two, metadata
        self.paging = True
        self.requests: list[Asked] = []
        self.first = self.memory.add_account("alice")
        self.faults = Faulty(Declining(self._app(), NOT_UNDERSTOOD), operation_of)
        self._thread: threading.Thread | None = None

    @property
    def clock(self) -> Clock:
        return self.memory.clock

    @property
    def url(self) -> str:
        return self.memory.url

    @property
    def token(self) -> str:
        return self.first.value

    @property
    def statuses(self) -> list[Status]:
        """Every status, oldest first."""
        return self.memory.statuses

    def fresh(self, name: str = "", scopes: str = "read write", *, refresh: bool = False) -> Token:
        """A token of a new account."""
        return self.memory.add_account(name or f"user{secrets.token_hex(4)}", scopes, refresh=refresh)

    def revoke(self, token: str) -> None:
        """The token, and a refresh with it, no longer work."""
        self.memory.tokens.pop(token, None)

    def fail_next(self, kind: str, *, operation: str = "post_status", times: int = 1, **details: Any) -> None:
        """Bring a fault about (see faults.KINDS) for the next requests of an operation, named as in operations.py."""
        self.faults.next(kind, operation=operation, times=times, **details)

    def asked(self, operation: str) -> list[Asked]:
        """The requests of one operation that reached the rules."""
        return [one for one in self.requests if one.operation == operation]

    def start(self) -> MastodonDouble:
        """Listen on a free port, in a thread of its own."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.memory.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            self.faults,
            log_level="critical",
            lifespan="off",
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join(10)

    def __enter__(self) -> MastodonDouble:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _app(self) -> Starlette:
        routes = [
            Route(path, self._handler(handle), methods=[method])
            for method, path, handle in (*pages.PAGES, *talks.PAGES)
        ]
        return Starlette(routes=routes)

    def _handler(self, handle: pages.Handle) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await pages.body_of(request)
            name = operation_of(request.method, request.url.path)
            asked = Asked(
                request.method, request.url.path, name, dict(request.headers), dict(request.query_params), _shown(body)
            )
            self.requests.append(asked)
            return await pages.answered(handle, self, request, body, name)

        return answer


def _shown(body: Any) -> Any:
    """Files as their content type, so that a list of requests stays small."""
    return {k: getattr(v, "content_type", v) for k, v in body.items()} if isinstance(body, dict) else body
