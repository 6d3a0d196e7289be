"""What a professional Instagram account can do and allows."""

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
PUBLISHING = Source("https://developers.facebook.com/docs/instagram-platform/content-publishing/", READ_ON)
MEDIA = Source(
    "https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media", READ_ON
)
LIMIT = Source(
    "https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit",
    READ_ON,
)
RATES = Source("https://developers.facebook.com/docs/graph-api/overview/rate-limiting/", READ_ON)

MOST_FILES = 10
DAY = 86_400

CAPABILITIES = Capabilities(
    text=TextRule(Counting.UTF16, 2200, MEDIA, required_without_media=False),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/jpeg",), 8_000_000, MOST_FILES, MEDIA, max_width=1440, alt_limit=1000),
        MediaRule(MediaKind.VIDEO, ("video/mp4", "video/quicktime"), 300_000_000, MOST_FILES, MEDIA, max_seconds=900),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(1, PUBLISHING),
    quotas=(
        Quota("posts", "account", 100, DAY, LIMIT),
        Quota("api", "account", 4800, DAY, RATES),
    ),
    edit=False,
    remove=True,
    source=PUBLISHING,
    options=(
        Option(
            "kind",
            _("Publish as"),
            "choice",
            PUBLISHING,
            choices=(("post", _("Post or reel")), ("story", _("Story"))),
            default="post",
            help=_("A story is gone after a day and has no text."),
        ),
        Option(
            "first_comment",
            _("First comment"),
            "text",
            PUBLISHING,
            limit=2200,
            help=_("Written by the account right after."),
        ),
        Option(
            "collaborators",
            _("Collaborators"),
            "text",
            MEDIA,
            help=_("Up to three names of Instagram accounts, with commas between. They are asked to join."),
        ),
        Option("location_id", _("Location"), "text", MEDIA, help=_("The number of a Facebook Page that has a place.")),
    ),
    mixed_media=True,
    media_required=True,
    public_media=True,
    look_up=LookUp.OWN_POSTS,
)
"""The quota of posts was 25, then 50, and is 100 by the guide: the publisher asks Instagram each time."""
