"""The decoded bytes of a task, and on the way the digest of what was stored."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from masthead.rights.audit.storage import opened
from masthead.rights.audit.unpack import unpacked

if TYPE_CHECKING:
    from masthead.rights.audit.batch import Digest, Notes
    from masthead.rights.audit.corpus import Task


class Part(io.RawIOBase):
    """A stretch of a file, digested as it is read."""

    def __init__(self, file: BinaryIO, length: int, digest: Digest) -> None:
        super().__init__()
        self.file, self.left, self.digest = file, length, digest

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the stretch."""
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.digest.update(piece)
        self.left -= len(piece)
        return piece


def pieces(task: Task, notes: Notes, digest: Digest) -> Iterator[bytes]:
    """What the task's stretch of the file decodes to. What is broken is noted."""
    with opened(task.source, task.offset) as file:
        part = Part(file, task.length, digest)
        for piece in unpacked(cast(BinaryIO, part), task.packing, notes.tell):
            notes.size += len(piece)
            yield piece
        while part.read(1 << 20):
            pass  # A broken file is digested to its end too.
