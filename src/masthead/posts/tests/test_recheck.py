"""The check just before sending: the limits of today hold, not those of the day the post was scheduled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Delivery, MediaKind, Segment
from masthead.posts.recheck import refuse_unfit
from masthead.posts.tests.test_check import CAN, boards


async def nothing() -> bytes:
    return b""


def parcel(*segments: Segment, **options: str) -> Delivery:
    return Delivery("0" * 32, segments or (Segment("bread"),), datetime(2026, 1, 1, tzinfo=UTC), options=options)


def test_what_fits_goes() -> None:
    refuse_unfit(parcel(), CAN)


def test_a_choice_that_is_gone_is_refused_with_its_field() -> None:
    told = {"choices": {"board": [["1", "Bread"]]}}
    refuse_unfit(parcel(board="1"), boards().narrowed(told))
    with pytest.raises(Refused) as caught:
        refuse_unfit(parcel(board="2"), boards().narrowed(told))
    assert caught.value.field == "options.board"
    assert caught.value.remedy


def test_a_limit_that_shrank_meanwhile_is_refused() -> None:
    with pytest.raises(Refused, match="too long: 5 of 3"):
        refuse_unfit(parcel(), CAN.narrowed({"text_limit": 3}))


def test_a_missing_description_only_warns_and_a_foreign_kind_stops() -> None:
    picture = Attachment(MediaKind.IMAGE, "image/png", 10, "0" * 64, nothing)
    refuse_unfit(parcel(Segment("bread", (picture,))), CAN)
    paper = Attachment(MediaKind.DOCUMENT, "application/pdf", 10, "0" * 64, nothing)
    with pytest.raises(Refused, match="document"):
        refuse_unfit(parcel(Segment("bread", (paper,))), CAN)
