"""Whether a record is among those a grant names: the filters of the archive, asked of one item. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection

from masthead.rights.archive.wanted import Wanted
from masthead.rights.items import Item


def covering(wanted: Wanted, ids: Collection[str] = ()) -> Callable[[Item], bool]:
    """The question as a function: by id where ids are named, else by the filters. Messages are never covered by filters.

    Words of the search are not looked at here; a grant is made without them.
    """
    chosen = frozenset(ids)
    return (lambda item: bool(chosen & {item.id, *item.others})) if chosen else (lambda item: _fits(item, wanted))


def _fits(item: Item, wanted: Wanted) -> bool:
    if item.kind == "message" and not wanted.private:
        return False
    same = (
        (wanted.platform, item.platform),
        (wanted.kind, item.kind),
        (wanted.shelf, item.id.partition(":")[0]),
        (wanted.account.removeprefix("@"), item.author.removeprefix("@")),
    )
    if any(asked and asked != found for asked, found in same):
        return False
    if wanted.channel is not None and wanted.channel != item.channel_id:
        return False
    early = wanted.start is not None and item.posted_at < wanted.start
    late = wanted.end is not None and item.posted_at >= wanted.end
    return not early and not late and (bool(item.media) or not wanted.media)
