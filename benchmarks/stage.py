"""What every measurement needs: a database with Masthead's tables, the sink, a connector to it, and worker processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from masthead.contract.capabilities import Capabilities, Counting, Quota, Source, TextRule, ThreadRule
from masthead.contract.errors import Refused
from masthead.contract.http import Http
from masthead.contract.operations import Operation, listed
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt
from masthead.kit.database import EmbeddedPostgres
from masthead.kit.secrets import make_key_file

HERE = Path(__file__).parent
SOURCE = Source("https://example.org/", date(2026, 1, 1))
POST = Operation("post", "POST", "/p/{key}", creates=True, bucket="posts", seconds=3.0)
FIND = Operation("find", "GET", "/find/{key}", seconds=5.0)


class SinkPublisher:
    """The publish part for the sink; `500` stands for "certainly not kept", as the sink means it."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send one segment."""
        key = delivery.segment_key(index)
        answer = await http.call(
            POST,
            account.server,
            path={"key": key},
            json={"text": delivery.segments[index].text},
            headers={"Idempotency-Key": key},
        )
        return Receipt(answer.body["id"], f"{account.server}/{key}")

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Ask the sink."""
        key = delivery.segment_key(index)
        answer = await http.call(FIND, account.server, path={"key": key})
        if answer.body["found"]:
            return Found(Presence.FOUND, "The sink has it.", Receipt(key))
        return Found(Presence.ABSENT, "The sink does not have it.")

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Nothing is ever in processing."""
        return receipt

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """The sink keeps everything."""
        raise Refused("The sink keeps everything.")

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """The sink keeps everything."""
        raise Refused("The sink keeps everything.")


SINK = Platform(
    key="sink",
    name="Sink",
    home=SOURCE,
    publisher=SinkPublisher(),
    connecting=None,  # type: ignore[arg-type]
    operations=listed(POST, FIND),
    terms=(),
    max_request_seconds=3.0,
    look_up_after_seconds=1.0,
    capabilities=Capabilities(
        text=TextRule(Counting.CODE_POINTS, 500, SOURCE),
        media=(),
        max_attachments=0,
        threads=ThreadRule(10, SOURCE),
        quotas=(Quota("posts", "account", 300, 300, SOURCE), Quota("posts", "app", 10_000_000, 3600, SOURCE)),
        edit=False,
        remove=False,
        source=SOURCE,
    ),
)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def ask(port: int, path: str) -> Any:
    """GET from the sink."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as response:
        return json.load(response)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A fresh embedded PostgreSQL (durable settings, as in production) with all tables; yields its DSN."""
    with tempfile.TemporaryDirectory(prefix="mh-bench-") as folder:
        home = Path(folder)
        os.environ.update(
            MASTHEAD_HOME=folder, DJANGO_SETTINGS_MODULE="masthead.config.settings", MASTHEAD_ALLOW_PRIVATE="1"
        )
        make_key_file(home / "secret.keys")
        with EmbeddedPostgres(home) as server:
            os.environ["DATABASE_URL"] = server.dsn
            subprocess.run(
                [sys.executable, "-m", "masthead.config.cli", "migrate"], check=True, stdout=subprocess.DEVNULL
            )
            subprocess.run([sys.executable, str(HERE / "crew.py"), "workspace"], check=True)
            yield server.dsn


@contextlib.contextmanager
def sink(*flags: str) -> Iterator[int]:
    """The sink in a process of its own; yields its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(HERE / "sink.py"), str(port), *flags], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def worker(kind: str, *args: object) -> subprocess.Popen[bytes]:
    """A worker process of benchmarks/crew.py."""
    return subprocess.Popen([sys.executable, str(HERE / "crew.py"), kind, *map(str, args)])


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """kill -9, all of them."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()


def wait_until(done: Any, limit: float) -> bool:
    """Ask `done()` every 50 ms; False when `limit` seconds went by."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.05)
    return False


SEED = """
insert into channels_channel (workspace_id, platform, server, remote_id, handle, name, url, avatar_url, limits, time_zone,
    condition, condition_why, connected_at)
  select w.id, 'sink', '{server}', i::text, 'h' || i, '', '', '', '{{}}', '', 'connected', '', now()
  from workspaces_workspace w, generate_series(1, {channels}) i on conflict do nothing;
insert into posts_lane (channel_id, holder, held_until, paused_until, why, app)
  select id, '', 'epoch', 'epoch', '', 'app:sink' from channels_channel on conflict do nothing;
insert into posts_post (workspace_id, title, segments, language, state, version, note, search_text, created_at, updated_at)
  select id, '', '[]', '', 'approved', 1, '', '', now(), now() from workspaces_workspace
  where not exists (select 1 from posts_post);
"""
FILL = """
insert into posts_publication (workspace_id, post_id, channel_id, key, state, content, publish_at, not_before, expires_at,
    attempts, receipts, remote_url, reason, why, remedy, field, checks, created_at)
  select c.workspace_id, p.id, c.id, gen_random_uuid(), 'scheduled',
    '{{"segments": [{{"text": "hello", "attachments": [], "poll": null}}], "options": {{}}, "language": "en"}}',
    {due}, {due}, {due} + interval '1 day', 0, '[]', '', '', '', '', '', 0, now()
  from generate_series(0, {count} - 1) i join (select *, row_number() over (order by id) - 1 as n from channels_channel) c
    on c.n = i % {channels} cross join (select id from posts_post limit 1) p
"""


async def execute(dsn: str, sql: str) -> None:
    """Run SQL."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def seed(dsn: str, port: int, channels: int) -> None:
    """A workspace with channels on the sink."""
    asyncio.run(execute(dsn, SEED.format(server=f"http://127.0.0.1:{port}", channels=channels)))


def fill(dsn: str, count: int, channels: int, due: str) -> None:
    """Publications, spread over the channels, due at an SQL expression."""
    asyncio.run(execute(dsn, FILL.format(count=count, channels=channels, due=due) + "; analyze"))


def clear_backlog(dsn: str) -> None:
    """Take away what is scheduled for later."""
    asyncio.run(execute(dsn, "delete from posts_publication where state = 'scheduled'"))
    asyncio.run(execute(dsn, "vacuum analyze posts_publication"))


def clear_jobs(dsn: str) -> None:
    """Give the job engine tables as small as they were in its first round."""
    asyncio.run(execute(dsn, "truncate pgqueuer, pgqueuer_log; analyze pgqueuer, pgqueuer_log"))
