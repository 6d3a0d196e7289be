"""The developer app that Slack wants: what to ask, how to get one, what it costs, what the terms say."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

READ_ON = date(2026, 11, 24)
CHANGES = Source("https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps", READ_ON)

APP = AppRule(
    fields=(
        Field("client_id", _("Client ID"), help=_("Under Basic Information, App Credentials.")),
        Field("client_secret", _("Client Secret"), kind="password"),
    ),
    environment=(("client_id", "SLACK_ID"), ("client_secret", "SLACK_SECRET")),
    console=Source("https://api.slack.com/apps", READ_ON),
    steps=(
        _("Choose Create New App, From scratch, and the workspace you post into."),
        _("Under OAuth & Permissions add the redirect URL {callback}."),
        _(
            "Under Scopes, Bot Token Scopes, add the scopes below. Leave token rotation off: several channels share one token."
        ),
        _("Copy the Client ID and Client Secret from Basic Information."),
    ),
    scopes=(
        Scope("chat:write", _("to publish, change and remove messages")),
        Scope("files:write", _("to upload pictures, videos and documents")),
        Scope("files:read", _("to know which message a file was shared in")),
        Scope("channels:read", _("to offer public channels to choose among")),
        Scope("groups:read", _("to offer private channels the bot was invited to")),
        Scope("channels:join", _("to join the public channel that was chosen")),
        Scope("channels:history", _("to see whether a message is there, and past messages with their reactions")),
        Scope("groups:history", _("the same in private channels")),
    ),
    cost=_("Nothing; an app that is not distributed may read 50 pages of messages a minute."),
    cost_source=CHANGES,
    warning=_(
        "An app for your own workspace is what Slack wants for this. An app that you give to other companies must be in Slack's "
        "Marketplace; otherwise it reads one page of 15 messages a minute."
    ),
    warning_source=CHANGES,
)
