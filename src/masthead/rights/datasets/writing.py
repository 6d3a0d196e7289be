"""Writing a dataset's files: JSON Lines or Parquet, row by row, with count, size and SHA-256.

Parquet's library is large and comes only when it is asked for: web and workers stay small.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from masthead.rights.datasets.dsse import digest

TYPES = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the dataset."""

    name: str
    rows: int
    size: int
    sha256: str

    @property
    def form(self) -> str:
        """jsonl or parquet."""
        return self.name.rpartition(".")[2]


class Table(Protocol):
    """Takes rows and becomes a file."""

    def add(self, row: Mapping[str, str]) -> None:
        """One row more; every field is text."""

    def close(self) -> Written:
        """The file is whole."""


def table(folder: Path, stem: str, fields: Sequence[str], form: str) -> Table:
    """A new table in `folder`: `stem`.jsonl or `stem`.parquet. Raises ValueError on another form."""
    if form not in TYPES:
        raise ValueError(f"form: {form} is none of {', '.join(TYPES)}")
    path = folder / f"{stem}.{form}"
    if form == "jsonl":
        return _Lines(path)
    made: Table = import_module("masthead.rights.datasets.parquet").Parquet(path, fields)
    return made


class _Lines:
    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, 0
        self.file = path.open("w", encoding="utf-8", newline="\n")

    def add(self, row: Mapping[str, str]) -> None:
        self.file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
        self.rows += 1

    def close(self) -> Written:
        self.file.close()
        return written(self.path, self.rows)


def written(path: Path, rows: int) -> Written:
    """A file as it lies there."""
    return Written(path.name, rows, path.stat().st_size, digest(path))
