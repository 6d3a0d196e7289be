"""The one function that does a task: on this machine or on another one, with the same result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, Protocol

from masthead.rights.audit.batch import Batch, Notes
from masthead.rights.audit.corpus import Task
from masthead.rights.audit.readers import reader
from masthead.rights.audit.rows import Key, order, written
from masthead.rights.audit.storage import Unreadable
from masthead.rights.audit.values import Match

DETECTOR: Final = "masthead.rights.audit.detect"


class Detector(Protocol):
    """Finds posts in a batch. `document` of a match is the number of the batch's piece, `start` and `end` are places in the piece."""

    def find(self, batch: Batch, source: str) -> Iterable[Match]:
        """The matches in a batch."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every task of a run shares. Small, because it is sent along with each task."""

    prepared: str
    """The folder with the index of the posts and the sample of the corpus, as every machine that works sees it."""
    fields: tuple[str, ...]
    detector: str = DETECTOR
    """The module whose `opened(folder)` gives the Detector."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What a task came to: the part that is kept in the run folder, as bytes."""

    number: int
    size: int
    """Decoded bytes that were read."""
    matches: int
    part: bytes
    """A line of JSON about the task, and a row for each match."""


def work(task: Task, setup: Setup) -> TaskResult:
    """Read a task and find the posts in it. A file that cannot be read is a problem of the result, not an error."""
    notes, digest = Notes(), hashlib.sha256()
    lines: list[tuple[Key, bytes]] = []
    try:
        for batch in reader(task.form)(task, setup.fields, notes, digest):
            lines += placed(task, batch, _detector(setup).find(batch, task.source))
    except (Unreadable, OSError) as error:
        notes.tell(f"reading stopped ({error})", "What was read before counts. Resume does not read it again.")
    lines.sort()
    about = json.dumps(_about(task, notes, digest.hexdigest(), len(lines)), sort_keys=True)
    part = b"".join([about.encode(), b"\n", *(line for _, line in lines)])
    return TaskResult(task.number, notes.size, len(lines), part)


def placed(task: Task, batch: Batch, matches: Iterable[Match]) -> Iterator[tuple[Key, bytes]]:
    """The matches as rows, with their places in documents instead of in the batch's pieces, and where each stands in the order.

    Documents and bytes count from the task's beginning, because only the whole run knows what came before it.
    """
    seen = _seen(batch) if task.form == "text" else None
    for match in matches:
        piece = match.document
        shift = int(batch.shifts[piece])
        start, end = match.start + shift, match.end + shift
        if seen is not None and end <= seen:
            continue
        document, name = int(batch.documents[piece]), batch.names[piece] if batch.names else ""
        row = written(match, document, int(batch.doc_starts[piece]), start, end, name)
        yield order(match, document, start, end), row


def _seen(batch: Batch) -> int:
    """Where what is new in a batch of plain text begins: what ends before was found in the batch before."""
    return int(batch.shifts[0]) + batch.overlap


@lru_cache(maxsize=2)
def _opened(module: str, folder: str) -> Detector:
    found: Detector = import_module(module).opened(folder)
    return found


def _detector(setup: Setup) -> Detector:
    """The index stays open in a process, because opening it costs more than a small task."""
    return _opened(setup.detector, setup.prepared)


def _about(task: Task, notes: Notes, digest: str, matches: int) -> dict[str, Any]:
    return {
        "task": task.as_json(),
        "documents": notes.documents,
        "size": notes.size,
        "sha256": digest,
        "matches": matches,
        "problems": notes.kept,
        "problems_not_kept": notes.left_out(),
    }
