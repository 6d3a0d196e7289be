"""`masthead rights`: what the platforms' terms allow, and checking a dataset anywhere; without a database."""

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
        typer.echo(_printable(fault), err=True)
    if not found.good:
        raise typer.Exit(1)
    typer.echo(f"Nothing was changed since it was signed with key {found.key_id[:16]}.")
    told = {name: _printable(found.statement.predicate.get(name)) for name in ("use", "purpose", "to")}
    typer.echo(f"For {told['use']}: {told['purpose']}" + (f" (to {told['to']})" if told["to"] else ""))
    for name, rows in found.statement.predicate["rows"].items():
        typer.echo(f"{_printable(name)}: {rows} rows")
    if not found.trusted:
        typer.echo(
            "The key lies beside the data, so this does not show who signed. Ask the publisher for it: --key FILE"
        )


def _printable(words: object) -> str:
    """What somebody else wrote, without signs that would steer a terminal."""
    return "".join(char if char.isprintable() else "?" for char in str(words or ""))


@app.command()
def rules(platform: str = typer.Argument("", help="A platform; without one, a line for each.")) -> None:
    """Print what a platform's terms allow, rule by rule with clause and source; ends with 1 for an unknown platform."""
    platforms, listing = import_module("masthead.connectors").PLATFORMS, import_module("masthead.contract.terms_page")
    if not platform:
        for one in platforms.values():
            counted = {word: sum(term.verdict == word for term in one.terms.rules) for word in ("allow", "ask", "deny")}
            told = ", ".join(f"{number} {word}" for word, number in counted.items())
            typer.echo(f"{one.key:18} {one.terms.version:12} {told}")
        return
    if platform not in platforms:
        typer.echo(f"There is no platform {platform}. Known: {', '.join(sorted(platforms))}", err=True)
        raise typer.Exit(1)
    for line in listing.lines(platforms[platform]):
        typer.echo(line)


@app.command()
def page() -> None:
    """Print the page docs/reference/terms.md as the connectors' data has it."""
    platforms = import_module("masthead.connectors").PLATFORMS
    typer.echo(import_module("masthead.contract.terms_page").page(platforms), nl=False)
