"""Misskey and the servers made from it that kept its API."""

from __future__ import annotations

from datetime import date

from masthead.connectors.misskey.capabilities import CAPABILITIES
from masthead.connectors.misskey.connect import MisskeyConnecting
from masthead.connectors.misskey.history import MisskeyHistory
from masthead.connectors.misskey.operations import OPERATIONS
from masthead.connectors.misskey.publish import MisskeyPublisher
from masthead.connectors.misskey.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

MISSKEY = Platform(
    key="misskey",
    name="Misskey",
    capabilities=CAPABILITIES,
    connecting=MisskeyConnecting(),
    publisher=MisskeyPublisher(),
    operations=OPERATIONS,
    home=Source("https://misskey-hub.net/docs/for-developers/api/", date(2026, 11, 24)),
    many_servers=True,
    max_request_seconds=45.0,
    look_up_after_seconds=5.0,
    history=MisskeyHistory(),
    terms=TERMS,
    about=_("Misskey servers, with an access token made in the server's settings."),
    tested=(Tested.CONTRACT,),
    notes=(
        "Misskey takes no key against repeats, so after a lost answer the own notes are looked through.",
        "The length of a text and the size of a file are read from the server.",
        "Content warning, visibility, this server only, hidden media and polls are settings of the variant.",
        "Notes cannot be edited; they can be removed.",
    ),
)

__all__ = ["MISSKEY"]
