"""Looking a post up among the account's public ones. TikTok shows neither private posts nor those it still moderates.

So what is found is certain, and what is not found is not: a person must look.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

from masthead.connectors.tiktok import wire
from masthead.connectors.tiktok.capabilities import PUBLIC
from masthead.connectors.tiktok.connect import asked
from masthead.connectors.tiktok.operations import OWN_VIDEOS
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

MARGIN = timedelta(minutes=2)
PAGE = 20
MOST_PAGES = 5
CUT_AT = 140
"""TikTok's description of a video says that descriptions end after 150 characters."""
FIELDS = (
    "id,create_time,title,video_description,share_url,cover_image_url,duration,"
    "view_count,like_count,comment_count,share_count"
)


async def page_of(http: Http, account: Account, cursor: str, size: int = PAGE) -> wire.Videos:
    """One page of the account's public posts, newest first."""
    body: dict[str, int] = {"max_count": size} | ({"cursor": int(cursor)} if cursor else {})
    answer = await asked(http, account.server, account.secrets, OWN_VIDEOS, query={"fields": FIELDS}, json=body)
    return wire.data_of(wire.Videos, answer.body)


async def find(http: Http, account: Account, delivery: Delivery, index: int) -> Found:
    """The segment among the public posts since the first try; of several that fit, the oldest."""
    start, cursor, seen = (delivery.sent_after or delivery.created_at) - MARGIN, "", list[wire.Video]()
    for _ in range(MOST_PAGES):
        page = await page_of(http, account, cursor)
        young = [one for one in page.videos if one.made_at >= start]
        seen += young
        cursor = page.cursor
        if not page.has_more or len(young) < len(page.videos):
            break
    fitting = [one for one in seen if one.id not in delivery.known and _fits(one, delivery, index)]
    if fitting:
        one = min(fitting, key=lambda video: video.create_time)
        words = f"A post with the same text is on the profile, made at {_moment(one.made_at)}."
        return Found(Presence.FOUND, words, Receipt(one.id, url=one.share_url))
    hidden = (
        "TikTok may still be checking it"
        if delivery.options.get("privacy_level") == PUBLIC
        else "TikTok shows its API only posts that everyone can see"
    )
    words = (
        f"It is not among the {len(seen)} public posts since {_moment(start)}, but {hidden}. Look into TikTok's app."
    )
    return Found(Presence.CANNOT_TELL, words)


def _fits(video: wire.Video, delivery: Delivery, index: int) -> bool:
    wanted, title = squeezed(delivery.segments[index].text), squeezed(str(delivery.options.get("title") or ""))
    shown = squeezed(video.text)
    cut = len(video.text) >= CUT_AT and any(one.startswith(shown) for one in (wanted, title + wanted))
    return shown in (wanted, title + wanted) or cut


def squeezed(text: str) -> str:
    """A text without its white space, with composed letters in one form."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
