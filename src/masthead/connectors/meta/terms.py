"""What Meta's Platform Terms of 22 August 2025 allow with data obtained here, per kind of record and use."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

PLATFORM_TERMS = Source("https://developers.facebook.com/terms/", date(2026, 11, 24))
"""Read in Open Terms Archive's copy, sections 1 to 7."""
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
ALL: tuple[Kind, ...] = ("own_post", *OTHERS, "ad_metrics")
PURPOSE = _(
    "Data are processed only for the purposes that Meta's documentation names for the permission they came with."
)
SHARED = _(
    "Data are never sold or licensed. They are shared with processors, or where the person they come from says so expressly."
)

TERMS = whole(
    "2025-08-22",
    date(2025, 8, 22),
    say(ALL, "display", "allow", PURPOSE, PLATFORM_TERMS, evidence="copy"),
    say(
        ALL,
        "store",
        "allow",
        _("Data are kept only as long as they are needed for that purpose, each client's apart from the others'."),
        PLATFORM_TERMS,
        evidence="copy",
    ),
    say(("own_post", "ad_metrics"), "analyse", "allow", PURPOSE, PLATFORM_TERMS, evidence="copy"),
    say(
        OTHERS,
        "analyse",
        "ask",
        _("No profiles are built of people who did not consent."),
        PLATFORM_TERMS,
        evidence="copy",
    ),
    say("own_post", "combine", "ask", PURPOSE, PLATFORM_TERMS, evidence="copy"),
    say(
        ("others_post", "message", "profile", "reaction"),
        "combine",
        "deny",
        _("What is known of a person elsewhere is not joined with what Meta's data say of them."),
        PLATFORM_TERMS,
        evidence="copy",
    ),
    say("own_post", "redistribute", "allow", SHARED, PLATFORM_TERMS, evidence="copy", to_others="deny"),
    say((*OTHERS, "ad_metrics"), "redistribute", "deny", SHARED, PLATFORM_TERMS, evidence="copy"),
    say(ALL, "ai_input", "ask", SHARED, PLATFORM_TERMS, evidence="copy"),
    say(
        ALL,
        "ai_train",
        "deny",
        _("Training is no purpose that Meta's documentation names, and the data may not be licensed to anybody."),
        PLATFORM_TERMS,
        evidence="copy",
    ),
    rest=PLATFORM_TERMS,
    evidence="copy",
    deletion=Deletion(
        _(
            "Data are deleted when the person or Meta asks, when they are not needed any more, and when the product ends."
        ),
        PLATFORM_TERMS,
    ),
)
"""No clause on artificial intelligence stands in the sections read; training is denied because the purposes are a closed list."""
