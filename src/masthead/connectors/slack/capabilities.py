"""What Slack can do and allows."""

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
POSTING = Source("https://api.slack.com/methods/chat.postMessage", READ_ON)
UPLOADING = Source("https://docs.slack.dev/reference/methods/files.getUploadURLExternal/", READ_ON)
LIMITS = Source("https://docs.slack.dev/apis/web-api/rate-limits", READ_ON)

TEXT_LIMIT = 4_000  # what Slack recommends; it truncates at 40,000
ALT_LIMIT = 1_000
FILE_BYTES = 1_000_000_000
MOST_FILES = 10  # ours: Slack's own editor takes as many
MOST_SEGMENTS = 50  # ours: Slack sets no limit on replies

IMAGES = ("image/jpeg", "image/png", "image/webp")
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
AUDIO = ("audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/x-wav", "audio/ogg", "audio/flac")

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, POSTING),
    media=(
        MediaRule(MediaKind.IMAGE, IMAGES, FILE_BYTES, MOST_FILES, UPLOADING, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.GIF, ("image/gif",), FILE_BYTES, MOST_FILES, UPLOADING, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.VIDEO, VIDEOS, FILE_BYTES, MOST_FILES, UPLOADING),
        MediaRule(MediaKind.AUDIO, AUDIO, FILE_BYTES, MOST_FILES, UPLOADING),
        MediaRule(MediaKind.DOCUMENT, ("application/pdf",), FILE_BYTES, MOST_FILES, UPLOADING),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, POSTING),
    quotas=(
        Quota("messages", "account", 1, 1, LIMITS),
        Quota("reading", "account", 50, 60, LIMITS),
        Quota("files", "account", 100, 60, LIMITS),
    ),
    edit=True,
    remove=True,
    source=POSTING,
    options=(
        Option("no_preview", _("Hide previews of links"), "flag", POSTING, default=False),
        Option(
            "plain",
            _("Show the text as it is written"),
            "flag",
            POSTING,
            default=False,
            help=_("Otherwise Slack makes *this* bold and _this_ italic."),
        ),
    ),
    mixed_media=True,
    look_up=LookUp.OWN_POSTS,
)
