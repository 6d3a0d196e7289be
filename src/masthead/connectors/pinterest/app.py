"""The developer app that Pinterest wants: what to ask, how to get one, what it costs, what the guidelines say."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
CONSOLE = Source("https://developers.pinterest.com/apps/", READ_ON)
TIERS = Source("https://developers.pinterest.com/docs/key-concepts/access-tiers/", READ_ON)
GUIDELINES = Source("https://policy.pinterest.com/en/developer-guidelines", READ_ON)

APP = AppRule(
    fields=(
        Field("client_id", _("App ID")),
        Field("client_secret", _("App secret key"), kind="password"),
    ),
    environment=(("client_id", "PINTEREST_CLIENT_ID"), ("client_secret", "PINTEREST_CLIENT_SECRET")),
    console=CONSOLE,
    steps=(
        _("Turn the account into a business account, sign in at developers.pinterest.com and open My apps."),
        _("Choose Connect app, say truthfully what you use it for, and wait for Trial access."),
        _("Under Configure, add {callback} to the redirect URIs."),
        _(
            "Ask for Standard access with a recording of a sign-in and a Pin being made: an app with Trial access cannot make Pins."
        ),
        _("Copy the App ID and the App secret key."),
    ),
    scopes=(
        Scope("user_accounts:read", _("to know whose account it is")),
        Scope("boards:read", _("to offer your boards, and to look there whether a Pin is out")),
        Scope("boards:write", _("which Pinterest wants beside the right to make Pins")),
        Scope("pins:read", _("to read your own Pins and their numbers")),
        Scope("pins:write", _("to make, change and delete Pins")),
    ),
    cost=_("Free. Standard access needs a review by Pinterest, which takes about two weeks."),
    cost_source=TIERS,
    warning=_(
        "Pinterest's guidelines say that nobody may use another's API credentials, so each organisation needs an app of its own. "
        "They also say that what the API tells may not be stored, except analytics of campaigns, so past Pins are not imported."
    ),
    warning_source=GUIDELINES,
)
