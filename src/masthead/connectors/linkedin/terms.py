"""What LinkedIn's terms allow with data obtained through its API: those of 13 December 2022, and its table of storage times."""

from __future__ import annotations

from datetime import date, timedelta

from masthead.connectors.linkedin.app import API_TERMS
from masthead.connectors.linkedin.plans import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import KINDS, Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

STORAGE = Source("https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements", READ_ON)
OTHERS: tuple[Kind, ...] = ("others_post", "message", "reaction")
SHOW_ONLY = _("Data are used only to show them to the people who use the application, for what they were asked for.")

TERMS = whole(
    "2022-12-13",
    date(2022, 12, 13),
    say(KINDS, "display", "allow", SHOW_ONLY, API_TERMS, evidence="copy"),
    say(
        "own_post",
        "store",
        "allow",
        _("What belongs to the signed-in member may be kept without a limit."),
        STORAGE,
    ),
    say(
        OTHERS,
        "store",
        "allow",
        _("What other members wrote or did may be kept for 48 hours."),
        STORAGE,
        within=timedelta(hours=48),
    ),
    say(
        "profile",
        "store",
        "allow",
        _("Another member's profile may be kept for 24 hours."),
        STORAGE,
        within=timedelta(hours=24),
    ),
    say(
        "ad_metrics",
        "store",
        "allow",
        _("A Page's own figures and reports may be kept for a year."),
        STORAGE,
        within=timedelta(days=365),
    ),
    say(
        ("own_post", "ad_metrics"),
        "analyse",
        "allow",
        _("Figures of one's own posts and Page may be reported to oneself."),
        STORAGE,
    ),
    say(
        KINDS,
        "combine",
        "deny",
        _("Data are not mixed with those of others so that one cannot tell any more where they come from."),
        API_TERMS,
        evidence="copy",
    ),
    say(
        KINDS,
        "redistribute",
        "deny",
        _("Data are not sold, handed on, exported or shown outside of the application."),
        API_TERMS,
        evidence="copy",
    ),
    say((*OTHERS, "profile"), ("analyse", "ai_input"), "deny", SHOW_ONLY, API_TERMS, evidence="copy"),
    say(KINDS, "ai_train", "deny", SHOW_ONLY, API_TERMS, evidence="copy"),
    rest=API_TERMS,
    evidence="copy",
    deletion=Deletion(
        _("Data are deleted at once when the member asks or closes the account, and when the agreement ends."),
        API_TERMS,
    ),
)
"""No clause on artificial intelligence stands in the part read. A newer version of the terms may exist; this is the newest archived."""
