"""What X's terms allow with data obtained through its API: the agreement of 27 April and the policy of 14 July 2026."""

from __future__ import annotations

from datetime import date, timedelta

from masthead.contract.capabilities import Source
from masthead.contract.terms import KINDS, Deletion, Kind, Redistribution, say, whole
from masthead.kit.words import N_ as _

AGREEMENT = Source("https://docs.x.com/developer-terms/agreement", date(2026, 8, 22))
POLICY = Source("https://docs.x.com/developer-terms/policy", date(2026, 8, 22))
RESTRICTED = Source("https://docs.x.com/developer-terms/restricted-use-cases", date(2026, 11, 24))
ADS = Source("https://docs.x.com/developer-terms/ads-api-agreement", date(2026, 8, 22))
POSTS: tuple[Kind, ...] = ("own_post", "others_post", "reaction")
CONTENT: tuple[Kind, ...] = ("own_post", "others_post", "message", "profile", "reaction")

TERMS = whole(
    "2026-07-14",
    date(2026, 7, 14),
    say(
        CONTENT,
        "display",
        "allow",
        _("Content may be shown as X prescribes, with its author and a link to it."),
        POLICY,
    ),
    say(
        (*POSTS, "profile"),
        "store",
        "allow",
        _(
            "It may be kept as long as it is needed and kept as it is on X. All of it is deleted when the agreement ends."
        ),
        AGREEMENT,
    ),
    say("message", "store", "ask", _("Direct messages are kept only with the person's consent."), POLICY),
    say("own_post", "analyse", "allow", _("An account's own posts may be analysed for it."), POLICY),
    say(
        ("others_post", "message", "profile", "reaction"),
        "analyse",
        "ask",
        _("Nothing sensitive may be concluded about people, and nobody may be watched or profiled without consent."),
        RESTRICTED,
    ),
    say(
        ("others_post", "message", "profile", "reaction"),
        "combine",
        "ask",
        _("Somebody on X is matched with somebody elsewhere only where the person agreed to it."),
        RESTRICTED,
    ),
    say(
        KINDS,
        "ai_train",
        "deny",
        _("Neither the API nor what it gives may be used to train or to fine-tune a foundation or frontier model."),
        RESTRICTED,
    ),
    say(
        "own_post",
        "redistribute",
        "allow",
        _(
            "Only ids are handed on, at most 1,500,000 in 30 days; whole posts only by hand, at most 500 for a person in a day. The "
            "archive of one's own account is free of this."
        ),
        POLICY,
        to_others="deny",
    ),
    say(
        ("others_post", "message", "profile", "reaction"),
        "redistribute",
        "deny",
        _(
            "Only ids are handed on, at most 1,500,000 in 30 days; whole posts only by hand, at most 500 for a person in a day. The "
            "archive of one's own account is free of this."
        ),
        POLICY,
    ),
    say(
        "ad_metrics",
        ("display", "store", "analyse"),
        "allow",
        _("Data of X Ads are deleted at most 90 days after they came, and 30 days after the agreement ends."),
        ADS,
        within=timedelta(days=90),
    ),
    say(
        "ad_metrics",
        "combine",
        "deny",
        _("Data of X Ads are not mixed with those of other networks, but for sums of the same measure and goal."),
        ADS,
    ),
    say("ad_metrics", "redistribute", "deny", _("Data of X Ads are shown only summed up, in one's own pages."), ADS),
    rest=RESTRICTED,
    deletion=Deletion(
        _(
            "What changes or goes on X is changed or deleted as soon as possible, and within 24 hours of a written request by X or "
            "the person. Masthead does so within 24 hours of learning of it."
        ),
        POLICY,
        timedelta(hours=24),
    ),
    redistribution=Redistribution(
        _("Ids of posts may be handed on, at most 1,500,000 in 30 days; who gets them reads the posts on X."),
        POLICY,
        ids_only=True,
        limits=((1_500_000, timedelta(days=30)),),
    ),
)
"""The two pages of X name different limits for whole posts (500 a day, and 50,000 for a recipient); the smaller one stands here."""
