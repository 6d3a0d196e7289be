"""Write down what a platform showed: posts once each, samples where a number moved, posts that are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.history import KINDS
from masthead.contract.history import PastPost as Shown
from masthead.kit.text import plain, web_address
from masthead.posts.history.thinning import next_read
from masthead.posts.models import HistoryImport, PastPost, Sample

TOLD = (
    "kind",
    "text",
    "url",
    "media",
    "reply_to",
    "language",
    "raw",
    "operation",
    "obtained_at",
    "terms_version",
    "gone_at",
)
RECEIPTS = """
select p.id, r->>'remote_id' from posts_publication p, jsonb_array_elements(p.receipts) r
where p.channel_id = %s and r->>'remote_id' = any(%s)
"""


@transaction.atomic
def keep_page(
    channel: Channel,
    posts: Sequence[Shown],
    names: Mapping[str, str],
    *,
    operation: str,
    now: datetime,
    charged: bool,
    planned: bool = False,
) -> int:
    """Keep posts as they are shown now, with their numbers; returns how many were not known before."""
    shown = {one.remote_id: one for one in posts}
    if not shown:
        return 0
    known = set(PastPost.objects.filter(channel=channel, remote_id__in=shown).values_list("remote_id", flat=True))
    PastPost.objects.bulk_create(
        [_row(channel, shown[id_], operation, now) for id_ in sorted(shown)],
        update_conflicts=True,
        unique_fields=["channel", "remote_id"],
        update_fields=TOLD,
    )
    rows = PastPost.objects.select_for_update().filter(channel=channel, remote_id__in=shown).order_by("pk")
    seen = list(rows.defer("raw", "words"))
    _link(channel, seen)
    observe(
        channel, [(row, shown[row.remote_id].metrics) for row in seen], names, now=now, charged=charged, planned=planned
    )
    return len(shown) - len(known)


def _row(channel: Channel, one: Shown, operation: str, now: datetime) -> PastPost:
    platform = PLATFORMS.get(channel.platform)
    return PastPost(
        workspace_id=channel.workspace_id,
        channel=channel,
        remote_id=one.remote_id[:500],
        kind=one.kind if one.kind in KINDS else "post",
        text=plain(one.text),
        url=web_address(one.url, 2000),
        posted_at=one.posted_at,
        media=_plain([asdict(medium) for medium in one.media]),
        reply_to=one.reply_to[:500],
        language=one.language[:35],
        raw=_plain(dict(one.raw)),
        platform=channel.platform,
        operation=operation,
        obtained_at=now,
        terms_version=platform.terms.version if platform else "",
    )


def _plain(value: Any) -> Any:
    """A value as JSON can hold it in PostgreSQL, which takes no NUL, half a pair, or number that is none."""
    return _cleaned(json.loads(json.dumps(value, default=str), parse_constant=lambda _name: None))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return {plain(name): _cleaned(one) for name, one in value.items()} if isinstance(value, dict) else value


def _link(channel: Channel, rows: Iterable[PastPost]) -> None:
    """Find the publications that have the posts' remote ids in their receipts."""
    loose = {row.remote_id: row for row in rows if row.publication_id is None}
    if not loose:
        return
    with connection.cursor() as cursor:
        cursor.execute(RECEIPTS, [channel.pk, list(loose)])
        for publication_id, remote_id in cursor.fetchall():
            loose[remote_id].publication_id = publication_id


def observe(
    channel: Channel,
    read: Sequence[tuple[PastPost, Mapping[str, float]]],
    names: Mapping[str, str],
    *,
    now: datetime,
    charged: bool,
    planned: bool = False,
) -> None:
    """Note today's numbers of locked rows: a sample for each that moved, the latest on the post, the next time to read."""
    samples: list[Sample] = []
    for row, numbers in read:
        told = {names.get(native, native)[:80]: (native[:80], float(value)) for native, value in numbers.items()}
        moved = {metric: pair for metric, pair in told.items() if row.metrics.get(metric) != pair[1]}
        samples += [
            Sample(past_post=row, metric=metric, native=native, value=value, observed_at=now)
            for metric, (native, value) in moved.items()
        ]
        row.changed_at = now if moved and row.changed_at else row.changed_at or row.posted_at
        row.metrics = {**row.metrics, **{metric: value for metric, (_native, value) in told.items()}}
        row.read_at, row.gone_at = now, None
        row.next_read_at = next_read(row.posted_at, row.changed_at, now, charged=charged, planned=planned)
    Sample.objects.bulk_create(samples, ignore_conflicts=True, batch_size=2000)
    PastPost.objects.bulk_update(
        [row for row, _numbers in read],
        ["publication", "metrics", "changed_at", "read_at", "next_read_at", "gone_at"],
        batch_size=200,
    )
    _remember_names(channel, {one.metric for one in samples})


def _remember_names(channel: Channel, met: set[str]) -> None:
    """The import row knows which metrics a channel has, so that no page has to look through the posts for them."""
    for row in HistoryImport.objects.select_for_update().filter(channel=channel):
        if met - set(row.metrics):
            row.metrics = sorted(met | set(row.metrics))
            row.save(update_fields=["metrics"])


@transaction.atomic
def keep_numbers(
    channel: Channel,
    ids: Sequence[int],
    told: Mapping[str, Mapping[str, float]],
    names: Mapping[str, str],
    *,
    now: datetime,
    charged: bool,
    planned: bool = False,
) -> None:
    """Keep today's numbers of the posts with these ids; those the platform no longer has are marked as gone."""
    found = PastPost.objects.select_for_update().filter(channel=channel, pk__in=ids).order_by("pk")
    rows = list(found.defer("raw", "words", "text"))
    observe(
        channel,
        [(row, told[row.remote_id]) for row in rows if row.remote_id in told],
        names,
        now=now,
        charged=charged,
        planned=planned,
    )
    gone = [row.pk for row in rows if row.remote_id not in told]
    PastPost.objects.filter(pk__in=gone).update(gone_at=now, next_read_at=None, read_at=now)
