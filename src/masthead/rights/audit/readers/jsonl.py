"""JSON Lines: every line is a document, its text stands in one field or several. The bytes stay as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.batch import Batch, Digest, Notes, Places, lines, padded
from masthead.rights.audit.extents import line_starts
from masthead.rights.audit.fields import BROKEN, MISSING, keep
from masthead.rights.audit.readers.pieces import pieces
from masthead.rights.audit.readers.text import warn_of_wide_letters
from masthead.rights.audit.scan import only_read

if TYPE_CHECKING:
    from masthead.rights.audit.corpus import Task

SIZE: Final = 2 << 20
"""Bytes of one batch: few enough that they stay near the processor from the walk to the alignment."""
BOM: Final = b"\xef\xbb\xbf"


def read(task: Task, fields: Sequence[str], notes: Notes, digest: Digest) -> Iterator[Batch]:
    """The batches of a task."""
    for at, data in lines(pieces(task, notes, digest), notes, SIZE):
        first = notes.documents
        starts = line_starts(only_read(np.frombuffer(data, np.uint8)))
        notes.documents += len(starts) - 1
        if at == 0 and task.offset == 0:
            _look_at_the_beginning(data, notes)
        batch = _batch(at, data, starts, first, fields, notes)
        if len(batch.starts):
            yield batch


def _batch(at: int, data: bytearray, starts: Places, first: int, fields: Sequence[str], notes: Notes) -> Batch:
    array, size = padded([data])
    begun, of, states = keep(array, starts, fields)
    _note(states, starts + at, first, fields, notes)
    return Batch(array, size, True, begun, of + first, begun - starts[of], starts[of] + at)


def _look_at_the_beginning(data: bytearray, notes: Notes) -> None:
    warn_of_wide_letters(data, notes)
    if data.startswith(BOM):
        data[:3] = b"   "
    if data[:64].lstrip().startswith(b"["):
        notes.tell("the file begins with [, so it is one JSON array", "Write an object on each line: jq -c '.[]'.")


def _note(states: NDArray[np.int8], places: Places, first: int, fields: Sequence[str], notes: Notes) -> None:
    """Note the lines that are broken or lack the text. Numbers count from the task's first line, as documents do."""
    names = " or ".join(fields)
    for line in np.flatnonzero(states == BROKEN).tolist():
        notes.tell(
            "the line is not a JSON object, or is cut off",
            "What was readable of its text was read. Look at the line, and get the file again.",
            document=first + line,
            byte=int(places[line]),
        )
    for line in np.flatnonzero(states == MISSING).tolist():
        remedy = "Nothing of it was read. Name the field that holds the text with --field."
        notes.tell(f"the line has no field {names}", remedy, document=first + line, byte=int(places[line]))
