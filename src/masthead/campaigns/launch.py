"""Launch: first `begin` writes down what is to be created, then `take_steps` makes one call after the other, each at most once.

Before: plan.py. After: pace.py, which starts what is ready. The ledger of posts, applied to ads: an intent row before each call, and
what has no clear answer is looked up, never sent again blindly. A process that dies at any point leaves a step that is trying; whoever
takes the ad group next looks it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q

from masthead.campaigns.models import AdGroup, Step
from masthead.campaigns.order import ads_of, order_of
from masthead.campaigns.states import GROUP, STEP, Group, State, StepState
from masthead.channels.calling import calling
from masthead.channels.models import Channel
from masthead.channels.queries import account
from masthead.channels.refresh import after_refusal
from masthead.connectors import EVERY
from masthead.contract.ads import AdsPart, Order, Piece, Standing, pieces
from masthead.contract.calls import Purpose
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, OverBudget, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Presence
from masthead.kit.clock import now as clock

log = structlog.get_logger()
JOB = "campaigns.launch"


def lease_of(group: AdGroup) -> timedelta:
    """How long a worker may hold an ad group: longer than its slowest call can hang and be looked up."""
    platform = EVERY[group.channel.platform]
    return timedelta(seconds=2 * platform.max_request_seconds + platform.look_up_after_seconds + 30)


def take(group_id: int, now: datetime) -> AdGroup | None:
    """The ad group, held by us; None where another worker has it or there is nothing to create."""
    group = AdGroup.objects.select_related("campaign__workspace", "channel").filter(pk=group_id).first()
    if group is None or group.state not in (Group.WAITING, Group.CREATING):
        return None
    until = now + lease_of(group)
    free = Q(held_until=None) | Q(held_until__lt=now)
    if not AdGroup.objects.filter(free, pk=group_id).update(held_until=until):
        return None
    group.held_until = until
    return group


async def take_steps(group_id: int) -> None:
    """Create what is still missing of an ad group, one call after the other, then see whether it stands as it was ordered."""
    group = await sync_to_async(take)(group_id, clock())
    if group is None:
        return
    try:
        await _steps(group)
    except ConnectorError as error:
        await _react(group, error)
    finally:
        await AdGroup.objects.filter(pk=group.pk, held_until=group.held_until).aupdate(held_until=None)


async def _steps(group: AdGroup) -> None:
    ads, who = ads_of(group.channel), await sync_to_async(account)(group.channel)
    order = await sync_to_async(order_of)(group)
    todo = {one.slot: one for one in pieces(ads.rules, order)}
    await sync_to_async(move_group)(group, Group.CREATING)
    async with calling(group.channel, Purpose.PUBLISH) as http:
        if group.known_minimum is None:
            group.known_minimum = await ads.minimum(http, who, order.goal)
            await AdGroup.objects.filter(pk=group.pk).aupdate(known_minimum=group.known_minimum)
        async for step in group.steps.exclude(state=StepState.DONE).order_by("number"):
            if not await _one(group, step, todo[step.slot], order, ads, http, who):
                return
        await _verify(group, order, ads, http, who)


async def _one(group: AdGroup, step: Step, piece: Piece, order: Order, ads: AdsPart, http: Http, who: Account) -> bool:
    """One step; True when it is done and the next may begin."""
    if step.state == StepState.TRYING:  # whoever began it is gone: its lease is over
        await sync_to_async(move_step)(step, StepState.UNKNOWN)
    if step.state == StepState.UNKNOWN and not await _look_up(group, step, piece, order, ads, http, who):
        return False
    if step.state == StepState.DONE:
        return True
    if step.state != StepState.WAITING or not await sync_to_async(intend)(group, step):
        return False
    try:
        receipt = await ads.create(http, who, order, piece, group.made)
    except ConnectorError as error:
        await sync_to_async(fail)(group, step, error)
        raise
    await sync_to_async(done)(group, step, receipt.remote_id)
    return True


async def _look_up(
    group: AdGroup, step: Step, piece: Piece, order: Order, ads: AdsPart, http: Http, who: Account
) -> bool:
    """Settle an unclear step; False where it stays unclear for now."""
    if not await sync_to_async(renewed)(group):
        return False
    found = await ads.find(http, who, order, piece, group.made)
    if found.presence is Presence.FOUND and found.receipt:
        await sync_to_async(done)(group, step, found.receipt.remote_id)
        return True
    if found.presence is Presence.ABSENT:
        await sync_to_async(move_step)(step, StepState.WAITING, why=found.evidence)
        return True
    step.due_at = clock() + timedelta(minutes=2)
    await sync_to_async(move_step)(step, StepState.UNKNOWN, why=found.evidence)
    return False


async def _verify(group: AdGroup, order: Order, ads: AdsPart, http: Http, who: Account) -> None:
    """What stands there must be what was ordered, and must not run."""
    stands = await ads.standing(http, who, order, group.made)
    if wrong := differences(order, stands):
        await ads.pause(http, who, group.made)
        await sync_to_async(move_group)(
            group, Group.FAILED, why=wrong, remedy="Look at it on the platform, then try again or leave it out."
        )
        return
    await sync_to_async(move_group)(group, Group.READY)


def differences(order: Order, stands: Standing) -> str:
    """What is not as it was ordered, in words; "" where all is. What the platform does not tell cannot differ."""
    if not stands.present:
        return "What was created is not there any more."
    if stands.running:
        return "It runs already, though it was created paused."
    if stands.daily is not None and stands.daily > order.daily:
        return "Its daily budget is higher than what was ordered."
    if order.total is not None and stands.total is not None and stands.total > order.total:
        return "Its total budget is higher than what was ordered."
    if stands.ends_at is not None and stands.ends_at > order.ends_at + timedelta(days=1):
        return "It ends later than what was ordered."
    return ""


def renewed(group: AdGroup) -> bool:
    """Go on holding it; False where somebody else has it by now: then nothing more may be sent."""
    until = clock() + lease_of(group)
    ours = AdGroup.objects.filter(pk=group.pk, held_until=group.held_until, held_until__gt=clock())
    if not ours.update(held_until=until):
        return False
    group.held_until = until
    return True


def intend(group: AdGroup, step: Step) -> bool:
    """Write the intent down; False where the ad group is no longer ours, or no longer wanted."""
    with transaction.atomic():
        wanted = AdGroup.objects.filter(pk=group.pk, state=Group.CREATING, campaign__state=State.LAUNCHING)
        if not renewed(group) or not wanted.exists():
            return False
        step.tries, step.tried_at = step.tries + 1, clock()
        move_step(step, StepState.TRYING)
    return True


def done(group: AdGroup, step: Step, remote_id: str) -> None:
    """A piece exists: its id is kept with the step, the ad group and, for an ad, the ad."""
    with transaction.atomic():
        step.remote_id, step.done_at = remote_id, clock()
        move_step(step, StepState.DONE)
        row = AdGroup.objects.select_for_update().get(pk=group.pk)
        row.made = group.made = {**row.made, step.slot: remote_id}
        row.save(update_fields=["made"])
        kind, _, number = step.slot.partition(":")
        if kind == "ad":
            row.ads.filter(number=int(number)).update(remote_id=remote_id)


def fail(group: AdGroup, step: Step, error: ConnectorError) -> None:
    """What a failed call makes of its step and ad group."""
    if isinstance(error, OutcomeUnknown):
        step.due_at = clock() + timedelta(seconds=EVERY[group.channel.platform].look_up_after_seconds)
        move_step(step, StepState.UNKNOWN, error.message, error.remedy)
    elif isinstance(error, Refused) or not isinstance(error, TryAgain | OverBudget | NeedsReconnect):
        move_step(step, StepState.FAILED, error.message, error.remedy)
        move_group(group, Group.FAILED, why=error.message, remedy=error.remedy)
    else:
        step.due_at = clock() + timedelta(seconds=getattr(error, "after", 60.0))
        move_step(step, StepState.WAITING, error.message, error.remedy)


async def _react(group: AdGroup, error: ConnectorError) -> None:
    """A dead sign-in is seen to; the rest stands with the step."""
    log.info("launch step", group=group.pk, kind=error.code)
    if isinstance(error, NeedsReconnect):
        channel = await Channel.objects.select_related("credential").aget(pk=group.channel_id)
        await after_refusal(channel.pk, channel.credential.version, error)


def move_step(step: Step, target: StepState, why: str = "", remedy: str = "") -> None:
    """Move a step along its life; staying where it is only notes why."""
    if step.state != target:
        STEP.check_move(StepState(step.state), target)
    step.state, step.why, step.remedy = target, why[:500], remedy[:500]
    step.save()


def move_group(group: AdGroup, target: Group, *, why: str = "", remedy: str = "") -> None:
    """Move an ad group along its life; nothing happens where somebody moved it elsewhere meanwhile."""
    if group.state == target:
        return
    GROUP.check_move(Group(group.state), target)
    changed = AdGroup.objects.filter(pk=group.pk, state=group.state).update(
        state=target, why=why[:500], remedy=remedy[:500]
    )
    if changed:
        group.state, group.why, group.remedy = target, why, remedy


def due(now: datetime) -> list[int]:
    """Ad groups with something to create now."""
    free = Q(held_until=None) | Q(held_until__lt=now)
    waits = Step.objects.filter(state__in=(StepState.WAITING, StepState.UNKNOWN), due_at__gt=now).values("group")
    found = AdGroup.objects.filter(free, state__in=(Group.WAITING, Group.CREATING), campaign__state=State.LAUNCHING)
    return list(found.exclude(pk__in=waits).exclude(steps=None).values_list("pk", flat=True)[:500])
