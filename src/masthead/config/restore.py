"""`masthead restore`: check every checksum of an archive first, then put it into an empty installation."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from masthead.config.backup import DUMP, FORMAT, KEYS, MANIFEST, MEDIA, Unusable, run_tool
from masthead.config.home import home
from masthead.config.rotate import rewrite
from masthead.kit.secrets import key_file, keyring, keys_from

LARGEST_MANIFEST = 200_000_000


def read(file: Path) -> str:
    """Restore `file`; the sentence to show. Raises Unusable before anything was changed, or while it is."""
    _refuse_full_database()
    with tempfile.TemporaryDirectory(dir=home()) as bench:
        parts = unpack(file, Path(bench))
        _restore_keys(parts)
        _restore_media(parts)
        run_tool("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(parts[DUMP]))
    has_keys = any(name.startswith(KEYS) for name in parts)
    after = "" if has_keys else f" It held no keys: put your key file at {key_file()}."
    files = sum(name.startswith(MEDIA) for name in parts)
    return f"Restored database and {files} media files.{after} Next: `masthead up`."


def unpack(file: Path, bench: Path) -> dict[str, Path]:
    """Copy the archive's files under numbers into `bench` and compare all checksums; names never become paths here."""
    parts: dict[str, Path] = {}
    digests: dict[str, str] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for number, entry in enumerate(archive):
                _check_entry(entry, parts)
                parts[entry.name] = bench / str(number)
                digests[entry.name] = _copy(archive, entry, parts[entry.name])
    except (OSError, EOFError, tarfile.TarError) as error:
        raise Unusable(f"{file} cannot be read as a backup: {error}.") from error
    _compare(_manifest(parts.pop(MANIFEST, None)), digests)
    return parts


def _check_entry(entry: tarfile.TarInfo, known: dict[str, Path]) -> None:
    path = PurePosixPath(entry.name)
    inside = entry.name in (DUMP, MANIFEST) or entry.name.startswith((MEDIA, KEYS))
    if not entry.isreg() or path.is_absolute() or ".." in path.parts or "\\" in entry.name or not inside:
        raise Unusable(f"The archive holds something that no backup holds: {entry.name!r}. Nothing was restored.")
    if entry.name in known:
        raise Unusable(f"The archive holds {entry.name!r} twice. Nothing was restored.")


def _copy(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    digest, source = hashlib.sha256(), archive.extractfile(entry)
    assert source is not None
    with target.open("xb") as out:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _manifest(path: Path | None) -> dict[str, Any]:
    if path is None or path.stat().st_size > LARGEST_MANIFEST:
        raise Unusable("The archive has no list of its files; it is cut off or is no backup. Nothing was restored.")
    try:
        about = json.loads(path.read_text())
        form, files = about["format"], about["files"]
    except (ValueError, KeyError, TypeError):
        raise Unusable("The archive's list of files cannot be read. Nothing was restored.") from None
    if form != FORMAT:
        raise Unusable(f"The archive has format {form}, this Masthead reads {FORMAT}. Nothing was restored.")
    return files


def _compare(files: dict[str, Any], digests: dict[str, str]) -> None:
    found = {name: digest for name, digest in digests.items() if name != MANIFEST}
    wrong = sorted(set(files) ^ set(found)) + sorted(n for n in found if n in files and files[n]["sha256"] != found[n])
    if DUMP not in found or wrong:
        raise Unusable(f"The archive is damaged ({', '.join(wrong[:3]) or DUMP}). Nothing was restored.")


def _refuse_full_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        if cursor.fetchone()[0]:
            raise Unusable("The database is not empty. Restore into a new one: another --home or DATABASE_URL.")


def _restore_keys(parts: dict[str, Path]) -> None:
    """The archive's keys come behind those that are here; Django's signing key is replaced."""
    sealed = parts.get(f"{KEYS}{key_file().name}")
    if sealed and not os.environ.get("MASTHEAD_KEYS"):
        here = keys_from("", key_file()) if key_file().exists() else []
        rewrite(key_file(), [*here, *(key for key in keys_from("", sealed) if key not in here)])
        keyring.cache_clear()
    if signing := parts.get(f"{KEYS}django.key"):
        rewrite(home() / "django.key", [signing.read_text().strip()])


def _restore_media(parts: dict[str, Path]) -> None:
    for full, path in parts.items():
        name = full.removeprefix(MEDIA)
        if not full.startswith(MEDIA) or _is_there(name, path):
            continue
        with path.open("rb") as source:
            saved = default_storage.save(name, File(source, name=name))
        if saved != name:
            default_storage.delete(saved)
            raise Unusable(f"Another media file {name} is already there. Empty the media storage first.")


def _is_there(name: str, path: Path) -> bool:
    return default_storage.exists(name) and default_storage.size(name) == path.stat().st_size
