"""What may be done with data from a WordPress site: the site is the workspace's own; comments are other people's words."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import USES, Kind, say, whole
from masthead.kit.words import N_ as _

RULES = Source("https://wordpress.org/about/license/", date(2026, 11, 24))
OTHERS: tuple[Kind, ...] = ("others_post", "message", "reaction")
READERS = _("What readers wrote below a post stays theirs.")

TERMS = whole(
    "2026-11-24",
    None,
    say("own_post", USES, "allow", _("The program's licence, the GPL, asks nothing of the texts in it."), RULES),
    say("profile", ("display", "store"), "allow", _("The authors of the site are named on it."), RULES),
    say(OTHERS, "display", "allow", READERS, RULES),
    say(OTHERS, ("store", "redistribute"), "ask", READERS, RULES),
    say(
        OTHERS,
        "ai_train",
        "deny",
        _("Nothing allows anybody to train with other people's words; Masthead does not either."),
        RULES,
    ),
    rest=RULES,
    silent=READERS,
)
"""A site at a host has that host's terms beside these; whose the site is knows them."""
