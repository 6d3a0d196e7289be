"""What Threads can do and allows."""

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
POSTS = Source("https://developers.facebook.com/documentation/threads/posts", READ_ON)
OVERVIEW = Source("https://developers.facebook.com/documentation/threads/overview", READ_ON)
CAROUSEL = Source("https://developers.facebook.com/blog/post/2024/10/01/threads-api-new-features/", READ_ON)
REPLIES = Source("https://developers.facebook.com/docs/threads/reply-management", READ_ON)

POLLS = Source("https://developers.facebook.com/docs/threads/create-posts/polls", READ_ON)

MOST_FILES = 20
MOST_SEGMENTS = 50  # ours: Threads sets no limit on replies to oneself but 1,000 a day
DAY = 86_400

CAPABILITIES = Capabilities(
    text=TextRule(Counting.EMOJI_AS_BYTES, 500, POSTS),
    media=(
        MediaRule(
            MediaKind.IMAGE,
            ("image/jpeg", "image/png"),
            8_000_000,
            MOST_FILES,
            POSTS,
            max_width=1440,
            alt_limit=1000,
        ),
        MediaRule(
            MediaKind.VIDEO,
            ("video/mp4", "video/quicktime"),
            1_000_000_000,
            MOST_FILES,
            POSTS,
            max_seconds=300,
            alt_limit=1000,
        ),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(MOST_SEGMENTS, REPLIES),
    quotas=(
        Quota("posts", "account", 250, DAY, OVERVIEW),
        Quota("replies", "account", 1000, DAY, OVERVIEW),
        Quota("deletes", "account", 100, DAY, OVERVIEW),
        Quota("api", "account", 4800, DAY, OVERVIEW),
    ),
    edit=False,
    remove=True,
    source=CAROUSEL,
    poll=PollRule(4, 25, DAY, DAY, multiple=False, source=POLLS),
    options=(
        Option(
            "reply_control",
            _("Who can reply"),
            "choice",
            REPLIES,
            choices=(
                ("everyone", _("Everyone")),
                ("accounts_you_follow", _("Profiles you follow")),
                ("followers_only", _("Followers")),
                ("mentioned_only", _("Mentioned only")),
            ),
            default="everyone",
        ),
        Option("topic_tag", _("Topic"), "text", POSTS, limit=50, help=_("One topic, without periods and ampersands.")),
        Option(
            "link",
            _("Link to preview"),
            "text",
            POSTS,
            help=_("Shown below a text without media or poll. Else the first link of the text is previewed."),
        ),
    ),
    mixed_media=True,
    public_media=True,
    link_card=True,
    look_up=LookUp.OWN_POSTS,
)
