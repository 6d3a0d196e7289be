"""Step 5, just before sending: the check once more, on what is really about to go out and on the limits of today."""

from __future__ import annotations

from masthead.contract.capabilities import Capabilities
from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Delivery
from masthead.posts.check import Item, Part, Weight, check
from masthead.posts.problems import Told


def refuse_unfit(parcel: Delivery, can: Capabilities) -> None:
    """Raise Refused, naming the field, where the platform as this account sees it today (`can`, narrowed) would not take the parcel."""
    parts = [Part(one.text, tuple(_item(file) for file in one.attachments), one.poll) for one in parcel.segments]
    for problem in check(parts, parcel.options, can):
        if problem.weight is Weight.STOPS:
            told = Told(problem)
            raise Refused(told.message, field=problem.field, remedy=told.remedy)


def _item(file: Attachment) -> Item:
    return Item(file.kind, file.mime, file.size, file.width, file.height, file.seconds, file.alt)
