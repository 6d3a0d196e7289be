"""The page of plans, its budget of reading, and the same for programs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.kit.money import Money
from masthead.metering import reading
from masthead.metering.bill import Usage
from masthead.metering.commitments import Commitment
from masthead.metering.models import CallDay, Cap, ToldCount
from masthead.metering.plans import views
from masthead.metering.plans.outlook import outlook
from masthead.metering.price_rows import catalogue
from masthead.metering.reading import budget_of, set_budget
from masthead.metering.tests.test_bill import worked_example
from masthead.workspaces.models import AuditEntry, Member, User, Workspace
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 31, 12, tzinfo=UTC)


def person(workspace: Workspace, role: str, name: str = "") -> Client:
    user = User.objects.create_user(f"{name or role}@{workspace.slug}.example", "a long pass phrase")
    Member.objects.create(workspace=workspace, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(views, "now", lambda: NOW)
    return Workspace.objects.create(name="Bakery", slug="bakery")


@pytest.fixture
def owner(workspace: Workspace) -> Client:
    return person(workspace, Role.OWNER)


def read_token(workspace: Workspace, user: User) -> str:
    member = Member.objects.get(workspace=workspace, user=user)
    return make(user, member, "site", ["read"], None)[1]


def lay(workspace: Workspace, usages: list[Usage], *, own: bool = False, plan: str = "ppu") -> None:
    """Put usages into the ledger's days, priced as they were."""
    conditions = "own_app" if own else ""
    for place, one in enumerate(usages):
        units = len(one.resources) or one.units
        price = catalogue().price("x", plan, one.price_key, one.at.date(), frozenset(filter(None, [conditions])))
        CallDay.objects.create(
            workspace_id=workspace.pk,
            channel_id=1,
            platform="x",
            operation=f"{one.price_key} {place}",
            purpose="publish" if "create" in one.price_key else "read",
            plan=plan,
            conditions=conditions,
            price_key=one.price_key,
            currency="USD" if price else "",
            day=one.at.date(),
            calls=1,
            units=units,
            charged=units if price else 0,
            micros=price.amount.micros * units if price else 0,
        )


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("metering:plans", args=["bakery"]), query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_worked_example_line_by_line(workspace: Workspace, owner: Client) -> None:
    lay(workspace, worked_example())
    text = page(owner)
    assert (
        "Pay per use, own app would have been the cheapest that fits: USD 7.45, USD 6.40 less than the plan in use."
        in text
    )
    for line in (
        "Post with a link 20 USD 0.20 USD 4.00 Each call counts. Price since 20 Apr 2026.",
        "Reading a post of one&#x27;s own 1,600 USD 0.001 USD 1.60 The lower price, because the developer app is your own.",
        "Reading a post 1,600 USD 0.005 USD 8.00 The same one counts once a day (UTC). Price since 20 Apr 2026.",
        "Reply to somebody who asked for it 60 USD 0.01 USD 0.60",
        "Fee of the plan 1 USD 200.00 USD 200.00 It is due whatever is called.",
        "Fee of the plan 1 USD 42,000.00 USD 42,000.00",
        "Reading a post of one&#x27;s own 1,500 – – Refused: beyond the 100 a billing month of the app.",
    ):
        assert line in text, line
    assert "Basic USD 200.00 USD 0.00 USD 200.00 – It is no longer sold." in text
    assert "Enterprise by contract" in text and "Source, looked at on 22 Aug 2026" in text


def test_a_past_month_has_the_prices_and_plans_of_then(workspace: Workspace, owner: Client) -> None:
    day = datetime(2023, 4, 4, 12, tzinfo=UTC)
    lay(workspace, [Usage(day, "post.create", units=2000), Usage(day, "post.read", units=4000)], plan="basic")
    text = page(owner, month="2023-04")
    assert "The plan in use, Basic, was the cheapest that fits: USD 100.00." in text
    assert "Elevated" in text and "It ended on 29 Apr 2023." in text and "Pay per use" not in text
    assert "Covered by the fee, up to 10,000 a billing month." in text and "USD 42,000.00" in text
    assert "forecast" not in text and "Budget for a month" not in text


def test_nonsense_in_the_address_shows_this_month(workspace: Workspace, owner: Client) -> None:
    text = page(owner, month="2023-99", platform="'; drop table x")
    assert "What August 2026 costs on" in text and "The ledger knows of no calls in this month" in text


def test_only_one_workspace_s_calls_count(workspace: Workspace, owner: Client) -> None:
    other = Workspace.objects.create(name="Other", slug="other")
    lay(other, worked_example())
    ToldCount.objects.create(workspace=other, platform="x", day=date(2026, 8, 3), units=7, asked_at=NOW)
    text = page(owner, platform="x")
    assert "knows of no calls" in text and "What the platform itself counts" not in text


@pytest.mark.parametrize(
    ("who", "status"), [(Role.EDITOR, 200), (Role.VIEWER, 403), ("stranger", 404), ("nobody", 302)]
)
def test_who_may_see(workspace: Workspace, who: str, status: int) -> None:
    client = Client()
    if who != "nobody":
        home = workspace if who != "stranger" else Workspace.objects.create(name="Other", slug="other")
        client = person(home, Role.OWNER if who == "stranger" else who)
    assert client.get(reverse("metering:plans", args=["bakery"])).status_code == status


@pytest.mark.parametrize(("who", "status"), [(Role.ADMIN, 302), (Role.EDITOR, 403), ("stranger", 404)])
def test_who_may_set_a_budget(workspace: Workspace, who: str, status: int) -> None:
    home = Workspace.objects.create(name="Other", slug="other") if who == "stranger" else workspace
    client = person(home, Role.OWNER if who == "stranger" else who)
    answer = client.post(reverse("metering:reading_budget", args=["bakery"]), {"platform": "x", "amount": "2,50"})
    assert answer.status_code == status
    assert budget_of(workspace.pk, "x") == (Money.of("2.5", "USD") if status == 302 else None)


def test_a_budget_is_changed_and_removed_with_a_trail(workspace: Workspace, owner: Client) -> None:
    place = reverse("metering:reading_budget", args=["bakery"])
    for typed in ("5", "5.00", "-1", "much", "1e9", "NaN", "0.0000001", ""):
        assert owner.post(place, {"platform": "x", "amount": typed}).status_code == 302
    entries = AuditEntry.objects.filter(workspace=workspace, action__startswith="reading_budget").order_by("at")
    assert [(one.action, one.details["before"], one.details["after"]) for one in entries] == [
        ("reading_budget.changed", "", "USD 5.00"),
        ("reading_budget.removed", "USD 5.00", ""),
    ]
    assert not Cap.objects.exists()
    assert owner.post(place, {"platform": "myspace", "amount": "5"}).status_code == 404


def test_the_page_tells_what_a_budget_buys(
    workspace: Workspace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*_asked: Any) -> reading.Prospect:
        return reading.Prospect(7, 12, 90, Money.of("0.45", "USD"), 0.82, 0.13)

    monkeypatch.setattr(reading, "TELLERS", [told])
    user = User.objects.get()
    set_budget(workspace, user, "x", Money.of("5", "USD"), NOW)
    text = page(owner, platform="x")
    assert "In the next 7 days it pays for 90 readings of 12 posts (USD 0.45). They show 82 %" in text
    assert "Another dollar would show 13 % of the rest." in text
    assert "The budget for a month is USD 5.00." in page(person(workspace, Role.EDITOR), platform="x")


def test_the_platforms_own_count_stands_beside_ours(workspace: Workspace, owner: Client) -> None:
    day = datetime(2026, 8, 4, 12, tzinfo=UTC)
    lay(workspace, [Usage(day, "post.read", units=40), Usage(day + timedelta(days=20), "post.read", units=9)])
    for ahead, units in ((0, 45), (1, 5)):
        on = day.date() + timedelta(days=ahead)
        ToldCount.objects.create(workspace=workspace, platform="x", day=on, units=units, asked_at=NOW)
    text = page(owner, platform="x")
    assert "X 50 Masthead 40 Difference 10 Posts read from 4 Aug 2026 to 5 Aug 2026" in text


def test_the_forecast_knows_the_schedule_and_the_budget(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    today = date(2026, 8, 20)
    days = [datetime(2026, 8, 1, 12, tzinfo=UTC) - timedelta(days=ago) for ago in range(40)]
    lay(workspace, [Usage(at, "post.read", units=100) for at in days])
    lay(workspace, [Usage(datetime(2026, 8, 2, 12, tzinfo=UTC), "post.read", units=100)])

    def scheduled(_workspace: int, since: datetime, until: datetime) -> list[Commitment]:
        assert since.date() == date(2026, 8, 21) and until.date() == date(2026, 9, 1)
        at = since + timedelta(hours=1)
        return [Commitment("x", 1, at, "post.create.url", 9, 9 * 200_000, "USD", "publish")]

    monkeypatch.setattr("masthead.metering.commitments.SOURCES", [scheduled])
    made, currency = outlook(workspace.pk, "x", today, catalogue()) or pytest.fail("no forecast")
    assert (made.spent, made.committed, currency) == (1_000_000, 1_800_000, "USD")
    assert made.low >= 2_800_000 and made.high > made.low
    Cap.objects.create(workspace=workspace, platform="x", purpose="read", micros=1_000_000, currency="USD")
    made, _currency = outlook(workspace.pk, "x", today, catalogue()) or pytest.fail("no forecast")
    assert made.low == made.high == 2_800_000
    assert outlook(workspace.pk, "mastodon", today, catalogue()) is None


def test_from_few_days_no_interval_is_told(workspace: Workspace, owner: Client) -> None:
    lay(workspace, [Usage(NOW - timedelta(days=ago), "post.read", units=100) for ago in range(1, 4)])
    assert "There is too little past use to say how sure that is." in page(owner)
    lay(workspace, [Usage(NOW - timedelta(days=ago), "post.read", units=100) for ago in range(10, 30)])
    assert "four months of five like this one end between" in page(owner)


def test_programs_get_the_same_advice(workspace: Workspace, owner: Client) -> None:
    lay(workspace, worked_example())
    user = User.objects.get()
    token = read_token(workspace, user)
    headers = {"Authorization": f"Bearer {token}"}
    told = Client(headers=headers).get("/api/v1/plans/x?month=2026-08-15").json()
    best = told["offers"][told["cheapest"]]
    assert (best["plan"], best["own_app"], best["total"], told["currency"]) == ("ppu", True, "7.45", "USD")
    assert {line["what"] for line in best["lines"]} >= {"Post", "Direct message"}
    assert Client(headers=headers).get("/api/v1/plans/mastodon").status_code == 404
    assert Client().get("/api/v1/plans/x").status_code == 401
    Member.objects.filter(user=user).update(role=Role.VIEWER)
    assert Client(headers=headers).get("/api/v1/plans/x").status_code == 403
    other = Workspace.objects.create(name="Other", slug="other")
    stranger = User.objects.create_user("stranger@other.example", "a long pass phrase")
    Member.objects.create(workspace=other, user=stranger, role=Role.OWNER)
    theirs = read_token(other, stranger)
    told = Client(headers={"Authorization": f"Bearer {theirs}"}).get("/api/v1/plans/x?month=2026-08-15").json()
    assert all(one["use"] == "0" for one in told["offers"])


@pytest.mark.parametrize("month", ["0001-01-01", "9999-12-31", "2300-01-01"])
def test_months_that_nobody_can_reckon(workspace: Workspace, owner: Client, month: str) -> None:
    raw = read_token(workspace, User.objects.get())
    answer = Client().get(f"/api/v1/plans/x?month={month}", headers={"Authorization": f"Bearer {raw}"})
    assert answer.status_code == 422
