"""`masthead archive`: bringing an account's own export in from this machine, without an upload."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from masthead.config.installation import database, make_keys, prepare

app = typer.Typer(no_args_is_help=True, help="The archive: what was brought in from outside.")


@app.callback()
def archive() -> None:
    """The archive: what was brought in from outside."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The export as the platform gave it.", exists=True)],
    workspace: Annotated[str, typer.Option(help="The workspace's short name, as in its address.")],
    home: Annotated[Path | None, typer.Option("--home", help="The data directory [default: MASTHEAD_HOME].")] = None,
) -> None:
    """Read an account's own export into a workspace. Stopped in the middle, the same command goes on."""
    place = prepare(home)
    make_keys(place)
    with database(place):
        import_module("masthead.config.ready")
        part = import_module("masthead.rights.archive.imports.from_disk")
        try:
            row = part.bring_file(file, workspace)
        except part.Unknown as unknown:
            _fail(str(unknown))
        _report(row)


def _report(row: Any) -> None:
    for one in row.problems:
        typer.echo(f"{one['entry']}: {one['why']} {one['remedy']}")
    if row.troubled > len(row.problems):
        typer.echo(f"and {row.troubled - len(row.problems)} more problems")
    typer.echo(f"{row.state}: {row.seen} entries read, {row.added} new records, {row.troubled} problems.")
    if row.state != "finished":
        raise typer.Exit(1)


def _fail(text: str) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(1)
