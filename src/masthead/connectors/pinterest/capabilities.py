"""What Pinterest can do and allows. The boards of an account are told at sign-in."""

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
DESCRIPTION = Source("https://github.com/pinterest/api-description/blob/main/v5/openapi.json", READ_ON)
CREATING = Source(
    "https://developers.pinterest.com/docs/work-with-organic-content-and-users/create-boards-and-pins/", READ_ON
)
FILES = Source("https://www.ayrshare.com/docs/media-guidelines/pinterest", READ_ON)
RATES = Source("https://developers.pinterest.com/docs/reference/rate-limits/", READ_ON)

MOST_IMAGES = 5
ALT_LIMIT = 500
TEXT_LIMIT = 800

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, DESCRIPTION, required_without_media=False),
    media=(
        MediaRule(
            MediaKind.IMAGE, ("image/jpeg", "image/png"), 20_000_000, MOST_IMAGES, DESCRIPTION, alt_limit=ALT_LIMIT
        ),
        MediaRule(
            MediaKind.VIDEO,
            ("video/mp4", "video/quicktime", "video/x-m4v"),
            2_000_000_000,
            1,
            FILES,
            max_seconds=900,
            alt_limit=ALT_LIMIT,
            alone=True,
        ),
    ),
    max_attachments=MOST_IMAGES,
    threads=ThreadRule(1, CREATING),
    quotas=(Quota("api", "account", 100, 1, RATES),),
    edit=True,
    remove=True,
    source=DESCRIPTION,
    options=(
        Option("board", _("Board"), "choice", CREATING, required=True, from_account=True),
        Option("title", _("Title"), "text", DESCRIPTION, limit=100),
        Option("link", _("Link"), "text", DESCRIPTION, limit=2048, help=_("Where people get who open the Pin.")),
        Option(
            "cover_second",
            _("Cover of a video"),
            "text",
            DESCRIPTION,
            limit=4,
            help=_("The second of the video whose picture stands for it; the first one where nothing is said."),
        ),
    ),
    media_required=True,
    look_up=LookUp.OWN_POSTS,
)
"""Sizes of files are those that a company which posts through the API publishes: Pinterest's description names none."""
