"""Where the bytes lie: disk or S3, by content hash and per workspace, so that nothing is shared between workspaces."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from masthead.contract.errors import ConnectorError, Refused, TryAgain

log = structlog.get_logger()
CHUNK = 1 << 20


@contextmanager
def reaching_storage() -> Iterator[None]:
    """Name what goes wrong with storage: Refused where a content is gone, TryAgain where storage does not answer."""
    try:
        yield
    except ConnectorError:
        raise
    except FileNotFoundError:
        raise _missing() from None
    except Exception as error:  # every kind of storage has its own errors
        log.warning("media storage failed", kind=type(error).__name__)
        raise TryAgain(
            _("The media storage did not answer (%s).") % type(error).__name__, after=60, remedy=_("Try again later.")
        ) from None


def place(workspace_id: int, sha256: str, extension: str) -> str:
    """The storage path of a content."""
    return f"{workspace_id}/{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@reaching_storage()
def put(path: Path, workspace_id: int, sha256: str, extension: str) -> str:
    """Keep a file and return its storage path; content that is there already, whole, is left alone."""
    where, size = place(workspace_id, sha256, extension), path.stat().st_size
    if default_storage.exists(where):
        if default_storage.size(where) == size:
            return where
        default_storage.delete(where)
    with path.open("rb") as file:
        return str(default_storage.save(where, File(file)))


@reaching_storage()
def is_whole(where: str, size: int) -> bool:
    """True where the content is there with the size it must have."""
    return bool(default_storage.exists(where)) and default_storage.size(where) == size


@reaching_storage()
def forget(where: str) -> None:
    """Delete a content; no error if it is gone. TryAgain where storage does not answer."""
    default_storage.delete(where)


def forget_all(workspace_id: int) -> None:
    """Delete everything kept for a workspace; no error if there is nothing."""
    _clear(str(workspace_id))


def _clear(folder: str) -> None:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in filter(None, folders):
        _clear(f"{folder}/{name}")
    for name in filter(None, files):
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)  # an empty folder on a disk; S3 knows none


@contextmanager
def workbench() -> Iterator[Path]:
    """A private folder for one piece of work, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="masthead-media-") as folder:
        yield Path(folder)


def opened(where: str) -> File:
    """The content as an open file; raises FileNotFoundError where it is gone."""
    return default_storage.open(where, "rb")


@reaching_storage()
def fetch(where: str, target: Path) -> Path:
    """Copy a content out of storage into a file."""
    with default_storage.open(where, "rb") as source, target.open("wb") as out:
        shutil.copyfileobj(source, out, CHUNK)
    return target


@reaching_storage()
def read(where: str, sha256: str) -> bytes:
    """The content, checked against its hash: what was changed in storage counts as gone."""
    with default_storage.open(where, "rb") as file:
        content = bytes(file.read())
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _missing()
    return content


async def load(where: str, sha256: str) -> bytes:
    """`read` without holding up the event loop."""
    return await sync_to_async(read, thread_sensitive=False)(where, sha256)


def _missing() -> Refused:
    return Refused(
        _("The attached file is no longer in the media storage, or was changed there."),
        field="attachments",
        remedy=_("Remove it from the post and attach it again."),
    )
