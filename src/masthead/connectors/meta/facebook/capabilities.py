"""What a Facebook Page can do and allows."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    LookUp,
    MediaRule,
    Option,
    Quota,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
POSTS = Source("https://developers.facebook.com/docs/pages-api/posts", READ_ON)
PHOTOS = Source("https://developers.facebook.com/docs/graph-api/reference/page/photos", READ_ON)
VIDEOS = Source("https://developers.facebook.com/docs/graph-api/video-uploads", READ_ON)
RATES = Source("https://developers.facebook.com/blog/post/2016/06/16/page-level-rate-limits/", READ_ON)
LENGTHS = Source("https://ayrshare.com/docs/help-center/technical-support/character_limits", READ_ON)
COMMENTS = Source("https://developers.facebook.com/docs/graph-api/reference/page-post/comments/", READ_ON)

MOST_PHOTOS = 10  # ours: Facebook names no number
DAY = 86_400

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, 63_206, LENGTHS),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/png"), 10_000_000, MOST_PHOTOS, PHOTOS, alt_limit=1000),
        MediaRule(MediaKind.VIDEO, ("video/mp4", "video/quicktime"), 1_750_000_000, 1, VIDEOS, max_seconds=2700),
    ),
    max_attachments=MOST_PHOTOS,
    threads=ThreadRule(1, POSTS),
    quotas=(
        Quota("api", "account", 4800, DAY, RATES),
        Quota("videos", "account", 30, DAY, VIDEOS),
    ),
    edit=True,
    remove=True,
    source=POSTS,
    options=(
        Option(
            "link",
            _("Link to preview"),
            "text",
            POSTS,
            help=_(
                "The page whose preview is shown. Without it the first link of the text is used. Not with photos or a video."
            ),
        ),
        Option(
            "first_comment", _("First comment"), "text", COMMENTS, limit=8000, help=_("Posted by the Page right after.")
        ),
        Option("title", _("Title of the video"), "text", VIDEOS, limit=255),
    ),
    link_card=True,
    look_up=LookUp.OWN_POSTS,
)
