"""`masthead platforms`: what the connectors' data says, without an installation. Connectors are loaded only when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from types import ModuleType

import typer

app = typer.Typer(no_args_is_help=True, help="What each platform can do, and how old what we know of it is.")


def _known(which: str = "EVERY") -> tuple[ModuleType, Mapping]:
    return import_module("masthead.contract.listing"), getattr(import_module("masthead.connectors"), which)


@app.command("list")
def list_() -> None:
    """Print each platform with what its tests run against and the day its oldest limit was looked up."""
    listing, platforms = _known()
    for one in platforms.values():
        oldest = min(source.checked_on for source in listing.facts(one))
        typer.echo(f"{one.key:18} {', '.join(listing.tested(one)):24} {oldest:%Y-%m-%d}")


@app.command()
def check() -> None:
    """List the limits that nobody has looked up for 90 days; ends with 1 where there are any."""
    listing, platforms = _known()
    old = listing.stale(platforms, datetime.now(UTC).date())
    for one in old:
        typer.echo(f"{one.platform}: looked up on {one.source.checked_on:%Y-%m-%d}: {one.source.url}")
    typer.echo(f"{len(old)} of {sum(len(listing.facts(one)) for one in platforms.values())} sources are too old.")
    if old:
        raise typer.Exit(1)


@app.command()
def page() -> None:
    """Print the page docs/reference/platforms.md as the connectors' data has it."""
    listing, platforms = _known("PLATFORMS")
    typer.echo(listing.page(platforms), nl=False)
