"""What posts on a Business Profile can do and allow. Google's reference gives fields and kinds, not lengths."""

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
RESOURCE = Source("https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts", READ_ON)
GUIDE = Source("https://developers.google.com/my-business/content/posts-data", READ_ON)
QUOTAS = Source("https://developers.google.com/my-business/content/limits", READ_ON)
LENGTHS = Source("https://www.ayrshare.com/docs/help-center/technical-support/character_limits", READ_ON)
PHOTOS = Source("https://www.ayrshare.com/docs/media-guidelines/google-business-profile", READ_ON)

STANDARD, EVENT, OFFER, CALL = "STANDARD", "EVENT", "OFFER", "CALL"
TITLE_LIMIT = 58

CAPABILITIES = Capabilities(
    text=TextRule(Counting.CODE_POINTS, 1500, LENGTHS),
    media=(MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/png"), 5_000_000, 1, PHOTOS),),
    max_attachments=1,
    threads=ThreadRule(1, RESOURCE),
    # Google names ten edits a minute for a profile, and no figure of its own for posts: taken as theirs too.
    quotas=(Quota("edits", "account", 10, 60, QUOTAS), Quota("calls", "app", 300, 60, QUOTAS)),
    edit=True,
    remove=True,
    source=RESOURCE,
    options=(
        Option(
            "kind",
            _("Kind of post"),
            "choice",
            RESOURCE,
            ((STANDARD, _("Update")), (EVENT, _("Event")), (OFFER, _("Offer"))),
            default=STANDARD,
        ),
        Option(
            "button",
            _("Button"),
            "choice",
            RESOURCE,
            (
                ("", _("None")),
                ("BOOK", _("Book")),
                ("ORDER", _("Order online")),
                ("SHOP", _("Buy")),
                ("LEARN_MORE", _("Learn more")),
                ("SIGN_UP", _("Sign up")),
                (CALL, _("Call now")),
            ),
            help=_("Not for offers: they have a link of their own."),
        ),
        Option(
            "button_link",
            _("Where the button leads"),
            "text",
            RESOURCE,
            help=_("“Call now” dials the profile's own number."),
        ),
        Option(
            "title",
            _("Title of the event or offer"),
            "text",
            LENGTHS,
            limit=TITLE_LIMIT,
            help=_("Events and offers need it."),
        ),
        Option(
            "starts",
            _("Starts"),
            "text",
            RESOURCE,
            limit=16,
            help=_("As 2026-12-24 18:00, in the location's own time; without a time the day begins it."),
        ),
        Option(
            "ends",
            _("Ends"),
            "text",
            RESOURCE,
            limit=16,
            help=_("As 2026-12-24 22:00; without a time the end of the day."),
        ),
        Option("coupon", _("Coupon code"), "text", LENGTHS, limit=TITLE_LIMIT, help=_("For offers.")),
        Option("redeem_link", _("Where to redeem the offer"), "text", RESOURCE, help=_("For offers.")),
        Option("terms", _("Terms of the offer"), "text", RESOURCE, help=_("For offers.")),
    ),
    languages=True,
    public_media=True,
    look_up=LookUp.OWN_POSTS,
)
