"""The page of platforms: what it says of a platform, and what it calls too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from masthead.connectors.sandbox import SANDBOX
from masthead.contract import listing
from masthead.contract.capabilities import LookUp, Source
from masthead.contract.platform import Tested

TODAY = date(2026, 11, 24)


def test_a_source_is_too_old_after_ninety_days() -> None:
    fresh, old = (
        Source("https://example.org/a", TODAY - timedelta(days=90)),
        Source("https://example.org/b", date(2026, 8, 25)),
    )
    platform = replace(SANDBOX, home=fresh, capabilities=replace(SANDBOX.capabilities, source=old))
    found = listing.stale({"sandbox": platform}, TODAY)
    assert [one.source for one in found] == [old]
    assert found[0].platform == "Sandbox"
    assert not listing.stale({"sandbox": platform}, TODAY - timedelta(days=1))


def test_a_row_tells_what_differs() -> None:
    can = replace(SANDBOX.capabilities, poll=None, remove=False, look_up=LookUp.PERSON)
    assert dict(zip(listing.HEADS, listing.row(SANDBOX), strict=True))["inbox"] == (
        "reads mentions, comments, messages; answers mentions, comments, messages"
    )
    row = listing.row(
        replace(SANDBOX, capabilities=can, history=None, inbox=None, tested=(Tested.CONTRACT, Tested.SERVER))
    )
    told = dict(zip(listing.HEADS, row, strict=True))
    assert (told["polls"], told["remove"], told["past posts"], told["edit"]) == ("no", "no", "no", "yes")
    assert told["inbox"] == "no"
    assert told["unclear outcomes"] == "a person" and told["tested against"] == "server, contract"


def test_each_limit_stands_with_its_source_and_day() -> None:
    page = listing.page({"sandbox": SANDBOX})
    for source in listing.sources(SANDBOX.capabilities.quotas + SANDBOX.capabilities.media):
        assert f"[{source.checked_on:%Y-%m-%d}]({source.url})" in page
    assert f"| text | {SANDBOX.capabilities.text.limit} graphemes |" in page
