"""What may be done with data from a Misskey server. Each server has its own terms; without them a careful reading stands here."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

RULES = Source("https://misskey-hub.net/docs/for-developers/api/", date(2026, 11, 24))
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
APPS = _("An application shows people what their account may see, and acts for it.")
SERVERS = _("Each server has terms of its own: look at those of yours.")

TERMS = whole(
    "2026-11-24",
    None,
    say("own_post", ("display", "store", "analyse", "redistribute"), "allow", APPS, RULES),
    say(OTHERS, "display", "allow", APPS, RULES),
    say(OTHERS, ("store", "redistribute"), "ask", SERVERS, RULES),
    say(
        OTHERS,
        "ai_train",
        "deny",
        _("The network's documentation allows nobody to train with other people's words; Masthead does not either."),
        RULES,
    ),
    rest=RULES,
    silent=SERVERS,
    deletion=Deletion(_("Deletions are sent to every server that knows of a post, and are followed."), RULES),
    per_server=True,
)
"""Misskey's documentation forbids none of it; what goes beyond own posts is asked, and training is left alone, by our choice."""
