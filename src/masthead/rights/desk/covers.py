"""Whether a record is among those a grant names: the filters of the archive (`archive/wanted.py`), asked of one item. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection

from masthead.rights.archive.wanted import IMPORTED, Wanted
from masthead.rights.items import Item


def covering(wanted: Wanted, ids: Collection[str] = ()) -> Callable[[Item], bool]:
    """The question as a function: by id where ids are named, else by the filters. Messages are never covered by filters.

    A record is covered if and only if the timeline shows it for the same filters. What words find only the database knows: a
    grant is made without them, and one with words covers nothing.
    """
    chosen = frozenset(ids)
    return (lambda item: bool(chosen & {item.id, *item.others})) if chosen else (lambda item: _fits(item, wanted))


def _fits(item: Item, wanted: Wanted) -> bool:
    if wanted.words or (item.kind == "message" and not wanted.private):
        return False
    shelf = item.id.partition(":")[0]
    same = (
        (wanted.platform, item.platform),
        (wanted.kind, item.kind),
        (wanted.shelf, shelf),
    )
    if any(asked and asked != found for asked, found in same):
        return False
    if wanted.channel is not None and wanted.channel != item.channel_id:
        return False
    gone = wanted.gone is None or wanted.gone == (item.gone_at is not None)
    return (
        gone and (bool(item.media) or not wanted.media) and _of_account(item, shelf, wanted) and _in_time(item, wanted)
    )


def _of_account(item: Item, shelf: str, wanted: Wanted) -> bool:
    """An archive's account is named as it stands there; a channel's handle with or without the sign before it."""
    if shelf == IMPORTED:
        return wanted.account in ("", item.account)
    name = wanted.account.removeprefix("@")
    return not name or item.account in (name, f"@{name}")


def _in_time(item: Item, wanted: Wanted) -> bool:
    at = item.listed_at or item.posted_at
    return (wanted.start is None or wanted.start <= at) and (wanted.end is None or at < wanted.end)
