"""What YouTube can do and allows. The text is the video's description."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    LookUp,
    MediaRule,
    Option,
    PatternRule,
    Quota,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
RESOURCE = Source("https://developers.google.com/youtube/v3/docs/videos", READ_ON)
INSERT = Source("https://developers.google.com/youtube/v3/docs/videos/insert", READ_ON)
THUMBNAILS = Source("https://developers.google.com/youtube/v3/docs/thumbnails/set", READ_ON)
COSTS = Source("https://developers.google.com/youtube/v3/determine_quota_cost", date(2026, 8, 22))

DAY = 86_400
TAGS_LIMIT = 500
DEFAULT_CATEGORY = "22"
CATEGORIES = (
    ("1", _("Film & Animation")),
    ("2", _("Autos & Vehicles")),
    ("10", _("Music")),
    ("15", _("Pets & Animals")),
    ("17", _("Sports")),
    ("19", _("Travel & Events")),
    ("20", _("Gaming")),
    ("22", _("People & Blogs")),
    ("23", _("Comedy")),
    ("24", _("Entertainment")),
    ("25", _("News & Politics")),
    ("26", _("Howto & Style")),
    ("27", _("Education")),
    ("28", _("Science & Technology")),
    ("29", _("Nonprofits & Activism")),
)

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, 5000, RESOURCE, bytes_limit=5000),
    media=(
        MediaRule(
            MediaKind.VIDEO,
            ("video/mp4", "video/quicktime", "video/webm"),
            256_000_000_000,
            1,
            INSERT,
            max_seconds=43_200,
        ),
        MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/png"), 2_000_000, 1, THUMBNAILS),
    ),
    max_attachments=2,
    threads=ThreadRule(1, RESOURCE),
    quotas=(Quota("uploads", "app", 100, DAY, COSTS), Quota("units", "app", 10_000, DAY, COSTS)),
    edit=True,
    remove=True,
    source=RESOURCE,
    options=(
        Option("title", _("Title"), "text", RESOURCE, limit=100, required=True),
        Option(
            "made_for_kids",
            _("Made for children"),
            "choice",
            RESOURCE,
            (("no", _("No, it is not made for children")), ("yes", _("Yes, it is made for children"))),
            help=_(
                "The law asks you to say so. Made for children: no comments, no notifications, no personal advertising."
            ),
            required=True,
        ),
        Option(
            "privacy",
            _("Who can see it"),
            "choice",
            RESOURCE,
            (("public", _("Anyone")), ("unlisted", _("Anyone with the link")), ("private", _("Only you"))),
            default="public",
        ),
        Option("category", _("Category"), "choice", RESOURCE, CATEGORIES, default=DEFAULT_CATEGORY),
        Option("tags", _("Tags"), "text", RESOURCE, limit=TAGS_LIMIT, help=_("Separated by commas.")),
        Option("notify", _("Tell subscribers"), "flag", INSERT, default=True),
        Option("synthetic", _("Shows realistic scenes made or altered with AI"), "flag", RESOURCE),
    ),
    mixed_media=True,
    media_required=True,
    patterns=(PatternRule("angles", _("Angle brackets"), "[<>]", 0, RESOURCE),),
    look_up=LookUp.OWN_POSTS,
)
"""A picture beside the video is its thumbnail. YouTube counts the description in bytes."""
