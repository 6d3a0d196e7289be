"""What TikTok can do and allows. Who may see a post, and how long a video may be, is told of each account."""

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
DIRECT_POST = Source("https://developers.tiktok.com/doc/content-posting-api-reference-direct-post", READ_ON)
PHOTOS = Source("https://developers.tiktok.com/doc/content-posting-api-reference-photo-post", READ_ON)
TRANSFER = Source("https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide", READ_ON)
CREATOR_INFO = Source("https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info/", READ_ON)
STATUS = Source("https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status", READ_ON)
GUIDELINES = Source("https://developers.tiktok.com/doc/content-sharing-guidelines", READ_ON)
RATES = Source("https://developers.tiktok.com/doc/tiktok-api-v2-rate-limit", READ_ON)

MOST_PHOTOS = 35
TEXT_LIMIT = 2200
PUBLIC, ONLY_ME = "PUBLIC_TO_EVERYONE", "SELF_ONLY"
AUDIENCES = {
    PUBLIC: _("Everyone"),
    "MUTUAL_FOLLOW_FRIENDS": _("Friends"),
    "FOLLOWER_OF_CREATOR": _("Followers"),
    ONLY_ME: _("Only you"),
}
AGREED = "agreed"
INTERACTIONS = {"allow_comment": "comment", "allow_duet": "duet", "allow_stitch": "stitch"}

CAPABILITIES = Capabilities(
    text=TextRule(Counting.UTF16, TEXT_LIMIT, DIRECT_POST, required_without_media=False),
    media=(
        MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/webp"), 20_000_000, MOST_PHOTOS, TRANSFER),
        MediaRule(
            MediaKind.VIDEO,
            ("video/mp4", "video/quicktime", "video/webm"),
            4_000_000_000,
            1,
            TRANSFER,
            max_seconds=600,
            alone=True,
        ),
    ),
    max_attachments=MOST_PHOTOS,
    threads=ThreadRule(1, DIRECT_POST),
    quotas=(
        Quota("posts", "account", 6, 60, DIRECT_POST),
        Quota("posts", "account", 15, 86_400, GUIDELINES),
        Quota("creator", "account", 20, 60, CREATOR_INFO),
        Quota("status", "account", 30, 60, STATUS),
        Quota("api", "app", 600, 60, RATES),
    ),
    edit=False,
    remove=False,
    source=DIRECT_POST,
    options=(
        Option(
            "privacy_level",
            _("Who can watch it"),
            "choice",
            GUIDELINES,
            required=True,
            from_account=True,
            help=_("TikTok wants this to be chosen for each post."),
        ),
        Option(
            "consent",
            _("Consent"),
            "choice",
            GUIDELINES,
            choices=(
                (AGREED, _("By posting, you agree to TikTok's Music Usage Confirmation (and Branded Content Policy)")),
            ),
            required=True,
            help="https://www.tiktok.com/legal/page/global/music-usage-confirmation/en",
        ),
        Option("allow_comment", _("Allow comments"), "flag", GUIDELINES, default=False),
        Option("allow_duet", _("Allow duets with the video"), "flag", GUIDELINES, default=False),
        Option("allow_stitch", _("Allow stitches of the video"), "flag", GUIDELINES, default=False),
        Option(
            "your_brand",
            _("It promotes your own brand"),
            "flag",
            GUIDELINES,
            default=False,
            help=_("TikTok labels it as promotional content."),
        ),
        Option(
            "branded_content",
            _("It promotes another brand"),
            "flag",
            GUIDELINES,
            default=False,
            help=_("TikTok labels it as a paid partnership. It cannot be seen by only you."),
        ),
        Option("made_with_ai", _("Label a video as made with AI"), "flag", DIRECT_POST, default=False),
        Option("title", _("Title of photos"), "text", PHOTOS, limit=90),
        Option("auto_music", _("Let TikTok add music to photos"), "flag", PHOTOS, default=False),
    ),
    media_required=True,
    public_media=True,
    look_up=LookUp.PUBLIC_POSTS,
)
"""The cap of posts a day differs between accounts; TikTok names 15 as typical, and its refusal is heeded."""
