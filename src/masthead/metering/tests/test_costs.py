"""The page of costs, its file and its API: the worked example line by line, months, roles, strangers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from masthead.channels.models import Channel
from masthead.config import cli_api
from masthead.kit.money import Money
from masthead.metering import commitments
from masthead.metering.commitments import Commitment
from masthead.metering.costs import chart as charts
from masthead.metering.costs.month import MOST_MONTHS, costs, following, month_of, months
from masthead.metering.costs.sheet import safe
from masthead.metering.meter import BatchedMeter
from masthead.metering.models import CallDay
from masthead.metering.tests.month import CALL, FIRST, READ, played
from masthead.workspaces.models import Workspace
from masthead.workspaces.tests.people import Company
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db
PLACE, FILE = "/w/acme/costs/", "/w/acme/costs/file/"
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def company(db: None) -> Company:
    return Company()


@pytest.fixture
def channel(company: Company) -> Channel:
    return Channel.objects.create(
        workspace=company.workspace,
        platform="x",
        server="https://api.x.com",
        remote_id="1",
        handle="@bakery",
        name="Bakery",
    )


def seen(company: Company, month: str = "2026-09", role: str = "owner", language: str = "en") -> str:
    answer = company.client(role).get(PLACE, {"month": month}, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("own", "total", "lines"),
    [
        (
            True,
            "USD 7.45",
            [
                ("Post with a link", "20", "USD 0.20", "USD 4.00"),
                ("Reading a post of one&#x27;s own", "1,600", "USD 0.001", "USD 1.60"),
                ("Reply to somebody who asked for it", "60", "USD 0.01", "USD 0.60"),
                ("Reading a direct message", "50", "USD 0.01", "USD 0.50"),
                ("Direct message", "30", "USD 0.015", "USD 0.45"),
                ("Post", "10", "USD 0.015", "USD 0.15"),
                ("Alternative text of a file", "30", "USD 0.005", "USD 0.15"),
            ],
        ),
        (False, "USD 13.85", [("Reading a post of one&#x27;s own", "1,600", "USD 0.005", "USD 8.00")]),
    ],
)
def test_the_worked_example_line_by_line(
    company: Company, channel: Channel, own: bool, total: str, lines: list[tuple[str, ...]]
) -> None:
    played(company.workspace.pk, channel.pk, own=own)
    page = seen(company)
    assert f"<dd>{total}</dd>" in page
    for what, number, each, amount in lines:
        row = page.split(f'<th scope="row">{what} <span')[1].split("</tr>")[0]
        assert f">{number}</td>" in row and f">{each}</td>" in row and f">{amount}</td>" in row, what
    assert ("The lower price, because" in page) is own
    found = costs(company.workspace.pk, SEPTEMBER, datetime(2026, 9, 30, tzinfo=UTC))
    assert [one.total for one in found.charts] == [Money.of(total.removeprefix("USD "), "USD")]
    assert [one.amount.micros for one in found.charges] == sorted(
        [one.amount.micros for one in found.charges], reverse=True
    )


def test_splits_add_up_and_name_channels(company: Company, channel: Channel) -> None:
    played(company.workspace.pk, channel.pk, own=True)
    BatchedMeter()
    meter = BatchedMeter()
    for one in (replace(CALL, channel_id=0), replace(CALL, channel_id=999_999, purpose="", error="refused", units=0)):
        meter.note(replace(one, workspace_id=company.workspace.pk, at=FIRST))
    meter.flush_sync()
    page = seen(company)
    assert "Bakery · X" in page and "Before a channel was connected · X" in page and "Deleted channel · X" in page
    assert "Publishing" in page and "Inbox" in page and "Not recorded" in page
    found = costs(company.workspace.pk, SEPTEMBER, datetime(2026, 9, 30, tzinfo=UTC))
    for rows in found.by.values():
        assert sum(one.micros for one in rows) == 7_465_000
        assert sum(one.failed for one in rows) == 1


def test_what_was_read_again_that_day_is_said_to_be_free(company: Company, channel: Channel) -> None:
    meter = BatchedMeter()
    for _ in range(3):
        meter.note(replace(READ, workspace_id=company.workspace.pk, at=FIRST, units=2, resources=("a", "b")))
    meter.flush_sync()
    assert "6 in all; 4 came again on the same day and count once." in seen(company)


def test_a_price_that_changed_within_the_month(company: Company) -> None:
    meter = BatchedMeter()
    for day in (19, 20):
        meter.note(replace(CALL, workspace_id=company.workspace.pk, at=datetime(2026, 4, day, tzinfo=UTC)))
    for _ in range(2):
        meter.note(replace(CALL, workspace_id=company.workspace.pk, at=datetime(2026, 4, 21, tzinfo=UTC)))
    meter.flush_sync()
    page = seen(company, "2026-04")
    assert "Not all at the same price." in page and "USD 0.055" in page


def test_fees_of_plans(company: Company) -> None:
    meter = BatchedMeter()
    meter.note(replace(CALL, workspace_id=company.workspace.pk, plan="basic", at=FIRST))
    meter.note(replace(CALL, workspace_id=company.workspace.pk, plan="enterprise", app="big", at=FIRST))
    meter.note(replace(CALL, workspace_id=company.workspace.pk, plan="ppu", app="small", at=FIRST))
    meter.flush_sync()
    page = seen(company)
    assert "Fee of the plan Basic" in page and "USD 200.00" in page and "Fees of plans" in page
    assert "by contract" in page and "app app-of" in page and page.count("Fee of the plan") == 2


def test_committed_is_shown_for_what_is_left_of_the_month(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 9, 10, 12, tzinfo=UTC)

    def source(workspace_id: int, since: datetime, until: datetime) -> list[Commitment]:
        assert (workspace_id, since, until) == (company.workspace.pk, at, datetime(2026, 10, 1, tzinfo=UTC))
        return [Commitment("x", 7, at, "post.create", 2, 30_000, "USD", "publish")] * 2

    monkeypatch.setattr(commitments, "SOURCES", [source])
    assert costs(company.workspace.pk, SEPTEMBER, at).committed == (Money(60_000, "USD"),)
    assert costs(company.workspace.pk, SEPTEMBER, datetime(2026, 10, 1, tzinfo=UTC)).committed == ()


def test_empty_months_and_an_empty_workspace(company: Company, channel: Channel) -> None:
    assert "Nothing was called yet" in seen(company) and "Connect a channel" in seen(company)
    assert "/channels/connect" not in seen(company, role="editor").split("Nothing was called yet")[1]
    played(company.workspace.pk, channel.pk, own=True)
    page = seen(company, "2026-08")
    assert "No calls in August 2026." in page and 'value="2026-08" selected' in page
    assert 'value="2026-09"' in page


@pytest.mark.parametrize("text", ["", "2026-13", "1999-01", "2999-01", "'; drop table x", "2026-1"])
def test_what_is_no_month_is_the_present_one(text: str) -> None:
    assert month_of(text, date(2026, 11, 24)) == date(2026, 11, 1)


def test_months_to_choose_from() -> None:
    today = date(2026, 11, 24)
    assert months(None, today) == [date(2026, 11, 1)]
    assert months(date(2026, 9, 30), today) == [date(2026, 11, 1), date(2026, 10, 1), date(2026, 9, 1)]
    assert len(months(date(2001, 1, 1), today)) == MOST_MONTHS
    assert [following(date(2026, month, 1)).month for month in (1, 2, 11, 12)] == [2, 3, 12, 1]


@pytest.mark.parametrize("place", [PLACE, FILE])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 200),
        ("admin", 200),
        ("editor", 200),
        ("author", 403),
        ("viewer", 403),
        ("stranger", 404),
        ("nobody", 302),
    ],
)
def test_who_may_see_costs(company: Company, channel: Channel, place: str, role: str, status: int) -> None:
    played(company.workspace.pk, channel.pk, own=True)
    answer = company.client(role).get(place, {"month": "2026-09"})
    assert answer.status_code == status
    text = b"".join(answer) if status == 200 else answer.content
    assert (b"Bakery" in text) is (status == 200)
    assert ("/costs/" in company.client(role).get("/w/acme/").content.decode()) is (status == 200)


def test_another_workspaces_costs_are_not_in_it(company: Company, channel: Channel) -> None:
    other = Workspace.objects.get(slug="not-acme")
    played(other.pk, channel.pk, own=True)
    mine = company.client("stranger").get("/w/not-acme/costs/", {"month": "2026-09"}).content.decode()
    assert "USD 7.45" in mine and "Bakery" not in mine
    assert "Nothing was called yet" in seen(company)
    rows = list(csv.reader(io.StringIO(b"".join(company.client("owner").get(FILE)).decode())))
    assert len(rows) == 1


def test_the_file_has_every_day_and_no_formula(company: Company, channel: Channel) -> None:
    Channel.objects.update(name="=1+1")
    played(company.workspace.pk, channel.pk, own=True)
    answer = company.client("editor").get(FILE, {"month": "2026-09"}, headers={"Accept-Language": "de"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="costs-acme-2026-09.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert len(rows) == CallDay.objects.count() and {row["channel"] for row in rows} == {"'=1+1"}
    assert sum(Money.of(row["amount"], "USD").micros for row in rows) == 7_450_000
    assert rows[0]["day"] == "2026-09-01" and rows[-1]["day"] == "2026-09-30"
    assert [safe(text) for text in ("a", "@a", "-1", "", "\tx")] == ["a", "'@a", "'-1", "", "'\tx"]
    assert all(safe(text) == f"'{text}" for text in ("＝1+1", "  =1+1", "\n=1", "＠a"))


def test_the_page_in_german(company: Company, channel: Channel) -> None:
    played(company.workspace.pk, channel.pk, own=True)
    company.members["owner"].user.language = "de"
    company.members["owner"].user.save()
    page = seen(company, language="de")
    assert "Kosten" in page and "7,45 USD" in page and "Was berechnet wurde" in page and "September 2026" in page


def test_bars_of_a_month() -> None:
    made = charts.chart({SEPTEMBER: 1_000, date(2026, 9, 30): 4_000}, "USD", SEPTEMBER, date(2026, 10, 1))
    assert len(made.bars) == 30 and (made.most, made.total) == (Money(4_000, "USD"), Money(5_000, "USD"))
    first, last = made.bars[0], made.bars[-1]
    assert (float(first.height), float(last.height)) == (charts.HEIGHT / 4, charts.HEIGHT)
    assert (float(first.y), float(last.y)) == (charts.HEIGHT * 3 / 4, 0)
    assert all(float(one.x) + float(one.width) <= charts.WIDTH for one in made.bars)
    assert float(made.bars[5].height) == 0
    assert charts.chart({}, "USD", SEPTEMBER, SEPTEMBER + timedelta(days=1)).most == Money(0, "USD")


class Program:
    """A token of a member, and calls with it."""

    def __init__(self, company: Company, role: str) -> None:
        member = company.members[role]
        self.token = make(member.user, member, "tests", ["read"], None)[1]

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})


def test_the_api(company: Company, channel: Channel) -> None:
    played(company.workspace.pk, channel.pk, own=True)
    found = Program(company, "editor").get("/costs?month=2026-09&by=channel").json()
    assert (found["since"], found["until"], found["by"]) == ("2026-09-01", "2026-10-01", "channel")
    (row,) = found["rows"]
    assert row["key"] == {"platform": "x", "channel_id": channel.pk}
    assert row["amounts"] == [{"currency": "USD", "amount": "7.45", "micros": 7_450_000}]
    days = Program(company, "owner").get("/costs?month=2026-09&by=day").json()["rows"]
    assert len(days) == 30 and days[0]["key"] == {"day": "2026-09-01"}
    assert Program(company, "owner").get("/costs").json()["rows"] == []


@pytest.mark.parametrize("query", ["month=2026-13", "month=next", "by=secret", "by=workspace_id"])
def test_what_the_api_does_not_know(company: Company, query: str) -> None:
    assert Program(company, "owner").get(f"/costs?{query}").status_code == 422


@pytest.mark.parametrize("role", ["author", "viewer"])
def test_the_api_shows_costs_to_who_may_see_them(company: Company, role: str) -> None:
    assert Program(company, role).get("/costs").status_code == 403


def test_the_command(company: Company, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    played(company.workspace.pk, channel.pk, own=True)
    program = Program(company, "owner")

    def call(_url: str, _token: str, method: str, path: str) -> Any:
        assert method == "GET"
        return json.loads(program.get(path).content)

    monkeypatch.setattr(cli_api, "call", call)
    told = CliRunner().invoke(cli_api.app, ["costs", "--month", "2026-09", "--by", "price", "--token", "t"])
    assert told.exit_code == 0, told.output
    assert "2026-09-01 to before 2026-10-01 (UTC)" in told.output
    assert any("post.create.url" in line and "USD 4" in line for line in told.output.splitlines())


def test_the_present_month_has_a_forecast(company: Company, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three weeks of a dollar a day: a month of thirty days comes to about thirty dollars."""
    today = date(2026, 9, 21)
    monkeypatch.setattr("masthead.metering.costs.views.now", lambda: datetime(2026, 9, 21, 12, tzinfo=UTC))
    for ago in range(21):
        CallDay.objects.create(
            workspace_id=company.workspace.pk, channel_id=channel.pk, platform="x", day=today - timedelta(days=ago),
            operation="create_post", purpose="publish", price_key="post.create", calls=60, charged=60, units=60,
            micros=1_000_000, currency="USD",
        )  # fmt: skip
    text = seen(company)
    assert "Forecast" in text and "USD 30.00" in text and "four times of five" in text
    assert "Forecast" not in seen(company, "2026-08"), "what is over is known"
