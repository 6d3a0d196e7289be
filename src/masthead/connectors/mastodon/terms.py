"""What Mastodon's terms allow with data obtained here. Each server has its own; these are the usual ones, read carefully."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
RULES = Source("https://mastodon.social/terms-of-service", READ_ON)
GUIDELINES = Source("https://docs.joinmastodon.org/api/guidelines/", READ_ON)
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
APPS = _("An application shows people what their account may see, and acts for it.")
SERVERS = _("Each server has terms of its own: look at those of yours.")

TERMS = whole(
    "2025-07-01",
    date(2025, 7, 1),
    say("own_post", ("display", "store", "analyse", "redistribute"), "allow", APPS, GUIDELINES),
    say(OTHERS, "display", "allow", APPS, GUIDELINES),
    say(("message", "profile", "reaction"), "store", "allow", APPS, GUIDELINES),
    say("others_post", ("store", "analyse"), "ask", SERVERS, RULES, evidence="report"),
    say(("others_post", "profile", "reaction"), ("redistribute", "ai_input"), "ask", SERVERS, RULES, evidence="report"),
    say(
        "message",
        ("redistribute", "combine"),
        "deny",
        _("A private message is for those it was sent to, and nobody else."),
        GUIDELINES,
    ),
    say(
        OTHERS,
        "ai_train",
        "deny",
        _(
            "mastodon.social forbids collecting data for the training of language models; Masthead holds to it on every server."
        ),
        RULES,
        evidence="report",
    ),
    rest=RULES,
    silent=SERVERS,
    evidence="report",
    deletion=Deletion(_("Deletions are sent to every server that knows of a post, and are followed."), GUIDELINES),
    per_server=True,
)
