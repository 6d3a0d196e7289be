"""Budgets never pass the cap, whatever becomes of the calls; a stop is proved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from masthead.campaigns import launch, pace, stop
from masthead.campaigns.models import AdGroup, Campaign, DayResult, Flight
from masthead.campaigns.pacing.standing import total_exposure
from masthead.campaigns.plan import begin
from masthead.campaigns.standings import rule_of, standing_of
from masthead.campaigns.states import Group, State
from masthead.campaigns.tests import scene
from masthead.campaigns.tests.scene import EURO, MORNING, lost, no
from masthead.kit.clock import given

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def markets(monkeypatch):
    return {key: scene.market(monkeypatch, key) for key in ("fair_ads", "town_ads")}


@pytest.fixture
def running(company, markets) -> Campaign:
    row = scene.campaign(company.workspace, "fair_ads", "town_ads", cap=100 * EURO)
    with given(MORNING):
        begin(row, company.members["owner"].user, MORNING)
        for one in row.groups.all():
            async_to_sync(launch.take_steps)(one.pk)
        stop.move(row, State.RUNNING, None)
        async_to_sync(pace.pace)(row.pk)
    row.refresh_from_db()
    return row


def budgets(row: Campaign) -> list[int]:
    return [one.daily // EURO for one in row.groups.order_by("pk")]


def worst(row: Campaign, now) -> int:
    groups = list(row.groups.select_related("channel"))
    return total_exposure([rule_of(one) for one in groups], [standing_of(one, now) for one in groups])


def reset(row: Campaign, now, **wanted: int) -> None:
    by_key = {one.channel.platform: one.pk for one in row.groups.select_related("channel")}
    with given(now):
        async_to_sync(pace.pace)(row.pk, {by_key[key]: micros for key, micros in wanted.items()})


def test_the_worst_case_of_the_first_days_stays_under_the_cap(running):
    assert budgets(running) == [15, 15] and worst(running, MORNING) <= 100 * EURO
    assert all(one.ends_at - MORNING < timedelta(days=2) for one in running.groups.all()), (
        "60 a day at worst: one day only"
    )


def test_a_day_of_hungry_delivery_lowers_the_next(running):
    for one in running.groups.all():
        DayResult.objects.create(group=one, day=MORNING.date(), spend=30 * EURO, read_at=MORNING)
    tomorrow = MORNING + timedelta(days=1)
    reset(running, tomorrow)
    assert sum(budgets(running)) <= 20 and worst(running, tomorrow) <= 100 * EURO


def test_a_lost_answer_counts_as_obeyed_and_is_sent_again(running, markets):
    markets["fair_ads"].trouble["budget"] = lost()
    reset(running, MORNING + timedelta(hours=1), fair_ads=25 * EURO)
    flight = Flight.objects.order_by("-pk").first()
    assert flight.set_at is None and worst(running, MORNING + timedelta(hours=1)) <= 100 * EURO
    assert standing_of(flight.group, MORNING + timedelta(hours=1)).today == 25 * EURO
    assert pace.unsent(MORNING + timedelta(hours=2)) == [flight.pk]
    with given(MORNING + timedelta(hours=2)):
        async_to_sync(pace.carry_out)([flight])
    assert pace.unsent(MORNING + timedelta(hours=3)) == [] and budgets(running)[0] == 25


def test_a_pause_whose_answer_was_lost_is_sent_again(running, markets):
    markets["fair_ads"].trouble["pause"] = lost()
    reset(running, MORNING + timedelta(hours=1), fair_ads=0)
    flight = Flight.objects.get(daily=0)
    assert (flight.daily, flight.set_at) == (0, None) and standing_of(
        flight.group, MORNING + timedelta(hours=1)
    ).today == 15 * EURO
    assert pace.unsent(MORNING + timedelta(hours=2)) == [flight.pk]
    with given(MORNING + timedelta(hours=2)):
        async_to_sync(pace.carry_out)([flight])
    assert not markets["fair_ads"].runs and pace.unsent(MORNING + timedelta(hours=3)) == []


def test_what_was_refused_does_not_count(running, markets):
    markets["town_ads"].trouble["budget"] = no()
    reset(running, MORNING + timedelta(hours=1), town_ads=20 * EURO)
    group = AdGroup.objects.get(channel__platform="town_ads")
    assert group.why == "This text is not allowed." and group.daily == 15 * EURO
    assert standing_of(group, MORNING + timedelta(hours=1)).today == 15 * EURO


def test_what_stands_already_is_not_sent_again(running):
    before = Flight.objects.count()
    reset(running, MORNING + timedelta(hours=1))
    assert Flight.objects.count() == before


def test_a_paused_campaign_gets_nothing_but_pauses(running, markets):
    stop.move(running, State.PAUSED, None)
    reset(running, MORNING + timedelta(hours=1), fair_ads=25 * EURO)
    assert not markets["fair_ads"].runs and not markets["town_ads"].runs and budgets(running) == [0, 0]


def test_a_campaign_that_was_stopped_meanwhile_is_not_started(running, markets, monkeypatch):
    """The switch falls between the budget and the start: the start must not happen."""
    for one in markets.values():
        one.runs.clear()
    flights = []
    with given(MORNING + timedelta(hours=1)):
        flights = pace.promise(
            running.pk, {one.pk: 10 * EURO for one in running.groups.all()}, MORNING + timedelta(hours=1)
        )
        stop.move(running, State.STOPPED, None)
        async_to_sync(pace.carry_out)(flights)
    assert flights and not any(one.runs for one in markets.values())


def test_the_kill_switch_pauses_everything_and_proves_it(company, running, markets):
    stop.stop_everything(company.workspace, company.members["owner"].user)
    assert stop.to_stand() == [running.pk]
    with given(MORNING + timedelta(hours=1)):
        assert async_to_sync(stop.bring_to_stand)(running.pk)
    running.refresh_from_db()
    assert not any(one.runs for one in markets.values()) and stop.to_stand() == []
    assert running.proved_at and all(one["running"] == [] for one in running.proof.values())
    assert {one.state for one in running.groups.all()} == {Group.PAUSED}


def test_what_still_runs_is_named_and_stopped_again(company, running, markets):
    markets["fair_ads"].stuck = True
    stop.stop_everything(company.workspace, company.members["owner"].user)
    with given(MORNING + timedelta(hours=1)):
        assert not async_to_sync(stop.bring_to_stand)(running.pk)
    running.refresh_from_db()
    assert [len(one["running"]) for one in running.proof.values()] == [1, 0] and stop.to_stand() == [running.pk]


def test_an_account_that_cannot_be_asked_proves_nothing(company, running, markets):
    markets["town_ads"].trouble["pause"] = lost()
    stop.stop_everything(company.workspace, company.members["owner"].user)
    with given(MORNING + timedelta(hours=1)):
        assert not async_to_sync(stop.bring_to_stand)(running.pk)
    running.refresh_from_db()
    assert list(running.proof.values())[1]["running"] is None and running.proved_at is None
