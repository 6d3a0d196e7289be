"""YouTube, Data API v3."""

from __future__ import annotations

from masthead.connectors.google.sign_in import ACCOUNTS, TOKENS
from masthead.connectors.google.youtube.app import APP
from masthead.connectors.google.youtube.capabilities import CAPABILITIES, RESOURCE
from masthead.connectors.google.youtube.connect import connecting
from masthead.connectors.google.youtube.history import YouTubeHistory
from masthead.connectors.google.youtube.operations import OPERATIONS
from masthead.connectors.google.youtube.publish import YouTubePublisher
from masthead.connectors.google.youtube.terms import TERMS
from masthead.connectors.google.youtube.upload import Uploading
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def youtube_platform(
    api: str = "https://youtube.googleapis.com",
    accounts: str = ACCOUNTS,
    tokens: str = TOKENS,
    site: str = "https://www.youtube.com",
    uploading: Uploading | None = None,
) -> Platform:
    """The platform, for Google's servers or a test's."""
    return Platform(
        key="youtube",
        name="YouTube",
        capabilities=CAPABILITIES,
        connecting=connecting(api, accounts, tokens, site),
        publisher=YouTubePublisher(site, uploading or Uploading()),
        operations=OPERATIONS,
        home=RESOURCE,
        terms=TERMS,
        max_request_seconds=300.0,
        look_up_after_seconds=60.0,
        about=_(
            "Videos, Shorts among them. Needs a Google Cloud project that YouTube audited, or videos stay private."
        ),
        notes=(
            "One video a post. The text is its description; a title and whether it is made for children are asked for.",
            "A picture beside the video becomes its thumbnail, where the channel may set one.",
            "Videos from projects that YouTube has not audited stay private, whatever is chosen.",
            "An unclear outcome is looked up in the channel's own uploads, by title and description.",
            "Title, description, tags and category can be edited; videos can be deleted. Past videos with their numbers.",
            "100 uploads and 10,000 quota units a day for the whole app; they start anew at midnight Pacific time.",
        ),
        app=APP,
        history=YouTubeHistory(site),
        tested=(Tested.DESCRIPTION, Tested.CONTRACT),
    )


YOUTUBE = youtube_platform()

__all__ = ["YOUTUBE", "youtube_platform"]
