"""Plain text: a file is one document (`text`), or each of its lines is one (`lines`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from masthead.rights.audit.batch import Batch, Digest, Notes, Places, lines, padded
from masthead.rights.audit.readers.pieces import pieces
from masthead.rights.audit.storage import read as stored_bytes

if TYPE_CHECKING:
    from masthead.rights.audit.corpus import Task

OVERLAP: Final = 32 << 10
"""Bytes before a stretch of text that are looked at again with it, so that a post across the border is found whole.

A post of more words than that is found in two parts.
"""
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def read(task: Task, fields: Sequence[str], notes: Notes, digest: Digest) -> Iterator[Batch]:
    """The batches of a task."""
    if task.form == "lines":
        yield from _each_line(task, notes, digest)
    else:
        yield from _whole(task, notes, digest)


def line_starts(data: bytearray) -> Places:
    """Where lines begin."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 0x0A) + 1
    starts = np.concatenate((np.zeros(1, np.int64), ends))
    return starts[:-1] if starts[-1] == len(data) else starts


def warn_of_wide_letters(data: bytearray, notes: Notes) -> None:
    """Note a file that is written in UTF-16, which no reader here understands."""
    if data.startswith(WIDE):
        notes.tell("the file is written in UTF-16", "Convert it: iconv -f UTF-16 -t UTF-8.")


def _each_line(task: Task, notes: Notes, digest: Digest) -> Iterator[Batch]:
    for at, data in lines(pieces(task, notes, digest), notes):
        if at == 0:
            warn_of_wide_letters(data, notes)
        starts = line_starts(data)
        array, size = padded([data])
        numbers = notes.documents + np.arange(len(starts))
        notes.documents += len(starts)
        yield Batch(array, size, False, starts, numbers, np.zeros_like(starts), starts + at)


def _whole(task: Task, notes: Notes, digest: Digest) -> Iterator[Batch]:
    """Places count from the task's first byte; what lies before it counts below zero."""
    before = _before(task)
    # Only the task that begins the file counts it.
    notes.documents = 1 if task.offset == 0 else 0
    for at, data in lines(pieces(task, notes, digest), notes):
        if at == 0 and task.offset == 0:
            warn_of_wide_letters(data, notes)
        array, size = padded([before, data])
        one = np.zeros(1, np.int64)
        yield Batch(array, size, False, one, one - 0, one + at - len(before), one - 0, overlap=len(before))
        before = bytes(data[-OVERLAP:])


def _before(task: Task) -> bytes:
    if task.packing or not task.offset:
        return b""
    length = min(OVERLAP, task.offset)
    return stored_bytes(task.source, task.offset - length, length)
