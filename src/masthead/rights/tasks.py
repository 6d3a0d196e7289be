"""Ways in for time: what the worker does by itself. Safe to run twice."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.apart import apart
from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.media import bundle
from masthead.rights.archive.export import ask as copies
from masthead.rights.archive.export.telling import tell_ready
from masthead.rights.archive.export.write import write
from masthead.rights.archive.imports import ask as archives
from masthead.rights.audits import ask as audits
from masthead.rights.audits.telling import tell_audited
from masthead.rights.datasets import ask as datasets
from masthead.rights.datasets.make import make
from masthead.rights.keep import keep_all
from masthead.rights.people.erase import erase_again


@job(archives.JOB)
async def bring(payload: dict[str, Any]) -> None:
    """Read an archive that was brought."""
    await apart("masthead.rights.archive.imports.run", int(payload["import"]))


@every("rights.imports", "* * * * *")
async def imports() -> None:
    """Every minute: imports whose worker is gone."""
    await sync_to_async(archives.ask_again)(now())


@job(datasets.JOB)
async def dataset(payload: dict[str, Any]) -> None:
    """Make a dataset."""
    await bundle.made(make, int(payload["dataset"]))


@every("rights.datasets", "*/5 * * * *")
async def datasets_again() -> None:
    """Every five minutes: datasets whose worker is gone."""
    await sync_to_async(datasets.ask_again)(now())


@every("rights.clean", "37 4 * * *")
async def clean() -> None:
    """Once a day: files of old datasets, archives that nobody goes on with."""
    await sync_to_async(datasets.forget_files)(now())
    await sync_to_async(archives.forget_old)(now())
    await sync_to_async(audits.forget_folders)(now())


@job(audits.JOB)
async def audit(payload: dict[str, Any]) -> None:
    """Look for posts in a corpus, in a process of its own, and tell who asked."""
    await apart("masthead.rights.audits.run", int(payload["audit"]))
    await sync_to_async(tell_audited)(int(payload["audit"]))
    await sync_to_async(audits.ask_again)(now())


@every("rights.audits", "* * * * *")
async def audits_again() -> None:
    """Every minute: audits that wait for their turn, or whose worker is gone."""
    await sync_to_async(audits.ask_again)(now())


@job(copies.JOB)
async def export_archive(payload: dict[str, Any]) -> None:
    """Make a copy of the archive and tell who asked."""
    if await bundle.made(write, int(payload["export"])):
        await sync_to_async(tell_ready)(int(payload["export"]))


@every("rights.archive_exports", "*/5 * * * *")
async def archive_exports() -> None:
    """Every five minutes: copies whose worker is gone, and those that are old."""
    await sync_to_async(copies.ask_again)(now())
    await sync_to_async(copies.forget_old)(now())


@every("rights.keep", "17 * * * *")
async def keep() -> None:
    """Every hour: empty what may not be kept any longer, what was deleted on its platform, and words of
    erased people that came back."""
    await sync_to_async(keep_all)(now())
    await sync_to_async(erase_again)(now())
