"""The one HTTP client of all connectors: listed operations only, guarded, bounded, metered."""

from __future__ import annotations

import asyncio
import json as jsonlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from masthead.contract.budget import Budget, most_units
from masthead.contract.calls import NONE, Call, Meter, Unmetered, counted
from masthead.contract.ending import Ending, must_go_on
from masthead.contract.errors import ConnectorError, GoneForGood, NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.guard import (
    ForbiddenAddress,
    GuardedResolver,
    check_url,
    describe,
    is_forbidden,
    public_socket,
)
from masthead.contract.headers import QuotaTold, quota_told, retry_after
from masthead.contract.operations import Operation
from masthead.kit.clock import now

USER_AGENT = "Masthead/0.1 (+self-hosted social media management)"
BYTE_ORDER_MARK = "\ufeff"
LOOK_THERE = "Look on the platform whether the profile is still there."
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ForbiddenAddress, aiohttp.InvalidURL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform answered. `body` is parsed JSON, or bytes where the operation asked for bytes."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300


Explain = Callable[[Answer], ConnectorError | None]


class Transport:
    """A connection pool shared by every connector in a process. Create and close it inside the event loop."""

    def __init__(self, *, allow_private: bool = False, limit: int = 1000) -> None:
        self.allow_private = allow_private
        self.limit = limit
        self.session = self._session(force_close=False)
        self._alone: aiohttp.ClientSession | None = None

    def _session(self, *, force_close: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self.limit,
            resolver=GuardedResolver(allow_private=self.allow_private),
            socket_factory=None if self.allow_private else public_socket,
            ttl_dns_cache=60,
            force_close=force_close,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT},
            auto_decompress=True,
        )

    def session_for(self, operation: Operation, headers: Mapping[str, str] | None) -> aiohttp.ClientSession:
        """The pool; a session that uses each connection once for `Connection: close`, and for calls that must not be repeated.

        aiohttp by itself sends a PUT again whose answer was lost. The second session does not.
        """
        once = operation.creates and operation.method != "POST"
        if not once and (not headers or headers.get("Connection") != "close"):
            return self.session
        if self._alone is None:
            self._alone = self._session(force_close=True)
            self._alone._retry_connection = False  # there is no public way to say so
        return self._alone

    async def close(self) -> None:
        """Close all connections."""
        await self.session.close()
        if self._alone:
            await self._alone.close()

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def fetch(
        self, url: str, *, max_bytes: int, seconds: float = 20.0, accept: str = "*/*", redirects: int = 4
    ) -> tuple[str, str, bytes]:
        """GET a public page or file: its final address, content type and body. Every hop is guarded.

        Raises Refused (bad address, too large, not there) or TryAgain (transport).
        """
        timeout = aiohttp.ClientTimeout(total=seconds, connect=10)
        for _ in range(redirects + 1):
            check_url(url, allow_private=self.allow_private)
            try:
                async with self.session.get(
                    url, allow_redirects=False, timeout=timeout, headers={"Accept": accept}
                ) as response:
                    if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                        url = str(response.url.join(URL(response.headers["Location"])))
                        continue
                    if response.status != 200:
                        raise Refused(
                            f"The address answered with status {response.status}.",
                            field="url",
                            remedy="Check that it opens in a browser without signing in.",
                        )
                    return str(response.url), response.content_type, await _bounded(response, max_bytes)
            except aiohttp.InvalidURL:
                raise Refused("This is not a valid address.", field="url", remedy="Correct the address.") from None
            except (aiohttp.ClientError, TimeoutError, ValueError, ForbiddenAddress) as error:
                if is_forbidden(error):
                    raise Refused(
                        "The address leads into a private network, which this server does not call.",
                        field="url",
                        remedy="Use a public address.",
                    ) from None
                raise TryAgain(
                    f"The address could not be read ({describe(error)}).",
                    remedy="Check the address, or try again later.",
                ) from None
        raise Refused("The address redirects too often.", field="url", remedy="Use the final address.")


class Http:
    """The transport bound to one platform and one channel; `told` is the last quota the platform named.

    Once one of `endings` has come, calls raise Ended and nothing leaves.
    `app`, `plan` and `conditions` say whose account with the platform the calls go to (see `calls.charged_to`), `purpose` what
    they are made for (see `calls.Purpose`). Calls that cost money are held in the `budget` before, and settled after.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        platform: str,
        operations: Mapping[str, Operation],
        meter: Meter,
        workspace_id: int = 0,
        channel_id: int = 0,
        endings: Sequence[Ending] = (),
        app: str = "",
        plan: str = "",
        purpose: str = "",
        conditions: frozenset[str] = NONE,
        budget: Budget | None = None,
    ) -> None:
        self.transport = transport
        self.platform = platform
        self.operations = operations
        self.meter = meter
        self.workspace_id = workspace_id
        self.channel_id = channel_id
        self.endings = tuple(endings)
        self.app = app
        self.plan = plan
        self.purpose = purpose
        self.conditions = conditions
        self.budget = budget
        self.told: QuotaTold | None = None

    async def call(
        self,
        operation: Operation,
        server: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Any = None,
        explain: Explain | None = None,
        raw: bool = False,
        url: str | None = None,
        exact: bool = False,
        doubt: Explain | None = None,
    ) -> Answer:
        """Make one listed call; returns an Answer that is fine (2xx) or raises a ConnectorError.

        `url` replaces server + path where a platform hands out addresses (OAuth endpoints). `exact`: the address is sent as it
        is written, percent signs and all. `explain` names a refusal in the platform's words; without it, or where it answers
        None, the status decides. `doubt` is asked about 2xx answers, for platforms that refuse with status 200; None from it
        means that all is well.
        """
        self.must_list(operation)
        target = url or server + operation.path.format(**(path or {}))
        check_url(target, allow_private=self.transport.allow_private, field="server")
        ticket = await self._held(operation, query)
        started = time.perf_counter()
        status, error, answer, told = 0, "transport", None, None
        try:
            answer = await self._send(operation, URL(target, encoded=exact), query, headers, json, data, raw)
            status = answer.status
            told = quota_told(answer.headers)
            self.told = told or self.told
            fine = answer.ok or answer.status in operation.fine
            refused = None if fine else (explain and explain(answer)) or judge(answer, operation)
            problem = doubt(answer) if doubt and answer.ok else refused
            error = problem.code if problem else ""
            if problem:
                raise problem
            return answer
        except ConnectorError as problem:
            status, error = problem.status or status, problem.code
            raise
        finally:
            body = answer.body if answer else None
            settled = await self._settled(operation, ticket, error, body) if ticket else 0
            self.note(operation, server, status, started, error, body, told, settled)

    def must_list(self, operation: Operation) -> None:
        """Raises LookupError for a call that is not listed, and Ended for one that has ended."""
        if self.operations.get(operation.name) is not operation:
            raise LookupError(f"{self.platform}: operation {operation.name} is not listed")
        if self.endings:
            must_go_on(self.endings, operation, now())

    async def _held(self, operation: Operation, query: Any) -> Any:
        """Raises OverBudget before anything is sent; None where the call costs nothing."""
        if self.budget is None or not self.budget.prices(operation):
            return None
        return await self.budget.hold(operation, most_units(operation, query))

    async def _settled(self, operation: Operation, ticket: Any, error: str, body: Any) -> int:
        """What nobody knows the outcome of is booked whole: the platform may charge it."""
        assert self.budget is not None
        doubtful = error == OutcomeUnknown.code or (error == "transport" and operation.creates)
        units = None if doubtful else 0 if error else counted(operation, body)[0]
        return await self.budget.settle(ticket, units)

    def note(
        self,
        operation: Operation,
        server: str,
        status: int,
        started: float,
        error: str,
        body: Any = None,
        told: QuotaTold | None = None,
        settled: int = 0,
    ) -> None:
        """Tell the meter of one call that began at `started` of the performance counter; `body` is counted where it went well."""
        units, resources = (0, ()) if error else counted(operation, body)
        self.meter.note(
            Call(
                self.platform,
                server,
                self.workspace_id,
                self.channel_id,
                operation.name,
                operation.weight,
                status,
                time.perf_counter() - started,
                error,
                operation.price_key,
                self.app,
                self.plan,
                self.purpose,
                self.conditions,
                units,
                resources,
                told,
                settled,
            )
        )

    async def _send(
        self, operation: Operation, target: URL, query: Any, headers: Any, json: Any, data: Any, raw: bool
    ) -> Answer:
        try:
            async with self.transport.session_for(operation, headers).request(
                operation.method,
                target,
                params=query,
                headers=headers,
                json=json,
                data=data,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=operation.seconds, connect=10),
            ) as response:
                body = await _bounded(response, operation.max_bytes)
                return Answer(response.status, response.headers, body if raw else _parsed(response, body, operation))
        except NOT_SENT as error:
            raise TryAgain(f"The server could not be reached ({describe(error)}).", after=30) from None
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            raise lost(operation, describe(error)) from None


def lost(operation: Operation, why: str, status: int | None = None) -> ConnectorError:
    """The error for an answer that never came or cannot be read."""
    if operation.creates:
        return OutcomeUnknown(f"The request was sent, but no clear answer came back ({why}).", status=status)
    return TryAgain(f"The platform did not answer properly ({why}).", after=30, status=status)


def judge(answer: Answer, operation: Operation) -> ConnectorError:
    """The error a status stands for where the platform says nothing better."""
    status, wait = answer.status, retry_after(answer.headers)
    if status == 429:
        return TryAgain("The platform's rate limit is reached.", after=wait or 300, whole_channel=True, status=status)
    if status == 503 and wait and not operation.creates:
        return TryAgain("The platform asks to come back later.", after=wait, whole_channel=True, status=status)
    if status == 410:
        return GoneForGood("The platform says that this is gone for good.", remedy=LOOK_THERE, status=status)
    if status >= 500:
        return lost(operation, f"status {status}", status)
    if status in (401, 403):
        return NeedsReconnect(
            "The platform no longer accepts the stored sign-in.", remedy="Reconnect the channel.", status=status
        )
    if status in (408, 425):
        return lost(operation, f"status {status}", status)
    return Refused(
        f"The platform refused the request with status {status}.",
        status=status,
        remedy="Change the post and schedule it again.",
    )


def _parsed(response: aiohttp.ClientResponse, body: bytes, operation: Operation) -> Any:
    if not body:
        return None
    try:
        return jsonlib.loads(body.decode().removeprefix(BYTE_ORDER_MARK))
    except ValueError:
        if 200 <= response.status < 300:
            raise lost(operation, "the answer was cut off or is not JSON", response.status) from None
        return {"text": body[:500].decode("utf-8", "replace")}


async def _bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (response.content_length or 0) > max_bytes:
        raise Refused(f"The answer is larger than {max_bytes} bytes.", field="url", remedy="Use a smaller file.")
    if response.content_length is not None and "Content-Encoding" not in response.headers:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > max_bytes:
            raise Refused(f"The answer is larger than {max_bytes} bytes.", field="url", remedy="Use a smaller file.")
    return bytes(body)


__all__ = [
    "USER_AGENT",
    "Answer",
    "Call",
    "Explain",
    "Http",
    "Meter",
    "Transport",
    "Unmetered",
    "judge",
    "lost",
]
