"""The developer app that Slack wants: what to ask, how to get one, what it costs, what the terms say."""

from __future__ import annotations

from datetime import date

from masthead.contract.app import AppRule, Field, Scope
from masthead.contract.capabilities import Source

READ_ON = date(2026, 11, 24)
CHANGES = Source("https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps", READ_ON)

APP = AppRule(
    fields=(
        Field("client_id", "Client ID", help="Under Basic Information, App Credentials."),
        Field("client_secret", "Client Secret", kind="password"),
    ),
    environment=(("client_id", "SLACK_ID"), ("client_secret", "SLACK_SECRET")),
    console=Source("https://api.slack.com/apps", READ_ON),
    steps=(
        "Choose Create New App, From scratch, and the workspace you post into.",
        "Under OAuth & Permissions add the redirect URL {callback}.",
        "Under Scopes, Bot Token Scopes, add the scopes below. Leave token rotation off: several channels share one token.",
        "Copy the Client ID and Client Secret from Basic Information.",
    ),
    scopes=(
        Scope("chat:write", "to publish, change and remove messages"),
        Scope("files:write", "to upload pictures, videos and documents"),
        Scope("files:read", "to know which message a file was shared in"),
        Scope("channels:read", "to offer public channels to choose among"),
        Scope("groups:read", "to offer private channels the bot was invited to"),
        Scope("channels:join", "to join the public channel that was chosen"),
        Scope("channels:history", "to see whether a message is there, and past messages with their reactions"),
        Scope("groups:history", "the same in private channels"),
    ),
    cost="Nothing; an app that is not distributed may read 50 pages of messages a minute.",
    cost_source=CHANGES,
    warning="An app for your own workspace is what Slack wants for this. An app that you give to other companies must be in Slack's "
    "Marketplace; otherwise it reads one page of 15 messages a minute.",
    warning_source=CHANGES,
)
