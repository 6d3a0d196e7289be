"""`masthead prices`: what platforms charge. Only `override` needs an installation; the rest reads the catalogue's files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from masthead.config.installation import database, make_keys, prepare
from masthead.kit.money import Money

app = typer.Typer(no_args_is_help=True, help="What each platform charges, since when, and who says so.")
Plan = Annotated[str, typer.Option(help="A plan's key, such as ppu.")]
Day = Annotated[str, typer.Option(help="A day, such as 2026-04-20 [default: today].")]


@app.command()
def check() -> None:
    """List what the catalogue lacks and what nobody has looked up for 90 days; ends with 1 where there is any."""
    known, checking = _known(), import_module("masthead.metering.price_check")
    today = datetime.now(UTC).date()
    faults = checking.missing(known, import_module("masthead.connectors").PLATFORMS, today)
    old = checking.stale(known, today)
    for line in faults:
        typer.echo(line)
    for row in old:
        typer.echo(f"{row.platform}: looked up on {row.checked_on:%Y-%m-%d}: {row.source}")
    typer.echo(f"{len(faults)} missing, {len(old)} sources too old.")
    if faults or old:
        raise typer.Exit(1)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A day, such as 2026-04-19.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="A later day.")],
    platform: Annotated[str, typer.Option(help="Only this platform.")] = "",
) -> None:
    """Print the fees, prices and allowances that changed between two days."""
    found = import_module("masthead.metering.price_check").changes(_known(), _day(before), _day(after))
    for one in found:
        if platform in ("", one.platform):
            typer.echo(f"{one.platform}: {one.what}: {one.before or 'nothing'} -> {one.after or 'nothing'}")


@app.command()
def show(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="A platform's key.")],
    plan: Plan = "",
    at: Day = "",
) -> None:
    """Print what a platform charges on a day."""
    tariff = _known().tariffs.get(platform)
    if tariff is None:
        _fail(f"There is no platform {platform}. Known: {', '.join(sorted(_known().tariffs))}.")
    elif plan and plan not in {one.key for one in tariff.plans}:
        _fail(f"{tariff.name} has no plan {plan}. Known: {', '.join(sorted({one.key for one in tariff.plans}))}.")
    else:
        facts = import_module("masthead.metering.price_check").facts(tariff, _day(at))
        for what, value in facts.items():
            if not plan or what.startswith(f"{plan}: "):
                typer.echo(f"{what:58} {value}")


@app.command()
def page() -> None:
    """Print the page docs/reference/prices.md as the catalogue has it."""
    typer.echo(import_module("masthead.metering.price_page").page(_known()), nl=False)


@app.command()
def override(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="A platform's key.")],
    key: Annotated[str, typer.Argument(metavar="KEY", help="A price key, such as post.read.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="For one unit, such as 0.004; or remove.")],
    plan: Plan = "",
    since: Annotated[str, typer.Option("--from", help="The first day it holds.")] = "",
    until: Annotated[str, typer.Option("--to", help="The first day it no longer holds.")] = "",
    note: Annotated[str, typer.Option(help="Why, such as the number of a contract.")] = "",
    home: Annotated[Path | None, typer.Option("--home", help="The data directory [default: MASTHEAD_HOME].")] = None,
) -> None:
    """Put a price of your own over the catalogue's, or remove it."""
    place = prepare(home)
    make_keys(place)
    with database(place):
        import_module("masthead.config.ready")
        part = import_module("masthead.metering.overrides")
        if amount == "remove":
            typer.echo(f"{part.remove(platform, plan, key)} removed.")
            return
        try:
            tariff = _known().tariffs.get(platform)
            money = Money.of(amount, tariff.currency if tariff else "USD")
            mine = import_module("masthead.metering.prices").Override(
                platform, plan, key, money, _bound(since), _bound(until), note
            )
            part.put(mine)
        except ValueError as error:
            _fail(str(error))
        typer.echo(f"{platform}: {key} costs {money}.")


def _known():
    rows: ModuleType = import_module("masthead.metering.price_rows")
    try:
        return rows.catalogue()
    except rows.CatalogueFault as fault:
        _fail(str(fault))


def _day(text: str) -> date:
    return _bound(text) or datetime.now(UTC).date()


def _bound(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        _fail(f"{text} is not a day such as 2026-04-20.")
        return None


def _fail(text: str) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(1)
