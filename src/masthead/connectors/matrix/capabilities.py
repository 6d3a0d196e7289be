"""What Matrix can do and allows. A homeserver tells the size of files at sign-in; the rooms are the account's own."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    LookUp,
    MediaRule,
    Option,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
CLIENT_API = Source("https://spec.matrix.org/latest/client-server-api/", READ_ON)
EVENT_SIZE = Source("https://spec.matrix.org/latest/client-server-api/#size-limits", READ_ON)
MESSAGES = Source("https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes", READ_ON)
THREADS = Source("https://spec.matrix.org/latest/client-server-api/#threading", READ_ON)
ROOMS = Source("https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3joined_rooms", READ_ON)

TEXT_LIMIT = 16_000  # ours: the whole event may have 65,536 bytes, and an edit holds the text twice
TEXT_BYTES = 24_000
FILE_BYTES = 50_000_000  # the homeserver tells its own
ALT_LIMIT = 2000
MOST_FILES = 10
MOST_SEGMENTS = 50

IMAGES = ("image/jpeg", "image/png", "image/webp")
VIDEOS = ("video/mp4", "video/webm", "video/quicktime")
AUDIO = ("audio/mpeg", "audio/ogg", "audio/mp4", "audio/wav", "audio/flac")

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, EVENT_SIZE, bytes_limit=TEXT_BYTES),
    media=(
        MediaRule(MediaKind.IMAGE, IMAGES, FILE_BYTES, MOST_FILES, MESSAGES, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.GIF, ("image/gif",), FILE_BYTES, MOST_FILES, MESSAGES, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.VIDEO, VIDEOS, FILE_BYTES, MOST_FILES, MESSAGES, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.AUDIO, AUDIO, FILE_BYTES, MOST_FILES, MESSAGES, alt_limit=ALT_LIMIT),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, THREADS),
    quotas=(),
    edit=True,
    remove=True,
    source=CLIENT_API,
    options=(
        Option(
            "room",
            _("Room"),
            "choice",
            ROOMS,
            required=True,
            from_account=True,
            help=_("Rooms you have joined and that are not encrypted. Check the channel again after joining another."),
        ),
    ),
    mixed_media=True,
    look_up=LookUp.KEY,
)
