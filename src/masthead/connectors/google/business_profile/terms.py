"""What Google's terms for the Business Profile APIs allow with data obtained through them."""

from __future__ import annotations

from datetime import date

from masthead.connectors.google.business_profile.capabilities import READ_ON
from masthead.contract.capabilities import Source
from masthead.contract.terms import Deletion, Kind, say, whole
from masthead.kit.words import N_ as _

POLICIES = Source("https://developers.google.com/my-business/content/policies", READ_ON)
API_TERMS = Source("https://developers.google.com/terms", READ_ON)
OTHERS: tuple[Kind, ...] = ("others_post", "message", "profile", "reaction")

TERMS = whole(
    "2021-11-09",
    date(2021, 11, 9),
    say(
        ("own_post", *OTHERS),
        "display",
        "allow",
        _("The APIs serve to create, manage and report on profiles that are one's own or entrusted, and nothing else."),
        POLICIES,
    ),
    say("own_post", ("store", "analyse"), "allow", _("One's own posts are one's own."), POLICIES),
    say(
        "own_post",
        "redistribute",
        "allow",
        _("One's own content may be taken along; data of the APIs are not passed on to third parties."),
        API_TERMS,
        to_others="deny",
    ),
    say(
        OTHERS,
        "store",
        "ask",
        _("No lasting copies are made of what others own, unless they allow it (5e)."),
        API_TERMS,
    ),
    say(
        OTHERS,
        ("redistribute", "ai_train"),
        "deny",
        _("What others own is not passed on, and no databases are built of it (5e)."),
        API_TERMS,
    ),
    rest=API_TERMS,
    deletion=Deletion(
        _("Copies of what others own are not kept longer than their caching headers say (5e)."), API_TERMS
    ),
)
