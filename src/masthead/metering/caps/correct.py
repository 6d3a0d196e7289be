"""Caps follow the ledger: what a call really cost, where that is not what was settled for it.

The ledger knows more than the call: what was charged before on that day is not charged again, and calls that asked no cap (those
of a page, those made before a cap was set) count too. Runs inside the transaction that writes the calls down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from masthead.contract.calls import Call

LOCK = "select pg_advisory_xact_lock_shared(770001)"
"""A window that begins is filled from the ledger meanwhile (see limit.py, which takes it alone)."""
CORRECT = """
with given as (
  select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[])
    as g(workspace_id, platform, app, channel_id, purpose, currency, at, micros)
), sums as (
  select v.id, sum(g.micros)::bigint as micros from given g
  join metering_cap c on c.workspace_id = g.workspace_id and c.currency = g.currency
    and c.platform in ('', g.platform) and c.app in ('', g.app) and c.channel_id in (0, g.channel_id)
    and c.purpose in ('', g.purpose)
  join metering_capwindow v on v.cap_id = c.id and v.starts_at <= g.at and v.ends_at > g.at group by v.id
), locked as materialized (
  select id from metering_capwindow where id in (select id from sums) order by id for update
)
update metering_capwindow v set spent = greatest(0, v.spent + s.micros) from sums s, locked l where v.id = s.id and l.id = v.id
"""


def corrections(calls: Sequence[Call], costs: Iterable[tuple[int, str]]) -> list[list[Any]]:
    """The columns of CORRECT; empty where nothing differs. `costs`: micros and currency of each call by the ledger.

    Of a call whose outcome is not known stays what was settled: the platform may well charge it.
    """
    sums: dict[tuple[int, str, str, int, str, str, date], tuple[int, datetime]] = {}
    for call, (micros, currency) in zip(calls, costs, strict=True):
        if call.error or micros == call.settled or not currency:
            continue
        who = (call.workspace_id, call.platform[:32], call.app[:64], call.channel_id, call.purpose[:16], currency)
        key = (*who, call.at.astimezone(UTC).date())
        known, last = sums.get(key, (0, call.at))
        sums[key] = known + micros - call.settled, max(last, call.at)
    rows = [(*key[:6], at, micros) for key, (micros, at) in sums.items() if micros]
    return [list(column) for column in zip(*rows, strict=True)]
