"""Each day's decision: what it sees, that it is made once, and that terms keep out what must stay out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from asgiref.sync import async_to_sync

from masthead.campaigns import go_on, launch, measure, pace, stop
from masthead.campaigns.allocate import decide, view_of
from masthead.campaigns.models import Campaign, Conversion, DayResult, Decision, Flight, Reading, Visit
from masthead.campaigns.plan import begin
from masthead.campaigns.states import State
from masthead.campaigns.tests import scene
from masthead.campaigns.tests.scene import EURO, MORNING
from masthead.connectors import AD_PLATFORMS
from masthead.contract.ads import DayResult as Told
from masthead.contract.terms import say, whole
from masthead.kit.clock import given

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 6
NOW = MORNING + timedelta(days=DAYS)


def open_terms(key: str, monkeypatch: pytest.MonkeyPatch, verdict: str = "allow") -> None:
    stated = say("ad_metrics", ("combine", "analyse", "store"), verdict, "As we like.", scene.SEEN)
    terms = whole("1", None, stated, rest=scene.SEEN)
    monkeypatch.setitem(AD_PLATFORMS, key, replace(AD_PLATFORMS[key], terms=terms))


@pytest.fixture
def running(company, monkeypatch) -> Campaign:
    """Two ad accounts, six days old; the first brings three times as much for the same money."""
    for key in ("fair_ads", "town_ads"):
        scene.market(monkeypatch, key, over_delivery_percent=100)
        open_terms(key, monkeypatch)
    row = scene.campaign(company.workspace, "fair_ads", "town_ads", cap=900 * EURO, ends_on=date(2026, 12, 30))
    with given(MORNING):
        begin(row, company.members["owner"].user, MORNING)
        for one in row.groups.all():
            async_to_sync(launch.take_steps)(one.pk)
        stop.move(row, State.RUNNING, None)
    for group, clicks in zip(row.groups.order_by("pk"), (90, 30), strict=True):
        for number in range(DAYS):
            day = MORNING + timedelta(days=number)
            Flight.objects.create(
                group=group, daily=15 * EURO, ends_at=day + timedelta(days=2), sent_at=day, set_at=day
            )
            DayResult.objects.create(
                group=group, day=day.date(), spend=15 * EURO, impressions=9000, clicks=clicks, final=True, read_at=NOW
            )
        group.daily = 15 * EURO
        group.save()
    row.refresh_from_db()
    return row


def view(row: Campaign):
    return view_of(
        row, list(row.groups.order_by("pk").select_related("channel")), row.starts_on, NOW.date(), 30 * EURO, NOW
    )


def test_money_moves_to_where_it_works_and_says_why(running):
    found = decide(running.pk, NOW)
    moves = list(found.moves.order_by("pk"))
    assert found.state == Decision.State.APPROVED and moves[0].wanted > 15 * EURO > moves[1].wanted
    assert moves[0].wanted <= 18 * EURO, "at most a fifth a day"
    assert (
        moves[0].reason == "brings_more"
        and moves[0].sure > 500
        and moves[0].numbers["marginal"] > moves[0].numbers["elsewhere"]
    )
    assert found.forecast["low"] < found.forecast["expected"] < found.forecast["high"]


def test_it_is_made_once_a_day_and_carried_out(running):
    assert go_on.to_decide(NOW) == [running.pk]
    first = decide(running.pk, NOW)
    assert decide(running.pk, NOW) is None and go_on.to_decide(NOW) == [] and go_on.to_apply() == [first.pk]
    with given(NOW):
        async_to_sync(pace.pace)(running.pk, go_on.wanted_of(first))
    go_on.applied(first, NOW)
    assert [one.daily for one in running.groups.order_by("pk")] == [one.wanted for one in first.moves.order_by("pk")]
    assert go_on.to_apply() == []


@pytest.mark.parametrize(("mode", "state"), [("propose", "proposed"), ("dry_run", "shown")])
def test_other_modes_move_no_money(running, mode, state):
    Campaign.objects.filter(pk=running.pk).update(mode=mode)
    assert decide(running.pk, NOW).state == state and go_on.to_apply() == []


def test_an_unanswered_proposal_is_replaced_by_the_next(running):
    Campaign.objects.filter(pk=running.pk).update(mode="propose")
    first = decide(running.pk, NOW)
    decide(running.pk, NOW + timedelta(days=1))
    first.refresh_from_db()
    assert first.state == "replaced"


def test_the_view_has_what_was_spent_and_brought(running):
    found = view(running)
    assert found["spend"].tolist() == [[15.0] * DAYS] * 2 and found["y"].tolist() == [[90.0] * DAYS, [30.0] * DAYS]
    assert found["live"].all() and found["ok"].all() and found["age"].tolist() == [5, 4, 3, 2, 1, 0]


def test_results_whose_terms_forbid_it_do_not_enter_the_model(running, monkeypatch):
    """Instead of its clicks and spend, our own budgets and visits."""
    open_terms("town_ads", monkeypatch, "deny")
    link = running.groups.order_by("pk").last().ads.first().link
    Visit.objects.create(link=link, at=MORNING)
    found = view(running)
    assert found["y"][0].tolist() == [90.0] * DAYS and found["y"][1].tolist() == [1.0, 0, 0, 0, 0, 0]
    DayResult.objects.filter(group__channel__platform="town_ads").update(spend=1, clicks=10**6)
    assert np.array_equal(view(running)["spend"], found["spend"]) and np.array_equal(view(running)["y"], found["y"])


def test_a_withdrawn_one_hands_its_money_on(running):
    gone = running.groups.order_by("pk").last()
    gone.state = "withdrawn"
    gone.save()
    moves = list(decide(running.pk, NOW).moves.order_by("pk"))
    assert moves[1].wanted == 0 and moves[1].reason == "withdrawn" and moves[0].wanted > 25 * EURO


def test_restated_days_replace_what_was_told(running, monkeypatch):
    group = running.groups.order_by("pk").first()
    Campaign.objects.filter(pk=running.pk).update(goal="leads")
    DayResult.objects.update(final=False)
    ads = AD_PLATFORMS["fair_ads"].ads
    for clicks, leads in ((95, 2.0), (97, 5.0)):
        ads.told = [
            Told(
                NOW.date() - timedelta(days=1),
                group.made["campaign"],
                group.made["ad:0"],
                16 * EURO,
                9100,
                clicks,
                leads,
            )
        ]
        with given(NOW):
            group.campaign.refresh_from_db()
            type(group).objects.update(read_at=None)
            async_to_sync(measure.measure)(group.channel_id)
    row = DayResult.objects.get(group=group, day=NOW.date() - timedelta(days=1))
    assert (row.clicks, row.conversions, row.final, row.ad.number) == (97, 5.0, False, 0)
    assert Reading.objects.get(group=group, source="platform", lag=1).conversions == 5.0


def test_own_conversions_are_laid_on_the_day_of_the_click(running, company):
    Campaign.objects.filter(pk=running.pk).update(goal="leads")
    running.refresh_from_db()
    link = running.groups.order_by("pk").first().ads.first().link
    row = Visit.objects.create(link=link, at=MORNING + timedelta(days=2))
    Conversion.objects.create(
        workspace=company.workspace, campaign=running, visit=row, reference="a", at=NOW, source="server", told_at=NOW
    )
    assert view(running)["y"].tolist() == [[0.0, 0, 1, 0, 0, 0], [0.0] * DAYS]
