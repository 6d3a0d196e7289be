"""What Discord's policy for developers allows with data obtained through its API."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

POLICY = Source(
    "https://support-dev.discord.com/hc/en-us/articles/8563934450327-Discord-Developer-Policy", date(2026, 11, 24)
)
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
STATED = _("Data are used only for what the application says it does, and what the people in it may expect.")

TERMS = whole(
    "2024-07-08",
    date(2024, 7, 8),
    say(("own_post", "profile"), "display", "allow", STATED, POLICY, evidence="report"),
    say("own_post", ("store", "analyse"), "allow", STATED, POLICY, evidence="report"),
    say(
        "own_post",
        "redistribute",
        "allow",
        _("What the workspace posted is its own; data of the API are not sold or passed on."),
        POLICY,
        evidence="report",
        to_others="deny",
    ),
    say(
        ("others_post", "message", "reaction"),
        ("display", "store", "analyse"),
        "ask",
        STATED,
        POLICY,
        evidence="report",
    ),
    say(
        OTHERS,
        "redistribute",
        "deny",
        _("Data of the API are not sold, licensed or given to brokers."),
        POLICY,
        evidence="report",
    ),
    say(
        ("own_post", *OTHERS),
        "ai_train",
        "deny",
        _("What people write is not used to train models, unless Discord permits it expressly."),
        POLICY,
        evidence="report",
    ),
    say(("message", "profile"), "combine", "deny", _("No profiles are built of people."), POLICY, evidence="report"),
    rest=POLICY,
    evidence="report",
    deletion=Deletion(_("Data are deleted when people ask, and when they are not needed any more."), POLICY),
)
"""The policy was read in reports on its version of 8 July 2024: its own page could not be opened."""
