"""The machine, which the workers of a run of tests share: a test that measures time gets it alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def machine(folder: Path, *, alone: bool) -> Iterator[None]:
    """Wait for the machine, shared with other workers' tests or `alone`; `folder` is the run's, the same for all of them.

    Who waits for it alone is not overtaken: all pass a gate, and wait in it.
    """
    with (folder / "gate").open("w") as gate, (folder / "machine").open("w") as held:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(held, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(held, fcntl.LOCK_UN)  # not by closing: a process that the test forked holds it as well
