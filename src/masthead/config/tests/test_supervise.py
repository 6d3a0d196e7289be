"""An installation starts, stops, survives kills and refuses to be started twice: with real processes."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from masthead.config.supervise import MIGRATED, CannotStart, Installation, Part, check_port
from masthead.config.tests.surroundings import wait_for


@pytest.fixture
def fake_start(monkeypatch):
    class Ended:
        def poll(self):
            return 1

    started = []
    monkeypatch.setattr("masthead.config.supervise.start", lambda arguments: started.append(arguments) or Ended())
    return started


def test_a_part_that_ends_is_started_again_with_growing_pauses(fake_start):
    part, now, starts = Part("web", ["web"]), 0.0, []
    while len(starts) < 9:
        before = len(fake_start)
        part.tend(now)
        starts += [now] * (len(fake_start) - before)
        now += 0.25
    pauses = [later - earlier for earlier, later in zip(starts, starts[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 2 and 30 <= pauses[-1] < 31


def test_after_a_steady_time_the_pause_is_short_again(fake_start):
    part = Part("web", ["web"], pause=30)
    part.tend(0)
    part.tend(100)
    assert part.due == 100.5


def test_a_taken_port_is_told_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"--port {port + 1}"):
            check_port("127.0.0.1", port)


def test_the_web_server_starts_as_soon_as_the_database_is_up_to_date(monkeypatch, tmp_path):
    """And once: what is filled in afterwards goes on beside it."""
    filling = f"print('{MIGRATED}', flush=True); import sys; sys.stdin.readline(); print('Sign in as ann')"
    command = [sys.executable, "-c", filling]
    started = []

    def start(arguments, stdout=None):
        started.append(arguments[0])
        if arguments[0] != "web":
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout)
        seeding.stdin.write(b"\n")
        seeding.stdin.flush()
        return None

    def begin(arguments, stdout=None):
        nonlocal seeding
        made = start(arguments, stdout)
        seeding = made or seeding
        return made

    seeding = None
    monkeypatch.setattr("masthead.config.supervise.start", begin)
    here = Installation(tmp_path, "127.0.0.1", 8000, 1, before=[["seed-demo"]])
    here._begin()
    assert started == ["seed-demo", "web"] and here.said == ["Sign in as ann"]
    assert [part.name for part in here.parts] == ["web", "worker 1"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")
class TestInstallation:
    """One installation through its life; each test starts its own."""

    def test_up_works_refuses_a_second_start_and_stops_everything(self, place):
        parent = place.up()
        second = place.run("up", "--port", str(place.port + 1))
        assert second.returncode == 1
        assert f"already runs on the data in {place.home} (http://localhost:{place.port}" in second.stderr
        assert "Traceback" not in second.stderr
        assert place.ready()
        assert rss_of(parent.pid) < 80_000, "the parent stays small"
        assert not imported_django(parent.pid)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(30) == 0
        assert not place.processes("web") + place.processes("worker") + place.processes("postgres")

    def test_after_the_parent_is_killed_nothing_is_left_but_the_database_and_it_starts_again(self, place):
        parent = place.up()
        server = place.processes("postgres")
        parent.kill()
        parent.wait()
        wait_for(lambda: not place.processes("web") + place.processes("worker"), 30)
        assert place.processes("postgres") == server
        again = place.up()
        assert place.processes("postgres") == server, "the database was adopted"
        again.send_signal(signal.SIGINT)
        assert again.wait(30) == 0
        assert not place.processes("postgres")

    def test_after_everything_is_killed_at_once_it_starts_again(self, place):
        parent = place.up()
        for pid in (parent.pid, *place.processes("web"), *place.processes("worker"), *place.processes("postgres")):
            os.kill(pid, signal.SIGKILL)
        parent.wait()
        place.up()
        assert place.ready()

    def test_killed_parts_come_back(self, place):
        place.up("--workers", "2")
        wait_for(lambda: len(place.processes("worker")) == 2, 20)
        killed = [place.processes("worker")[0], place.processes("web")[0], *place.processes("postgres")]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: place.ready() and len(place.processes("worker")) == 2, 60, place.log)
        assert not set(killed) & {*place.processes("worker"), *place.processes("web"), *place.processes("postgres")}


def rss_of(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def imported_django(pid):
    with open(f"/proc/{pid}/maps") as maps:
        return "psycopg" in maps.read()
