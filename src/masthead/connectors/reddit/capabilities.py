"""What Reddit can do and allows. Each subreddit has rules of its own that only it tells."""

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
API = Source("https://www.reddit.com/dev/api#POST_api_submit", READ_ON)
LIMITS = Source("https://www.ayrshare.com/docs/help-center/technical-support/character_limits", date(2026, 8, 22))
BODY = Source("https://github.com/praw-dev/praw/releases/tag/v8.0.0", READ_ON)
RATES = Source("https://www.reddit.com/r/reddit/comments/145bram", date(2026, 8, 22))
GALLERIES = Source("https://www.reddit.com/r/modnews/comments/hisodw", READ_ON)
MOST_PICTURES = 20
VIDEO_BYTES, VIDEO_SECONDS = 1_000_000_000, 900
"""As Reddit's guide for advertisers says; the API's own pages say nothing of it."""

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, 40_000, LIMITS, required_without_media=False),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/png", "image/jpeg", "image/gif"), 20_000_000, MOST_PICTURES, GALLERIES),
        MediaRule(
            MediaKind.VIDEO,
            ("video/mp4", "video/quicktime"),
            VIDEO_BYTES,
            1,
            BODY,
            max_seconds=VIDEO_SECONDS,
            alone=True,
        ),
    ),
    max_attachments=MOST_PICTURES,
    threads=ThreadRule(1, API),
    quotas=(Quota("api", "app", 100, 60, RATES),),
    edit=True,
    remove=True,
    source=API,
    options=(
        Option("subreddit", _("Subreddit"), "text", API, required=True, limit=30, help=_("For example r/bread.")),
        Option("title", _("Title"), "text", API, required=True, limit=300, help=_("It cannot be changed later.")),
        Option(
            "link", _("Link"), "text", API, limit=2000, help=_("Makes it a link post; the text goes below the link.")
        ),
        Option("flair", _("Flair"), "text", API, limit=64, help=_("Its words or its id. Many subreddits want one.")),
        Option("nsfw", _("Mark as 18+"), "flag", API, default=False),
        Option("spoiler", _("Mark as spoiler"), "flag", API, default=False),
    ),
    look_up=LookUp.OWN_POSTS,
)
