"""A campaign of thirty days on the sandbox's ad market over HTTP: launched, moved, one account withdrawn, and never over the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync

from masthead.campaigns import go_on, launch, measure, pace, stop
from masthead.campaigns.allocate import decide
from masthead.campaigns.models import AdGroup, Campaign, Creative, DayResult
from masthead.campaigns.plan import begin
from masthead.campaigns.states import Group, State
from masthead.channels.connect import connect_with_form
from masthead.connectors import AD_PLATFORMS
from masthead.contract.testing import CURVES, Fault, SandboxServer
from masthead.contract.testing_ads_spend import settle, state
from masthead.kit.clock import given

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
EURO = 1_000_000
DAYS = 30
FAULTS = (Fault.FAIL_500, Fault.STORE_THEN_500, Fault.STORE_THEN_CLOSE, Fault.STORE_THEN_CUT, Fault.LIMITED)
WAY = (("campaigns", 1), ("groups", 1), ("creatives", 2), ("ads", 2))


class Town:
    """The market with three ad accounts, and a campaign on them. Both clocks are moved together."""

    def __init__(self, server: SandboxServer, company, days: int = DAYS) -> None:
        self.market, self.company = server.market, company
        owner, keys = company.members["owner"].user, [self.market.add(curve) for curve in CURVES]
        today = self.now.date()
        self.campaign = Campaign.objects.create(
            workspace=company.workspace, name="Bread", goal="visits", daily_budget=90 * EURO, cap=90 * days * EURO,
            time_zone="Europe/Berlin", starts_on=today, ends_on=today + timedelta(days=days - 1), places=["DE"],
            landing_url="https://bakery.example/", created_at=self.now,
        )  # fmt: skip
        for place, words in enumerate(("Fresh bread", "Early bread")):
            texts = {"headlines": [words], "bodies": ["Baked this morning."]}
            Creative.objects.create(campaign=self.campaign, name=words, place=place, **texts)
        for one in keys:
            answers = {"server": server.url, "token": one.token}
            channel = connect_with_form(company.workspace, owner, AD_PLATFORMS["sandbox_ads"], answers)
            AdGroup.objects.create(campaign=self.campaign, channel=channel)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.market.now(), UTC)

    @property
    def groups(self) -> list[AdGroup]:
        return list(self.campaign.groups.select_related("channel").order_by("pk"))

    def launch(self) -> None:
        with given(self.now):
            begin(self.campaign, self.company.members["owner"].user, self.now)
        for _try in range(8):
            with given(self.now):
                for one in launch.due(self.now):
                    async_to_sync(launch.take_steps)(one)
            self.market.move(180)
        with given(self.now):
            go_on.settle_launches(self.now)
            async_to_sync(pace.pace)(self.campaign.pk)

    def go_through_a_day(self) -> None:
        """What the worker's minutes do on one day."""
        self.market.move(86_400)
        with given(self.now):
            go_on.end_over(self.now)
            for one in measure.due(self.now):
                async_to_sync(measure.measure)(one)
            for one in go_on.to_decide(self.now):
                decide(one, self.now)
            for one in go_on.to_apply():
                found = self.campaign.decisions.get(pk=one)
                async_to_sync(pace.pace)(self.campaign.pk, go_on.wanted_of(found))
                go_on.applied(found, self.now)
            for one in go_on.to_pace(self.now):
                async_to_sync(pace.pace)(one)
            for one in stop.to_stand():
                async_to_sync(stop.bring_to_stand)(one)
        self.campaign.refresh_from_db()

    def spent(self) -> int:
        """What the market itself booked, micros."""
        for one in self.market.accounts():
            settle(self.market, one)
        return int(self.market.store.row("select coalesce(sum(spend), 0) as sum from ad_spend")["sum"])

    def serving(self) -> list[str]:
        """Ad accounts on which something may spend, by the market's own judgement."""
        found = []
        for one in self.market.accounts():
            rows = [
                row
                for row in self.market.listed(one, "groups")
                if state(self.market, one, row) in ("serving", "waiting")
            ]
            found += [one.id] * len(rows)
        return found


@pytest.fixture
def server():
    made = SandboxServer().start()
    yield made
    made.stop()
    made.network.store.close()


@pytest.fixture
def town(server, company, settings) -> Town:
    settings.ALLOW_PRIVATE = True
    return Town(server, company)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", range(6))
def test_a_fault_at_any_step_leaves_one_campaign_on_each_account(town, fault, at):
    """The first account's step number `at` goes wrong."""
    first = town.groups[0]
    with given(town.now):
        begin(town.campaign, town.company.members["owner"].user, town.now)
    steps = list(first.steps.order_by("number"))
    real, seen = AD_PLATFORMS["sandbox_ads"].ads, []
    account = first.channel.remote_id

    class Watched:
        """Turns the fault on just before the step."""

        def __getattr__(self, name):
            return getattr(real, name)

        async def create(self, http, who, order, piece, made):
            if who.remote_id == account and piece.slot == steps[at].slot and not seen:
                seen.append(piece.slot)
                town.market.fault(fault, account=account)
            return await real.create(http, who, order, piece, made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(AD_PLATFORMS, "sandbox_ads", replace(AD_PLATFORMS["sandbox_ads"], ads=Watched()))
        for _try in range(10):
            with given(town.now):
                for one in launch.due(town.now):
                    async_to_sync(launch.take_steps)(one)
            assert town.serving() == []
            town.market.move(180)
    assert seen and {one.state for one in town.groups} == {Group.READY}
    for one in town.market.accounts():
        assert [(kind, len(town.market.listed(one, kind))) for kind, _count in WAY] == list(WAY)


def test_thirty_days_with_a_withdrawal_stay_under_the_cap(town):
    town.launch()
    assert len(town.serving()) == 3 and town.campaign.groups.filter(state=Group.RUNNING).count() == 3
    lost = town.groups[0]
    for day in range(1, DAYS + 3):
        if day == 15:
            town.market.turn(lost.channel.remote_id, withdrawn=True)
        town.go_through_a_day()
        assert town.spent() <= town.campaign.cap
    lost.refresh_from_db()
    assert lost.state == Group.WITHDRAWN and town.campaign.state == State.ENDED
    before, after = (_of_others(town, lost, number) for number in (13, 18))
    assert after > before, "the others took its money"
    assert not town.campaign.decisions.order_by("day")[18].moves.get(group=lost).after
    assert town.spent() > 0.6 * town.campaign.cap, "it is used" and DayResult.objects.filter(clicks__gt=0).exists()
    assert [one for one in town.serving() if one != lost.channel.remote_id] == []


def _of_others(town: Town, lost: AdGroup, number: int) -> int:
    """Budgets of the other ad accounts after the decision of a day."""
    moves = town.campaign.decisions.order_by("day")[number].moves.exclude(group=lost)
    return sum(one.after for one in moves)


def test_two_days_without_us_stay_under_the_cap_and_end_by_themselves(town):
    town.market.turn(town.groups[0].channel.remote_id, hungry=True)
    town.launch()
    for _day in range(3):
        town.go_through_a_day()
    before = town.spent()
    town.market.move(5 * 86_400)
    assert town.serving() == [], "each order runs for a few days only"
    assert before < town.spent() <= before + 3 * 1.5 * 90 * EURO
