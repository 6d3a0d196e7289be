"""Mastodon and the servers that speak its API."""

from __future__ import annotations

from datetime import date

from masthead.connectors.mastodon.archive import MastodonArchive
from masthead.connectors.mastodon.capabilities import CAPABILITIES
from masthead.connectors.mastodon.connect import MastodonConnecting
from masthead.connectors.mastodon.history import MastodonHistory
from masthead.connectors.mastodon.inbox import MastodonInbox
from masthead.connectors.mastodon.operations import OPERATIONS
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

MASTODON = Platform(
    key="mastodon",
    name="Mastodon",
    capabilities=CAPABILITIES,
    connecting=MastodonConnecting(),
    publisher=MastodonPublisher(),
    operations=OPERATIONS,
    terms=TERMS,
    home=Source("https://docs.joinmastodon.org/client/intro/", date(2026, 11, 24)),
    many_servers=True,
    max_request_seconds=45.0,
    look_up_after_seconds=5.0,
    history=MastodonHistory(),
    archive=MastodonArchive(),
    inbox=MastodonInbox(),
    about=_("Mastodon and servers with the same API, such as GoToSocial, Pleroma, Akkoma and snac."),
    tested=(Tested.SERVER, Tested.DESCRIPTION, Tested.RECORDINGS),
    notes=(
        "A repeat carries the same `Idempotency-Key`; some servers ignore it, so own posts are looked through as well.",
        "Limits (length, files, polls) are read from the server.",
        "Content warning, visibility, language, focus point and polls are settings of the variant.",
        "Mentions, answers and direct posts are read from the notifications; a reply names whom it answers.",
        "Masthead schedules by itself and does not use the server's scheduling.",
    ),
)

__all__ = ["MASTODON"]
