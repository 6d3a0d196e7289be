"""The command `masthead`. Django is loaded only by the commands that need it, never by the parent process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Annotated
from urllib.parse import quote

import typer

from masthead.config import cli_archive, cli_audit, cli_platforms, cli_prices, cli_rights, cli_sunset
from masthead.config.installation import database, make_keys, prepare
from masthead.config.lean import become, run
from masthead.config.supervise import LOCK_NAME, MIGRATED, CannotStart, Installation
from masthead.kit.database import DatabaseFault, EmbeddedPostgres
from masthead.kit.locks import FileLock, Taken
from masthead.kit.orphans import end_with_parent

app = typer.Typer(
    name="masthead",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Masthead publishes what you write, once and on time, on every platform.",
)
person = typer.Typer(no_args_is_help=True, help="What is held about a person: give it to them, or erase it.")
app.add_typer(person, name="person")
app.add_typer(cli_audit.app, name="audit")
app.add_typer(cli_archive.app, name="archive")
app.add_typer(cli_platforms.app, name="platforms")
app.add_typer(cli_prices.app, name="prices")
app.add_typer(cli_rights.app, name="rights")
app.add_typer(cli_sunset.app, name="sunset")
SANDBOX_STEP = 20
Home = Annotated[Path | None, typer.Option("--home", help="The data directory [default: MASTHEAD_HOME].")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]
Email = Annotated[str, typer.Argument(help="The address with which the person signs in.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many worker processes.")]


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1, home: Home = None) -> None:
    """Run everything on this machine: database (unless DATABASE_URL is set), web and workers."""
    os.environ.setdefault("MASTHEAD_PUBLIC_URL", f"http://localhost:{port}")
    _run(Installation(prepare(home), host, port, workers))


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1, home: Home = Path("var/demo")) -> None:
    """Run everything with sample data and a platform that only pretends; nothing leaves this machine."""
    os.environ.update(MASTHEAD_SANDBOX="1", MASTHEAD_ALLOW_PRIVATE="1")
    os.environ.setdefault("MASTHEAD_PUBLIC_URL", f"http://localhost:{port}")
    place, beside = prepare(home), port + SANDBOX_STEP
    os.environ.setdefault("MASTHEAD_SANDBOX_URL", f"http://127.0.0.1:{beside}")
    # In the terminal an e-mail would stand between the address and the sign-in that people look for.
    os.environ.setdefault("EMAIL_URL", f"filemail:///{quote(str(place / 'mail'))}")
    network = ["sandbox", "--port", str(beside), "--data", str(place / "sandbox.db")]
    _run(Installation(place, host, port, workers, before=[["seed-demo"]], beside=[network]))


@app.command()
def web(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Requests answered at the same time.")] = 8,
) -> None:
    """Run only the web server; other machines or processes run the workers."""
    _live("web", host, port, threads)


@app.command()
def worker() -> None:
    """Run one worker: it publishes what is due. Any number may share one database."""
    _live("worker")


@app.command()
def migrate() -> None:
    """Bring the database up to this version. `up` does it by itself."""
    with _installation():
        _migrate()


@app.command()
def sandbox(
    port: Port = 8020,
    data: Annotated[Path, typer.Option(help="The file that keeps its posts.")] = Path("sandbox.db"),
    ads_day_seconds: Annotated[float, typer.Option(min=1, help="How long a day of its ad market lasts.")] = 86_400,
) -> None:
    """Run the sandbox, a small social network with an ad market to try things out on. `demo` does it by itself."""
    told = ["--port", str(port), "--data", str(data), "--ads-day-seconds", str(ads_day_seconds)]
    import_module("masthead.contract.testing").main(told)


@app.command("seed-demo")
def seed_demo() -> None:
    """Bring the database up to this version and fill it with sample data; what is there stays."""
    with _installation():
        _migrate()
        print(MIGRATED, flush=True)
        _part("demo").seed()


@app.command()
def doctor(home: Home = None) -> None:
    """Look at everything that can be wrong and say what to do. Ends with 1 when something has failed."""
    with _installation(home):
        raise typer.Exit(0 if _part("doctor").examine() else 1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write, such as masthead.tar.gz.")],
    with_keys: Annotated[bool, typer.Option("--with-keys", help="Put the keys in too; keep the file secret")] = False,
    home: Home = None,
) -> None:
    """Write database and media into one file. The keys stay out unless asked for."""
    with _installation(home):
        part = _part("backup")
        _try(part.Unusable, part.write, file, with_keys=with_keys)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="An archive of `masthead backup`.")], home: Home = None) -> None:
    """Put a backup into an empty installation. Masthead must be stopped."""
    with _stopped(home), _installation(home):
        part = _part("restore")
        _try(part.Unusable, part.read, file)


@person.command("export")
def person_export(email: Email, home: Home = None) -> None:
    """Print everything held about a person, as JSON."""
    with _installation(home):
        part = _part("people")
        _try(part.Unknown, part.export, email)


@person.command("erase")
def person_erase(email: Email, home: Home = None) -> None:
    """Delete a person's account and take the name off what stays with the workspaces. This cannot be undone."""
    with _installation(home):
        part = _part("people")
        _try(part.Unknown, part.erase, email)


@app.command("rotate-key")
def rotate_key(
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Forget the old keys after that.")] = False,
    home: Home = None,
) -> None:
    """Make a new key and encrypt all stored sign-ins with it. Masthead must be stopped."""
    with _stopped(home), _installation(home):
        _part("rotate").rotate(drop_old=drop_old)


@app.command("version")
def show_version() -> None:
    """Say which version this is."""
    typer.echo(version("masthead"))


def main() -> None:
    """The entry point: commands of the API client are there when their module is."""
    if owner := _owner():
        end_with_parent(owner)
    if find_spec("masthead.config.cli_api"):
        app.registered_groups += import_module("masthead.config.cli_api").app.registered_groups
        app.registered_commands += import_module("masthead.config.cli_api").app.registered_commands
    app()


def _owner() -> int:
    """The process that started us as one of its parts; 0 for none."""
    return int(os.environ.get("MASTHEAD_PARENT") or 0)


def _live(part: str, *arguments: object) -> None:
    """Run a part until it is told to stop; only the one that owns the embedded database must stay what it is."""
    with _installation() as server:
        if server is None:
            become(part, *arguments)
        run(part, [str(one) for one in arguments])


@contextmanager
def _installation(home: Path | None = None) -> Iterator[EmbeddedPostgres | None]:
    place = prepare(home)
    make_keys(place)
    try:
        with database(place) as server:
            yield server
    except DatabaseFault as fault:
        _fail(str(fault))


@contextmanager
def _stopped(home: Path | None) -> Iterator[None]:
    try:
        with FileLock(prepare(home) / LOCK_NAME):
            yield
    except Taken as taken:
        _fail(f"Masthead runs on this data ({taken.note}). Stop it first.")


def _part(name: str) -> ModuleType:
    import_module("masthead.config.ready")
    return import_module(f"masthead.config.{name}")


def _migrate() -> None:
    part = _part("migrate")
    try:
        part.migrate()
    except part.NewerSchema as newer:
        _fail(str(newer))


def _run(installation: Installation) -> None:
    try:
        installation.run()
    except CannotStart as reason:
        _fail(str(reason))


def _try(expected: type[Exception], act, *arguments: object, **named: object) -> None:
    try:
        typer.echo(act(*arguments, **named))
    except expected as reason:
        _fail(str(reason))


def _fail(text: str) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
