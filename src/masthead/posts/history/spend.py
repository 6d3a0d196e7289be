"""Reading for money: which past posts of a platform that charges are read when, so that a month's budget shows the most.

Every hour the plan is made anew from what is left of the budget, each post's age, its last reading and how its numbers moved
(see metering/plan.py). It covers a week, or what is left of the month, with the week's share of the money. Looking for new
posts comes first, but takes no more than a fifth. The budget is a hard cap, so that a call beyond it is never made.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Min

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.calls import charged_to
from masthead.contract.operations import Operation
from masthead.kit.money import Money
from masthead.metering.overrides import current
from masthead.metering.plan import DOLLAR, Plan, Subject, choose, pace
from masthead.metering.reading import Prospect, caps_on_reading, left_of, telling
from masthead.posts.models import HistoryImport, PastPost, Sample

DAYS, SLOT_HOURS = 7, 2.0
"""A plan's length and step: finer steps change little and cost time."""
MANY, COARSE_HOURS = 4000, 8.0
"""Where a month's money buys so many readings, the page that tells of them goes in longer steps: somebody waits for it."""
MOST_POSTS = 300
YOUNG = timedelta(days=90)
LOOK_SHARE = 0.2
MONTH_HOURS = 730.0
SLOW_PACE = 1.0
"""Changes an hour at posting, where no post of the platform has been read yet."""


@dataclass(frozen=True, slots=True)
class Purse:
    """Micros for the hours of a plan."""

    micros: int
    hours: float


def price_of(channel: Channel, operation: Operation, now: datetime) -> Money | None:
    """The price of one thing that a call reads on a channel, own app or not; None where it is free."""
    account = charged_to(channel.limits)
    row = current().price(
        channel.platform, account["plan"], operation.price_key, now.astimezone(UTC).date(), account["conditions"]
    )
    return row.amount if row else None


def is_planned(channel: Channel) -> bool:
    """True where a budget says how much reading this channel's posts may cost."""
    return _reads(channel.platform) and bool(caps_on_reading(workspace=channel.workspace_id, platform=channel.platform))


def _reads(platform: str) -> bool:
    return platform in PLATFORMS and PLATFORMS[platform].reading is not None


def plan_all(now: datetime) -> None:
    """Plan for every budget; where one was taken away, go back to reading by age."""
    planned = set()
    for cap in caps_on_reading():
        if _reads(cap.platform):
            planned.add((cap.workspace_id, cap.platform))
            purse = left_of(cap, now)
            plan(cap.workspace_id, cap.platform, _share(purse.left, purse.hours), now)
    for platform in [key for key in PLATFORMS if _reads(key)]:
        kept = [workspace for workspace, of in planned if of == platform]
        _by_age(platform, kept, now)


def _share(left: int, hours: float) -> Purse:
    """What of the rest of a month's money falls on a plan."""
    length = min(DAYS * 24.0, hours)
    return Purse(int(left * length / hours) if hours else 0, length)


@transaction.atomic
def plan(workspace_id: int, platform: str, purse: Purse, now: datetime) -> Plan:
    """Set when each post is read next: in the slot of its first planned reading, or not at all for now."""
    found = _channels(workspace_id, platform)
    subjects = _subjects(found, now)
    made = choose(
        subjects, purse.micros - _looking(found, purse, now), max(1, int(purse.hours / SLOT_HOURS)), hours=SLOT_HOURS
    )
    first: dict[int, datetime] = {}
    for reading in made.readings:
        first.setdefault(int(str(reading.key)), now + timedelta(hours=reading.slot * SLOT_HOURS))
    mine = PastPost.objects.filter(channel__in=found, gone_at=None)
    mine.exclude(pk__in=first).exclude(next_read_at=None).update(next_read_at=None)
    rows = list(mine.filter(pk__in=first).only("pk", "next_read_at"))
    for row in rows:
        row.next_read_at = first[row.pk]
    PastPost.objects.bulk_update(rows, ["next_read_at"], batch_size=200)
    _wake(found)
    return made


def _wake(found: Sequence[Channel]) -> None:
    """A channel's next turn is no later than its first planned reading."""
    due = PastPost.objects.filter(channel__in=found, gone_at=None).exclude(next_read_at=None)
    for row in due.values("channel").annotate(at=Min("next_read_at")).order_by():
        HistoryImport.objects.filter(channel=row["channel"], next_at__gt=row["at"], why="").update(next_at=row["at"])


def _by_age(platform: str, planned: Sequence[int], now: datetime) -> None:
    """Posts that a plan left aside are read by age again, where there is no plan any more; only what is young enough."""
    loose = PastPost.objects.filter(platform=platform, gone_at=None, next_read_at=None).exclude(read_at=None)
    loose.filter(posted_at__gt=now - timedelta(days=30)).exclude(workspace__in=planned).update(next_read_at=now)


def _channels(workspace_id: int, platform: str) -> list[Channel]:
    """Connected channels of which all past posts are known."""
    done = HistoryImport.objects.exclude(finished_at=None).values("channel")
    found = Channel.objects.filter(workspace=workspace_id, platform=platform, condition=Channel.Condition.CONNECTED)
    return list(found.filter(pk__in=done).order_by("pk"))


def _subjects(found: Sequence[Channel], now: datetime) -> list[Subject]:
    """The posts that may still move, newest first, each at its channel's price."""
    rows = PastPost.objects.filter(channel__in=found, gone_at=None, posted_at__gt=now - YOUNG, posted_at__lte=now)
    posts = list(rows.only("pk", "channel_id", "posted_at", "read_at", "metrics", "platform")[:MOST_POSTS])
    seen = _movement(posts)
    paces = [pace(seen[one.pk], SLOW_PACE) for one in posts if len(seen[one.pk]) > 1]
    usual = statistics.median(paces) if paces else SLOW_PACE
    prices = {one.pk: _read_price(one, now) for one in found}
    return [
        Subject(
            one.pk,
            _hours(now - one.posted_at),
            _hours(one.read_at - one.posted_at) if one.read_at else 0.0,
            pace(seen[one.pk], usual),
            prices[one.channel_id],
        )
        for one in posts
    ]


def _read_price(channel: Channel, now: datetime) -> int:
    calls = PLATFORMS[channel.platform].reading
    price = price_of(channel, calls.metrics, now) if calls else None
    return price.micros if price else 0


def _movement(posts: Sequence[PastPost]) -> Mapping[int, list[tuple[float, float]]]:
    """Each post's readings as (age in hours, sum of its numbers), oldest first; one that changed nothing counts too, if it is the last."""
    values: dict[int, dict[str, float]] = {one.pk: {} for one in posts}
    seen: dict[int, list[tuple[float, float]]] = {one.pk: [] for one in posts}
    posted = {one.pk: one.posted_at for one in posts}
    samples = Sample.objects.filter(past_post__in=values).order_by("observed_at", "id")
    for id_, metric, value, at in samples.values_list("past_post", "metric", "value", "observed_at"):
        values[id_][metric] = value
        _put(seen[id_], _hours(at - posted[id_]), sum(values[id_].values()))
    for one in posts:
        if one.read_at:
            _put(seen[one.pk], _hours(one.read_at - one.posted_at), sum(values[one.pk].values()))
    return seen


def _put(seen: list[tuple[float, float]], age: float, value: float) -> None:
    if seen and seen[-1][0] >= age:
        seen.pop()
    seen.append((age, value))


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _look_cost(channel: Channel, now: datetime) -> int:
    """The most that one look for new posts costs: a page of them."""
    calls = PLATFORMS[channel.platform].reading
    price = price_of(channel, calls.page, now) if calls else None
    if not calls or not price:
        return 0
    return price.micros * min(calls.page_size, PastPost.objects.filter(channel=channel).count() + 1)


@dataclass(frozen=True, slots=True)
class ImportCost:
    """What an import costs at most: `posts` posts at `each`. `known`: their number is that of the last import."""

    posts: int
    each: Money
    known: bool

    @property
    def total(self) -> Money:
        """The price of all of them."""
        return self.each * self.posts


def import_cost(channel: Channel, now: datetime) -> ImportCost | None:
    """The price of reading a channel's past posts from the newest to the first; None where it is free, or nobody can say."""
    calls = PLATFORMS[channel.platform].reading if channel.platform in PLATFORMS else None
    price = price_of(channel, calls.page, now) if calls else None
    if not calls or not price:
        return None
    before = HistoryImport.objects.filter(channel=channel).exclude(finished_at=None).first()
    if before:
        return ImportCost(max(before.seen, PastPost.objects.filter(channel=channel).count()), price, known=True)
    return ImportCost(calls.most_posts, price, known=False) if calls.most_posts else None


def look_every(channel: Channel, now: datetime, usual: timedelta) -> timedelta:
    """How often to look for new posts: daily at most, and so rarely that it takes no more than a fifth of the budget."""
    if not _reads(channel.platform):
        return usual
    caps = caps_on_reading(workspace=channel.workspace_id, platform=channel.platform)
    if not caps:
        return usual
    cost = sum(_look_cost(one, now) for one in _channels(channel.workspace_id, channel.platform))
    per_day = caps[0].micros * LOOK_SHARE * 24 / MONTH_HOURS
    return timedelta(days=min(30.0, max(1.0, cost / per_day))) if per_day else timedelta(days=30)


def _looking(found: Sequence[Channel], purse: Purse, now: datetime) -> int:
    """What looking for new posts will take of a plan's money."""
    if not found:
        return 0
    every = _hours(look_every(found[0], now, timedelta(days=1)))
    looks = purse.hours / every
    return min(int(sum(_look_cost(one, now) for one in found) * looks), int(purse.micros * LOOK_SHARE))


@telling
def prospect(workspace_id: int, platform: str, micros: int, now: datetime) -> Prospect | None:
    """What so much a month buys in a week, and what another dollar would show of the rest."""
    found = _channels(workspace_id, platform) if _reads(platform) else []
    subjects = [one for one in _subjects(found, now) if one.price] if found else []
    if not subjects:
        return None
    step = SLOT_HOURS if micros < MANY * max(one.price for one in subjects) else COARSE_HOURS
    made, more = (_bought(subjects, found, amount, now, step) for amount in (micros, micros + DOLLAR))
    price = price_of(found[0], PLATFORMS[platform].reading.metrics, now)  # type: ignore[union-attr]
    return Prospect(
        days=DAYS,
        posts=len({one.key for one in made.readings}),
        reads=len(made.readings),
        cost=Money(made.spent, price.currency if price else "USD"),
        seen=made.saved / made.unread if made.unread else 1.0,
        more=max(0.0, more.saved - made.saved) / made.staleness if made.staleness > 0 else 0.0,
    )


def _bought(subjects: Sequence[Subject], found: Sequence[Channel], micros: int, now: datetime, step: float) -> Plan:
    purse = Purse(int(micros * DAYS * 24 / MONTH_HOURS), DAYS * 24.0)
    budget = purse.micros - _looking(found, purse, now)
    return choose(subjects, budget, int(purse.hours / step), hours=step)
