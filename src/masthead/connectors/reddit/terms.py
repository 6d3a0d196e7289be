"""What Reddit's Developer Terms (last revised on 24 March 2026) allow with data obtained through its API."""

from __future__ import annotations

from datetime import date

from masthead.connectors.reddit.app import DEVELOPER_TERMS
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

CONTENT: tuple[Kind, ...] = ("own_post", "others_post", "message", "profile", "reaction")
BUSINESS = _("A business may use what comes through the API only under an agreement of its own with Reddit.")
SHOWN = _("People's content may be copied and shown to the users of an application, with its author and a link.")
NOT_SHARED = _("Nothing is sold, licensed or given to third parties, unless a law demands it.")

TERMS = whole(
    "2026-03-24",
    date(2026, 3, 24),
    say(CONTENT, ("display", "store"), "allow", SHOWN, DEVELOPER_TERMS, evidence="copy"),
    say(CONTENT, "analyse", "ask", BUSINESS, DEVELOPER_TERMS, evidence="copy"),
    say(
        "own_post",
        "redistribute",
        "allow",
        _("Its author holds the rights in a post and may have it back. Others get nothing that came through the API."),
        DEVELOPER_TERMS,
        evidence="copy",
        to_others="deny",
    ),
    say(
        ("others_post", "message", "profile", "reaction"),
        "redistribute",
        "deny",
        NOT_SHARED,
        DEVELOPER_TERMS,
        evidence="copy",
    ),
    say(
        CONTENT,
        "ai_train",
        "deny",
        _(
            "No model is trained without Reddit's permission, and without that of whoever holds the rights in the content."
        ),
        DEVELOPER_TERMS,
        evidence="copy",
    ),
    rest=DEVELOPER_TERMS,
    evidence="copy",
    deletion=Deletion(
        _("What is deleted, withheld or changed on Reddit is deleted or changed as soon as possible, as on request."),
        DEVELOPER_TERMS,
    ),
)
