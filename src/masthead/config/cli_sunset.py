"""`masthead sunset`: ends that hold for the whole installation. Those of one workspace are announced on its Sunset page."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from masthead.config.installation import database, make_keys, prepare
from masthead.contract.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Ends of platforms that hold for the whole installation.")
Home = Annotated[Path | None, typer.Option("--home", help="The data directory [default: MASTHEAD_HOME].")]


@app.command()
def announce(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="A platform's key.")],
    ends_at: Annotated[str, typer.Argument(metavar="TIME", help="With its offset, such as 2026-12-24T09:00+01:00.")],
    scope: Annotated[str, typer.Option(help="platform, server, plan, feature or api_version.")] = "platform",
    subject: Annotated[str, typer.Option(help="Which server, plan, operation or version.")] = "",
    source: Annotated[str, typer.Option(help="The address of the announcement.")] = "",
    note: Annotated[str, typer.Option(help="What people should know.")] = "",
    home: Home = None,
) -> None:
    """Announce an end in every workspace."""
    at = _time(ends_at)
    fields = {"platform": platform, "scope": scope, "subject": subject, "source": source, "note": note, "ends_at": at}
    if scope not in ("platform", "server", "plan", "feature", "api_version"):
        _fail(f"{scope} is not a scope for the whole installation.")
    if platform not in import_module("masthead.connectors").PLATFORMS:
        _fail(f"There is no platform {platform}.")
    made = _with(home, lambda part, now: part.announce_for_all(now=now, **fields))
    typer.echo(f"{made.pk}: {platform} ends on {made.ends_at.isoformat()}.")


@app.command()
def withdraw(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="From the list.")], home: Home = None
) -> None:
    """Take an end of the whole installation back."""
    _with(home, lambda part, now: part.withdraw_for_all(number, now=now))
    typer.echo("Withdrawn.")


@app.command(name="list")
def list_(home: Home = None) -> None:
    """List the ends of the whole installation."""
    rows = _with(home, lambda part, now: list(part.Sunset.objects.filter(workspace=None)))
    for row in rows:
        state = "withdrawn" if row.withdrawn_at else "announced"
        typer.echo(" ".join(filter(None, (f"{row.pk}:", row.platform, row.subject, row.ends_at.isoformat(), state))))


def _with(home: Path | None, act: Any) -> Any:
    place = prepare(home)
    make_keys(place)
    with database(place):
        import_module("masthead.config.ready")
        try:
            return act(import_module("masthead.channels.for_all"), import_module("masthead.kit.clock").now())
        except Refused as refused:
            _fail(f"{refused.message} {refused.remedy}")


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"{text} is not a time such as 2026-12-24T09:00+01:00.")
    if at.tzinfo is None:
        _fail(f"{text} has no offset, such as +01:00 or Z.")
    return at


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
