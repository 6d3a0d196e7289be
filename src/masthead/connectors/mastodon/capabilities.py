"""What Mastodon can do and allows. Each server sets its own limits: what it tells at sign-in is put over these."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    MediaRule,
    Option,
    PollRule,
    Quota,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
INSTANCE = Source("https://docs.joinmastodon.org/entities/Instance/", READ_ON)
POSTING = Source("https://docs.joinmastodon.org/user/posting/", READ_ON)
STATUSES = Source("https://docs.joinmastodon.org/methods/statuses/", READ_ON)
NOTIFICATIONS = Source("https://docs.joinmastodon.org/methods/notifications/", READ_ON)
LIMITS = Source("https://docs.joinmastodon.org/api/rate-limits/", READ_ON)
LIMITER = Source("https://github.com/mastodon/mastodon/blob/main/app/lib/rate_limiter.rb", READ_ON)

IMAGE_BYTES = 16_777_216
IMAGE_PIXELS = 33_177_600
VIDEO_BYTES = 103_809_024
VIDEO_PIXELS = 8_294_400
ALT_LIMIT = 1500
MOST_SEGMENTS = 50  # ours: Mastodon sets no limit on replies to oneself

IMAGES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/heif")
GIFS = ("image/gif",)
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
AUDIO = (
    "audio/mpeg",
    "audio/mp3",
    "audio/ogg",
    "audio/flac",
    "audio/wav",
    "audio/x-wav",
    "audio/aac",
    "audio/mp4",
    "audio/x-m4a",
)

VISIBILITIES = (
    ("public", _("Public")),
    ("unlisted", _("Quiet public")),
    ("private", _("Followers")),
    ("direct", _("Mentioned people only")),
)

CAPABILITIES = Capabilities(
    text=TextRule(Counting.LINKS_AS_23, 500, POSTING),
    media=(
        MediaRule(
            MediaKind.IMAGE, IMAGES, IMAGE_BYTES, 4, POSTING, max_pixels=IMAGE_PIXELS, alt_limit=ALT_LIMIT, focus=True
        ),
        MediaRule(
            MediaKind.GIF, GIFS, IMAGE_BYTES, 4, POSTING, max_pixels=IMAGE_PIXELS, alt_limit=ALT_LIMIT, focus=True
        ),
        MediaRule(MediaKind.VIDEO, VIDEOS, VIDEO_BYTES, 1, POSTING, max_pixels=VIDEO_PIXELS, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.AUDIO, AUDIO, VIDEO_BYTES, 1, POSTING, alt_limit=ALT_LIMIT),
    ),
    max_attachments=4,
    threads=ThreadRule(MOST_SEGMENTS, STATUSES),
    quotas=(
        Quota("statuses", "account", 300, 10_800, LIMITER),
        Quota("media", "account", 30, 1_800, LIMITS),
        Quota("deletes", "account", 30, 1_800, LIMITS),
        Quota("api", "account", 300, 300, LIMITS),
    ),
    edit=True,
    remove=True,
    source=STATUSES,
    poll=PollRule(
        max_options=4, option_limit=50, min_seconds=300, max_seconds=2_629_746, multiple=True, source=INSTANCE
    ),
    options=(
        Option("visibility", _("Who can see it"), "choice", STATUSES, choices=VISIBILITIES, default="public"),
        Option(
            "spoiler_text",
            _("Content warning"),
            "text",
            STATUSES,
            counts_as_text=True,
            help=_(
                "Shown instead of the text until it is opened. In a thread it also covers each later part that has room for it."
            ),
        ),
        Option("sensitive", _("Hide media until it is opened"), "flag", STATUSES, default=False),
    ),
    mixed_media=False,
    poll_with_media=False,
    link_card=False,
    languages=True,
)
