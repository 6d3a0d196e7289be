"""`masthead audit`: looks for posts in a corpus. Needs neither server nor database; what takes long to load is loaded when it is used."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(no_args_is_help=True, help="Look for posts in a corpus, such as the text a model was trained on.")
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a run.")]
Workers = Annotated[int, typer.Option(min=0, max=1024, help="Processes on this machine [default: one for each core].")]
On = Annotated[str, typer.Option(help="A cluster: dask://host:port or ray://host:port.")]
PARTS = "masthead.rights.audit."
TEXT = ["text"]
FAULTS = {
    "executors": ["Stopped"],
    "folder": ["NotARun"],
    "posts": ["WrongPosts"],
    "run": ["Refused"],
    "storage": ["Unreadable"],
}


@app.command()
def run(
    posts: Annotated[
        str, typer.Option(help="The posts: JSON Lines with id and text, and if known posted_at, decoy, twin_of.")
    ],
    corpus: Annotated[
        list[str], typer.Option(help="A file, folder, glob or s3:// address; may be given several times.")
    ],
    field: Annotated[
        list[str], typer.Option(help="The field or column with the text; may be given several times.")
    ] = TEXT,
    form: Annotated[
        str, typer.Option("--format", help="jsonl, lines, text, parquet or warc [default: by the file's ending].")
    ] = "",
    out: Annotated[Path, typer.Option(help="The folder of the run; it must be new.")] = Path("audit"),
    workers: Workers = 0,
    on: On = "",
    n: Annotated[
        int, typer.Option("--n", min=3, max=8, help="Words in a row that a place must share with a post.")
    ] = 4,
    seed: Annotated[int, typer.Option(help="For what is drawn at random; the same seed gives the same result.")] = 0,
    target: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of wrong attributions that is accepted.")
    ] = 0.05,
) -> None:
    """Look for posts in a corpus and write what is found, with its evidence, into a folder."""
    options = {"fields": tuple(field), "form": _form(form), "n": n, "seed": seed, "target": target}
    _try(lambda: _start(out, posts, corpus, options))
    _try(lambda: _carry_out(out, workers, on))


@app.command()
def resume(folder: Folder, workers: Workers = 0, on: On = "") -> None:
    """Go on with a run that was stopped or killed. The result is the same as if it had not been."""
    _try(lambda: _carry_out(folder, workers, on))


@app.command()
def show(
    folder: Folder,
    prove: Annotated[int, typer.Option(min=0, help="Read this many matches again from the corpus.")] = 0,
) -> None:
    """Print what a run found, what could not be read, and where the report is. Ends with 1 where a match cannot be proven."""
    _try(lambda: _show(import_module(f"{PARTS}folder").Folder(folder), prove))


def _form(form: str) -> str:
    known = import_module(f"{PARTS}corpus").FORMS
    if form and form not in known:
        _fail(f"--format {form} is not known. Choose one of {', '.join(known)}.")
    return form


def _start(out: Path, posts: str, corpus: list[str], options: dict[str, Any]) -> None:
    running = import_module(f"{PARTS}run")
    folder = running.start(out, posts, corpus, running.Options(**options))
    about = folder.run
    typer.echo(
        f"{about['posts']['count']:,} posts, {len(about['inputs']):,} files in {about['tasks']:,} tasks. Run: {out}"
    )
    for one in about["skipped"][:10]:
        typer.echo(f"Left out: {one['place']} {one['problem']}. {one['remedy']}", err=True)


def _carry_out(path: Path, workers: int, on: str) -> None:
    running = import_module(f"{PARTS}run")
    folder = import_module(f"{PARTS}folder").Folder(path)
    try:
        running.carry_out(folder, workers=workers or os.cpu_count() or 1, on=on, tell=_teller())
    except KeyboardInterrupt:
        _fail(f"Stopped. Go on with: masthead audit resume {path}")
    ending = import_module(f"{PARTS}conclude")
    if not ending.concluded(folder):
        ending.conclude(folder, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    _show(folder, 0)


def _teller() -> Callable[[Any], None]:
    """Tells how far it is: in place on a terminal, a line now and then in a log."""
    live = sys.stderr.isatty()
    said = [0.0]

    def tell(progress: Any) -> None:
        if progress.seconds - said[0] < (0.5 if live else 10) and progress.done < progress.total:
            return
        said[0] = progress.seconds
        sys.stderr.write(f"\r\x1b[K{progress.line()}" if live else f"{progress.line()}\n")
        if live and progress.done >= progress.total:
            sys.stderr.write("\n")
        sys.stderr.flush()

    return tell


def _show(folder: Any, prove: int) -> None:
    result, words = folder.result, import_module(f"{PARTS}progress")
    totals = result["totals"]
    typer.echo(
        f"{totals['matches']:,} matches in {totals['documents']:,} documents ({words.size(totals['size'])} of text), "
        f"{totals['problems']:,} problems."
    )
    for one in result["inputs"]:
        typer.echo(
            f"  {one['place']}: {one['matches']:,} matches, {one['documents']:,} documents, sha256 {one['sha256']}"
        )
    for number, one in enumerate(folder.problems()):
        if number == 10:
            typer.echo(f"  More in {folder.path / 'problems.jsonl'}")
            break
        where = "".join(f", {name} {one[name]}" for name in ("document", "byte") if name in one)
        typer.echo(f"  Problem: {one['source']}{where}: {one['problem']}. {one['remedy']}")
    for name in ("matches.jsonl", "findings.jsonl", "report.html", "report.pdf"):
        if (folder.path / name).exists():
            typer.echo(f"{folder.path / name}")
    if prove:
        _prove(folder, prove)


def _prove(folder: Any, count: int) -> None:
    values, evidence = import_module(f"{PARTS}corpus"), import_module(f"{PARTS}evidence")
    about = folder.run
    sources = {one["place"]: values.Source(**one) for one in about["inputs"]}
    fields, wrong = tuple(about["options"]["fields"]), 0
    for _, match in zip(range(count), folder.matches(), strict=False):
        proven = evidence.proven(match, sources[match.source], fields)
        wrong += not proven
        where = f"{match.source}, document {match.document}, bytes {match.start} to {match.end}"
        typer.echo(f"{'Stands' if proven else 'DOES NOT STAND'} there: {where}: {match.text[:80]!r}")
    if wrong:
        _fail(f"{wrong} matches do not stand where the run says. Has the corpus or the run's folder been changed?")


def _try(act: Callable[[], None]) -> None:
    expected = tuple(getattr(import_module(f"{PARTS}{part}"), name) for part, names in FAULTS.items() for name in names)
    try:
        act()
    except expected as reason:
        _fail(str(reason))


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)
