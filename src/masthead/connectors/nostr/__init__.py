"""Nostr: signed notes on the relays a person chose."""

from __future__ import annotations

from masthead.connectors.nostr.capabilities import BASICS, CAPABILITIES
from masthead.connectors.nostr.connect import NostrConnecting
from masthead.connectors.nostr.history import NostrHistory
from masthead.connectors.nostr.operations import OPERATIONS
from masthead.connectors.nostr.publish import NostrPublisher
from masthead.connectors.nostr.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

NOSTR = Platform(
    key="nostr",
    name="Nostr",
    capabilities=CAPABILITIES,
    connecting=NostrConnecting(),
    publisher=NostrPublisher(),
    operations=OPERATIONS,
    terms=TERMS,
    home=BASICS,
    many_servers=True,
    max_request_seconds=20.0,
    look_up_after_seconds=2.0,
    about=_("Notes signed with your own key, on the relays you choose."),
    history=NostrHistory(),
    tested=(Tested.SERVER,),
    notes=(
        "A note's id is the same on every try, so a repeat cannot become a second note.",
        "Files go to a Blossom media server of your choice; without one, posts are text only.",
        "A thread is a chain of replies (NIP-10); a content warning, hashtags and the language are tags of the note.",
        "Past notes come with reactions, reposts and replies, as far as your relays know of them.",
        "Relays that want a sign-in of their own (NIP-42) are not supported.",
    ),
)

__all__ = ["NOSTR"]
