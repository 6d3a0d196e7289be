"""What may not be kept any longer is emptied: when a platform's storage time is up, and when something was deleted there.

A row stays as a tombstone (where it was and when), its content goes, and a line in the ledger says by which rule. What the
workspace wrote itself, or brought in from its own archive, is not touched: no API's terms bind it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from masthead.connectors import PLATFORMS
from masthead.contract.terms import KINDS, Kind, Terms
from masthead.posts.models import PastPost, Sample
from masthead.rights.archive.imports import files
from masthead.rights.leftovers import let_go, sweep
from masthead.rights.models import Record, Removal

log = structlog.get_logger()
AT_ONCE = 500
ROUNDS = 200
FETCHED = ("api", "federation")


def _nothing(ids: Collection[int]) -> None:
    """Nothing hangs on a row."""


def _no_files(ids: Collection[int]) -> Collection[tuple[int, str]]:
    """No files belong to a row."""
    return ()


def _files_of_records(ids: Collection[int]) -> Collection[tuple[int, str]]:
    return {(one.workspace_id, where) for one in Record.objects.filter(pk__in=ids) for where in files.paths([one])}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table with records that came from platforms. `name` begins the ids of its rows.

    `bound` are the rows that terms bind; `of_kind` those of a kind; `fetched` when the platform last told of one; `empties` what an
    emptied row holds; `with_it` takes along what hangs on rows whose time is up; `files` are those of rows in storage (workspace, path).
    """

    name: str
    model: type[Model]
    empties: Mapping[str, Any]
    fetched: Any
    of_kind: Callable[[Kind], Q | None]
    bound: Q = field(default_factory=Q)
    with_it: Callable[[Collection[int]], Any] = _nothing
    files: Callable[[Collection[int]], Collection[tuple[int, str]]] = _no_files

    def full(self) -> QuerySet[Any]:
        """Bound rows that still hold something."""
        empty = Q(**{name: value for name, value in self.empties.items() if name != "metrics"})
        return self.model._default_manager.filter(self.bound).exclude(empty)


@dataclass(frozen=True, slots=True)
class Due:
    """Rows whose content must go: of which shelf, by which rule; `since` says of each when that began to hold."""

    shelf: Shelf
    rows: QuerySet[Any]
    rule: str
    version: str
    since: Any
    whole: bool


def _samples(ids: Collection[int]) -> None:
    Sample.objects.filter(past_post__in=ids).delete()


def _kind_of_past_post(kind: Kind) -> Q | None:
    repost = Q(kind="repost")
    return {"own_post": ~repost, "others_post": repost}.get(kind)


CONTENT = {"text": "", "media": [], "raw": {}}
SHELVES = (
    Shelf(
        "imported",
        Record,
        {**CONTENT, "author": ""},
        F("obtained_at"),
        lambda kind: Q(kind=kind),
        Q(obtained_via__in=FETCHED),
        files=_files_of_records,
    ),
    Shelf(
        "read",
        PastPost,
        {**CONTENT, "metrics": {}},
        Greatest(F("obtained_at"), Coalesce(F("read_at"), F("obtained_at"))),
        _kind_of_past_post,
        with_it=_samples,
    ),
)
Holder = Callable[[str, Collection[int]], Iterable[int]]
HOLDERS: list[Holder] = []


def holding(holder: Holder) -> Holder:
    """Register a function from a shelf's name and ids to those that a legal hold keeps (a decorator); twice counts once."""
    if holder not in HOLDERS:
        HOLDERS.append(holder)
    return holder


def held(shelf: str, ids: Collection[int]) -> set[int]:
    """Those of a shelf's rows that a hold keeps as they are."""
    return {pk for holder in HOLDERS for pk in holder(shelf, ids)}


def keep_all(now: datetime) -> int:
    """Empty everything that is due, in portions; safe to run twice and at the same time. Returns how many rows.

    Their files go with them, and those that storage did not delete earlier.
    """
    done = sum(_empty(due, now) for shelf in SHELVES for due in dues(shelf, now))
    sweep()
    if done:
        log.info("content emptied", rows=done)
    return done


def _let_go(kept: Collection[tuple[int, str]]) -> None:
    for workspace_id in {one for one, _where in kept}:
        let_go(workspace_id, [where for one, where in kept if one == workspace_id])


def dues(shelf: Shelf, now: datetime) -> Iterator[Due]:
    """What is due on a shelf: what is gone on its platform, what the terms limit."""
    for key, platform in PLATFORMS.items():
        yield from _gone(shelf, key, platform.terms)
        yield from _late(shelf, key, platform.terms, now)


def _gone(shelf: Shelf, key: str, terms: Terms) -> Iterator[Due]:
    """Deleted there: content goes where the terms say so. The figures stay, as what was counted here."""
    if terms.deletion is not None:
        rows = shelf.full().filter(platform=key, gone_at__isnull=False)
        yield Due(shelf, rows, f"{key}:deletion", terms.version, F("gone_at"), False)


def _late(shelf: Shelf, key: str, terms: Terms, now: datetime) -> Iterator[Due]:
    for kind in KINDS:
        rule, of_kind = terms.rule(kind, "store"), shelf.of_kind(kind)
        if rule and rule.within and of_kind is not None:
            rows = shelf.full().filter(of_kind, platform=key).annotate(fetched=shelf.fetched)
            rows = rows.filter(fetched__lte=now - rule.within)
            yield Due(shelf, rows, f"{key}:{kind}:store", terms.version, F("fetched") + rule.within, True)


def _emptied(shelf: Shelf, *, whole: bool) -> dict[str, Any]:
    """What an emptied row holds; figures go only when the time of all of it is up."""
    return {name: value for name, value in shelf.empties.items() if whole or name != "metrics"}


def _empty(due: Due, now: datetime) -> int:
    done, after = 0, 0
    for _round in range(ROUNDS):
        seen, emptied, last = _portion(due, after, now)
        done, after = done + emptied, last
        if seen < AT_ONCE:
            break
    return done


@transaction.atomic
def _portion(due: Due, after: int, now: datetime) -> tuple[int, int, int]:
    """The next rows by number; how many were looked at, how many emptied, and the last number."""
    rows = due.rows.filter(pk__gt=after).order_by("pk").annotate(since=due.since)
    found = list(rows.values("pk", "workspace_id", "platform", "since")[:AT_ONCE])
    stay = held(due.shelf.name, [one["pk"] for one in found])
    mine = [one for one in found if one["pk"] not in stay]
    locked = due.shelf.model._default_manager.filter(pk__in=[one["pk"] for one in mine]).select_for_update(
        skip_locked=True
    )
    ids = set(locked.values_list("pk", flat=True))
    _let_go(due.shelf.files(ids))
    due.shelf.model._default_manager.filter(pk__in=ids).update(**_emptied(due.shelf, whole=due.whole))
    if due.whole:
        due.shelf.with_it(ids)
    Removal.objects.bulk_create(
        Removal(
            workspace_id=one["workspace_id"],
            platform=one["platform"],
            item=f"{due.shelf.name}:{one['pk']}",
            rule=due.rule,
            version=due.version,
            learned_at=one["since"],
            removed_at=now,
        )
        for one in mine
        if one["pk"] in ids
    )
    return len(found), len(ids), found[-1]["pk"] if found else after
