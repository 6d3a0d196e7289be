"""`masthead backup`: database, media and, when asked, keys in one archive with a list of checksums."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

from django.core.files.storage import default_storage

from masthead.config.home import home
from masthead.config.installation import address
from masthead.kit.clock import now
from masthead.kit.database import DatabaseFault, programs
from masthead.kit.secrets import key_file

FORMAT = 1
DUMP, MANIFEST, MEDIA, KEYS = "database.dump", "manifest.json", "media/", "keys/"
SESSIONS = ("django_session", "usersessions_usersession")
"""Tables whose rows stay behind: a session's key is all that a browser shows, so whoever reads one is signed in."""


class Unusable(Exception):
    """The backup or the restoring cannot be done; the message says why and what to do."""


def write(file: Path, *, with_keys: bool) -> str:
    """Write the archive, whole or not at all, mode 0600; the sentence to show. Raises Unusable."""
    if file.exists():
        raise Unusable(f"{file} exists already; choose another name.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            manifest = _fill(out, with_keys)
        draft.rename(file)
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    kept = "The keys are inside: keep it secret."
    if not with_keys:
        kept = f"The keys are not inside: keep a copy of {key_file()}."
    return f"{file}: database and {sum(name.startswith(MEDIA) for name in manifest)} media files. {kept}"


def _fill(out: IO[bytes], with_keys: bool) -> dict[str, dict[str, object]]:
    manifest: dict[str, dict[str, object]] = {}
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive, tempfile.TemporaryDirectory() as bench:
        for name, source in _sources(Path(bench), with_keys):
            manifest[name] = _put(archive, name, source, Path(bench))
        about = {"format": FORMAT, "masthead": version("masthead"), "made_at": now().isoformat(), "files": manifest}
        _put(archive, MANIFEST, io.BytesIO(json.dumps(about, indent=1).encode()), Path(bench))
    return manifest


def _sources(bench: Path, with_keys: bool) -> Iterator[tuple[str, IO[bytes]]]:
    dump = bench / DUMP
    without = [f"--exclude-table-data={table}" for table in SESSIONS]
    run_tool("pg_dump", "--format=custom", "--no-owner", "--no-acl", *without, f"--file={dump}")
    with dump.open("rb") as source:
        yield DUMP, source
    dump.unlink()
    for name in media_names():
        with default_storage.open(name) as source:
            yield MEDIA + name, source
    for path in (key_file(), home() / "django.key") if with_keys else ():
        if path.exists():
            with path.open("rb") as source:
                yield KEYS + path.name, source


def _put(archive: tarfile.TarFile, name: str, source: IO[bytes], bench: Path) -> dict[str, object]:
    """Copy a source of unknown length into the archive; its length and checksum."""
    digest, draft = hashlib.sha256(), bench / "draft"
    with draft.open("w+b") as copy:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = copy.tell(), 0o600, int(now().timestamp())
        copy.seek(0)
        archive.addfile(entry, copy)
    return {"bytes": entry.size, "sha256": digest.hexdigest()}


def media_names(folder: str = "") -> Iterator[str]:
    """All files of the media storage, wherever it is."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        yield from media_names(f"{folder}{name}/")


def run_tool(tool: str, *arguments: str) -> None:
    """Run a PostgreSQL program against the database; the password does not appear among the arguments."""
    url = urlsplit(address())
    place = url.netloc.rpartition("@")[2]
    netloc = f"{url.username}@{place}" if url.username else place
    target = urlunsplit(url._replace(netloc=netloc))
    secret = {"PGPASSWORD": unquote(url.password)} if url.password else {}
    done = subprocess.run(
        [find_tool(tool), f"--dbname={target}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise Unusable(f"{tool} failed: {done.stderr.strip()}")


def find_tool(tool: str) -> str:
    """The program of the embedded PostgreSQL, else one on the PATH; Unusable without either."""
    try:
        own = programs() / tool
    except DatabaseFault:
        own = Path()
    found = str(own) if own.is_file() else shutil.which(tool)
    if not found:
        raise Unusable(f"The program {tool} is not there. Install PostgreSQL's client programs.")
    return found
