"""The sandbox network as a person and a program meet it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from masthead.contract.testing import Fault, Member, SandboxNetwork, SandboxServer, Store, add_demo_members, demo_token
from masthead.contract.testing_network import Problem, challenge_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def network() -> SandboxNetwork:
    network = SandboxNetwork(Store(":memory:"))
    add_demo_members(network)
    return network


@pytest.fixture
def server(network: SandboxNetwork) -> Iterator[SandboxServer]:
    with SandboxServer(network) as running:
        yield running


def member(network: SandboxNetwork, handle: str = "ticker") -> Member:
    found = network.member(handle)
    assert found
    return found


async def page(server: SandboxServer, path: str) -> tuple[int, str, Any]:
    async with aiohttp.ClientSession() as session, session.get(server.url + path) as answer:
        return answer.status, (await answer.read()).decode("utf-8", "replace"), answer.headers


def test_a_key_posts_once(network: SandboxNetwork) -> None:
    first = network.post(member(network), {"text": "Hello"}, "k")
    assert network.post(member(network), {"text": "Hello again"}, "k") == first
    assert network.post(member(network, "longread"), {"text": "Hello"}, "k")["id"] != first["id"]
    assert len(network.recent()) == 2


@pytest.mark.parametrize(
    ("handle", "wish", "error"),
    [
        ("ticker", {"text": "x" * 281}, "too_long"),
        ("ticker", {"text": "  "}, "empty"),
        ("gallery", {"text": "No picture"}, "media_required"),
        ("ticker", {"text": "a", "media": [{"id": "none"}]}, "no_such_file"),
        ("ticker", {"text": "a", "reply_to": "none"}, "no_such_post"),
        ("ticker", {"text": "a", "poll": {"options": ["one"], "seconds": 600}}, "poll_options"),
        ("ticker", {"text": "a", "poll": {"options": ["one", "two"], "seconds": 6}}, "poll_time"),
    ],
)
def test_rules(network: SandboxNetwork, handle: str, wish: dict[str, Any], error: str) -> None:
    with pytest.raises(Problem) as caught:
        network.post(member(network, handle), wish, "k")
    assert (caught.value.status, caught.value.error) == (422, error)
    assert network.recent() == []


def test_members_have_their_own_limits(network: SandboxNetwork) -> None:
    assert network.post(member(network, "longread"), {"text": "x" * 5000}, "a")
    assert network.post(member(network), {"text": "👩‍👩‍👧‍👦" * 280}, "b")
    poll = {"options": ["one", "two"], "seconds": 600}
    assert network.post(member(network, "gallery"), {"text": "Which?", "poll": poll}, "c")["poll"]["options"] == [
        "one",
        "two",
    ]


def test_files(network: SandboxNetwork) -> None:
    who = member(network)
    for mime, content, error in (
        ("text/html", b"x", "kind_not_taken"),
        ("image/png", b"", "file_empty"),
        ("image/png", b"x" * 8_000_001, "file_too_large"),
    ):
        with pytest.raises(Problem) as caught:
            network.upload(who, mime, content)
        assert caught.value.error == error
    id_ = network.upload(who, "image/png", PNG)
    with pytest.raises(Problem, match="at most 1000"):
        network.post(who, {"text": "a", "media": [{"id": id_, "alt": "x" * 1001}]}, "k")
    with pytest.raises(Problem, match="At most 1 files"):
        network.post(who, {"text": "a", "media": [{"id": id_}, {"id": id_}]}, "k")


def test_a_video_is_processed_for_a_while(network: SandboxNetwork) -> None:
    who = member(network)
    post = network.post(who, {"media": [{"id": network.upload(who, "video/mp4", b"film")}]}, "k")
    assert network.shown(post["id"]) is None
    network.shift += 3
    assert network.shown(post["id"])


def test_refresh_tokens_are_used_up(network: SandboxNetwork) -> None:
    code = network.allow("ticker", challenge_of("v"), "http://m.test/back")
    first = network.exchange(code, "v", "http://m.test/back")
    second = network.refresh(first.refresh)
    third = network.refresh(first.refresh)  # the answer may have been lost: still allowed
    network.whose(third.token)
    with pytest.raises(Problem, match="used before"):
        network.refresh(first.refresh)
    with pytest.raises(Problem):
        network.whose(second.token)
    with pytest.raises(Problem):
        network.refresh(third.refresh)


def test_codes_are_for_once_for_one_and_for_a_while(network: SandboxNetwork) -> None:
    back = "http://m.test/back"
    for verifier, to, later in (("w", back, 0), ("v", "http://m.test/else", 0), ("v", back, 121)):
        code = network.allow("ticker", challenge_of("v"), back)
        network.shift = later
        with pytest.raises(Problem):
            network.exchange(code, verifier, to)
        network.shift = 0
        with pytest.raises(Problem):
            network.exchange(code, "v", back)


def test_access_tokens_run_out(network: SandboxNetwork) -> None:
    code = network.allow("ticker", challenge_of("v"), "http://m.test/back")
    tokens = network.exchange(code, "v", "http://m.test/back")
    network.shift += 3601
    with pytest.raises(Problem) as caught:
        network.whose(tokens.token)
    assert caught.value.error == "token_expired"
    assert network.whose(demo_token("ticker")).handle == "ticker"


def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    first = SandboxNetwork(Store(str(tmp_path / "sandbox.db")))
    add_demo_members(first)
    first.post(member(first), {"text": "Kept"}, "k")
    first.store.close()
    second = SandboxNetwork(Store(str(tmp_path / "sandbox.db")))
    add_demo_members(second)
    assert [post["text"] for post in second.recent()] == ["Kept"]
    assert second.whose(demo_token("ticker")).handle == "ticker"
    assert len(second.members()) == 3


async def test_pages_show_what_was_posted_and_escape_it(network: SandboxNetwork, server: SandboxServer) -> None:
    who = member(network)
    id_ = network.upload(who, "image/png", PNG)
    wish = {
        "text": "<script>alert(1)</script> see https://north.example/?a=1&b=2",
        "media": [{"id": id_, "alt": '"><b>Tower'}],
        "note": "<i>",
        "mood": "calm",
        "language": '"><x',
    }
    first = network.post(who, wish, "a")
    network.post(who, {"text": "Second of the thread", "reply_to": first["id"]}, "b")
    for path in ("/", "/@ticker", f"/@ticker/{first['id']}"):
        status, text, headers = await page(server, path)
        assert status == 200
        assert "&lt;script&gt;" in text
        assert not [bad for bad in ("<script", "<b>", "<i>", "<x", "style=") if bad in text]
        assert 'href="https://north.example/?a=1&amp;b=2"' in text
        assert 'alt="&quot;&gt;&lt;b&gt;Tower"' in text
        assert text.index("see") < text.index("Second of the thread")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (await page(server, f"/media/{id_}"))[2]["Content-Type"] == "image/png"


async def test_other_pages(network: SandboxNetwork, server: SandboxServer) -> None:
    network.turn(Fault.SLOW, handle="ticker")
    for path, part in (
        ("/about", "at most 500"),
        ("/faults", "@ticker, 1 more"),
        ("/style.css", "light-dark"),
        ("/health", "ok"),
    ):
        status, text, _ = await page(server, path)
        assert (status, part in text) == (200, True), path
    for path in ("/@nobody", "/@ticker/none", "/media/none", "/authorize?client_id=x"):
        assert (await page(server, path))[0] in (400, 404)


async def test_the_way_back_leads_to_the_application_only(server: SandboxServer) -> None:
    query = {
        "client_id": "http://m.test",
        "redirect_uri": "http://evil.test/",
        "state": "s",
        "code_challenge": "c",
        "code_challenge_method": "S256",
    }
    async with aiohttp.ClientSession() as session:
        assert (await session.get(f"{server.url}/authorize", params=query)).status == 400
        assert (
            await session.get(f"{server.url}/authorize", params=query | {"redirect_uri": "http://m.test/b"})
        ).status == 200


async def test_knobs_by_form_and_by_json(network: SandboxNetwork, server: SandboxServer) -> None:
    async with aiohttp.ClientSession() as session:
        away = await session.post(
            f"{server.url}/faults", data={"fault": "slow"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert away.status == 403
        await session.post(f"{server.url}/faults", data={"fault": "slow", "times": "2", "handle": "ticker"})
        assert (await session.post(f"{server.url}/faults", json={"fault": "refused"})).status == 201
        assert (await session.post(f"{server.url}/faults", json={"fault": "nonsense"})).status == 400
        assert [knob.fault for knob in network.knobs.turned] == [Fault.SLOW, Fault.REFUSED]
        headers = {"Authorization": f"Bearer {demo_token('ticker')}"}
        slow = await session.post(f"{server.url}/api/posts", json={"text": "Slow"}, headers=headers)
        assert (await slow.json())["state"] == "processing"
        await session.post(f"{server.url}/clock", json={"seconds": 130})
        again = await session.get(f"{server.url}/api/posts/{(await slow.json())['id']}", headers=headers)
        assert (await again.json())["state"] == "ready"
        assert (await session.delete(f"{server.url}/faults")).status == 204
    assert network.knobs.turned == []


@pytest.mark.faults
async def test_a_hang_keeps_the_post(network: SandboxNetwork, server: SandboxServer) -> None:
    network.turn(Fault.STORE_THEN_HANG, seconds=30)
    headers = {"Authorization": f"Bearer {demo_token('ticker')}", "Idempotency-Key": "k"}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:
        with pytest.raises(asyncio.TimeoutError):
            await session.post(f"{server.url}/api/posts", json={"text": "Hung"}, headers=headers)
    assert network.by_key(member(network), "k")


async def test_bad_requests_are_answered(server: SandboxServer) -> None:
    headers = {"Authorization": f"Bearer {demo_token('ticker')}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for body in (b"", b"[]", b"{", b'{"text": "a", "media": 5}', b'{"text": "a", "poll": "x"}'):
            assert (await session.post(f"{server.url}/api/posts", data=body, headers=headers)).status == 400, body
        assert (await session.get(f"{server.url}/api/me")).status == 401


@pytest.mark.slow
def test_it_runs_on_its_own_and_survives_a_kill(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for turn in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "masthead.contract.testing", "--port", str(port), "--data", str(tmp_path / "s.db")]
        )
        try:
            asyncio.run(_post_when_up(f"http://127.0.0.1:{port}", f"key-{turn}"))
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    kept = SandboxNetwork(Store(str(tmp_path / "s.db"))).recent()
    assert sorted(post["key"] for post in kept if post["key"]) == ["key-0", "key-1"]


async def _post_when_up(url: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {demo_token('ticker')}", "Idempotency-Key": key}
    until = time.monotonic() + 20
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            try:
                assert (await session.post(f"{url}/api/posts", json={"text": key}, headers=headers)).status == 201
                return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)
    pytest.fail("the sandbox did not come up")
