"""Carry out an audit, from the archive to the signed report. Killed at any moment, the next process goes on; the result is the same.

It loads what reads corpora, which is large: only rights/audits/run.py imports it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from masthead.kit.clock import now as clock
from masthead.kit.locks import Taken
from masthead.rights.audit import run
from masthead.rights.audit.conclude import conclude
from masthead.rights.audit.executors import Stopped
from masthead.rights.audit.folder import Folder, NotARun
from masthead.rights.audit.posts import WrongPosts
from masthead.rights.audit.progress import Progress
from masthead.rights.audit.storage import Unreadable
from masthead.rights.audits import posts
from masthead.rights.audits.ask import folder_of
from masthead.rights.audits.corpora import NotOffered, place_of, without_links
from masthead.rights.audits.hold import Hold, State, take
from masthead.rights.audits.results import keep
from masthead.rights.models import Audit
from masthead.rights.signing import key_of, private_half

MOST_TRIES = 5
"""So often in a row may a process die without getting any further."""
DIED = (
    "It ended five times without a word and without getting any further. Look at the worker's log; memory may be short."
)
EXPECTED = (NotOffered, posts.Nothing, run.Refused, Unreadable, WrongPosts, NotARun, Stopped)
LOOKED_FOR = "looked-for.jsonl"


def carry_out(audit_id: int) -> bool:
    """Carry out one that waits; True where it is finished now. Safe to run twice and at the same time."""
    row = take(audit_id, clock())
    if row is None:
        return False
    with Hold(row) as hold:
        if row.tries > MOST_TRIES:
            return _failed(hold, DIED)
        try:
            return _to_the_end(row, hold)
        except EXPECTED as error:
            return not isinstance(error.__cause__, Taken) and _failed(hold, str(error))


def _failed(hold: Hold, why: str) -> bool:
    hold.settle(state=State.FAILED, why=why, finished_at=clock())
    return False


def _to_the_end(row: Audit, hold: Hold) -> bool:
    path = folder_of(row)
    folder = Folder(path)
    if row.fresh or not folder.begun:
        hold.progress = {"phase": "posts"}
        _begin(row, hold, path)
    hold.progress = {"phase": "preparing", "total": sum(one["size"] for one in folder.run["inputs"])}
    run.carry_out(folder, workers=processes(), tell=_teller(hold))
    hold.progress = {**hold.progress, "phase": "judging"}
    verdicts = conclude(
        folder, made_at=clock().isoformat(timespec="seconds"), key=private_half(key_of(row.workspace, clock()))
    )
    files, counts = keep(row, folder, verdicts)
    done = hold.settle(state=State.FINISHED, finished_at=clock(), files=files, counts=counts, progress={}, tries=0)
    if done:
        shutil.rmtree(path, ignore_errors=True)
    return done


def _begin(row: Audit, hold: Hold, path: Path) -> None:
    place = place_of(row.corpus)
    without_links(place)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    hold.write(release=posts.write(row, path / LOOKED_FOR, clock()))
    options = run.Options(fields=tuple(row.fields) or ("text",), form=row.form, target=row.target)
    run.start(path, str(path / LOOKED_FOR), [place], options)
    hold.write(fresh=False)


def processes() -> int:
    """So many read: what the operator says, else half of the processors, so that publishing has the others."""
    return settings.AUDIT_PROCESSES or max(1, (os.cpu_count() or 1) // 2)


def _teller(hold: Hold) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        hold.progress = {
            "phase": "reading",
            "done": progress.done,
            "total": progress.total,
            "rate": round(progress.rate),
            "left": None if progress.left is None else round(progress.left),
            "matches": progress.matches,
        }

    return tell
