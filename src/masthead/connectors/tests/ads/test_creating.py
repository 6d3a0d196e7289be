"""What the contract promises of creating: paused, marked, and never twice, whatever happens to an answer."""

from __future__ import annotations

from collections import Counter

import pytest

from masthead.connectors.tests import ads_kit as kit
from masthead.connectors.tests.ads_harness import AdsHarness, StoredPiece
from masthead.connectors.tests.ads_kit import needs
from masthead.connectors.tests.harness import Trouble
from masthead.contract.ads import AdsPart, Order, pieces
from masthead.contract.ads_rules import Kind
from masthead.contract.errors import OutcomeUnknown, TryAgain
from masthead.contract.http import Http
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Presence

LOST = (Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT, Trouble.HANG_AFTER)


async def of(harness: AdsHarness, account: Account, order: Order, kind: Kind) -> list[StoredPiece]:
    """What lies there of an order, of one kind."""
    marked = kind not in harness.unnamed
    return [one for one in await harness.stored(account) if one.kind is kind and (not marked or order.mark in one.name)]


async def test_everything_is_created_paused_with_the_mark(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    assert len(set(made.values())) == len(made) == len(pieces(ads.rules, order))
    stored = {one.remote_id: one for one in await harness.stored(account)}
    for piece in pieces(ads.rules, order):
        one = stored[made[piece.slot]]
        assert one.kind is piece.kind
        assert order.mark in one.name or piece.kind in harness.unnamed, one
        assert len(one.name) <= 100
    assert not await harness.spending(account)
    assert await ads.running(http, account) == ()
    money = stored[kit.carrier(platform, made)]
    assert money.daily == order.daily
    assert not money.on, "what carries the money is created paused"
    standing = await ads.standing(http, account, order, made)
    assert standing.present and not standing.running
    assert standing.daily in (order.daily, None)


async def test_nothing_spends_until_what_carries_the_money_is_started(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    made: dict[str, str] = {}
    for piece in pieces(ads.rules, order):
        await kit.add(platform, http, account, order, piece, made)
        assert not await harness.spending(account), piece
    await ads.start(http, account, made)
    assert list(await harness.spending(account)) == [kit.carrier(platform, made)]


async def test_two_orders_of_one_name_do_not_meet(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    other = kit.order_for(harness, account)
    made, others = await kit.create(platform, http, account, order), await kit.create(platform, http, account, other)
    for kind in set(ads.rules.kinds) - harness.unnamed:
        assert len(await of(harness, account, order, kind)) == len(await of(harness, account, other, kind)) > 0
    for piece in pieces(ads.rules, order):
        if piece.kind not in harness.unnamed:
            found = await ads.find(http, account, order, piece, made)
            assert found.receipt and found.receipt.remote_id == made[piece.slot] != others[piece.slot]


async def test_a_long_name_keeps_its_mark(
    harness: AdsHarness, platform: Platform, http: Http, account: Account, order: Order
) -> None:
    long = kit.renamed(order, "Frühling & <Brot> „ganz frisch“ " * 6)
    await kit.create(platform, http, account, long)
    campaigns = await of(harness, account, long, Kind.CAMPAIGN)
    assert len(campaigns) == 1
    assert campaigns[0].name.startswith("Frühling &")


async def test_what_was_never_created_is_absent(
    harness: AdsHarness, ads: AdsPart, platform: Platform, http: Http, account: Account, order: Order
) -> None:
    made = await kit.create(platform, http, account, order)
    other = kit.order_for(harness, account)
    mine = dict(made)
    for piece in pieces(ads.rules, other):
        found = await ads.find(http, account, other, piece, mine)
        if piece.kind in harness.unnamed:
            continue
        absent = Presence.CANNOT_TELL if piece.kind in harness.cannot_tell else Presence.ABSENT
        assert found.presence is absent, piece
        assert found.receipt is None and found.evidence.endswith(".")


@pytest.mark.faults
@pytest.mark.parametrize("trouble", LOST)
async def test_a_lost_answer_is_found_whatever_it_created(
    harness: AdsHarness,
    platform: Platform,
    ads: AdsPart,
    http: Http,
    account: Account,
    order: Order,
    trouble: Trouble,
    impatient: None,
) -> None:
    needs(harness, trouble)
    made: dict[str, str] = {}
    for piece in pieces(ads.rules, order):
        harness.trouble(trouble)
        with pytest.raises((OutcomeUnknown, TryAgain)) as caught:
            await ads.create(http, account, order, piece, dict(made))
        if isinstance(caught.value, TryAgain):
            assert piece.kind is Kind.ASSET, (
                "only a file may be sent again, where the same file is the same thing there"
            )
            await kit.add(platform, http, account, order, piece, made)
        else:
            found = await ads.find(http, account, order, piece, dict(made))
            assert found.presence is Presence.FOUND, piece
            assert found.receipt and found.evidence.endswith(".")
            made[piece.slot] = found.receipt.remote_id
    wanted = Counter(piece.kind for piece in pieces(ads.rules, order))
    assert Counter(one.kind for one in await harness.stored(account)) == wanted, "exactly one of each"
    assert {one.remote_id for one in await harness.stored(account)} == set(made.values())
    assert not await harness.spending(account)
    await ads.start(http, account, made)
    assert list(await harness.spending(account)) == [kit.carrier(platform, made)], "what was found can be started"


@pytest.mark.faults
async def test_a_failure_before_storing_is_absent(
    harness: AdsHarness, platform: Platform, ads: AdsPart, http: Http, account: Account, order: Order
) -> None:
    needs(harness, Trouble.FAIL_BEFORE)
    made: dict[str, str] = {}
    for piece in pieces(ads.rules, order):
        harness.trouble(Trouble.FAIL_BEFORE)
        with pytest.raises((OutcomeUnknown, TryAgain)):
            await ads.create(http, account, order, piece, dict(made))
        found = await ads.find(http, account, order, piece, dict(made))
        assert found.presence is not Presence.FOUND
        assert piece.kind in harness.cannot_tell or found.presence is Presence.ABSENT
        await kit.add(platform, http, account, order, piece, made)
    wanted = Counter(piece.kind for piece in pieces(ads.rules, order))
    assert Counter(one.kind for one in await harness.stored(account)) == wanted
