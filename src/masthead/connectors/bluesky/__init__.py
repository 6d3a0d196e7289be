"""Bluesky and every other server of the AT Protocol."""

from __future__ import annotations

from masthead.connectors.bluesky.capabilities import CAPABILITIES, HOME
from masthead.connectors.bluesky.connect import BlueskyConnecting
from masthead.connectors.bluesky.history import BlueskyHistory
from masthead.connectors.bluesky.operations import OPERATIONS
from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.contract.platform import Platform

BLUESKY = Platform(
    key="bluesky",
    name="Bluesky",
    capabilities=CAPABILITIES,
    connecting=BlueskyConnecting(),
    publisher=BlueskyPublisher(),
    operations=OPERATIONS,
    home=HOME,
    many_servers=True,
    history=BlueskyHistory(),
    about="Connect with your handle, on Bluesky's own page or with an app password.",
)
