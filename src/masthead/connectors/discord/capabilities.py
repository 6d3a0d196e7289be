"""What Discord can do and allows a bot."""

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
DESCRIPTION = Source("https://github.com/discord/discord-api-spec/blob/main/specs/openapi.json", READ_ON)
MESSAGES = Source("https://docs.discord.com/developers/resources/message", READ_ON)
FILES = Source("https://docs.discord.com/developers/reference#uploading-files", date(2026, 8, 22))
LIMITS = Source("https://docs.discord.com/developers/topics/rate-limits", date(2026, 8, 22))
POLLS = Source("https://docs.discord.com/developers/resources/poll", READ_ON)

TEXT_LIMIT = 2_000
FILE_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
ALT_LIMIT = 1_024
QUESTION_LIMIT = 300
MOST_SEGMENTS = 25  # ours: Discord sets no limit on replies

IMAGES = ("image/jpeg", "image/png", "image/webp")
GIFS = ("image/gif",)
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
AUDIO = ("audio/mpeg", "audio/mp3", "audio/ogg", "audio/wav", "audio/x-wav", "audio/flac", "audio/mp4", "audio/x-m4a")
DOCUMENTS = ("application/pdf",)
KINDS = (
    (MediaKind.IMAGE, IMAGES),
    (MediaKind.GIF, GIFS),
    (MediaKind.VIDEO, VIDEOS),
    (MediaKind.AUDIO, AUDIO),
    (MediaKind.DOCUMENT, DOCUMENTS),
)

NOBODY, PEOPLE, EVERYONE = "none", "people", "everyone"
MENTIONS = (
    (NOBODY, _("Nobody")),
    (PEOPLE, _("People and roles")),
    (EVERYONE, _("People, roles and everyone")),
)

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, MESSAGES, poll_limit=QUESTION_LIMIT),
    media=tuple(MediaRule(kind, mimes, FILE_BYTES, MOST_FILES, FILES, alt_limit=ALT_LIMIT) for kind, mimes in KINDS),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, MESSAGES),
    quotas=(Quota("api", "account", 50, 1, LIMITS),),
    edit=True,
    remove=True,
    source=DESCRIPTION,
    poll=PollRule(10, 55, 3_600, 768 * 3_600, multiple=True, source=POLLS),
    options=(
        Option(
            "mentions",
            _("Who is notified by a mention"),
            "choice",
            MESSAGES,
            choices=MENTIONS,
            default=NOBODY,
            help=_("Mentions look the same in each case; only those chosen here are notified."),
        ),
        Option("suppress_embeds", _("Hide previews of links"), "flag", MESSAGES, default=False),
        Option("silent", _("Notify nobody of the message"), "flag", MESSAGES, default=False),
    ),
    mixed_media=True,
    look_up=LookUp.OWN_POSTS,
)
