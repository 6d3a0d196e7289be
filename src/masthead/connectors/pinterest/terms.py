"""What Pinterest's guidelines for developers allow with data obtained through its API."""

from __future__ import annotations

from masthead.connectors.pinterest.app import GUIDELINES
from masthead.contract.terms import Kind, say, whole
from masthead.kit.words import N_ as _

OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")

TERMS = whole(
    "2026-11-24",
    None,
    say(
        ("own_post", *OTHERS),
        "display",
        "allow",
        _("Data may be shown when they are asked for, as Pinterest shows them, with a link."),
        GUIDELINES,
    ),
    say(
        ("own_post", *OTHERS),
        "store",
        "deny",
        _("What the API tells is not stored, apart from figures of campaigns; it is fetched anew each time."),
        GUIDELINES,
    ),
    say("ad_metrics", ("display", "store", "analyse"), "allow", _("Figures of campaigns may be kept."), GUIDELINES),
    say("own_post", "analyse", "allow", _("Figures may be reported to the account they belong to."), GUIDELINES),
    say(
        ("own_post", *OTHERS, "ad_metrics"),
        "combine",
        "deny",
        _("Data of Pinterest are not joined with data of others."),
        GUIDELINES,
    ),
    say(
        "own_post",
        "redistribute",
        "allow",
        _(
            "Somebody may be handed the data of their own account; others get them only with that person's express permission."
        ),
        GUIDELINES,
        to_others="ask",
    ),
    say(
        (*OTHERS, "ad_metrics"),
        "redistribute",
        "deny",
        _("Data of other people's accounts are not shared, nor is anything made from them."),
        GUIDELINES,
    ),
    rest=GUIDELINES,
)
"""The guidelines name no version; the day they were read stands for it. Training is not spoken of in what we read."""
