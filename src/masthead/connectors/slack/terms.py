"""What Slack's terms for its API allow with data obtained through it."""

from __future__ import annotations

from datetime import date

from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

TERMS_OF_SERVICE = Source("https://slack.com/terms-of-service/api", date(2026, 11, 24))
CHANGES = Source("https://docs.slack.dev/changelog/2025/10/13/api-terms-update", date(2026, 11, 24))
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")
COPIES = _("No data are exported in bulk, and no lasting copies, archives or indexes are made of them.")
MODELS = _("Data of the API are not used in, or to train, large language models.")
OWN_APP = _(
    "An application that only one's own organisation uses is free of the rules for applications of third parties."
)

TERMS = whole(
    "2025-10-13",
    date(2025, 10, 13),
    say("own_post", ("display", "analyse"), "allow", OWN_APP, CHANGES),
    say("own_post", "store", "ask", COPIES, TERMS_OF_SERVICE, evidence="report"),
    say("own_post", "redistribute", "allow", OWN_APP, CHANGES, to_others="deny"),
    say(("others_post", "message", "reaction"), "display", "ask", OWN_APP, CHANGES),
    say(OTHERS, ("store", "redistribute"), "deny", COPIES, TERMS_OF_SERVICE, evidence="report"),
    say(("own_post", *OTHERS), ("ai_train", "ai_input"), "deny", MODELS, TERMS_OF_SERVICE, evidence="report"),
    say("profile", "combine", "deny", COPIES, TERMS_OF_SERVICE, evidence="report"),
    rest=TERMS_OF_SERVICE,
    evidence="report",
    deletion=Deletion(
        _("Data are deleted when the organisation asks or takes the application away."), TERMS_OF_SERVICE
    ),
)
"""In force since 29 May 2025, made clearer on 13 October 2025. The terms themselves were read in reports, the changes on their page."""
