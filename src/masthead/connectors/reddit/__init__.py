"""Reddit, by its Data API."""

from __future__ import annotations

from masthead.connectors.reddit.app import APP
from masthead.connectors.reddit.capabilities import API, CAPABILITIES
from masthead.connectors.reddit.connect import connecting
from masthead.connectors.reddit.history import RedditHistory
from masthead.connectors.reddit.operations import OPERATIONS
from masthead.connectors.reddit.publish import RedditPublisher
from masthead.connectors.reddit.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def reddit_platform(
    api: str = "https://oauth.reddit.com", site: str = "https://www.reddit.com", pause: float = 5.0
) -> Platform:
    """Reddit at these servers. `pause` between looks for a post with a picture or video, in seconds."""
    return Platform(
        key="reddit",
        name="Reddit",
        capabilities=CAPABILITIES,
        connecting=connecting(api, site),
        publisher=RedditPublisher(site, pause),
        operations=OPERATIONS,
        home=API,
        max_request_seconds=60.0,
        look_up_after_seconds=35.0,
        about=_("Needs a developer app that Reddit has approved; commercial use needs an agreement with Reddit."),
        notes=(
            "Needs a developer app, which Reddit must approve. Use by or for a business needs an agreement with Reddit.",
            "Each post names its subreddit and has a title; flair, 18+ and spoiler are settings. Subreddits have rules of their own.",
            "Text posts, link posts, a picture or a gallery of up to 20, and one video; text may go with all of them.",
            "A video needs a still, which is made with ffmpeg where it is installed.",
            "Reddit honours no key, so an unclear outcome is looked up in the account's own submissions.",
            "Only the text of text posts can be changed.",
            "Past posts come with score, comments, crossposts and the share of votes that are up.",
        ),
        app=APP,
        terms=TERMS,
        history=RedditHistory(site),
        tested=(Tested.RECORDINGS, Tested.CONTRACT),
    )


REDDIT = reddit_platform()

__all__ = ["REDDIT", "reddit_platform"]
