"""The developer app that Reddit wants: what to ask, how to get one, what it costs, what the terms say."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

TERMS_READ = date(2026, 8, 22)
CONSOLE = Source("https://www.reddit.com/prefs/apps", TERMS_READ)
APPROVAL = Source("https://www.reddit.com/r/redditdev/comments/1oug31u", TERMS_READ)
DEVELOPER_TERMS = Source("https://redditinc.com/policies/developer-terms", TERMS_READ)

APP = AppRule(
    fields=(
        Field("client_id", _("Client ID"), help=_("The characters below “web app”.")),
        Field("client_secret", _("Secret"), kind="password"),
    ),
    environment=(("client_id", "REDDIT_CLIENT_ID"), ("client_secret", "REDDIT_CLIENT_SECRET")),
    console=CONSOLE,
    steps=(
        _("Ask Reddit for access to its API with its form: since November 2025 each new app needs approval."),
        _("Once approved, open reddit.com/prefs/apps and create an app of the type web app."),
        _("Enter {callback} as its redirect uri."),
        _("Copy the id below the app's name, and the secret."),
    ),
    scopes=(
        Scope("identity", _("to know whose account it is")),
        Scope("submit", _("to publish")),
        Scope("edit", _("to change and delete your posts")),
        Scope("read", _("to read the numbers of your posts")),
        Scope("history", _("to read your own posts, so that none is published twice")),
        Scope("flair", _("to find the flair you name")),
    ),
    cost=_("Free for what is not commercial; commercial use costs what Reddit agrees with you."),
    cost_source=DEVELOPER_TERMS,
    warning=_(
        "Use by or for a business needs a separate agreement with Reddit. There may be only one app for one use, "
        "and its credentials may not be shared."
    ),
    warning_source=DEVELOPER_TERMS,
)
