"""Matrix: messages in the rooms a person has joined, on any homeserver."""

from __future__ import annotations

from masthead.connectors.matrix.capabilities import CAPABILITIES, CLIENT_API
from masthead.connectors.matrix.connect import MatrixConnecting
from masthead.connectors.matrix.history import MatrixHistory
from masthead.connectors.matrix.operations import OPERATIONS
from masthead.connectors.matrix.publish import MatrixPublisher
from masthead.connectors.matrix.terms import TERMS
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _

MATRIX = Platform(
    key="matrix",
    name="Matrix",
    capabilities=CAPABILITIES,
    connecting=MatrixConnecting(),
    publisher=MatrixPublisher(),
    operations=OPERATIONS,
    terms=TERMS,
    home=CLIENT_API,
    many_servers=True,
    max_request_seconds=35.0,
    look_up_after_seconds=5.0,
    about=_("Messages in rooms you have joined, on any homeserver."),
    history=MatrixHistory(),
    tested=(Tested.SERVER,),
    notes=(
        "Every message carries a transaction id and a key, so a repeat makes no second message.",
        "Rooms with end-to-end encryption are left out: a message there could not be read.",
        "Past messages of your own come with reactions and answers, from the rooms you can post to.",
        "Files are messages of their own after the text, each with its description.",
        "A thread is one of the room's threads; a changed text is shown as edited.",
    ),
)

__all__ = ["MATRIX"]
