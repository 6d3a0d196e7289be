"""What YouTube's terms allow with data obtained through its API."""

from __future__ import annotations

from datetime import date, timedelta

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

POLICIES = Source("https://developers.google.com/youtube/terms/developer-policies", date(2026, 11, 24))
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
THIRTY_DAYS = _("Data are deleted or fetched anew within 30 days (III.E.4).")

TERMS = whole(
    "2026-09-14",
    date(2026, 9, 14),
    say(
        ("own_post", *OTHERS),
        "display",
        "allow",
        _("Data are shown as they are, with YouTube named as their source; older ones with their date."),
        POLICIES,
        evidence="report",
    ),
    say(("own_post", *OTHERS), "store", "allow", THIRTY_DAYS, POLICIES, within=timedelta(days=30), evidence="report"),
    say(
        "own_post",
        "analyse",
        "allow",
        _("Figures may be reported to the channel's owner; no new measures are made out of them."),
        POLICIES,
        evidence="report",
    ),
    say(
        ("own_post", *OTHERS),
        "combine",
        "deny",
        _("Data are summed up only over channels of the same owner, and not to learn about YouTube's business."),
        POLICIES,
        evidence="report",
    ),
    say(
        "own_post",
        "redistribute",
        "allow",
        _("The owner of a channel may have its data; they are not sold or given to others."),
        POLICIES,
        evidence="report",
        to_others="deny",
    ),
    say(
        OTHERS,
        ("redistribute", "ai_train"),
        "deny",
        _("Other people's data are used only for what the application shows, and are not handed on."),
        POLICIES,
        evidence="report",
    ),
    rest=POLICIES,
    evidence="report",
    deletion=Deletion(
        _("Data are deleted within 7 days when the person asks, or withdraws the permission they came with."),
        POLICIES,
        timedelta(days=7),
    ),
)
"""The policies were read in quotations of their version of 2026. Text that was written in Masthead does not come from YouTube."""
