"""The PostgreSQL server itself is stopped at once, and killed with -9, while a real worker sends: nothing lost, doubled or stuck."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import psycopg
import pytest

from masthead.config.tests.surroundings import Place, wait_for
from masthead.connectors.sandbox.tests.harness import SandboxHarness
from masthead.contract.testing import Fault
from masthead.kit.database import EmbeddedPostgres

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc"),
]
CHANNELS, POSTS = 8, 40
SEED = """
import json, sys
from masthead.config.installation import database, prepare
with database(prepare()):
    import masthead.config.ready
    from masthead.contract.values import Account
    from masthead.posts.tests.scene import channel_of, people, post_on
    workspace, _owner = people()
    for account in json.loads({accounts!r}):
        channel = channel_of(workspace, Account(**account), "sandbox")
        for number in range({posts}):
            post_on(channel, str(number))
"""


@pytest.fixture
def place() -> Iterator[Place]:
    """A home of its own: the test run's own database must not be touched."""
    made = Place()
    yield made
    made.clear()


@pytest.fixture
def harness() -> Iterator[SandboxHarness]:
    """A sandbox that takes a fifth of a second for each post, so that there is always something on its way."""
    made = SandboxHarness()
    made.start()
    made.network.turn(Fault.HELD, times=100_000, seconds=0.2)
    yield made
    made.stop()


def states(place: Place) -> Counter[str]:
    """How many publications stand where; empty while the database is away."""
    try:
        with psycopg.connect(EmbeddedPostgres(place.home).dsn) as connection:
            return Counter(dict(connection.execute("select state, count(*) from posts_publication group by 1")))
    except psycopg.OperationalError:
        return Counter()


def under_load(now: Counter[str], least: int) -> bool:
    """Some are out, and at this very look some are on their way."""
    return now["published"] >= least and now["publishing"] > 0


def test_the_server_is_restarted_twice_under_load(place: Place, harness: SandboxHarness) -> None:
    accounts = [asyncio.run(harness.account()) for _ in range(CHANNELS)]
    place.up(MASTHEAD_SANDBOX="1", MASTHEAD_ALLOW_PRIVATE="1")
    seeded = place.run_python(SEED.format(accounts=json.dumps([asdict(one) for one in accounts]), posts=POSTS))
    assert seeded.returncode == 0, seeded.stderr
    for number, least in ((signal.SIGQUIT, 20), (signal.SIGKILL, 120)):
        (server,) = place.processes("postgres")
        wait_for(lambda least=least: under_load(states(place), least), 120, place.log)
        os.kill(server, number)
        wait_for(lambda server=server: place.processes("postgres") not in ([], [server]), 60, place.log)
    wait_for(lambda: states(place) == {"published": CHANNELS * POSTS}, 240, lambda: f"{states(place)}\n{place.log()}")
    for one in accounts:
        texts = [post.text for post in asyncio.run(harness.posts(one))]
        assert sorted(texts, key=int) == [str(number) for number in range(POSTS)], "each once"
    assert place.log().count("The database had ended; it was started again.") == 2
