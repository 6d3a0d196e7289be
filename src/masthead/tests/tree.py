"""What the architecture and document tests read: the tracked files, their imports, their settings."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
_LEFT_OUT = {"node_modules", "__pycache__", "site", "dist", "var", "screenshots"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is or would be committed: what git names, or the whole folder where there is no git."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        paths: Iterator[Path] = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    else:
        paths = (path for path in ROOT.rglob("*") if not _is_left_out(path.relative_to(ROOT).parts))
    return tuple(sorted(path for path in paths if path.is_file()))


def _is_left_out(parts: tuple[str, ...]) -> bool:
    hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
    return hidden or bool(_LEFT_OUT & set(parts))


def sources(*, tests: bool = False) -> list[Path]:
    """The package's Python files without migrations; with `tests` also what only tests import."""
    found = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(PACKAGE)]
    found = [path for path in found if "migrations" not in path.parts]
    return found if tests else [path for path in found if not is_test(path)]


def is_test(path: Path) -> bool:
    """True for files of a tests folder and for conftest.py."""
    return "tests" in path.relative_to(ROOT).parts or path.name == "conftest.py"


def module(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = list(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a file imports; "from a import b" gives a and a.b."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path: Path) -> str:
    """The path as a reader names it."""
    return path.relative_to(ROOT).as_posix()


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Tracked text files of these endings (or every readable one) with their content."""
    for path in tracked():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
