"""`masthead rights`: check a dataset anywhere, without a database."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What may be done with records, and proof of what was done.")


@app.callback()
def rights() -> None:
    """Keep the commands in a group."""


@app.command()
def verify(
    place: Annotated[Path, typer.Argument(metavar="FOLDER", help="A dataset: its folder, or the zip.", exists=True)],
    key: Annotated[
        Path | None, typer.Option("--key", help="The public key (PEM) that the publisher gave you.", exists=True)
    ] = None,
) -> None:
    """Check a dataset's signature, digests and counts, without a network. Ends with 1 where something is wrong."""
    checking = import_module("masthead.rights.datasets.check")
    try:
        trusted = import_module("masthead.rights.datasets.dsse").read_public(key.read_bytes()) if key else None
    except ValueError as error:
        typer.echo(f"{key}: {error} Give the file that begins with BEGIN PUBLIC KEY.", err=True)
        raise typer.Exit(2) from None
    found = checking.check(place, trusted)
    for fault in found.faults:
        typer.echo(fault, err=True)
    if not found.good:
        raise typer.Exit(1)
    told = found.statement.predicate
    typer.echo(f"Nothing was changed since it was signed with key {found.key_id[:16]}.")
    typer.echo(f"For {told['use']}: {told['purpose']}" + (f" (to {told['to']})" if told["to"] else ""))
    for name, rows in told["rows"].items():
        typer.echo(f"{name}: {rows} rows")
    if not found.trusted:
        typer.echo(
            "The key lies beside the data, so this does not show who signed. Ask the publisher for it: --key FILE"
        )
