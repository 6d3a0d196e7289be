"""TikTok, by its Content Posting API (Direct Post)."""

from __future__ import annotations

from masthead.connectors.tiktok.app import APP
from masthead.connectors.tiktok.capabilities import CAPABILITIES, DIRECT_POST
from masthead.connectors.tiktok.connect import connecting
from masthead.connectors.tiktok.history import TikTokHistory
from masthead.connectors.tiktok.operations import OPERATIONS
from masthead.connectors.tiktok.publish import Patience, TikTokPublisher
from masthead.connectors.tiktok.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def tiktok_platform(
    api: str = "https://open.tiktokapis.com", site: str = "https://www.tiktok.com", patience: Patience | None = None
) -> Platform:
    """TikTok at these servers."""
    return Platform(
        key="tiktok",
        name="TikTok",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=TikTokPublisher(site, patience or Patience()),
        operations=OPERATIONS,
        home=DIRECT_POST,
        max_request_seconds=330.0,
        look_up_after_seconds=20.0,
        about=_("Needs a developer app that TikTok has audited; before, posts are seen by only yourself."),
        notes=(
            "Needs a developer app. Until TikTok has audited it, posts are private and five accounts a day may post.",
            "Each post needs a choice of who can watch it, and consent to TikTok's Music Usage Confirmation.",
            "What the account allows is asked just before each post, as TikTok's guidelines want it.",
            "Videos are sent in chunks; photos are fetched by TikTok from a public address that the app has verified.",
            "TikTok shows its API only public posts: where photos got no answer and are not there, a person must look.",
            "Posts cannot be changed or deleted through TikTok's API.",
            "Past public posts come with views, likes, comments and shares.",
        ),
        app=APP,
        terms=TERMS,
        history=TikTokHistory(),
        tested=(Tested.CONTRACT,),
    )


TIKTOK = tiktok_platform()

__all__ = ["TIKTOK", "tiktok_platform"]
