"""Locks and children that end with their owner."""

import os
import subprocess
import sys
import time

import pytest

from masthead.kit.locks import FileLock, Taken, read_note

CHILD = """
import sys, time
from masthead.kit.orphans import end_with_parent
end_with_parent(int(sys.argv[1]))
time.sleep(60)
"""
PARENT = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}, str(os.getpid())])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_one_holder_at_a_time_and_the_note_says_who(tmp_path):
    with FileLock(tmp_path / "lock") as lock:
        lock.write_note("http://localhost:1")
        with pytest.raises(Taken) as taken, FileLock(tmp_path / "lock"):
            pass
        assert taken.value.note == "http://localhost:1"
    with FileLock(tmp_path / "lock"):
        assert read_note(tmp_path / "lock") == f"process {os.getpid()}"


def test_no_note_without_a_file(tmp_path):
    assert read_note(tmp_path / "absent") == ""


def test_a_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    time.sleep(0.7)
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while alive(child):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(pid):
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state = shown.stdout.strip()
    return bool(state) and not state.startswith("Z")
