"""Looking a Pin up on its board: same title, description, kind of media and number of pictures, since the first try.

Pinterest does not promise an order, so all of a board is read, unless what came is in order of time and goes back far enough.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.connect import asked
from masthead.connectors.pinterest.operations import BOARD_PINS
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, MediaKind

MARGIN = timedelta(minutes=10)
PAGE = 250
MOST_PAGES = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's Pins on a board since `start`; `whole` is False where Pinterest showed only a part."""

    pins: Sequence[wire.Pin]
    whole: bool
    start: datetime


async def on_board(http: Http, account: Account, board: str, since: datetime) -> Seen:
    """What the account pinned to a board since a moment, as far as 2,000 Pins go back."""
    start, read, bookmark = since - MARGIN, list[wire.Pin](), ""
    for _ in range(MOST_PAGES):
        query = {"page_size": str(PAGE)} | ({"bookmark": bookmark} if bookmark else {})
        answer = await asked(http, account.server, account.secrets, BOARD_PINS, path={"id": board}, query=query)
        page = wire.read(wire.Pins, answer.body)
        read += page.items
        bookmark = page.bookmark
        if not bookmark or _far_enough(read, start):
            return Seen(_mine(read, start), True, start)
    return Seen(_mine(read, start), False, start)


def _mine(pins: Sequence[wire.Pin], start: datetime) -> list[wire.Pin]:
    return [one for one in pins if one.is_owner and one.created_at >= start]


def _far_enough(pins: Sequence[wire.Pin], start: datetime) -> bool:
    ordered = all(one.created_at >= other.created_at for one, other in pairwise(pins))
    return ordered and bool(pins) and pins[-1].created_at < start


def fits(pin: wire.Pin, delivery: Delivery, index: int) -> bool:
    """Whether a Pin has the content of a segment, its link apart."""
    segment = delivery.segments[index]
    same_words = squeezed(pin.description) == squeezed(segment.text)
    same_title = squeezed(pin.title) == squeezed(str(delivery.options.get("title") or ""))
    return same_words and same_title and _same_media(pin.media, delivery, index) and pin.id not in delivery.known


def same_link(pin: wire.Pin, delivery: Delivery) -> bool:
    """Whether the Pin leads where it was to lead."""
    return _bare(pin.link) == _bare(str(delivery.options.get("link") or ""))


def _same_media(media: wire.Media, delivery: Delivery, index: int) -> bool:
    files = delivery.segments[index].attachments
    kind = "multiple_images" if len(files) > 1 else "video" if files[0].kind is MediaKind.VIDEO else "image"
    return media.media_type in ("", kind) and (kind != "multiple_images" or len(media.items) in (0, len(files)))


def squeezed(text: str) -> str:
    """A text without its white space, with composed letters in one form."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _bare(url: str) -> str:
    return url.strip().split("://", 1)[-1].rstrip("/").casefold()


def moment(at: datetime) -> str:
    """A moment for people."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
