"""What LinkedIn can do and allows."""

from __future__ import annotations

from masthead.connectors.linkedin.plans import DAY, PLANS, POSTS_API, READ_ON, SHARE
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

_SHARES = "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares"
IMAGES = Source(f"{_SHARES}/images-api", READ_ON)
MULTI = Source(f"{_SHARES}/multiimage-post-api", READ_ON)
VIDEOS = Source(f"{_SHARES}/videos-api", READ_ON)
DOCUMENTS = Source(f"{_SHARES}/documents-api", READ_ON)
POLLS = Source(f"{_SHARES}/poll-post-api", READ_ON)
COMMENTS = Source(f"{_SHARES}/comments-api", READ_ON)
LENGTHS = Source("https://ayrshare.com/docs/help-center/technical-support/character_limits", READ_ON)
FILES = Source("https://ayrshare.com/docs/media-guidelines/linkedin", READ_ON)

MOST_IMAGES = 20
DAYS = ((1, "ONE_DAY"), (3, "THREE_DAYS"), (7, "SEVEN_DAYS"), (14, "FOURTEEN_DAYS"))
QUESTION_LIMIT = 140
PUBLIC = "PUBLIC"
PAGE_WITHOUT = ("visibility",)
"""A Page's posts are public."""

CAPABILITIES = Capabilities(
    text=TextRule(Counting.UTF16, 3000, LENGTHS),
    media=(
        MediaRule(
            MediaKind.IMAGE,
            ("image/jpeg", "image/png"),
            5_000_000,
            MOST_IMAGES,
            FILES,
            max_pixels=36_152_319,
            alt_limit=4086,
        ),
        MediaRule(
            MediaKind.GIF, ("image/gif",), 5_000_000, 1, FILES, max_pixels=36_152_319, alt_limit=4086, alone=True
        ),
        MediaRule(MediaKind.VIDEO, ("video/mp4",), 200_000_000, 1, FILES, max_seconds=1800, alone=True),
        MediaRule(MediaKind.DOCUMENT, ("application/pdf",), 100_000_000, 1, DOCUMENTS, alone=True),
    ),
    max_attachments=MOST_IMAGES,
    threads=ThreadRule(1, POSTS_API),
    quotas=(Quota("api", "account", 150, DAY, SHARE),),
    edit=True,
    remove=True,
    source=POSTS_API,
    poll=PollRule(4, 30, DAY, 14 * DAY, False, POLLS),
    options=(
        Option(
            "visibility",
            _("Who can see it"),
            "choice",
            POSTS_API,
            ((PUBLIC, _("Anyone")), ("LOGGED_IN", _("Members of LinkedIn")), ("CONNECTIONS", _("Connections only"))),
            default=PUBLIC,
        ),
        Option(
            "link",
            _("Link to show as a card"),
            "text",
            POSTS_API,
            help=_(
                "LinkedIn reads no page for apps: Masthead takes title and description from it. Not with files or a poll."
            ),
        ),
        Option(
            "link_title", _("Title of the card"), "text", POSTS_API, limit=400, help=_("Instead of the page's own.")
        ),
        Option(
            "first_comment", _("First comment"), "text", COMMENTS, limit=1250, help=_("Written right after the post.")
        ),
        Option("title", _("Title of the document or video"), "text", DOCUMENTS, limit=400),
        Option(
            "poll_question",
            _("The poll's question"),
            "text",
            POLLS,
            limit=QUESTION_LIMIT,
            help=_("Without it the text is the question, where it is short enough."),
        ),
    ),
    link_card=True,
    look_up=LookUp.OWN_POSTS,
    plans=PLANS,
)
