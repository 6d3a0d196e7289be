"""Slack: messages of an app's bot in one channel of a workspace."""

from __future__ import annotations

from datetime import date

from masthead.connectors.slack.app import APP
from masthead.connectors.slack.capabilities import CAPABILITIES
from masthead.connectors.slack.connect import connecting
from masthead.connectors.slack.history import SlackHistory
from masthead.connectors.slack.operations import OPERATIONS
from masthead.connectors.slack.publish import SlackPublisher
from masthead.connectors.slack.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def slack_platform(server: str = "https://slack.com") -> Platform:
    """Slack at this server, which serves the API and the page people sign in on."""
    return Platform(
        key="slack",
        name="Slack",
        capabilities=CAPABILITIES,
        connecting=connecting(server),
        publisher=SlackPublisher(),
        operations=OPERATIONS,
        terms=TERMS,
        home=Source("https://docs.slack.dev/apis/web-api/", date(2026, 11, 24)),
        max_request_seconds=60.0,
        look_up_after_seconds=10.0,
        about=_("Posts as an app's bot into one channel of a workspace."),
        notes=(
            "Needs an app of the workspace's own, by sign-in or by its bot token.",
            "Each message carries a key in its metadata, each file in its name: both are found again after a lost answer.",
            "The bot joins a public channel by itself; people must invite it to a private one.",
            "A thread's later parts are replies to the first.",
            "Pictures have descriptions; the numbers of past posts are reactions and replies.",
        ),
        app=APP,
        history=SlackHistory(),
        tested=(Tested.DESCRIPTION,),
    )


SLACK = slack_platform()

__all__ = ["SLACK", "slack_platform"]
