"""The developer app that TikTok wants: what to ask, how to get one, what it costs, what the guidelines say."""

from __future__ import annotations

from masthead.connectors.tiktok.capabilities import GUIDELINES, READ_ON
from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

CONSOLE = Source("https://developers.tiktok.com/apps/", READ_ON)
START = Source("https://developers.tiktok.com/doc/content-posting-api-get-started/", READ_ON)

APP = AppRule(
    fields=(
        Field("client_id", _("Client key")),
        Field("client_secret", _("Client secret"), kind="password"),
    ),
    environment=(("client_id", "TIKTOK_CLIENT_ID"), ("client_secret", "TIKTOK_CLIENT_SECRET")),
    console=CONSOLE,
    steps=(
        _("Sign in at developers.tiktok.com, make an app, and choose Web as its platform."),
        _("Add the products Login Kit and Content Posting API; switch on Direct Post, and add the scopes listed here."),
        _("Under Login Kit, add {callback} as a redirect URI; TikTok takes https only."),
        _(
            "For photos, verify the address of this installation (or of its media on S3) under URL properties: TikTok fetches them."
        ),
        _("Submit the app for review, and then for the audit of the Content Posting API."),
        _("Copy the client key and the client secret."),
    ),
    scopes=(
        Scope("user.info.basic", _("to know whose account it is")),
        Scope("video.publish", _("to publish, and to ask what the account allows")),
        Scope("video.list", _("to read the account's own public posts and their numbers")),
    ),
    cost=_("Free."),
    cost_source=START,
    warning=_(
        "Until TikTok has audited the app, only five accounts a day may post through it, each must be private, and what they post can be "
        "seen by only themselves. TikTok audits apps for the public rather than tools for one's own account."
    ),
    warning_source=GUIDELINES,
)
