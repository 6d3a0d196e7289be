"""What the sandbox can do and allows. Its own page /about says so; a test compares the two."""

from __future__ import annotations

from datetime import date

from masthead.connectors.sandbox.operations import POSTS
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

ABOUT = Source("http://127.0.0.1:8020/about", date(2026, 11, 24))
STILL = ("image/jpeg", "image/png", "image/webp")

MOOD = Option(
    "mood",
    _("Mood"),
    "choice",
    ABOUT,
    choices=(("", _("None")), ("calm", _("Calm")), ("cheerful", _("Cheerful")), ("curious", _("Curious"))),
    help=_("Shown above the text."),
)
NOTE = Option("note", _("Content note"), "text", ABOUT, limit=80, help=_("A few words shown above the text."))
QUIET = Option("quiet", _("Post quietly"), "flag", ABOUT, default=False, help=_("Marks the post as quiet."))

CAPABILITIES = Capabilities(
    text=TextRule(Counting.GRAPHEMES, 500, ABOUT, required_without_media=True),
    media=(
        MediaRule(MediaKind.IMAGE, STILL, 8_000_000, 4, ABOUT, max_width=8000, max_height=8000, alt_limit=1000),
        MediaRule(MediaKind.GIF, ("image/gif",), 8_000_000, 4, ABOUT, alt_limit=1000),
        MediaRule(MediaKind.VIDEO, ("video/mp4",), 40_000_000, 1, ABOUT, alt_limit=1000),
    ),
    max_attachments=4,
    threads=ThreadRule(25, ABOUT),
    quotas=(Quota(POSTS, "account", 300, 300, ABOUT),),
    edit=True,
    remove=True,
    source=ABOUT,
    poll=PollRule(4, 50, 300, 604_800, multiple=True, source=ABOUT),
    options=(MOOD, NOTE, QUIET),
    mixed_media=True,
    poll_with_media=True,
    languages=True,
)
