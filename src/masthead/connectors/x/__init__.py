"""X (formerly Twitter), API v2."""

from __future__ import annotations

import os
from datetime import date

from masthead.connectors.x.app import APP
from masthead.connectors.x.archive import XArchive
from masthead.connectors.x.capabilities import CAPABILITIES
from masthead.connectors.x.connect import connecting
from masthead.connectors.x.foresee import foresee
from masthead.connectors.x.history import XHistory
from masthead.connectors.x.inbox import XInbox
from masthead.connectors.x.lookup import PAGE
from masthead.connectors.x.operations import OPERATIONS, OWN_POSTS, POSTS_BY_ID
from masthead.connectors.x.publish import XPublisher
from masthead.connectors.x.terms import TERMS
from masthead.connectors.x.usage import XUsage
from masthead.connectors.x.words import TWEETS, Words, chosen
from masthead.contract.capabilities import Source
from masthead.contract.history import ReadingCalls
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def x_platform(api: str = "https://api.x.com", site: str = "https://x.com", words: Words = TWEETS) -> Platform:
    """X at these servers. `words`: whether readings ask for tweets or, as X's newer description does, for posts."""
    publisher = XPublisher(site, words)
    return Platform(
        key="x",
        name="X",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=publisher,
        operations=OPERATIONS,
        terms=TERMS,
        home=Source("https://docs.x.com/x-api/introduction", date(2026, 11, 24)),
        max_request_seconds=45.0,
        look_up_after_seconds=10.0,
        about=_("Needs a developer app; X bills each call to it."),
        notes=(
            "Needs a developer app. X bills each call to it; a post with a link costs about 13 times as much as one without.",
            "Where posts differ only in their links, an unclear outcome needs a person's word.",
            "Longer texts and videos of Premium accounts are told at sign-in.",
            "What an app may do depends on its plan: quotas, one cashtag in a post, and quoting (Enterprise only).",
            "Open: self-serve apps may answer a post only if its author asked; X does not say whether own threads count.",
            "Who can reply, and labels for paid partnership and for what was made with AI, are settings of the variant.",
            "Mentions, replies and direct messages of 30 days are read; most plans answer only who named or quoted the account.",
            "Past posts come with their numbers; for 30 days also with those that only the owner sees.",
        ),
        app=APP,
        history=XHistory(site, words),
        reading=ReadingCalls(OWN_POSTS, POSTS_BY_ID, page_size=PAGE, most_posts=3200),
        inbox=XInbox(site, words, publisher),
        usage=XUsage(api),
        foresee=foresee,
        archive=XArchive(),
        tested=(Tested.DESCRIPTION,),
    )


X = x_platform(words=chosen(os.environ.get("MASTHEAD_X_WORDS", "")))

__all__ = ["X", "x_platform"]
