"""Pure: what publishing a variant will cost, and the forms of it that cost less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from masthead.contract.calls import charged_to
from masthead.contract.foresight import Planned, PlannedFile
from masthead.contract.platform import Platform
from masthead.kit.money import Money
from masthead.kit.text import has_link, links, replaced
from masthead.metering.prices import Catalogue
from masthead.posts.check import Part

Segments = Sequence[Mapping[str, Any]]
IN_REPLY, IN_BIO, NO_LINK = "link_in_reply", "link_in_bio", "no_link"


@dataclass(frozen=True, slots=True)
class Charge:
    """`units` calls of one price, `each` and together."""

    price_key: str
    units: int
    each: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Estimate:
    """What publishing costs when all goes well: its charges, dearest first, and their sum."""

    charges: tuple[Charge, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Form:
    """Another way to say it: the segments as they would be, and what they would cost."""

    name: str
    segments: Segments
    estimate: Estimate


def estimate(
    platform: Platform, parts: Sequence[Part], limits: Mapping[str, Any], catalogue: Catalogue, on: date
) -> Estimate | None:
    """The cost of a variant on a day; None where the platform foresees nothing or asks no money under the account's plan."""
    tariff, plan = catalogue.tariffs.get(platform.key), str(limits.get("plan") or "")
    if platform.foresee is None or tariff is None or not catalogue.charges(platform.key, plan, on):
        return None
    conditions = charged_to(limits)["conditions"]
    charges: list[Charge] = []
    for one in platform.foresee([_planned(part) for part in parts], limits):
        price = catalogue.price(platform.key, plan, one.operation.price_key, on, conditions)
        if price and one.operation.price_key:
            charges.append(Charge(price.operation, one.units, price.amount, price.amount * one.units))
    total = sum((one.amount for one in charges), Money(0, tariff.currency))
    return Estimate(tuple(sorted(charges, key=lambda one: -one.amount.micros)), total)


def cheaper(segments: Segments, now: Estimate, cost: Callable[[Segments], Estimate | None], bio: str) -> Iterator[Form]:
    """The forms that cost less than `now`, the cheapest last. `cost` is None for a form that cannot be published.

    `bio` is what stands where a link was that goes into the profile, such as "(link in bio)". Descriptions of pictures are never
    given up to save money.
    """
    found = []
    for name, form in forms(segments, bio):
        costs = cost(form)
        if costs and costs.total.micros < now.total.micros:
            found.append(Form(name, form, costs))
    yield from sorted(found, key=lambda one: -one.estimate.total.micros)


def forms(segments: Segments, bio: str) -> Iterator[tuple[str, Segments]]:
    """Other ways to say what the segments say; none where they have no link."""
    addresses = [part["text"][link.start : link.end] for part in segments for link in links(part["text"], bare=True)]
    if not addresses:
        return
    bare = [{**part, "text": without_links(part["text"])} for part in segments]
    reply: Mapping[str, Any] = {"text": "\n".join(dict.fromkeys(addresses)), "attachments": [], "poll": None}
    yield IN_REPLY, [*bare, reply]
    first = next(index for index, part in enumerate(segments) if has_link(part["text"], bare=True))
    text = f"{bare[first]['text']} {bio}".strip()
    yield IN_BIO, [{**part, "text": text} if index == first else part for index, part in enumerate(bare)]
    yield NO_LINK, bare


def without_links(text: str) -> str:
    """The text without its links, and without the gaps they leave."""
    bare = replaced(text, links(text, bare=True), "")
    lines = [re.sub(r"[ \t]{2,}", " ", line).strip() for line in bare.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _planned(part: Part) -> Planned:
    files = tuple(PlannedFile(one.kind, one.alt, one.size) for one in part.items)
    return Planned(part.text, files, poll=part.poll is not None)
