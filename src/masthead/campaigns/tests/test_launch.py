"""A launch, with a kill and a lost answer at every step: in the end exactly one of everything, and nothing runs before it may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from asgiref.sync import async_to_sync

from masthead.campaigns import go_on, launch, pace
from masthead.campaigns.models import AdGroup, Campaign, TrackedLink
from masthead.campaigns.plan import begin, plan
from masthead.campaigns.states import Group, State
from masthead.campaigns.tests import scene
from masthead.campaigns.tests.scene import MORNING, Died, later, lost, no
from masthead.contract.errors import Refused
from masthead.kit.clock import given

SLOTS = ("campaign", "ad_group", "ad:0", "ad:1")
WHOLE = {"campaign": 1, "ad_group": 1, "ad": 2}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market(monkeypatch):
    return scene.market(monkeypatch)


@pytest.fixture
def begun(company, market) -> AdGroup:
    row = scene.campaign(company.workspace)
    with given(MORNING):
        begin(row, company.members["owner"].user, MORNING)
    return row.groups.get()


def take_steps(group: AdGroup, after: timedelta = timedelta(0)) -> AdGroup:
    with given(MORNING + after):
        async_to_sync(launch.take_steps)(group.pk)
    group.refresh_from_db()
    return group


def run_until_ready(group: AdGroup, after: int) -> AdGroup:
    for minutes in range(after, after + 60, 10):
        with given(MORNING + timedelta(minutes=minutes)):
            for one in launch.due(MORNING + timedelta(minutes=minutes)):
                async_to_sync(launch.take_steps)(one)
    group.refresh_from_db()
    return group


def test_all_is_created_paused_and_verified(begun, market):
    group = take_steps(begun)
    assert group.state == Group.READY and market.kinds == WHOLE and not market.runs
    assert set(group.made) == set(SLOTS) and all("[mh-" in name for name in market.things.values())
    assert [one.remote_id for one in group.ads.all()] == [group.made["ad:0"], group.made["ad:1"]]


@pytest.mark.parametrize("moment", [f"{when} {slot}" for when in ("before", "after") for slot in SLOTS])
@pytest.mark.parametrize("trouble", [Died, lost])
def test_a_kill_or_a_lost_answer_leaves_exactly_one(begun, market, moment, trouble):
    market.trouble[moment] = trouble()
    with given(MORNING):
        try:
            async_to_sync(launch.take_steps)(begun.pk)
        except Died:
            AdGroup.objects.filter(pk=begun.pk).update(
                held_until=MORNING + launch.lease_of(begun)
            )  # a dead process gives nothing back
    group = run_until_ready(begun, 5)
    assert group.state == Group.READY and market.kinds == WHOLE and not market.runs


def test_two_workers_do_not_work_on_one_ad_group(begun):
    assert launch.take(begun.pk, MORNING) is not None
    assert launch.take(begun.pk, MORNING) is None
    assert launch.take(begun.pk, MORNING + timedelta(hours=1)) is not None


def test_one_that_lost_its_lease_creates_nothing(begun, market):
    group = launch.take(begun.pk, MORNING)
    AdGroup.objects.filter(pk=begun.pk).update(held_until=MORNING + timedelta(hours=2))
    with given(MORNING):
        assert not launch.intend(group, group.steps.first())


def test_a_stop_in_the_middle_of_a_launch_ends_it(begun, market):
    """The switch falls while a worker is at it: it makes nothing more."""
    group = launch.take(begun.pk, MORNING)
    launch.move_group(group, Group.CREATING)
    Campaign.objects.update(state=State.STOPPED)
    with given(MORNING):
        assert not launch.intend(group, group.steps.first())


def test_what_cannot_be_told_waits_and_is_never_created_again(begun, market):
    market.trouble["after campaign"], market.blind = lost(), True
    take_steps(begun)
    group = run_until_ready(begun, 5)
    assert group.state == Group.CREATING and market.kinds == {"campaign": 1}
    market.blind = False
    assert run_until_ready(begun, 70).state == Group.READY and market.kinds == WHOLE


def test_a_limit_is_waited_for(begun, market):
    market.trouble["before ad_group"] = later()
    group = take_steps(begun)
    assert group.state == Group.CREATING and launch.due(MORNING) == []
    assert run_until_ready(group, 5).state == Group.READY and market.kinds == WHOLE


def test_a_refusal_is_told_with_its_remedy_and_nothing_runs(begun, market):
    market.trouble["before ad:0"] = no()
    group = take_steps(begun)
    assert (group.state, group.why, group.remedy) == (Group.FAILED, "This text is not allowed.", "Change it.")
    assert not market.runs and go_on.settle_launches(MORNING) == []
    assert Campaign.objects.get().state == State.PAUSED


def test_what_is_not_as_ordered_is_not_started(begun, market, monkeypatch):
    market.runs.add("campaign-0")
    group = take_steps(begun)
    assert group.state == Group.FAILED and "runs already" in group.why and not market.runs


def test_it_starts_within_the_cap_on_its_first_day(begun, market):
    group = take_steps(begun)
    with given(MORNING):
        assert go_on.settle_launches(MORNING) == [group.campaign_id] == go_on.to_pace(MORNING)
        async_to_sync(pace.pace)(group.campaign_id)
        group.refresh_from_db()
        assert group.state == Group.RUNNING and market.runs == {group.made["campaign"]}
        assert go_on.to_pace(MORNING) == []
    assert market.budgets[-1].daily == 30 * scene.EURO and market.budgets[-1].ends_at - MORNING < timedelta(days=3)


def test_nothing_starts_before_its_first_day(company, market):
    row = scene.campaign(company.workspace, starts_on=date(2026, 12, 5))
    with given(MORNING):
        begin(row, company.members["owner"].user, MORNING)
        group = take_steps(row.groups.get())
        go_on.settle_launches(MORNING)
        async_to_sync(pace.pace)(row.pk)
    assert group.state == Group.READY and not market.runs


def test_a_plan_with_problems_is_not_launched(company, market):
    row = scene.campaign(company.workspace, landing_url="")
    with pytest.raises(Refused):
        begin(row, company.members["owner"].user, MORNING)
    assert not plan(row, date(2026, 12, 1)).ready and row.groups.get().steps.count() == 0


def test_links_carry_marks_and_keep_what_was_there(begun):
    link = TrackedLink.objects.first()
    assert link.url.startswith("https://bakery.example/?a=1&utm_source=fair&utm_medium=paid&utm_campaign=Bread")
