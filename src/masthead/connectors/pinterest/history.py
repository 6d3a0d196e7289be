"""The account's own past Pins and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.connect import asked
from masthead.connectors.pinterest.operations import GET_PIN, OWN_PINS
from masthead.contract.history import PastMedia, PastPage, PastPost, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {
    "impression": "impressions",
    "clickthrough": "clicks",
    "outbound_click": "clicks",
    "save": "bookmarks",
    "reaction": "likes",
    "comment": "replies",
    "video_mrc_view": "views",
    "profile_visit": "profile_visits",
}
"""A click on the Pin itself (`pin_click`) keeps its own name: it is not one on the link."""


@dataclass
class PinterestHistory:
    """The history part. What the account only saved from others is left out."""

    site: str
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 25
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own Pins, newest first."""
        query = {"page_size": str(self.page_size), "pin_metrics": "true", "pin_filter": "exclude_repins"}
        query |= {"bookmark": cursor} if cursor else {}
        answer = await asked(http, account.server, account.secrets, OWN_PINS, query=query)
        page = wire.read(wire.Pins, answer.body)
        newest = sorted(page.items, key=lambda one: one.created_at, reverse=True)
        return PastPage(tuple(self._past(one) for one in newest), page.bookmark)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers, one question for each Pin: the one for many is not offered to all apps."""

        async def ask(pin: str) -> dict[str, float]:
            path, query = {"id": pin}, {"pin_metrics": "true"}
            answer = await asked(http, account.server, account.secrets, GET_PIN, path=path, query=query)
            return numbers(wire.read(wire.Pin, answer.body))

        return await one_by_one(posts, ask)

    def _past(self, pin: wire.Pin) -> PastPost:
        shown = pin.media.items or [pin.media]
        kind = "video" if pin.media.media_type == "video" else "image"
        return PastPost(
            remote_id=pin.id,
            text=pin.description,
            url=f"{self.site}/pin/{pin.id}/",
            posted_at=pin.created_at,
            media=tuple(
                PastMedia(kind, "" if kind == "video" else one.picture, one.picture, pin.alt_text) for one in shown
            ),
            metrics=numbers(pin),
            raw={"title": pin.title, "link": pin.link, "board": pin.board_id},
        )


def numbers(pin: wire.Pin) -> dict[str, float]:
    """Numbers of the Pin's whole life; of the last 90 days where Pinterest has no others."""
    return dict(pin.pin_metrics.get("lifetime_metrics") or pin.pin_metrics.get("90d") or {})
