"""The developer app that X wants: what to ask, how to get one, what it costs, what the terms say."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

CONSOLE = Source("https://console.x.com", date(2026, 8, 22))
PRICES = Source("https://docs.x.com/x-api/getting-started/pricing", date(2026, 8, 22))
RESTRICTED = Source("https://docs.x.com/developer-terms/restricted-use-cases", date(2026, 11, 24))

APP = AppRule(
    fields=(
        Field("client_id", _("OAuth 2.0 Client ID"), help=_("Not the API key: that one belongs to OAuth 1.0a.")),
        Field("client_secret", _("OAuth 2.0 Client Secret"), kind="password"),
        Field(
            "bearer_token",
            _("Bearer Token of the app"),
            kind="password",
            help=_("Only to compare X's own count of posts read with ours. Without it, that comparison is left out."),
            required=False,
        ),
    ),
    environment=(("client_id", "X_API_KEY"), ("client_secret", "X_API_SECRET")),
    console=CONSOLE,
    steps=(
        _(
            "Sign in to X's developer console with the account that pays for the calls, and buy credits or keep your plan."
        ),
        _("Make a project with one app, and say truthfully what you use it for."),
        _(
            "Under User authentication settings choose Read and write and Direct message, and the type Web App (a confidential client)."
        ),
        _("Put {callback} into Callback URI, and your own address into Website URL."),
        _("Copy the OAuth 2.0 Client ID and Client Secret from Keys and tokens."),
    ),
    scopes=(
        Scope("tweet.read", _("to see whether a post is there, and your own past posts with their numbers")),
        Scope("tweet.write", _("to publish and remove posts")),
        Scope("users.read", _("to know whose account it is and how long its posts may be")),
        Scope("media.write", _("to upload pictures and videos")),
        Scope("dm.read", _("to show direct messages in the inbox, and to see whether an answer arrived")),
        Scope("dm.write", _("to answer direct messages")),
        Scope("offline.access", _("to publish later, while you are not signed in")),
    ),
    cost=_(
        "Pay per use: $0.015 for a post, $0.20 for a post with a link, $0.001 to read a post of the account that owns the app."
    ),
    cost_source=PRICES,
    warning=_(
        "X says that requiring the users of a tool to register apps of their own can lead to measures against the tool, its "
        "customers and its users, and that there may be only one app for one use. Ask X if you are unsure."
    ),
    warning_source=RESTRICTED,
)
