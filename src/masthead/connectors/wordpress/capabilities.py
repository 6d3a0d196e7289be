"""What WordPress can do and allows. It sets hardly any limit itself; the site's web server and PHP do, and tell nobody."""

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
REFERENCE = "https://developer.wordpress.org/reference/"
POSTS = Source(REFERENCE + "classes/wp_rest_posts_controller/create_item/", READ_ON)
FILES = Source(REFERENCE + "classes/wp_rest_attachments_controller/create_item/", READ_ON)
TYPES = Source(REFERENCE + "functions/wp_get_mime_types/", READ_ON)

TEXT_LIMIT = 100_000  # ours: WordPress sets none
TITLE_LIMIT = 300  # ours
EXCERPT_LIMIT = 1000  # ours
SLUG_LIMIT = 200  # the column post_name
TAGS_LIMIT = 500  # ours
ALT_LIMIT = 1500  # ours
MOST_FILES = 20  # ours
PICTURE_BYTES = 10 * 1024 * 1024  # ours: the web server's limit holds, which the API does not tell
PLAYED_BYTES = 32 * 1024 * 1024  # ours: PHP holds a file several times in the 128 MB that are its default

IMAGES = ("image/jpeg", "image/png", "image/webp")
GIFS = ("image/gif",)
VIDEOS = ("video/mp4", "video/webm", "video/quicktime")
AUDIO = ("audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/flac", "audio/mp4", "audio/x-m4a")

FORMATS = (
    ("standard", _("Standard")),
    ("aside", _("Aside")),
    ("audio", _("Audio")),
    ("chat", _("Chat")),
    ("gallery", _("Gallery")),
    ("image", _("Image")),
    ("link", _("Link")),
    ("quote", _("Quote")),
    ("status", _("Status")),
    ("video", _("Video")),
)
FIRST_PICTURE = (("body", _("In the post")), ("featured", _("As featured image")), ("both", _("Both")))
COMMENTING = (("", _("As the site does")), ("open", _("Allowed")), ("closed", _("Not allowed")))


def _pictures(kind: MediaKind, mimes: tuple[str, ...]) -> MediaRule:
    return MediaRule(kind, mimes, PICTURE_BYTES, MOST_FILES, TYPES, alt_limit=ALT_LIMIT)


def _played(kind: MediaKind, mimes: tuple[str, ...]) -> MediaRule:
    return MediaRule(kind, mimes, PLAYED_BYTES, MOST_FILES, TYPES)


CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, TEXT_LIMIT, POSTS),
    media=(
        _pictures(MediaKind.IMAGE, IMAGES),
        _pictures(MediaKind.GIF, GIFS),
        _played(MediaKind.VIDEO, VIDEOS),
        _played(MediaKind.AUDIO, AUDIO),
    ),
    max_attachments=MOST_FILES,
    threads=ThreadRule(1, POSTS),
    quotas=(),
    edit=True,
    remove=True,
    source=POSTS,
    options=(
        Option("title", _("Title"), "text", POSTS, limit=TITLE_LIMIT, help=_("Most themes expect one.")),
        Option(
            "category",
            _("Category"),
            "choice",
            POSTS,
            from_account=True,
            help=_("The site's own where none is chosen."),
        ),
        Option(
            "tags", _("Tags"), "text", POSTS, limit=TAGS_LIMIT, help=_("With commas between them. New ones are made.")
        ),
        Option("excerpt", _("Excerpt"), "text", POSTS, limit=EXCERPT_LIMIT, help=_("For lists and previews.")),
        Option(
            "slug",
            _("Address"),
            "text",
            POSTS,
            limit=SLUG_LIMIT,
            help=_("The post's part of the address, from the title where nothing is said."),
        ),
        Option(
            "first_picture",
            _("First picture"),
            "choice",
            FILES,
            choices=FIRST_PICTURE,
            default="body",
            help=_("Themes show a featured image in lists and above the post."),
        ),
        Option("format", _("Format"), "choice", POSTS, choices=FORMATS, default="standard"),
        Option("comments", _("Comments"), "choice", POSTS, choices=COMMENTING),
    ),
    mixed_media=True,
    look_up=LookUp.OWN_POSTS,
)
