"""Entries as rows: clean for the database, copied into a passing table, and from there in once each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from masthead.contract.archive import Entry
from masthead.kit.text import plain, web_address

COLUMNS = (
    "workspace_id", "channel_id", "source_id", "platform", "account", "kind", "author", "remote_id", "text", "url",
    "posted_at", "reply_to", "language", "visibility", "media", "raw", "preference", "obtained_at",
)  # fmt: skip
NAMES = ", ".join(COLUMNS)
PASSING = f"create temp table if not exists rights_arriving on commit delete rows as select {NAMES} from rights_record with no data"  # noqa: S608
ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=str)
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


def row(origin: Origin, entry: Entry, media: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
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
        as_json(list(media)),
        as_json(raw),
        as_json(dict(entry.preference)),
        origin.obtained_at,
    )


def as_json(value: Any) -> str:
    """JSON as PostgreSQL takes it: without NUL, halves of pairs, and numbers that are none."""
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    try:
        text = ENCODER.encode(value)
        if "\\u0000" not in text:
            return text.encode().decode()
    except (ValueError, UnicodeEncodeError):
        pass
    return json.dumps(_clean(json.loads(json.dumps(value, default=str), parse_constant=lambda _name: None)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {plain(name): _clean(one) for name, one in value.items()} if isinstance(value, dict) else value


def insert(found: Iterable[tuple[Any, ...]]) -> int:
    """Put rows in, inside the caller's transaction; those that are there already are left alone. Returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(PASSING)
        with cursor.copy(COPY) as copy:
            for one in found:
                copy.write_row(one)
        cursor.execute(INSERT)
        return int(cursor.rowcount)
