"""One owner at a time: a lock on a file that ends with its process, however the process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Taken(Exception):
    """Another process holds the lock; `note` is what it wrote about itself."""

    def __init__(self, path: Path, note: str) -> None:
        super().__init__(f"{path} is held by another process ({note or 'unknown'})")
        self.note = note


class FileLock:
    """An exclusive lock on `path`. Use as a context manager; raises Taken when somebody else holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def __enter__(self) -> FileLock:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Taken(self.path, read_note(self.path)) from None
        self._descriptor = descriptor
        self.write_note(f"process {os.getpid()}")
        return self

    def __exit__(self, *exc: object) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def write_note(self, text: str) -> None:
        """Leave a line for the one who finds the lock taken."""
        assert self._descriptor is not None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)


def read_note(path: Path) -> str:
    """What the holder of a lock wrote; empty when nobody did."""
    try:
        return path.read_text().strip()
    except OSError:
        return ""
