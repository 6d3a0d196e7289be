"""Bluesky and every other server of the AT Protocol."""

from __future__ import annotations

from masthead.connectors.bluesky.archive import BlueskyArchive
from masthead.connectors.bluesky.capabilities import CAPABILITIES, HOME
from masthead.connectors.bluesky.connect import BlueskyConnecting
from masthead.connectors.bluesky.history import BlueskyHistory
from masthead.connectors.bluesky.inbox import BlueskyInbox
from masthead.connectors.bluesky.operations import OPERATIONS
from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.connectors.bluesky.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

BLUESKY = Platform(
    key="bluesky",
    name="Bluesky",
    capabilities=CAPABILITIES,
    connecting=BlueskyConnecting(),
    publisher=BlueskyPublisher(),
    operations=OPERATIONS,
    terms=TERMS,
    home=HOME,
    many_servers=True,
    history=BlueskyHistory(),
    archive=BlueskyArchive(),
    inbox=BlueskyInbox(),
    about=_("Connect with your handle, on Bluesky's own page or with an app password."),
    tested=(Tested.SERVER, Tested.DESCRIPTION),
    notes=(
        "A repeat cannot double: each segment is a record whose key Masthead chooses.",
        "Posts cannot be edited; they can be removed.",
        "Links, mentions and hashtags become facets. The first link gets a preview card where the post has no media.",
        "Posts that name, quote or answer the account are read and answered; Bluesky's chat is not read.",
        "Pictures are brought under the server's limit before they are sent. Video only where the server has a video service.",
    ),
)
