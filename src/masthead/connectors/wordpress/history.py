"""A user's own past posts and how many comments each has. Comments are counted post by post: WordPress's listing does not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from masthead.connectors.wordpress import wire
from masthead.connectors.wordpress.blocks import plain
from masthead.connectors.wordpress.connect import basic
from masthead.connectors.wordpress.errors import explain
from masthead.connectors.wordpress.operations import COMMENTS, OWN_POSTS
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account

NAMES = {"comments": "replies"}
NEVER = datetime.fromtimestamp(0, UTC)
KINDS = {"img": "image", "video": "video", "audio": "audio"}


@dataclass(frozen=True)
class WordPressHistory:
    """The history part. The cursor is the number of the next page."""

    names: Mapping[str, str] = field(default_factory=lambda: dict(NAMES))
    most_ids: int = 20
    page_size: int = 20

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of what is out, newest first. Numbers come with `metrics`."""
        number = int(cursor) if cursor.isdigit() else 1
        answer = await _listed(
            http, account, status="publish", orderby="date", per_page=str(self.page_size), page=str(number)
        )
        pages = answer.headers.get("X-WP-TotalPages", "")
        more = pages.isdigit() and number < int(pages)
        posts = sorted(wire.rows(wire.Post, answer.body), key=lambda one: (_posted(one), int(one.id)), reverse=True)
        return PastPage(tuple(_past(one) for one in posts), str(number + 1) if more else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers of the posts that the site still has; those in the trash are gone."""
        ids = [one.remote_id for one in posts]
        answer = await _listed(http, account, status="any", include=",".join(ids), per_page="100")
        there = {one.id for one in wire.rows(wire.Post, answer.body)}
        return {one: await _comments(http, account, one) for one in ids if one in there}


async def _listed(http: Http, account: Account, **query: str) -> Answer:
    """Own posts; with the context of editing, which nobody gets who is not signed in."""
    asked = {"author": account.remote_id, "context": "edit", "_fields": wire.FIELDS, **query}
    return await http.call(OWN_POSTS, account.server, query=asked, headers=basic(account), explain=explain)


async def _comments(http: Http, account: Account, number: str) -> dict[str, float]:
    """How many comments a post has; nothing where the site has no comments at all."""
    query = {"post": number, "per_page": "1", "_fields": "id"}
    try:
        answer = await http.call(COMMENTS, account.server, query=query, headers=basic(account), explain=explain)
    except (NeedsReconnect, Refused) as error:
        if error.status not in (403, 404):
            raise
        return {}
    total = answer.headers.get("X-WP-Total", "")
    return {"comments": float(total)} if total.isdigit() else {}


def _posted(post: wire.Post) -> datetime:
    return post.date_gmt or post.modified_gmt or NEVER


def _past(post: wire.Post) -> PastPost:
    title, text = plain(post.title.raw), plain(post.content.raw)
    return PastPost(
        post.id,
        "\n\n".join(one for one in (title, text) if one),
        post.link,
        _posted(post),
        media=tuple(_media(post.content.raw)),
        raw={"slug": post.slug},
    )


def _media(html: str) -> list[PastMedia]:
    """The files that a post shows."""
    found: list[PastMedia] = []
    for node in LexborHTMLParser(html).css("img, video, audio"):
        told: dict[str, Any] = dict(node.attributes)
        if str(told.get("src") or "").startswith("http"):
            found.append(PastMedia(KINDS[str(node.tag)], url=str(told["src"]), alt=str(told.get("alt") or "")))
    return found
