"""What the catalogue lacks, what is old in it, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from typer.testing import CliRunner

from masthead.config.cli import app
from masthead.connectors import PLATFORMS
from masthead.contract.operations import Operation
from masthead.metering.price_check import changes, missing, stale
from masthead.metering.price_rows import catalogue

TODAY = date(2026, 11, 24)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["prices", *words])
    return result.exit_code, result.output


def test_the_catalogue_knows_every_platform_plan_and_price_key_of_the_connectors():
    assert missing(catalogue(), PLATFORMS, TODAY) == []


def test_what_a_connector_has_and_the_catalogue_lacks_is_named():
    sandbox = PLATFORMS["sandbox"]
    new = Operation("new", "GET", "/new", price_key="new.read")
    strange = {"sandbox": replace(sandbox, operations={**sandbox.operations, "new": new}), "nowhere": sandbox}
    assert missing(catalogue(), strange, TODAY) == [
        "sandbox: no price for new.read",
        "nowhere: no file in the catalogue",
    ]


def test_a_row_in_force_is_old_after_ninety_days_and_one_that_ended_never():
    checked = date(2026, 8, 22)
    fine, late = checked + timedelta(days=90), checked + timedelta(days=91)
    assert not [row for row in stale(catalogue(), fine) if row.platform == "x"]
    old = [row for row in stale(catalogue(), late) if row.platform == "x"]
    assert old and all(row.holds(late) for row in old)


def test_the_change_of_april_2026_is_told():
    told = {one.what: (one.before, one.after) for one in changes(catalogue(), date(2026, 4, 19), date(2026, 4, 20))}
    assert told["ppu: post.create"] == ("USD 0.01 per request", "USD 0.015 per request")
    assert told["ppu: post.create.url"] == ("", "USD 0.20 per request")
    assert told["ppu: post.read.owned when own_app"] == ("", "USD 0.001 per resource")
    assert "ppu: post.read" not in told


def test_the_command_shows_and_compares_and_refuses_what_it_does_not_know():
    code, told = run("show", "x", "--plan", "basic", "--at", "2024-12-01")
    assert code == 0 and [line.split("  ")[0] + line[58:] for line in told.splitlines()] == [
        "basic: fee USD 200.00 a month",
        "basic: posts per app and billing cycle 50,000 (included)",
        "basic: posts per account and billing cycle 3,000 (included)",
        "basic: reads per app and billing cycle 10,000 (included)",
    ]
    code, told = run("diff", "2026-08-12", "2026-08-13")
    assert (code, told) == (0, "x: ppu: reads per app and billing cycle: 2,000,000 (cap) -> 3,000,000 (cap)\n")
    for words, fault in (
        (("show", "nowhere"), "There is no platform nowhere"),
        (("show", "x", "--plan", "gold"), "X has no plan gold"),
        (("diff", "soon", "later"), "soon is not a day"),
    ):
        code, told = run(*words)
        assert code == 1 and fault in told
