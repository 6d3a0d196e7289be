"""What X can do and allows. Premium accounts may write more and show longer videos: told at sign-in and put over these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from masthead.connectors.x.plans import PAY_PER_USE, PLANS
from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    LookUp,
    MediaRule,
    Option,
    PatternRule,
    PollRule,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
COUNTS = Source("https://docs.x.com/fundamentals/counting-characters", date(2026, 8, 22))
DESCRIPTION = Source("https://github.com/xdevplatform/docs/blob/67f875e6/openapi.json", READ_ON)
MANAGE = Source("https://docs.x.com/x-api/posts/manage-tweets/introduction", READ_ON)
MEDIA = Source("https://docs.x.com/x-api/media/quickstart/best-practices", READ_ON)
LONG_POSTS = Source("https://docs.x.com/changelog", READ_ON)

TEXT_LIMIT, LONG_TEXT_LIMIT = 280, 25_000
ALT_LIMIT = 1_000
IMAGE_BYTES, GIF_BYTES = 5_000_000, 15_000_000
VIDEO_BYTES, VIDEO_SECONDS = 8_000_000_000, 20 * 60
LONG_VIDEO_BYTES, LONG_VIDEO_SECONDS = 16_000_000_000, 125 * 60
MOST_SEGMENTS = 25  # ours, as long as X's own editor makes them: the API sets no limit

IMAGES = ("image/jpeg", "image/png", "image/webp")
GIFS = ("image/gif",)
VIDEOS = ("video/mp4", "video/quicktime", "video/webm", "video/mp2t")

EVERYONE = "everyone"
REPLIERS = (
    (EVERYONE, _("Everyone")),
    ("following", _("Accounts you follow")),
    ("mentionedUsers", _("Only accounts you mention")),
    ("verified", _("Verified accounts")),
    ("subscribers", _("Your subscribers")),
)
CASHTAG = r"(?<![\w$&])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)"

CAPABILITIES = Capabilities(
    text=TextRule(Counting.WEIGHTED_V3, TEXT_LIMIT, COUNTS),
    media=(
        MediaRule(MediaKind.IMAGE, IMAGES, IMAGE_BYTES, 4, MEDIA, alt_limit=ALT_LIMIT),
        MediaRule(
            MediaKind.GIF, GIFS, GIF_BYTES, 1, MEDIA, max_width=1280, max_height=1080, alt_limit=ALT_LIMIT, alone=True
        ),
        MediaRule(MediaKind.VIDEO, VIDEOS, VIDEO_BYTES, 1, MEDIA, max_seconds=VIDEO_SECONDS),
    ),
    max_attachments=4,
    threads=ThreadRule(MOST_SEGMENTS, MANAGE),
    quotas=PAY_PER_USE,
    edit=False,
    remove=True,
    source=DESCRIPTION,
    poll=PollRule(4, 25, 300, 604_800, multiple=False, source=DESCRIPTION),
    options=(
        Option("reply_settings", _("Who can reply"), "choice", DESCRIPTION, choices=REPLIERS, default=EVERYONE),
        Option(
            "quote",
            _("Post to quote"),
            "text",
            MANAGE,
            limit=200,
            help=_("The address or number of the post. It cannot go with files or a poll."),
        ),
        Option("made_with_ai", _("Label as made with AI"), "flag", DESCRIPTION, default=False),
        Option("paid_partnership", _("Label as paid partnership"), "flag", DESCRIPTION, default=False),
    ),
    patterns=(PatternRule("cashtags", _("Cashtags"), CASHTAG, 1, MANAGE),),
    look_up=LookUp.OWN_POSTS,
    plans=PLANS,
)


def limits_of(subscription: str, verified: str, plan: str) -> Mapping[str, Any]:
    """What an account's subscription allows, as `Capabilities.narrowed` takes it. `verified` is blue, business, government or none."""
    told: dict[str, Any] = {"plan": plan} if plan else {}
    if subscription in ("Premium", "PremiumPlus") or verified in ("business", "government"):
        return told | {
            "text_limit": LONG_TEXT_LIMIT,
            "video_max_bytes": LONG_VIDEO_BYTES,
            "video_max_seconds": LONG_VIDEO_SECONDS,
        }
    return told | ({"text_limit": LONG_TEXT_LIMIT} if subscription == "Basic" else {})
