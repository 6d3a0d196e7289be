"""Parquet: every row is a document. Text goes from the column's buffers to the scan; no Python object is made of a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numba import njit

from masthead.rights.audit.batch import PADDING, Batch, Bytes, Digest, Notes, Places
from masthead.rights.audit.storage import opened, whole

if TYPE_CHECKING:
    from masthead.rights.audit.corpus import Task

ROWS: Final = 4096
"""Rows decoded at a time."""


def row_groups(place: str) -> list[int]:
    """Stored bytes of each row group. Raises pyarrow's ArrowInvalid where the file is no Parquet."""
    with opened(place) as file:
        about = pq.ParquetFile(file).metadata
        return [
            sum(about.row_group(group).column(at).total_compressed_size for at in range(about.num_columns))
            for group in range(about.num_row_groups)
        ]


def read(task: Task, fields: Sequence[str], notes: Notes, digest: Digest) -> Iterator[Batch]:
    """The batches of a task, whose offset and length count row groups. Documents are counted from the file's first row."""
    with opened(task.source) as file:
        try:
            table = pq.ParquetFile(file)
        except pa.ArrowInvalid as error:
            notes.tell(f"the file is no Parquet ({_short(error)})", "Get the file again.")
            return
        columns = _columns(table, fields, notes)
        groups = range(task.offset, task.offset + task.length)
        digest.update(table.metadata.serialized_size.to_bytes(8, "little"))
        for group in groups:
            _digest(task.source, table, group, columns, digest)
        for column, path in columns:
            yield from _column(table, groups, column, path, notes)
        notes.documents = sum(table.metadata.row_group(group).num_rows for group in groups)


def _columns(table: Any, fields: Sequence[str], notes: Notes) -> list[tuple[int, str]]:
    """The leaf columns that hold text among the fields. A field names a column, or a field of a struct with a dot."""
    found = []
    for at in range(len(table.schema)):
        leaf = table.schema.column(at)
        path = leaf.path.replace(".list.element", "").replace(".list.item", "")
        if path in fields and leaf.physical_type == "BYTE_ARRAY":
            found.append((at, leaf.path))
        elif path in fields:
            notes.tell(f"the column {path} holds {leaf.physical_type}, not text", "Name a column of text with --field.")
    if not found:
        names = ", ".join(sorted({table.schema.column(at).path for at in range(len(table.schema))})[:20])
        notes.tell(f"there is no column of text {' or '.join(fields)}", f"Name one with --field. There are: {names}.")
    return found


def _digest(place: str, table: Any, group: int, columns: list[tuple[int, str]], digest: Digest) -> None:
    """Digest the stored bytes of the columns that are read, and no others: a wide table is not read whole for it."""
    for at, _ in columns:
        about = table.metadata.row_group(group).column(at)
        begin = about.dictionary_page_offset or about.data_page_offset
        with opened(place, min(begin, about.data_page_offset)) as file:
            digest.update(whole(file, about.total_compressed_size))


def _column(table: Any, groups: range, column: int, path: str, notes: Notes) -> Iterator[Batch]:
    row = sum(table.metadata.row_group(group).num_rows for group in range(groups.start))
    for group in groups:
        end = row + table.metadata.row_group(group).num_rows
        try:
            for part in table.iter_batches(ROWS, row_groups=[group], columns=[path]):
                yield _batch(part.column(0), row, notes)
                row += part.num_rows
        except (pa.ArrowException, OSError) as error:
            remedy = "Its rows before were read; reading went on with the next row group. Get the file again."
            notes.tell(f"row group {group} is broken ({_short(error)})", remedy, document=row)
        row = end


def _batch(values: Any, row: int, notes: Notes) -> Batch:
    """One text buffer of an array's values. Structs and lists are gone through; a list's strings belong to their row."""
    rows = np.arange(row, row + len(values), dtype=np.int64)
    while pa.types.is_struct(values.type) or pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        if pa.types.is_struct(values.type):
            values = pc.struct_field(values, [0])
        else:
            rows = rows[np.asarray(pc.list_parent_indices(values), np.int64)]
            values = pc.list_flatten(values)
    values = values.cast(pa.large_binary()) if values.type != pa.large_binary() else values
    _, ends, letters = values.buffers()
    places = np.frombuffer(ends, np.int64)[values.offset : values.offset + len(values) + 1]
    notes.size += int(places[-1] - places[0])
    present = np.asarray(values.is_valid())
    text, starts = _joined(np.frombuffer(letters or b"", np.uint8), places, present, PADDING)
    zero = np.zeros_like(starts)
    return Batch(text, len(text) - PADDING, False, starts, rows, zero, zero)


@njit(nogil=True, cache=True)
def _fill(letters, places, present, text, starts):  # type: ignore[no-untyped-def]
    at = 0
    for value in range(present.shape[0]):
        starts[value] = at
        if present[value]:
            size = places[value + 1] - places[value]
            text[at : at + size] = letters[places[value] : places[value + 1]]
            at += size
        text[at] = 0x0A
        at += 1
    text[at:] = 0x20
    return at


def _joined(letters: Bytes, places: Places, present: Any, padding: int) -> tuple[Bytes, Places]:
    """The values one after the other, each followed by an end of line, because two values are not one word."""
    text = np.empty(int(places[-1] - places[0]) + len(present) + padding, np.uint8)
    starts = np.empty(len(present), np.int64)
    size = _fill(letters, places, present, text, starts)
    return text[: size + padding], starts


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
