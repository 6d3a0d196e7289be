"""What Bluesky can do and allows, each with its source."""

from __future__ import annotations

from datetime import date

from masthead.connectors.bluesky.operations import SIGN_INS, UPLOADS, WRITES
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

CHECKED = date(2026, 11, 24)
_LEXICONS = "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky"
_DOCS = "https://docs.bsky.app/docs"

POST = Source(f"{_LEXICONS}/feed/post.json", CHECKED)
IMAGES = Source(f"{_LEXICONS}/embed/images.json", CHECKED)
EXTERNAL = Source(f"{_LEXICONS}/embed/external.json", CHECKED)
VIDEO_GUIDE = Source("https://bsky.social/about/blog/09-11-2024-video", CHECKED)
RATES = Source(f"{_DOCS}/advanced-guides/rate-limits", CHECKED)
UPLOAD_RATE = Source(
    "https://github.com/bluesky-social/atproto/blob/main/packages/pds/src/api/com/atproto/repo/uploadBlob.ts", CHECKED
)
GATES = Source(f"{_LEXICONS}/feed/threadgate.json", CHECKED)
LABELS = Source(f"{_DOCS}/advanced-guides/moderation", CHECKED)
NOTIFICATIONS = Source(f"{_LEXICONS}/notification/listNotifications.json", CHECKED)
HOME = Source("https://bsky.app", CHECKED)

IMAGE_MIMES = ("image/jpeg", "image/png", "image/webp")
VIDEO_MIMES = ("video/mp4",)
# Newer lexicons allow 2,000,000 bytes; servers that follow an older one refuse more than this.
IMAGE_BYTES = 1_000_000
VIDEO_BYTES = 100_000_000
# The lexicon sets none; Bluesky's own app stops here.
ALT_LIMIT = 2000
EVERYBODY = "everybody"

WARNING = Option(
    "content_warning",
    _("Content warning"),
    "choice",
    LABELS,
    choices=(
        ("", _("None")),
        ("sexual", _("Suggestive")),
        ("nudity", _("Nudity")),
        ("porn", _("Adult content")),
        ("graphic-media", _("Graphic media")),
    ),
    help=_("Bluesky hides the media behind this label."),
)
REPLIES = Option(
    "replies",
    _("Who can reply"),
    "choice",
    GATES,
    choices=(
        (EVERYBODY, _("Everybody")),
        ("nobody", _("Nobody")),
        ("mentioned", _("Mentioned people")),
        ("following", _("People the channel follows")),
        ("followers", _("The channel's followers")),
    ),
    default=EVERYBODY,
)
CARD = Option(
    "link_card",
    _("Preview of the first link"),
    "flag",
    EXTERNAL,
    default=True,
    help=_("Only where the post has no media."),
)

CAPABILITIES = Capabilities(
    text=TextRule(Counting.GRAPHEMES, 300, POST, bytes_limit=3000, required_without_media=False),
    media=(
        MediaRule(MediaKind.IMAGE, IMAGE_MIMES, IMAGE_BYTES, 4, IMAGES, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.VIDEO, VIDEO_MIMES, VIDEO_BYTES, 1, VIDEO_GUIDE, max_seconds=180, alt_limit=1000),
    ),
    max_attachments=4,
    threads=ThreadRule(50, POST),
    quotas=(
        Quota(WRITES, "account", 5_000, 3_600, RATES),
        Quota(WRITES, "account", 35_000, 86_400, RATES),
        Quota(UPLOADS, "account", 1_000, 86_400, UPLOAD_RATE),
        Quota(SIGN_INS, "account", 30, 300, RATES),
    ),
    edit=False,
    remove=True,
    source=POST,
    options=(WARNING, REPLIES, CARD),
    mixed_media=False,
    link_card=True,
    languages=True,
    look_up=LookUp.KEY,
)
