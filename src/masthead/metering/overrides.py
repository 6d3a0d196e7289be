"""Prices that an installation knows better than the catalogue, such as those of a contract of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from masthead.kit.money import Money
from masthead.metering.models import PriceOverride
from masthead.metering.price_rows import catalogue
from masthead.metering.prices import Catalogue, Override
from masthead.workspaces.apart import apart

FRESH_SECONDS = 30.0
READING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prices")


class WrongOverride(ValueError):
    """An override that means nothing; the text says why."""


def put(override: Override) -> None:
    """Keep an override. Raises WrongOverride for an unknown platform, plan or key, another currency, or days that overlap."""
    check_override(override)
    for other in stored():
        if (other.platform, other.plan, other.operation) == _thing(override) and _overlap(other, override):
            raise WrongOverride("There is one for these days already. Remove it first.")
    PriceOverride.objects.create(
        platform=override.platform,
        plan=override.plan,
        price_key=override.operation,
        micros=override.amount.micros,
        currency=override.amount.currency,
        from_on=override.since,
        until_on=override.until,
        note=override.note[:200],
    )
    _kept.clear()


def remove(platform: str, plan: str, price_key: str) -> int:
    """Forget the overrides of a price; returns how many there were."""
    count, _by_model = PriceOverride.objects.filter(platform=platform, plan=plan, price_key=price_key).delete()
    _kept.clear()
    return count


def stored() -> tuple[Override, ...]:
    """All overrides, as the catalogue takes them."""
    return tuple(
        Override(
            one.platform,
            one.plan,
            one.price_key,
            Money(one.micros, one.currency),
            one.from_on,
            one.until_on,
            one.note,
        )
        for one in PriceOverride.objects.order_by("pk")
    )


def current() -> Catalogue:
    """The catalogue with this installation's prices over it; a change elsewhere is seen within FRESH_SECONDS."""
    if not _kept or _kept[0][0] < time.monotonic():
        _kept[:] = [(time.monotonic() + FRESH_SECONDS, catalogue(stored()))]
    return _kept[0][1]


async def read_apart(prices: Callable[[], Catalogue]) -> Catalogue:
    """What `prices` gives, read in a thread of its own: publishing waits for it, and must not wait for anything else."""
    return await apart(READING, prices)


_kept: list[tuple[float, Catalogue]] = []


def check_override(override: Override) -> None:
    """Raise WrongOverride where the catalogue knows nothing that the override could stand over."""
    tariff = catalogue().tariffs.get(override.platform)
    if tariff is None:
        raise WrongOverride(f"There is no platform {override.platform}.")
    if override.plan and override.plan not in {one.key for one in tariff.plans}:
        raise WrongOverride(f"{tariff.name} has no plan {override.plan}.")
    known = {one.operation for one in tariff.prices} | set(tariff.names) | set(tariff.falls_to)
    if override.operation not in known:
        raise WrongOverride(f"{tariff.name} has no price for {override.operation}. Known: {', '.join(sorted(known))}.")
    if override.amount.currency != tariff.currency:
        raise WrongOverride(f"{tariff.name} is paid in {tariff.currency}.")
    if override.amount.micros < 0:
        raise WrongOverride("A price cannot be less than nothing.")


def _thing(one: Override) -> tuple[str, str, str]:
    return one.platform, one.plan, one.operation


def _overlap(one: Override, other: Override) -> bool:
    begins = max(one.since or date.min, other.since or date.min)
    return begins < min(one.until or date.max, other.until or date.max)
