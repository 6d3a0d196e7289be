"""Which corpora may be read: what lies below the folders and addresses that the operator names, and nothing else.

A form or a program only ever names something below one of them. Links are refused, since they lead elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

S3 = "s3://"
DEPTH = 2
MOST = 300
"""So many files and folders are offered; others can be named below one of them."""
WILD = frozenset("*?[]\\\0")


class NotOffered(Exception):
    """A place that may not be read, or is not there; the text says why."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder, or a beginning of addresses, that the operator names."""

    place: str

    @property
    def name(self) -> str:
        """What people see: a folder's own name, an address whole."""
        return self.place if self.place.startswith(S3) else Path(self.place).name


def roots() -> list[Root]:
    """What the operator names: whole paths of folders, and `s3://` addresses."""
    named = [one.strip().rstrip("/") for one in settings.CORPORA]
    return [Root(one) for one in dict.fromkeys(named) if len(one) > len(S3) and one.startswith(("/", S3))]


def offered() -> list[tuple[str, str]]:
    """Value and words of what can be chosen: each root, and what lies in it two levels deep."""
    found: list[tuple[str, str]] = []
    for number, root in enumerate(roots()):
        found.append((f"{number}/", f"{root.name}/"))
        found += [(f"{number}/{one}", f"{root.name}/{one}") for one in islice(_below(root), MOST)]
    return found


def chosen(value: str, below: str = "") -> dict[str, str]:
    """A value of `offered`, and what is wanted below it, as an audit keeps it. Raises NotOffered."""
    number, _slash, first = value.partition("/")
    known = roots()
    if not (number.isascii() and number.isdigit() and int(number) < len(known)):
        raise NotOffered(_("Choose one of the corpora that are offered."))
    corpus = {"root": known[int(number)].place, "below": "/".join(one for one in (first, below.strip()) if one)}
    place_of(corpus)
    return corpus


def named(name: str, below: str = "") -> dict[str, str]:
    """The same for programs, which give a root by its name. Raises NotOffered."""
    found = [number for number, one in enumerate(roots()) if one.name == name]
    return chosen(f"{found[0]}/" if found else "", below)


def place_of(corpus: dict[str, str]) -> str:
    """The path or address that is read. Raises NotOffered where the operator does not, or no longer, allow it."""
    root, below = corpus.get("root", ""), corpus.get("below", "")
    if root not in {one.place for one in roots()}:
        raise NotOffered(_("The operator does not offer this corpus any more."))
    _check(below)
    if root.startswith(S3):
        return f"{root}/{below}"
    return str(_walked(Path(root), below))


def without_links(place: str) -> None:
    """Raises NotOffered where a link lies below a folder: what it leads to could be anything."""
    if place.startswith(S3):
        return
    for top, folders, files in os.walk(place):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *files):
            if not name.startswith(".") and Path(top, name).is_symlink():
                raise NotOffered(
                    _("%s is a link. Audits from pages follow none: put the file itself there.") % Path(top, name).name
                )


def words_of(corpus: dict[str, str]) -> str:
    """The corpus as people see it, without where it lies on the server."""
    name = Root(corpus.get("root", "")).name
    return f"{name}/{corpus.get('below', '')}"


def _check(below: str) -> None:
    parts = below.split("/")
    if below and (below.startswith("/") or len(below) > 1000 or any(one.startswith(".") for one in parts)):
        raise NotOffered(_("Name something below the corpus, without “..” and hidden names."))
    if WILD & set(below):
        raise NotOffered(_("Name one file or folder, without wildcards."))


def _walked(root: Path, below: str) -> Path:
    """Step by step, so that no link on the way is followed."""
    path = root
    for part in filter(None, below.split("/")):
        path /= part
        if path.is_symlink():
            raise NotOffered(_("%s is a link. Audits from pages follow none: put the file itself there.") % part)
    if not (path.is_dir() or path.is_file()):
        raise NotOffered(_("There is no such file or folder: %s") % (below or root.name))
    return path


def _below(root: Root) -> Iterator[str]:
    if not root.place.startswith(S3):
        yield from _entries(Path(root.place), "", DEPTH)


def _entries(folder: Path, before: str, depth: int) -> Iterator[str]:
    try:
        found = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        return
    for one in found:
        if one.is_symlink() or one.name.startswith(".") or WILD & set(one.name):
            continue
        yield f"{before}{one.name}"
        if depth > 1 and one.is_dir():
            yield from _entries(folder / one.name, f"{before}{one.name}/", depth - 1)
