"""The embedded PostgreSQL: owners come and go, also by kill -9; the data and the surroundings stay as they were."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from masthead.kit import database
from masthead.kit.database import AlreadyRunning, DatabaseFault, EmbeddedPostgres, copy_programs, is_postgres, programs

OWNER = """
import sys, time
from pathlib import Path
from masthead.kit.database import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")


@pytest.fixture
def home():
    around = Path(tempfile.mkdtemp(prefix="mh-"))
    around.chmod(0o711)
    folder = around / "home"
    folder.mkdir(mode=0o700)
    yield folder
    EmbeddedPostgres(folder).stop()
    shutil.rmtree(around)


@pytest.fixture
def owner(home):
    """A process that owns the server of `home`."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def embedded(home):
    return EmbeddedPostgres(home, durable=False)


def postmaster(home):
    return int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def ask(dsn, sql):
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def wait_gone(pid, seconds=10):
    until = time.monotonic() + seconds
    while is_postgres(pid):
        assert time.monotonic() < until, f"{pid} still lives"
        time.sleep(0.02)


def test_the_data_outlives_the_server_and_the_server_ends_with_its_owner(home):
    with embedded(home) as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS it")
        pid = postmaster(home)
    assert not is_postgres(pid)
    assert not server.running()
    with embedded(home) as server:
        assert ask(server.dsn, "SELECT it FROM kept") == 7


def test_it_speaks_unicode_keeps_utc_and_listens_nowhere_else(home):
    with embedded(home) as server:
        assert ask(server.dsn, "SELECT lower('ÄÖÜ')") == "äöü"
        assert ask(server.dsn, "SHOW timezone") == "UTC"
        assert ask(server.dsn, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700


def test_a_second_owner_is_refused_and_does_no_harm(home, owner):
    with pytest.raises(AlreadyRunning, match=f"process {owner.pid}"):
        embedded(home).__enter__()
    assert ask(embedded(home).dsn, "SELECT 1") == 1
    assert owner.poll() is None


def test_a_server_whose_owner_was_killed_is_adopted_and_later_stopped(home, owner):
    pid = postmaster(home)
    owner.kill()
    owner.wait()
    assert is_postgres(pid)
    with embedded(home) as server:
        assert postmaster(home) == pid
        assert ask(server.dsn, "SELECT 1") == 1
    assert not is_postgres(pid)


def test_after_kill_of_owner_and_server_the_next_start_recovers(home, owner):
    ask(embedded(home).dsn, "CREATE TABLE kept AS SELECT 7 AS it")
    pid = postmaster(home)
    owner.kill()
    os.kill(pid, signal.SIGKILL)
    owner.wait()
    with embedded(home) as server:
        assert ask(server.dsn, "SELECT it FROM kept") == 7


def test_a_stale_pid_file_with_a_living_strangers_number_does_not_stop_the_start(home):
    with embedded(home):
        lines = (home / "postgres/data/postmaster.pid").read_text().splitlines()
    (home / "postgres/data/postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with embedded(home) as server:
        assert ask(server.dsn, "SELECT 1") == 1


def test_the_owner_can_revive_a_server_that_ended(home):
    with embedded(home) as server:
        assert server.revive() is False
        os.kill(postmaster(home), signal.SIGKILL)
        wait_gone(postmaster(home))
        assert server.revive() is True
        assert ask(server.dsn, "SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_anew(home):
    server = embedded(home)
    server._make_folders()
    (home / "postgres/data.new").mkdir()
    (home / "postgres/data.new/PG_VERSION").write_text("18\n")
    with server:
        assert ask(server.dsn, "SELECT 1") == 1


def test_a_long_path_gets_a_short_socket(home):
    server = embedded(home.with_name("x" * 100))
    try:
        with server:
            assert ask(server.dsn, "SELECT 1") == 1
            assert len(str(server.socket_folder)) < 40
    finally:
        shutil.rmtree(server.socket_folder)


def test_a_socket_folder_of_somebody_else_is_refused(home):
    server = embedded(home.with_name("x" * 100))
    server.socket_folder.mkdir(mode=0o777)
    server.socket_folder.chmod(0o777)
    try:
        with pytest.raises(DatabaseFault, match="not private"):
            server.__enter__()
    finally:
        server.socket_folder.rmdir()


def test_data_of_another_major_version_is_refused_with_a_way_out(home):
    with embedded(home):
        version = home / "postgres/data/PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(DatabaseFault, match="PostgreSQL 16.*backup"):
        embedded(home).__enter__()
    with pytest.raises(DatabaseFault):
        embedded(home).__enter__()


def test_a_server_that_cannot_start_says_what_its_log_says(home):
    with pytest.raises(DatabaseFault, match="no_such_setting"):
        EmbeddedPostgres(home, settings={"no_such_setting": 1}).__enter__()


@as_root
def test_as_root_another_user_runs_it_and_no_parent_is_touched(home):
    before = {folder: folder.stat().st_mode for folder in home.parents}
    with embedded(home) as server:
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid == server.user.pw_uid != 0
    assert {folder: folder.stat().st_mode for folder in home.parents} == before
    assert home.stat().st_mode & 0o007 == 0, "others see nothing of the home"
    assert home.stat().st_mode & 0o060 == 0, "the server's group passes through, it cannot list"


@as_root
def test_as_root_below_a_closed_folder_the_files_lie_elsewhere(home, monkeypatch):
    outside = Path(tempfile.mkdtemp(prefix="mh-"))
    outside.chmod(0o711)
    monkeypatch.setattr(database, "OUTSIDE", outside)
    try:
        with embedded(home / "in") as server:
            assert ask(server.dsn, "SELECT 1") == 1
            assert (home / "in/postgres").readlink().parent == outside
        assert home.stat().st_mode & 0o077 == 0
    finally:
        shutil.rmtree(outside)


@as_root
def test_as_root_programs_that_the_other_user_cannot_reach_are_copied(home):
    home.chmod(0o711)
    copy_programs(programs(), home / "copy")
    tool = home / "copy" / database.PACKAGE / database.TREE / "bin/postgres"
    shown = subprocess.run([tool, "--version"], user="nobody", cwd="/", capture_output=True, text=True, check=True)
    assert "PostgreSQL) 18" in shown.stdout
