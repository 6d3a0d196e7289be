"""What is held of a person, and a copy of it for them. A person is a platform and a handle (or the platform's id of them)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet

from masthead.kit.text import handle
from masthead.rights.archive.as_items import of_record
from masthead.rights.items import Item
from masthead.rights.models import Hold, Record
from masthead.rights.release import release
from masthead.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Held:
    """Numbers by kind, and the time between the first and the last. `on_hold`: why it must stay, "" where nothing does."""

    kinds: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None
    on_hold: str

    @property
    def number(self) -> int:
        """All of it."""
        return sum(self.kinds.values())


def records_of(workspace: Workspace, platform: str, person: str) -> QuerySet[Record]:
    """Everything the person wrote that is held and not the workspace's own; tombstones hold nothing."""
    name = handle(person)
    names = [one for one in authors(workspace.pk, platform) if handle(one) == name]
    return _others(workspace.pk, platform).filter(author__in=names).order_by("id")


def authors(workspace_id: int, platform: str) -> Iterator[str]:
    """Whose words are held, as they are written there. They are compared here, since no database folds letters as we do."""
    found = _others(workspace_id, platform).exclude(author="").order_by()
    return found.values_list("author", flat=True).distinct().iterator()


def _others(workspace_id: int, platform: str) -> QuerySet[Record]:
    there = Record.objects.filter(workspace=workspace_id, platform=platform, gone_at=None)
    return there.exclude(kind="own_post")


def held(workspace: Workspace, platform: str, person: str) -> Held:
    """What is held of the person."""
    found = records_of(workspace, platform, person)
    kinds = dict(found.order_by().values("kind").annotate(n=Count("id")).values_list("kind", "n"))
    ends = found.order_by().aggregate(first=Min("posted_at"), last=Max("posted_at"))
    hold = hold_on(workspace, platform, person)
    return Held(kinds, ends["first"], ends["last"], hold.why if hold else "")


def hold_on(workspace: Workspace, platform: str, person: str) -> Hold | None:
    """The hold that stands on a person's records."""
    rows = Hold.objects.filter(workspace=workspace, platform=platform, person=handle(person), lifted_at=None)
    return rows.first()


def copy(workspace: Workspace, platform: str, person: str, *, actor: str) -> Iterator[bytes]:
    """Everything held of the person as JSON Lines, for them. It passes the gate, which writes down that it left."""
    items: Iterator[Item] = (of_record(one) for one in records_of(workspace, platform, person).iterator(500))
    for item in release(workspace, "display", items, purpose="a copy for the person it is about", actor=actor):
        row = {
            name: getattr(item, name) for name in ("platform", "kind", "author", "text", "url", "remote_id", "reply_to")
        }
        times = {"posted_at": item.posted_at.isoformat(), "obtained_at": item.obtained_at.isoformat()}
        told = {"obtained_via": item.obtained_via, "media": item.told_media}
        yield json.dumps(row | times | told, ensure_ascii=False, default=str).encode() + b"\n"
