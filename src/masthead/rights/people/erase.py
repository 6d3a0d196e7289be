"""Erase what a person wrote, certify it, and keep it from coming back; holds keep it from being erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from masthead.kit.text import handle
from masthead.kit.words import N_ as _
from masthead.rights.archive.imports import files
from masthead.rights.keep import holding
from masthead.rights.leftovers import let_go, sweep
from masthead.rights.made import begin_anew, take_back
from masthead.rights.models import Erasure, Hold, Record, Removal
from masthead.rights.people.certificate import certificate
from masthead.rights.people.held import authors, hold_on, records_of
from masthead.rights.people.marks import marker
from masthead.rights.permit import OUTWARD, Stop
from masthead.rights.release import stopping
from masthead.workspaces.models import User, Workspace

RULE = "erasure"
EMPTY: dict[str, Any] = {"text": "", "media": [], "raw": {}, "author": "", "url": "", "reply_to": "", "preference": {}}
AT_ONCE = 500


class OnHold(Exception):
    """The person's records must stay for now; the text is the reason that was given for the hold."""


@transaction.atomic
def erase(
    workspace: Workspace, platform: str, person: str, *, asked_on: date, by: User | None, now: datetime
) -> Erasure:
    """Empty everything the person wrote, and certify it. Their words are refused and emptied if they come back.

    Raises OnHold where a hold stands on them; nothing is erased then.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    if (hold := hold_on(workspace, platform, person)) is not None:
        raise OnHold(hold.why)
    rows = list(records_of(workspace, platform, person).values_list("pk", "kind"))
    _empty(workspace, platform, [pk for pk, _kind in rows], now)
    made = take_back(workspace)
    transaction.on_commit(partial(sweep, workspace.pk))
    row = Erasure(workspace=workspace, platform=platform, mark=marker(workspace.pk)(platform, person))
    row.counts = dict(Counter(kind for _pk, kind in rows))
    row.done_by, row.asked_on, row.done_at = by, asked_on, now
    row.certificate = certificate(row, person, made)
    row.save()
    return row


def _empty(workspace: Workspace, platform: str, ids: Sequence[int], now: datetime) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = Record.objects.filter(pk__in=some)
        let_go(workspace.pk, files.paths(rows))
        rows.update(**EMPTY, gone_at=now)
        Removal.objects.bulk_create(
            Removal(
                workspace=workspace,
                platform=platform,
                item=f"imported:{pk}",
                rule=RULE,
                learned_at=now,
                removed_at=now,
            )
            for pk in some
        )


def erase_again(now: datetime) -> int:
    """Empty words of erased people that came back with another archive. Safe to run twice; returns how many."""
    done = 0
    for workspace_id, platform in Erasure.objects.order_by().values_list("workspace_id", "platform").distinct():
        marks = set(Erasure.objects.filter(workspace_id=workspace_id, platform=platform).values_list("mark", flat=True))
        workspace, mark = Workspace.objects.get(pk=workspace_id), marker(workspace_id)
        back = {handle(one) for one in authors(workspace_id, platform) if mark(platform, one) in marks}
        for name in sorted(back):
            if hold_on(workspace, platform, name) is None:
                ids = list(records_of(workspace, platform, name).values_list("pk", flat=True))
                _empty(workspace, platform, ids, now)
                done += len(ids)
    sweep()
    return done


@transaction.atomic
def place_hold(workspace: Workspace, platform: str, person: str, why: str, *, by: User | None, now: datetime) -> Hold:
    """Keep a person's records as they are; the hold that stands where there is one. What is being made of them begins anew."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    about = {"why": why, "placed_by": by, "placed_at": now}
    row, new = Hold.objects.get_or_create(
        workspace=workspace, platform=platform, person=handle(person), lifted_at=None, defaults=about
    )
    if new:
        begin_anew(workspace)
        transaction.on_commit(partial(sweep, workspace.pk))
    return row


@stopping
def stops(workspace_id: int) -> Sequence[Stop]:
    """Nothing leaves of erased people's words, nor of those on hold (but to be shown to members)."""
    erased = set(Erasure.objects.filter(workspace_id=workspace_id).values_list("platform", "mark"))
    held = set(Hold.objects.filter(workspace_id=workspace_id, lifted_at=None).values_list("platform", "person"))
    found = []
    if erased:
        why, mark = _("The person it is about asked for its erasure."), marker(workspace_id)
        found.append(Stop("erased", why, lambda one: (one.platform, mark(one.platform, one.author)) in erased))
    if held:
        why = _("It is on hold: it stays as it is, and nothing of it leaves.")
        found.append(Stop("hold", why, lambda one: (one.platform, handle(one.author)) in held, OUTWARD))
    return found


@holding
def on_hold(shelf: str, ids: Collection[int]) -> Iterable[int]:
    """Rows that must not be emptied for now."""
    if shelf != "imported" or not ids:
        return []
    held = set(Hold.objects.filter(lifted_at=None).values_list("workspace_id", "platform", "person"))
    rows = Record.objects.filter(pk__in=ids).values_list("pk", "workspace_id", "platform", "author") if held else ()
    return [pk for pk, space, platform, author in rows if (space, platform, handle(author)) in held]
