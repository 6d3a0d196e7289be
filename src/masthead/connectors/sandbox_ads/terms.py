"""What may be done with data from the sandbox's ad market: everything, since nobody real is behind it."""

from __future__ import annotations

from datetime import date

from masthead.connectors.sandbox_ads.rules import ABOUT
from masthead.contract.terms import USES, Deletion, say, whole
from masthead.kit.words import N_ as _

NOBODY = _("Nobody real is behind the sandbox.")

TERMS = whole(
    "2026-11-24",
    date(2026, 11, 24),
    say("ad_metrics", USES, "allow", NOBODY, ABOUT),
    say("profile", ("display", "store", "analyse"), "allow", NOBODY, ABOUT),
    rest=ABOUT,
    deletion=Deletion(NOBODY, ABOUT),
)
