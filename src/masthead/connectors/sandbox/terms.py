"""What may be done with data from the sandbox: everything that a rule can say about it, since nobody real is behind it."""

from __future__ import annotations

from datetime import date

from masthead.connectors.sandbox.capabilities import ABOUT
from masthead.contract.terms import Deletion, say, whole
from masthead.kit.words import N_ as _

NOBODY = _("Nobody real is behind the sandbox.")
LIKE_REAL = _("The sandbox does as real platforms do, so that one can see it: what others wrote is not theirs to give.")

TERMS = whole(
    "2026-11-24",
    date(2026, 11, 24),
    say("own_post", ("display", "store", "analyse", "combine", "redistribute", "ai_input"), "allow", NOBODY, ABOUT),
    say(("others_post", "message", "profile", "reaction"), ("display", "store", "analyse"), "allow", NOBODY, ABOUT),
    say("own_post", "ai_train", "ask", LIKE_REAL, ABOUT),
    say(("others_post", "message", "profile"), ("redistribute", "ai_train"), "deny", LIKE_REAL, ABOUT),
    say("ad_metrics", ("display", "store", "analyse", "combine"), "allow", NOBODY, ABOUT),
    rest=ABOUT,
    deletion=Deletion(NOBODY, ABOUT),
)
