"""Read a channel's past posts: page by page back to the first, then what is new, then the numbers that are due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction

from masthead.channels.calling import metered
from masthead.channels.ending import endings_for
from masthead.channels.refresh import after_refusal
from masthead.contract.budget import Budget
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError, NeedsReconnect, TryAgain
from masthead.contract.history import History, PastMedia
from masthead.contract.history import PastPost as Shown
from masthead.kit.clock import now as clock
from masthead.metering.caps.purse import purse_for
from masthead.metering.caps.till import Till, here
from masthead.posts.history.keep import keep_numbers, keep_page
from masthead.posts.history.pacing import PacedHttp
from masthead.posts.history.turn import Turn, put_off, rest, take
from masthead.posts.models import HistoryImport, PastPost

log = structlog.get_logger()
SECONDS = 60.0
LIMIT = 180.0
NEW_PAGES = 10
DOUBTFUL = 5
"""A platform that suddenly knows none of so many posts is not believed: a fault is likelier than that all are gone."""


@dataclass
class Reading:
    """One turn: the client, the history part and when to stop."""

    turn: Turn
    http: PacedHttp
    history: History
    stop_at: float

    @property
    def time_left(self) -> bool:
        """True while another call may be begun."""
        return time.monotonic() < self.stop_at


async def read_history(channel_id: int) -> None:
    """One turn at a channel. Never raises a ConnectorError: what went wrong is written on the import's row."""
    turn = await sync_to_async(take)(channel_id, now=clock())
    if turn is None or turn.platform.history is None:
        return
    place = (turn.channel.workspace_id, turn.platform.key, turn.channel.pk)
    endings = await sync_to_async(endings_for)(*place)
    async with metered() as (transport, meter):
        http = PacedHttp(transport, meter, turn.platform, turn.channel, endings, await _purse(turn))
        reading = Reading(turn, http, turn.platform.history, time.monotonic() + SECONDS)
        try:
            await asyncio.wait_for(_read(reading), LIMIT)
        except ConnectorError as error:
            await _failed(turn, error)
        except TimeoutError:
            await _failed(turn, TryAgain("Reading took too long.", after=300))
        else:
            await sync_to_async(rest)(turn, now=clock())


async def _purse(turn: Turn) -> Budget | None:
    """Money for reading: each call is held by itself, and leaves what scheduled posts will need."""
    place = (turn.platform.key, turn.channel.workspace_id, turn.channel.pk)
    return await purse_for(Till(here), *place, Purpose.READ, turn.channel.limits)


async def _failed(turn: Turn, error: ConnectorError) -> None:
    if isinstance(error, NeedsReconnect):
        await after_refusal(turn.channel.pk, turn.version, error)
    log.info("past posts not read", channel=turn.channel.pk, kind=type(error).__name__)
    await sync_to_async(put_off)(turn, error, now=clock())


async def _read(reading: Reading) -> None:
    if not reading.turn.finished:
        return await _back_fill(reading)
    if reading.turn.look:
        await _new_posts(reading)
    return await _numbers(reading)


async def _back_fill(reading: Reading) -> None:
    """On from the saved cursor; each page and its cursor are kept together, so a kill repeats at most one page."""
    cursor = reading.turn.cursor
    while reading.time_left:
        page = await reading.history.page(reading.http, reading.turn.account, cursor)
        ended = page.cursor in ("", cursor)
        await sync_to_async(_keep_step)(reading, page.posts, "" if ended else page.cursor, ended=ended)
        if ended:
            return
        cursor = page.cursor


@transaction.atomic
def _keep_step(reading: Reading, posts: Sequence[Shown], cursor: str, *, ended: bool) -> None:
    """The lease is the fence: where it was lost, somebody else is further already."""
    now, turn = clock(), reading.turn
    row = HistoryImport.objects.select_for_update().get(channel=turn.channel)
    if row.held_until != turn.held_until:
        raise TryAgain("Another worker reads this channel now.", after=60)
    _keep(reading, posts, now)
    row.refresh_from_db()
    row.cursor, row.seen, row.why = cursor, row.seen + len(posts), ""
    row.oldest_at = min((one.posted_at for one in posts), default=row.oldest_at)
    if ended:
        row.finished_at = row.looked_at = now
    row.save()


def _keep(reading: Reading, posts: Sequence[Shown], now: datetime) -> int:
    return keep_page(
        reading.turn.channel,
        posts,
        reading.history.names,
        operation=reading.http.asked,
        now=now,
        charged=reading.turn.charged,
        planned=reading.turn.planned,
    )


async def _new_posts(reading: Reading) -> None:
    """From the newest on until a page holds nothing new."""
    cursor, began = "", clock()
    for _ in range(NEW_PAGES):
        page = await reading.history.page(reading.http, reading.turn.account, cursor)
        new = await sync_to_async(_keep)(reading, page.posts, clock())
        if not new or page.cursor in ("", cursor) or not reading.time_left:
            break
        cursor = page.cursor
    await HistoryImport.objects.filter(channel=reading.turn.channel).aupdate(looked_at=began)


async def _numbers(reading: Reading) -> None:
    """Numbers of posts that are due, as many at once as the platform takes."""
    while reading.time_left:
        rows = await sync_to_async(_due)(reading)
        if not rows:
            return
        shown = [_shown(row) for row in rows]
        told = await reading.history.metrics(reading.http, reading.turn.account, shown)
        if not told and len(rows) >= DOUBTFUL:
            raise TryAgain("The platform knows none of the posts that were asked for.", after=3600)
        await sync_to_async(keep_numbers)(
            reading.turn.channel,
            [row.pk for row in rows],
            told,
            reading.history.names,
            now=clock(),
            charged=reading.turn.charged,
            planned=reading.turn.planned,
        )


def _due(reading: Reading) -> list[PastPost]:
    found = PastPost.objects.filter(channel=reading.turn.channel, gone_at=None, next_read_at__lte=clock())
    return list(found.defer("words").order_by("next_read_at")[: max(1, reading.history.most_ids)])


def _shown(row: PastPost) -> Shown:
    """A kept post as the connector showed it."""
    media = tuple(PastMedia(**one) for one in row.media)
    return Shown(
        row.remote_id, row.text, row.url, row.posted_at, row.kind, media, row.reply_to, row.language, raw=row.raw
    )
