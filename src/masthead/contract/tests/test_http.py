"""The one HTTP client, against a server that misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer, Call, Http, Transport
from masthead.contract.operations import Operation, listed

pytestmark = pytest.mark.alone  # an answer of the server here must come within a second or two
READ = Operation("read", "GET", "/{what}", seconds=1.0, max_bytes=1000)
WRITE = Operation("write", "POST", "/{what}", creates=True, seconds=1.0, max_bytes=1000, weight=3)
UNLISTED = Operation("unlisted", "GET", "/json")
STATUSES = {"limited": 429, "soon": 503, "broken": 500, "dead": 401, "forbidden": 403, "wrong": 422, "early": 425}


SEEN: list[str] = []
BODIES = {"cut": b'{"fine": tr', "large": b"x" * 5000, "marked": b'\xef\xbb\xbf{"fine": "\xc3\xa4"}'}


async def answer(request: web.Request) -> web.StreamResponse:
    what = request.match_info["what"]
    SEEN.append(what)
    if what == "json":
        return web.json_response({"fine": True}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"})
    if what == "empty":
        return web.Response(status=204)
    if what.startswith("urn:"):
        return web.json_response({"path": request.raw_path})
    if what in BODIES:
        return web.Response(body=BODIES[what], content_type="application/json")
    if what == "hang":
        await asyncio.sleep(3)
    if what in ("hang", "close"):
        assert request.transport
        request.transport.abort()
        return web.Response()
    if what == "endless":
        return await _endless(request)
    if what == "redirect":
        raise web.HTTPFound("http://127.0.0.1:9/inside")
    wait = {"Retry-After": "77"} if what in ("limited", "soon") else {}
    return web.Response(status=STATUSES[what], text="no", headers=wait)


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(50):
        await response.write(b"x" * 500)
    return response


class Notes(list[Call]):
    """A meter."""

    def note(self, call: Call) -> None:
        self.append(call)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{what}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
async def http(notes: Notes) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(
            transport, platform="north", operations=listed(READ, WRITE), meter=notes, workspace_id=1, channel_id=2
        )


async def test_a_good_answer_is_parsed_and_its_quota_noted(http: Http, server: str, notes: Notes) -> None:
    got = await http.call(READ, server, path={"what": "json"})
    assert got.ok
    assert got.body == {"fine": True}
    assert http.told is not None
    assert (http.told.remaining, http.told.resets_in) == (0, 60.0)
    assert [(call.operation, call.status, call.error, call.channel_id) for call in notes] == [("read", 200, "", 2)]


async def test_a_byte_order_mark_is_no_part_of_an_answer(http: Http, server: str) -> None:
    assert (await http.call(READ, server, path={"what": "marked"})).body == {"fine": "ä"}


async def test_an_empty_answer_has_no_body(http: Http, server: str) -> None:
    assert (await http.call(WRITE, server, path={"what": "empty"})).body is None


async def test_an_exact_address_is_sent_as_it_is_written(http: Http, server: str) -> None:
    path = "/urn%3Ali%3A1?ids=List(urn%3A1,2)"
    assert (await http.call(READ, server, url=server + path, exact=True)).body == {"path": path}
    assert (await http.call(READ, server, url=server + path)).body == {"path": "/urn:li:1?ids=List(urn:1,2)"}


async def test_a_lost_answer_to_a_put_that_creates_is_not_sent_again(server: str) -> None:
    put = Operation("put", "PUT", "/close", creates=True)
    async with Transport(allow_private=True) as transport:
        before = len(SEEN)
        http = Http(transport, platform="p", operations=listed(put), meter=Notes())
        with pytest.raises(OutcomeUnknown):
            await http.call(put, server)
        assert len(SEEN) - before == 1


async def test_a_status_that_an_operation_calls_fine_is_no_refusal(server: str) -> None:
    part = Operation("part", "POST", "/wrong", creates=True, fine=(422,))
    async with Transport(allow_private=True) as transport:
        http = Http(transport, platform="p", operations=listed(part), meter=Notes())
        assert (await http.call(part, server)).status == 422


async def test_bytes_stay_bytes(http: Http, server: str) -> None:
    assert (await http.call(READ, server, path={"what": "cut"}, raw=True)).body == b'{"fine": tr'


@pytest.mark.parametrize(
    ("operation", "what", "error"),
    [
        (WRITE, "broken", OutcomeUnknown),
        (READ, "broken", TryAgain),
        (WRITE, "cut", OutcomeUnknown),
        (READ, "cut", TryAgain),
        (WRITE, "close", OutcomeUnknown),
        (READ, "close", TryAgain),
        (WRITE, "hang", OutcomeUnknown),
        (READ, "hang", TryAgain),
        (WRITE, "early", OutcomeUnknown),
        (READ, "early", TryAgain),
        (WRITE, "soon", OutcomeUnknown),
        (READ, "soon", TryAgain),
        (WRITE, "limited", TryAgain),
        (READ, "limited", TryAgain),
        (WRITE, "dead", NeedsReconnect),
        (WRITE, "forbidden", NeedsReconnect),
        (WRITE, "wrong", Refused),
        (READ, "large", Refused),
        (READ, "endless", Refused),
        (WRITE, "redirect", Refused),
    ],
)
async def test_errors_by_who_must_act(
    http: Http, server: str, notes: Notes, operation: Operation, what: str, error: type[ConnectorError]
) -> None:
    with pytest.raises(error) as caught:
        await http.call(operation, server, path={"what": what})
    assert type(caught.value) is error
    assert notes[-1].error == caught.value.code
    assert notes[-1].weight == operation.weight


async def test_a_rate_limit_says_how_long(http: Http, server: str) -> None:
    with pytest.raises(TryAgain) as caught:
        await http.call(WRITE, server, path={"what": "limited"})
    assert (caught.value.after, caught.value.whole_channel) == (77.0, True)


async def test_what_was_never_sent_may_be_sent_again(http: Http) -> None:
    with pytest.raises(TryAgain):
        await http.call(WRITE, "http://127.0.0.1:9", path={"what": "json"})


async def test_a_platform_that_refuses_with_200_is_doubted(http: Http, server: str) -> None:
    def doubt(got: Answer) -> ConnectorError | None:
        return Refused("It said so.", status=got.status) if got.body["fine"] else None

    with pytest.raises(Refused) as caught:
        await http.call(WRITE, server, path={"what": "json"}, doubt=doubt)
    assert caught.value.status == 200
    assert (await http.call(WRITE, server, path={"what": "json"}, doubt=lambda got: None)).ok


async def test_the_platform_may_explain(http: Http, server: str) -> None:
    def explain(got: Answer) -> ConnectorError:
        return Refused(f"said {got.body['text']}", field="text")

    with pytest.raises(Refused, match="said no"):
        await http.call(WRITE, server, path={"what": "wrong"}, explain=explain)


async def test_an_unlisted_operation_cannot_be_made(http: Http, server: str, notes: Notes) -> None:
    with pytest.raises(LookupError):
        await http.call(UNLISTED, server)
    with pytest.raises(LookupError):
        await http.call(Operation("read", "DELETE", "/json"), server)
    assert notes == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1", "http://localhost", "http://10.1.2.3", "http://[::ffff:127.0.0.1]"]
)
async def test_private_addresses_are_not_called(notes: Notes, address: str) -> None:
    async with Transport(allow_private=False) as transport:
        guarded = Http(transport, platform="north", operations=listed(READ), meter=notes)
        with pytest.raises(Refused) as caught:
            await guarded.call(READ, address, path={"what": "json"})
    assert caught.value.field == "server"


async def test_an_operation_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        listed(READ, READ)


async def test_fetching_a_page(server: str) -> None:
    async with Transport(allow_private=True) as transport:
        address, kind, body = await transport.fetch(f"{server}/json", max_bytes=1000)
        assert (address, kind, body) == (f"{server}/json", "application/json", b'{"fine": true}')
        for what in ("wrong", "large"):
            with pytest.raises(Refused):
                await transport.fetch(f"{server}/{what}", max_bytes=1000)
        with pytest.raises(TryAgain):
            await transport.fetch(f"{server}/redirect", max_bytes=1000)


async def test_a_redirect_inside_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Transport(allow_private=False) as transport:
        with pytest.raises(Refused):
            await transport.fetch(f"{server}/json", max_bytes=1000)


DISGUISED = (
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "1２7.0.0.1",
    "[::ffff:127.0.0.1]",
)


@pytest.mark.parametrize("host", DISGUISED)
async def test_a_private_address_in_disguise_is_not_called(server: str, host: str) -> None:
    """Full-width digits and dots become plain ones on the way to the socket, so the guard reads them as the client does."""
    async with Transport(allow_private=False) as transport:
        with pytest.raises(Refused):
            await transport.fetch(f"http://{host}:{server.rsplit(':', 1)[1]}/json", max_bytes=1000)


@pytest.mark.parametrize("address", ["http://[::１]/", "http://[/", "http://a:99999/"])
async def test_what_is_no_address_is_refused(address: str) -> None:
    async with Transport(allow_private=False) as transport:
        with pytest.raises(Refused):
            await transport.fetch(address, max_bytes=1000)


async def test_the_last_gate_judges_the_address_that_is_called(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the reading of the address is deceived, no socket is made for a private one."""
    monkeypatch.setattr("masthead.contract.http.check_url", lambda url, **kept: None)
    async with Transport(allow_private=False) as transport:
        with pytest.raises(Refused, match="private network"):
            await transport.fetch(f"{server}/json", max_bytes=1000)
