"""Who carries out an audit: a lease, renewed by a thread of its own whatever the others are at.

A lease that is lost (somebody stopped or removed the audit, or the database was away for too long) ends the process at once: a run's
folder is always in a state from which the next one can go on.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import Error, connection, transaction

from masthead.kit.clock import now as clock
from masthead.rights.models import Audit

log = structlog.get_logger()
LEASE = timedelta(minutes=2)
BEAT = 2.0
"""Seconds between two signs of life; so fast is a stop noticed."""
ONE_AT_A_TIME = 0x4155444954
"""The advisory lock under which a process looks whether another audit runs."""
State = Audit.State


def take(audit_id: int, now: datetime) -> Audit | None:
    """The lease, by compare and set; None where it is stopped or finished, somebody has it, or another audit runs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if Audit.objects.filter(state=State.RUNNING, held_until__gt=now).exclude(pk=audit_id).exists():
            return None
        mine = Audit.objects.filter(pk=audit_id, state__in=(State.WAITING, State.RUNNING), held_until__lte=now)
        if not mine.update(state=State.RUNNING, held_until=now + LEASE):
            return None
        row = Audit.objects.select_related("workspace", "asked_by").get(pk=audit_id)
        row.tries += 1
        row.save(update_fields=["tries"])
        return row


def end() -> None:
    """Leave at once, and well: nobody is waiting for more."""
    os._exit(0)


class Hold:
    """The lease of an audit, while the block lasts. `progress` is written down with every sign of life."""

    def __init__(self, row: Audit) -> None:
        self.row, self.progress = row, dict(row.progress)
        self._before = row.progress.get("done")
        self._over, self._one = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Hold:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        self._thread.join()

    def settle(self, **changes: Any) -> bool:
        """The last word on the audit; False where the lease was lost."""
        with self._one:
            self._over.set()
            return bool(self._mine().update(held_until=clock(), **changes))

    def write(self, **changes: Any) -> bool:
        """Write something down and renew the lease; False where it was lost."""
        with self._one:
            until = clock() + LEASE
            if self._over.is_set() or not self._mine().update(held_until=until, **changes):
                return self._over.is_set()
            self.row.held_until = until
            return True

    def _mine(self) -> Any:
        return Audit.objects.filter(pk=self.row.pk, held_until=self.row.held_until, state=State.RUNNING)

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            try:
                moved = self.progress.get("done") != self._before
                held = self.write(progress=dict(self.progress), **({"tries": 0} if moved else {}))
            except Error:
                log.warning("the database does not answer", audit=self.row.pk)
                connection.close()
                held = clock() < self.row.held_until
            if not held:
                log.info("audit stopped", audit=self.row.pk)
                end()
        connection.close()
