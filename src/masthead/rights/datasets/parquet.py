"""Parquet, written and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from masthead.rights.datasets.writing import Written, written

AT_ONCE = 5_000


def rows(file: IO[bytes]) -> int:
    """How many rows an open file has."""
    return int(pq.ParquetFile(file).metadata.num_rows)


class Parquet:
    """A Parquet file of text columns."""

    def __init__(self, path: Path, fields: Sequence[str]) -> None:
        self.path, self.rows = path, 0
        self.schema = pa.schema([(name, pa.string()) for name in fields])
        self.writer = pq.ParquetWriter(path, self.schema, compression="zstd")
        self.waiting: list[dict[str, str]] = []

    def add(self, row: Mapping[str, str]) -> None:
        self.waiting.append(dict(row))
        self.rows += 1
        if len(self.waiting) >= AT_ONCE:
            self._write()

    def _write(self) -> None:
        self.writer.write_table(pa.Table.from_pylist(self.waiting, schema=self.schema))
        self.waiting = []

    def close(self) -> Written:
        if self.waiting or not self.rows:
            self._write()
        self.writer.close()
        return written(self.path, self.rows)
