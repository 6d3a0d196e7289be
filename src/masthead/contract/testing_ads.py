"""The sandbox's ad market: accounts, and campaigns, ad groups, pictures, creatives and ads on them, with a clock of its own.

Everything is created paused, and the same request again makes a second one: only names tell them apart. What runs spends
(testing_ads_spend.py) and brings results (testing_ads_results.py).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from masthead.contract import testing_ads_checks as checks
from masthead.contract.testing_ads_model import CURVES, DAY, MICROS, Curve
from masthead.contract.testing_faults import Fault, Knob, Knobs
from masthead.contract.testing_network import Problem
from masthead.contract.testing_store import Store

SCHEMA = """
create table if not exists ad_clock (id integer primary key, real real not null, market real not null, pace real not null);
create table if not exists ad_account (
  id text primary key, token text not null unique, currency text not null, time_zone text not null, settled_at real not null,
  details text not null);
create table if not exists ad_piece (
  seq integer primary key autoincrement, id text not null unique, account text not null, kind text not null,
  name text not null, parent text not null, status text not null, created_at real not null, details text not null);
create table if not exists ad_spend (
  ad text not null, day text not null, ad_group text not null, spend integer not null, primary key (ad, day));
create table if not exists ad_told (
  account text not null, day text not null, ad text not null, place text not null, details text not null);
create index if not exists ad_piece_name on ad_piece (account, kind, name);
create index if not exists ad_spend_group on ad_spend (ad_group, day);
"""
KINDS = ("campaigns", "groups", "assets", "creatives", "ads")
PARENTS = {"groups": "campaigns", "ads": "groups"}
STATES = ("paused", "active")
SEED = 7
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AdAccount:
    """An ad account. `knobs`: withdrawn, hungry, late (yesterday is told by half), minimum (micros)."""

    id: str
    token: str
    currency: str
    time_zone: str
    settled_at: float
    curve: Curve
    knobs: Mapping[str, Any]

    @property
    def minimum(self) -> int:
        """The smallest daily budget in micros."""
        return int(self.knobs.get("minimum") or self.curve.minimum * MICROS)

    def day(self, at: float) -> str:
        """The date of a moment where the account is."""
        return datetime.fromtimestamp(at, ZoneInfo(self.time_zone)).date().isoformat()

    def begins(self, day: str, later: int = 0) -> float:
        """When a day, or one so many days later, begins there."""
        start = datetime.fromisoformat(day).toordinal() + later
        return datetime.fromordinal(start).replace(tzinfo=ZoneInfo(self.time_zone)).timestamp()


class AdMarket:
    """State and rules. `clock` gives real seconds since the epoch; a day of the market lasts `day_seconds` of them."""

    def __init__(
        self, store: Store, clock: Callable[[], float] = time.time, *, day_seconds: float = DAY, seed: int = SEED
    ) -> None:
        self.store, self.clock, self.seed, self.lock = store, clock, seed, threading.RLock()
        self.knobs = {what: Knobs() for what in ("create", "change", "read")}
        store.prepare(SCHEMA)
        self._set_clock(self.now(), DAY / day_seconds)

    # The clock

    def now(self) -> float:
        """The market's time in seconds since the epoch; it starts with the real one."""
        row, real = self.store.row("select * from ad_clock"), self.clock()
        return row["market"] + (real - row["real"]) * row["pace"] if row else real

    def move(self, seconds: float) -> float:
        """Move the clock on; returns the new time."""
        row = self.store.row("select * from ad_clock")
        self._set_clock(self.now() + seconds, row["pace"] if row else 1.0)
        return self.now()

    def _set_clock(self, market: float, pace: float) -> None:
        self.store.change("delete from ad_clock")
        self.store.insert("ad_clock", {"id": 1, "real": self.clock(), "market": market, "pace": pace})

    # Accounts

    def add(
        self, curve: Curve, id_: str = "", *, token: str = "", currency: str = "EUR", time_zone: str = "Europe/Berlin"
    ) -> AdAccount:
        """Open an ad account; one that is there already stays."""
        id_ = id_ or f"{curve.key}-{secrets.token_hex(4)}"
        row: Row = {"id": id_, "token": token or f"sandbox-ads-{secrets.token_urlsafe(24)}", "currency": currency}
        row |= {"time_zone": time_zone, "settled_at": self.now(), "details": {"curve": asdict(curve), "knobs": {}}}
        self.store.insert("ad_account", row)
        return self.account(id_)

    def account(self, id_: str) -> AdAccount:
        """An account by its id; Problem 404."""
        row = self.store.row("select * from ad_account where id = ?", id_)
        if not row:
            raise Problem(404, "no_such_account", "There is no such ad account.")
        return _account(row)

    def accounts(self) -> list[AdAccount]:
        """All accounts."""
        return [_account(row) for row in self.store.rows("select * from ad_account order by id")]

    def whose(self, token: str) -> AdAccount:
        """The account of a token. Problem 401, and 410 where the account was withdrawn."""
        row = self.store.row("select * from ad_account where token = ?", token)
        if not row:
            raise Problem(401, "token_dead", "This token is not known here.")
        found = _account(row)
        if found.knobs.get("withdrawn"):
            raise Problem(410, "gone", "This ad account was closed for good.")
        return found

    def renew(self, id_: str, token: str) -> None:
        """Another token; the one before is dead."""
        self.store.change("update ad_account set token = ? where id = ?", token, id_)

    def turn(self, id_: str, **knobs: Any) -> None:
        """Turn an account's knobs: withdrawn, hungry, late, minimum."""
        row = self.store.row("select * from ad_account where id = ?", self.account(id_).id)
        assert row
        details = row["details"] | {"knobs": row["details"]["knobs"] | knobs}
        self.store.save("ad_account", id_, details)

    def fault(
        self, fault: Fault, *, on: str = "create", times: int = 1, account: str = "", seconds: float = 120
    ) -> None:
        """Let the next requests go wrong that create, change or read."""
        self.knobs[on].turn(Knob(fault, times, account, seconds))

    # Pieces

    def create(self, account: AdAccount, kind: str, wish: Mapping[str, Any]) -> Row:
        """Keep a new piece, paused. Problem 422 names the field at fault."""
        name = str(wish.get("name", ""))
        parent = str(wish.get("campaign") or wish.get("group") or "")
        if not 0 < len(name) <= checks.NAME_LIMIT:
            raise Problem(422, "name", f"A name has 1 to {checks.NAME_LIMIT} characters.", "name")
        if kind in PARENTS and not self.found(account, PARENTS[kind], parent):
            raise Problem(422, "no_parent", "What it belongs to is not there.", PARENTS[kind])
        details = checks.CHECKS[kind](self, account, wish)
        id_ = self._next_id(account, kind)
        row = {"id": id_, "account": account.id, "kind": kind, "name": name, "parent": parent, "status": "paused"}
        self.store.insert("ad_piece", {**row, "created_at": self.now(), "details": details})
        return self.must_find(account, kind, id_)

    def _next_id(self, account: AdAccount, kind: str) -> str:
        """The same for the same orders on an account of the same id: what an ad brings hangs on it."""
        row = self.store.row("select count(*) as number from ad_piece where account = ?", account.id)
        number = row["number"] if row else 0
        return kind[:2] + hashlib.sha256(f"{self.seed}:{account.id}:{number}".encode()).hexdigest()[:12]

    def found(self, account: AdAccount, kind: str, id_: str) -> Row | None:
        """A piece that was not removed."""
        sql = "select * from ad_piece where id = ? and account = ? and kind = ? and status != 'removed'"
        return self.store.row(sql, id_, account.id, kind)

    def must_find(self, account: AdAccount, kind: str, id_: str) -> Row:
        """A piece; Problem 404."""
        row = self.found(account, kind, id_)
        if not row:
            raise Problem(404, "no_such_piece", "There is no such thing on this account.")
        return row

    def listed(self, account: AdAccount, kind: str, *, name: str = "", has: str = "", parent: str = "") -> list[Row]:
        """The pieces of a kind, oldest first: of this name, with this in their name, of this parent."""
        sql = (
            "select * from ad_piece where account = ? and kind = ? and status != 'removed' and ? in ('', name)"
            " and ? in ('', parent) and instr(name, ?) > 0 order by seq"
        )
        return self.store.rows(sql, account.id, kind, name, parent, has)

    def change(self, account: AdAccount, kind: str, id_: str, wish: Mapping[str, Any]) -> Row:
        """Set status, and daily budget, total and end of an ad group. Problem 422 names the field."""
        row = self.must_find(account, kind, id_)
        status = str(wish.get("status", row["status"]))
        if status not in STATES:
            raise Problem(422, "status", "A status is paused or active.", "status")
        if kind == "groups":
            details = checks.budget(account, {**row["details"], **wish}, row["details"], account.day(self.now()))
            self.store.save("ad_piece", id_, details)
        self.store.change("update ad_piece set status = ? where id = ?", status, id_)
        return self.must_find(account, kind, id_)

    def remove(self, account: AdAccount, kind: str, id_: str) -> None:
        """Take a piece off for good, and what belongs to it."""
        self.must_find(account, kind, id_)
        for child in (one for one, above in PARENTS.items() if above == kind):
            for row in self.listed(account, child, parent=id_):
                self.remove(account, child, row["id"])
        self.store.change("update ad_piece set status = 'removed' where id = ?", id_)


def _account(row: Mapping[str, Any]) -> AdAccount:
    plain = {name: row[name] for name in ("id", "token", "currency", "time_zone", "settled_at")}
    told = row["details"]["curve"]
    return AdAccount(
        **plain, curve=Curve(**told | {"weekdays": tuple(told["weekdays"])}), knobs=row["details"]["knobs"]
    )


def add_demo_accounts(market: AdMarket) -> None:
    """Three ad accounts with different curves; those present already stay."""
    for curve in CURVES:
        market.add(curve, f"{curve.key}-demo", token=demo_ads_token(curve.key))


def demo_ads_token(key: str) -> str:
    """The token of a demo ad account; named in the connect form's help, since it protects nothing."""
    return f"{key}-ads-demo-token"
