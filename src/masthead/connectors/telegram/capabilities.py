"""What Telegram's Bot API can do and allows."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    LookUp,
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
API = "https://core.telegram.org/bots/api"
SEND_MESSAGE = Source(API + "#sendmessage", READ_ON)
SEND_PHOTO = Source(API + "#sendphoto", READ_ON)
SEND_GROUP = Source(API + "#sendmediagroup", READ_ON)
SEND_POLL = Source(API + "#sendpoll", READ_ON)
SENDING_FILES = Source(API + "#sending-files", date(2026, 8, 22))
LIMITS = Source("https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this", READ_ON)

TEXT_LIMIT, CAPTION_LIMIT, QUESTION_LIMIT = 4_096, 1_024, 300
PHOTO_BYTES, FILE_BYTES = 10_000_000, 50_000_000
MOST_IN_GROUP = 10
MOST_SEGMENTS = 20  # ours: as many as one minute takes

CAPABILITIES = Capabilities(
    text=TextRule(Counting.UTF16, TEXT_LIMIT, SEND_MESSAGE, media_limit=CAPTION_LIMIT, poll_limit=QUESTION_LIMIT),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/png", "image/webp"), PHOTO_BYTES, MOST_IN_GROUP, SEND_PHOTO),
        MediaRule(MediaKind.GIF, ("image/gif",), FILE_BYTES, 1, SENDING_FILES, alone=True),
        MediaRule(MediaKind.VIDEO, ("video/mp4",), FILE_BYTES, MOST_IN_GROUP, SEND_GROUP),
        MediaRule(MediaKind.AUDIO, ("audio/mpeg", "audio/mp3", "audio/mp4"), FILE_BYTES, 1, SENDING_FILES, alone=True),
        MediaRule(MediaKind.DOCUMENT, ("application/pdf",), FILE_BYTES, 1, SENDING_FILES, alone=True),
    ),
    max_attachments=MOST_IN_GROUP,
    threads=ThreadRule(MOST_SEGMENTS, SEND_MESSAGE),
    quotas=(Quota("messages", "account", 20, 60, LIMITS),),
    edit=True,
    remove=True,
    source=Source(API, READ_ON),
    poll=PollRule(12, 100, 5, 2_628_000, multiple=True, source=SEND_POLL),
    options=(
        Option("silent", _("Send without a sound"), "flag", SEND_MESSAGE, default=False),
        Option("no_preview", _("Hide previews of links"), "flag", SEND_MESSAGE, default=False),
        Option("protect", _("Forbid forwarding and saving"), "flag", SEND_MESSAGE, default=False),
    ),
    mixed_media=True,
    look_up=LookUp.PERSON,
)
