"""The only way out of the database: records pass the gate one by one, and what happened is written down."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from masthead.connectors import EVERY
from masthead.contract.terms import Use
from masthead.kit.clock import now as clock
from masthead.rights.items import Item
from masthead.rights.models import Refusal, Release
from masthead.rights.permit import PLAIN, Answer, Grant, Reason, Rules, Stop, answer
from masthead.workspaces.models import Workspace

AT_ONCE = 500
SECONDS = 5.0
Stopper = Callable[[int], Sequence[Stop]]
STOPPERS: list[Stopper] = []


def stopping(stopper: Stopper) -> Stopper:
    """Register a function from a workspace's id to what is stopped there (a decorator): erasures, holds. Twice counts once."""
    if stopper not in STOPPERS:
        STOPPERS.append(stopper)
    return stopper


def rules_for(workspace_id: int) -> Rules:
    """The terms of every platform as they stand, and what this workspace has stopped."""
    stops = [one for stopper in STOPPERS for one in stopper(workspace_id)]
    return Rules({key: one.terms for key, one in EVERY.items()}, stops)


def clause_of(rule: str) -> str:
    """What a rule says, by its name as refusals have it; in English. A rule of terms that are no longer known says nothing."""
    head, _colon, rest = rule.partition(":")
    kind, _colon, use = rest.partition(":")
    if head not in EVERY:
        return PLAIN.get(head, "")
    terms = EVERY[head].terms
    if rest in ("version", "deletion"):
        return PLAIN["version"] if rest == "version" else (terms.deletion.clause if terms.deletion else "")
    return next((one.clause for one in terms.rules if (one.kind, one.use) == (kind, use)), "")


def release(
    workspace: Workspace,
    use: Use,
    items: Iterable[Item],
    *,
    purpose: str,
    actor: str,
    grant: Grant | None = None,
    now: Callable[[], datetime] = clock,
) -> Iterator[Item]:
    """The items that may be used so, one after the other; the rest is refused and listed (id and rule, no text).

    With a grant they go to its grantee, and to nobody without it. Rules, holds, erasures and the grant are looked at anew every
    500 records and every few seconds. Writes one `Release` when the first is asked for; it is brought up to date every 500
    records and at the end, also where the reader stops early.
    """
    return stream(begin(workspace, use, purpose=purpose, actor=actor, grant=grant, at=now()), items, grant, now)


def begin(
    workspace: Workspace, use: Use, *, purpose: str, actor: str, grant: Grant | None = None, at: datetime
) -> Release:
    """The row of a release that is to come: for those who need it afterwards (a manifest lists its refusals)."""
    return Release(
        workspace=workspace,
        use=use,
        purpose=purpose[:200],
        actor=actor[:254],
        to=grant.grantee[:250] if grant else "",
        grant=grant.id if grant else "",
        begun_at=at,
    )


def stream(
    row: Release,
    items: Iterable[Item],
    grant: Grant | None = None,
    now: Callable[[], datetime] = clock,
    bare: Callable[[Item], bool] = lambda _item: False,
) -> Iterator[Item]:
    """What of `items` may leave, with `row` (from `begin`) as its record. Of those that are `bare` the caller hands on the id only."""
    row.save()
    book, held = _Book(row), _Held(row.workspace_id, grant)
    whole = False
    try:
        for item in items:
            said = _ask(row, item, *held.look(), now(), bare(item))
            book.note(item, said)
            if said.allowed:
                yield item
        whole = True
    finally:
        book.close(now() if whole else None)


def _ask(row: Release, item: Item, rules: Rules, grants: Sequence[Grant], at: datetime, bare: bool) -> Answer:
    """The gate's answer; another workspace's record is none of this one's."""
    if item.workspace_id != row.workspace_id:
        return Answer("deny", (Reason("workspace", "deny", PLAIN["workspace"]),))
    to = grants[0].grantee if grants else ""
    return answer(item, row.use, rules=rules, grants=grants, now=at, to=to, bare=bare)


class _Held:
    """What holds: rules and grants, looked at anew after so many records or seconds."""

    def __init__(self, workspace_id: int, grant: Grant | None) -> None:
        self.workspace_id, self.grant, self.grants = workspace_id, grant, list[Grant]()
        self.left, self.until, self.rules = 0, 0.0, Rules({})

    def look(self) -> tuple[Rules, Sequence[Grant]]:
        """As it is for the next record."""
        if not self.left or time.monotonic() > self.until:
            self.left, self.until = AT_ONCE, time.monotonic() + SECONDS
            self.rules = rules_for(self.workspace_id)
            self.grants = [one.again() if one.again else one for one in (self.grant,) if one]
        self.left -= 1
        return self.rules, self.grants


class _Book:
    """Counts what goes and what stays, and writes it down in portions."""

    def __init__(self, row: Release) -> None:
        self.row, self.by_rule, self.waiting = row, Counter[str](), list[Refusal]()
        self.versions: dict[str, str] = {}

    def note(self, item: Item, said: Answer) -> None:
        """One record more."""
        if said.allowed:
            self.row.released += 1
        else:
            rule = said.because.rule[:120]
            self.row.refused += 1
            self.by_rule[rule] += 1
            self.waiting.append(Refusal(release=self.row, item=item.id[:120], rule=rule, verdict=said.verdict))
        for one in said.reasons:
            if one.version:
                self.versions[item.platform] = one.version
        if (self.row.released + self.row.refused) % AT_ONCE == 0:
            self.write()

    def write(self) -> None:
        """Bring the row and its refusals up to date."""
        Refusal.objects.bulk_create(self.waiting, batch_size=AT_ONCE)
        self.waiting = []
        self.row.by_rule, self.row.terms = dict(sorted(self.by_rule.items())), dict(sorted(self.versions.items()))
        self.row.save(update_fields=["released", "refused", "by_rule", "terms", "ended_at"])

    def close(self, at: datetime | None) -> None:
        """The last portion; `at` is None where it broke off."""
        self.row.ended_at = at
        self.write()
