"""What Nostr can do and allows. Relays set their own limits: what they tell at sign-in is put over these."""

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
BASICS = Source("https://github.com/nostr-protocol/nips/blob/master/01.md", READ_ON)
THREADS = Source("https://github.com/nostr-protocol/nips/blob/master/10.md", READ_ON)
RELAY_LIMITS = Source("https://github.com/nostr-protocol/nips/blob/master/11.md", READ_ON)
WARNINGS = Source("https://github.com/nostr-protocol/nips/blob/master/36.md", READ_ON)
ATTACHED = Source("https://github.com/nostr-protocol/nips/blob/master/92.md", READ_ON)
BLOSSOM = Source("https://github.com/hzrd149/blossom/blob/master/buds/02.md", READ_ON)

TEXT_LIMIT = 8000  # ours, where no relay tells one: many take about 64 KiB for the whole note
FILE_BYTES = 20_000_000  # ours: each media server has its own
ALT_LIMIT = 1000  # ours: the note itself must stay small
MOST_FILES = 8
MOST_SEGMENTS = 25

IMAGES = ("image/jpeg", "image/png", "image/webp")
VIDEOS = ("video/mp4", "video/webm")
AUDIO = ("audio/mpeg", "audio/ogg", "audio/mp4")

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, RELAY_LIMITS),
    media=(
        MediaRule(MediaKind.IMAGE, IMAGES, FILE_BYTES, MOST_FILES, ATTACHED, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.GIF, ("image/gif",), FILE_BYTES, MOST_FILES, ATTACHED, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.VIDEO, VIDEOS, FILE_BYTES, MOST_FILES, BLOSSOM, alt_limit=ALT_LIMIT),
        MediaRule(MediaKind.AUDIO, AUDIO, FILE_BYTES, MOST_FILES, BLOSSOM, alt_limit=ALT_LIMIT),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, THREADS),
    quotas=(),
    edit=False,
    remove=True,
    source=BASICS,
    options=(
        Option(
            "content_warning",
            _("Content warning"),
            "text",
            WARNINGS,
            limit=200,
            help=_("Readers see this first and open the note if they want."),
        ),
    ),
    mixed_media=True,
    languages=True,
    look_up=LookUp.KEY,
)
