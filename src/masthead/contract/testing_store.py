"""Where the sandbox keeps its state: one SQLite file, so that a restart finds everything again."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

SCHEMA = """
create table if not exists member (
  handle text primary key, name text not null, about text not null, limits text not null);
create table if not exists token (
  token text primary key, handle text not null, family text not null, kind text not null, expires_at real,
  used integer not null default 0);
create table if not exists code (
  code text primary key, handle text not null, challenge text not null,
  redirect_uri text not null, expires_at real not null);
create table if not exists media (id text primary key, handle text not null, mime text not null, content blob not null);
create table if not exists post (
  seq integer primary key autoincrement, id text not null unique, handle text not null, key text, text text not null,
  media text not null, reply_to text not null, root text not null, poll text, extra text not null,
  created_at real not null, ready_at real not null, edited_at real,
  removed integer not null default 0, unique (handle, key));
create table if not exists direct (
  seq integer primary key autoincrement, id text not null unique, sender text not null, receiver text not null,
  key text, text text not null, created_at real not null, unique (sender, key));
create index if not exists post_root on post (root);
"""
JSON_COLUMNS = ("limits", "media", "poll", "extra", "details")


class Store:
    """Rows as dictionaries, over SQLite; `:memory:` keeps nothing. May be used from several threads."""

    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query, with JSON columns read."""
        with self._lock:
            return [_read(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def change(self, sql: str, *values: Any) -> int:
        """Run a statement that changes rows; returns how many."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, values: Mapping[str, Any]) -> bool:
        """Insert one row; False where a unique value is taken."""
        columns = ", ".join(values)
        places = ", ".join("?" for _ in values)
        plain = [json.dumps(value) if isinstance(value, dict | list) else value for value in values.values()]
        with self._lock:
            sql = f"insert into {table} ({columns}) values ({places}) on conflict do nothing"  # noqa: S608 - names of ours
            return self._connection.execute(sql, plain).rowcount == 1

    def prepare(self, script: str) -> None:
        """Create tables that are missing."""
        with self._lock:
            self._connection.executescript(script)

    def save(self, table: str, id_: str, details: Mapping[str, Any]) -> None:
        """Put other details into a row."""
        self.change(f"update {table} set details = ? where id = ?", json.dumps(details), id_)  # noqa: S608 - a name of ours

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _read(row: sqlite3.Row) -> dict[str, Any]:
    columns = dict(row)
    return columns | {name: json.loads(columns[name]) for name in JSON_COLUMNS if columns.get(name)}
