"""Entries as rows: clean for the database, copied into a passing table, and from there in once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import Error, connection, transaction

from masthead.contract.archive import Entry
from masthead.kit.jsonb import LENIENT, dumped
from masthead.kit.text import plain, web_address

Row = tuple[Any, ...]
COLUMNS = (
    "workspace_id", "channel_id", "source_id", "platform", "account", "kind", "author", "remote_id", "text", "url",
    "posted_at", "reply_to", "language", "visibility", "media", "raw", "preference", "obtained_at",
)  # fmt: skip
NAMES = ", ".join(COLUMNS)
PASSING = f"create temp table if not exists rights_arriving on commit delete rows as select {NAMES} from rights_record with no data"  # noqa: S608
EMPTY = "delete from rights_arriving"
COPY = f"copy rights_arriving ({NAMES}) from stdin"
INSERT = f"""
insert into rights_record ({NAMES}, obtained_via, terms_version)
select {NAMES}, 'export', '' from rights_arriving
on conflict do nothing
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Origin:
    """What the records of an archive share."""

    workspace_id: int
    channel_id: int | None
    source_id: int
    platform: str
    account: str
    obtained_at: datetime


def row(origin: Origin, entry: Entry, media: Sequence[Mapping[str, Any]]) -> Row:
    """One entry in the order of COLUMNS. What has no date gets that of the import, and says so."""
    raw = dict(entry.raw) if entry.posted_at else {**entry.raw, "undated": True}
    return (
        origin.workspace_id,
        origin.channel_id,
        origin.source_id,
        origin.platform,
        origin.account,
        entry.kind,
        plain(entry.author)[:250],
        plain(entry.remote_id)[:500],
        plain(entry.text),
        web_address(entry.url, 2000),
        entry.posted_at or origin.obtained_at,
        plain(entry.reply_to)[:500],
        plain(entry.language)[:35],
        plain(entry.visibility)[:12],
        dumped(list(media), LENIENT),
        dumped(raw, LENIENT),
        dumped(dict(entry.preference), LENIENT),
        origin.obtained_at,
    )


def insert(found: Sequence[Row]) -> tuple[int, list[Row]]:
    """Put rows in, inside the caller's transaction; those that are there already are left alone.

    Returns how many are new, and the rows that the database does not take: one of those must not keep the others out.
    """
    try:
        with transaction.atomic():
            return _copied(found), []
    except (psycopg.Error, Error) as error:
        if not _is_refusal(error):
            raise
    if len(found) == 1:
        return 0, [found[0]]
    middle = len(found) // 2
    (new, bad), (more, worse) = insert(found[:middle]), insert(found[middle:])
    return new + more, bad + worse


def _copied(found: Iterable[Row]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(PASSING)
        cursor.execute(EMPTY)
        with cursor.copy(COPY) as copy:
            for one in found:
                copy.write_row(one)
        cursor.execute(INSERT)
        return int(cursor.rowcount)


def _is_refusal(error: Exception) -> bool:
    """True where the database is there and does not take a value: classes "data exception" and "program limit exceeded" of
    https://www.postgresql.org/docs/current/errcodes-appendix.html.
    """
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""
    return state[:2] in ("22", "54")


def name_of(one: Row) -> str:
    """How a row is named to people."""
    told = dict(zip(COLUMNS, one, strict=True))
    return f"{told['kind']} {told['remote_id']}"
