"""What is held of a person, and a copy of it for them. A person is a platform and a handle (or the platform's id of them)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

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


def plain(person: str) -> str:
    """A handle as it is compared: without the sign before it, in small letters."""
    return person.strip().removeprefix("@").lower()


def mark(workspace_id: int, platform: str, person: str) -> str:
    """A digest by which a person is known again without being named; it means nothing outside this installation."""
    told = f"{workspace_id}:{platform}:{plain(person)}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()


def records_of(workspace: Workspace, platform: str, person: str) -> QuerySet[Record]:
    """Everything the person wrote that is held and not the workspace's own; tombstones hold nothing."""
    name = plain(person)
    by = Q(author__iexact=name) | Q(author__iexact=f"@{name}")
    found = Record.objects.filter(by, workspace=workspace, platform=platform, gone_at=None)
    return found.exclude(kind="own_post").order_by("id")


def held(workspace: Workspace, platform: str, person: str) -> Held:
    """What is held of the person."""
    found = records_of(workspace, platform, person)
    kinds = dict(found.order_by().values("kind").annotate(n=Count("id")).values_list("kind", "n"))
    ends = found.order_by().aggregate(first=Min("posted_at"), last=Max("posted_at"))
    hold = hold_on(workspace, platform, person)
    return Held(kinds, ends["first"], ends["last"], hold.why if hold else "")


def hold_on(workspace: Workspace, platform: str, person: str) -> Hold | None:
    """The hold that stands on a person's records."""
    rows = Hold.objects.filter(workspace=workspace, platform=platform, person=plain(person), lifted_at=None)
    return rows.first()


def copy(workspace: Workspace, platform: str, person: str, *, actor: str) -> Iterator[bytes]:
    """Everything held of the person as JSON Lines, for them. It passes the gate, which writes down that it left."""
    items: Iterator[Item] = (of_record(one) for one in records_of(workspace, platform, person).iterator(500))
    for item in release(workspace, "display", items, purpose="a copy for the person it is about", actor=actor):
        row = {
            name: getattr(item, name) for name in ("platform", "kind", "author", "text", "url", "remote_id", "reply_to")
        }
        times = {"posted_at": item.posted_at.isoformat(), "obtained_at": item.obtained_at.isoformat()}
        told = {"obtained_via": item.obtained_via, "media": [dict(one) for one in item.media]}
        yield json.dumps(row | times | told, ensure_ascii=False, default=str).encode() + b"\n"
