"""Reading the price catalogue: TOML files into the rows of `prices.py`. A fault names the file, the row and the field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masthead.kit.money import Money
from masthead.metering.prices import (
    Allowance,
    Billing,
    Catalogue,
    Dedup,
    Evidence,
    Override,
    Per,
    Plan,
    Price,
    Tariff,
    Unit,
    Weight,
    What,
)

FOLDER = Path(__file__).parent / "catalogue"
KINDS = {"plan": "key", "price": "operation", "quota": "name", "weight": "operation"}


class CatalogueFault(ValueError):
    """A file of the catalogue cannot be read as one; `faults` are lines of the form "file: row: field: what is wrong"."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _Dated(_Strict):
    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    source: Annotated[str, Field(min_length=1)] = ""
    evidence: Evidence | None = None
    checked_on: date | None = None
    note: str = ""


class _Plan(_Dated):
    key: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    billing: Billing = Billing.CALENDAR_MONTH
    fee: str | None = "0"
    by_contract: bool = False
    sold_until: date | None = None


class _Priced(_Dated):
    plan: str | list[str]
    operation: str | list[str]
    unit: Unit
    amount: str
    per: Annotated[int, Field(ge=1)] = 1
    when: list[str] = []
    dedup: Dedup = Dedup.NONE


class _Quota(_Dated):
    plan: str | list[str]
    name: Annotated[str, Field(min_length=1)]
    operations: Annotated[list[str], Field(min_length=1)]
    per: Per
    limit: Annotated[int, Field(ge=0)]
    what: What = What.CAP
    scope: Annotated[str, Field(pattern="^(app|account)$")] = "app"
    dedup: Dedup = Dedup.NONE


class _Weight(_Dated):
    plan: str | list[str]
    operation: str | list[str]
    units: Annotated[int, Field(ge=0)]


class _File(_Strict):
    platform: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    default: str
    source: Annotated[str, Field(min_length=1)]
    evidence: Evidence
    checked_on: date
    falls_to: dict[str, str] = {}
    names: dict[str, str] = {}
    plan: Annotated[list[_Plan], Field(min_length=1)]
    price: list[_Priced] = []
    quota: list[_Quota] = []
    weight: list[_Weight] = []


def read(folder: Path = FOLDER) -> Catalogue:
    """The catalogue in a folder of TOML files. Raises CatalogueFault with every fault of every file."""
    tariffs: list[Tariff] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            tariffs.append(_tariff(path))
        except CatalogueFault as fault:
            faults += fault.faults
    if faults:
        raise CatalogueFault(faults)
    return Catalogue(tariffs)


@lru_cache(maxsize=8)
def catalogue(overrides: tuple[Override, ...] = ()) -> Catalogue:
    """Masthead's own catalogue, with an installation's prices over it; read once."""
    return catalogue().overridden(overrides, datetime.now(UTC).date()) if overrides else read()


def _tariff(path: Path) -> Tariff:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueFault([f"{path.name}: not TOML: {error}"]) from None
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise CatalogueFault([_fault(path.name, raw, one) for one in error.errors()]) from None
    faults = [f"{path.name}: {line}" for line in _wrong(file)]
    if faults:
        raise CatalogueFault(faults)
    return _built(file)


def _fault(name: str, raw: dict[str, Any], error: Any) -> str:
    """One fault of pydantic's in our words: row number from 1, and its key where it has one."""
    place = list(error["loc"])
    row = ""
    if len(place) > 1 and isinstance(place[1], int):
        kind, number = str(place[0]), place[1]
        row = f"{_title(kind, number, raw.get(kind, [{}])[number])}: "
        place = place[2:]
    field = ".".join(str(one) for one in place if not str(one).startswith(("list[", "str")))
    return f"{name}: {row}{field}: {error['msg']}"


def _title(kind: str, number: int, row: Any) -> str:
    key = row.get(KINDS.get(kind, "")) if isinstance(row, dict) else None
    return f"[[{kind}]] {number + 1}" + (f" ({key})" if key else "")


def _wrong(file: _File) -> Iterator[str]:
    """What a schema cannot say: plans that exist, amounts that are money, dates in order, no two rows for one thing at once."""
    plans = {one.key for one in file.plan}
    if file.default not in plans:
        yield f"default: {file.default!r} is no plan of this file"
    for kind in KINDS:
        for number, row in enumerate(getattr(file, kind)):
            title = _title(kind, number, row.model_dump())
            if row.since and row.until and row.since >= row.until:
                yield f"{title}: to: {row.until} is not after {row.since}"
            for plan in _several(getattr(row, "plan", [])):
                if plan not in plans:
                    yield f"{title}: plan: {plan!r} is no plan of this file"
            yield from (f"{title}: {text}" for text in _no_money(row, file.currency))
    yield from _doubles(file)


def _no_money(row: _Dated, currency: str) -> Iterator[str]:
    try:
        if isinstance(row, _Plan) and row.fee is not None:
            Money.of(row.fee, currency)
        if isinstance(row, _Priced):
            _each(row, currency)
    except ValueError as error:
        yield f"{'fee' if isinstance(row, _Plan) else 'amount'}: {error}"


def _doubles(file: _File) -> Iterator[str]:
    """Rows of one thing whose times overlap: the price would depend on their order."""
    seen: dict[tuple[Any, ...], list[tuple[date, date, str]]] = {}
    for kind in KINDS:
        for number, row in enumerate(getattr(file, kind)):
            title = _title(kind, number, row.model_dump())
            begin, end = row.since or date.min, row.until or date.max
            for key in _keys(kind, row):
                for other_begin, other_end, other in seen.setdefault(key, []):
                    if begin < other_end and other_begin < end:
                        yield f"{title}: from: holds at the same time as {other}"
                seen[key].append((begin, end, title))


def _keys(kind: str, row: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(row, _Plan):
        yield kind, row.key
        return
    for plan in _several(row.plan):
        if isinstance(row, _Quota):
            yield kind, plan, row.name, row.scope, row.per
            continue
        for operation in _several(row.operation):
            yield kind, plan, operation, frozenset(getattr(row, "when", ()))


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _each(row: _Priced, currency: str) -> Money:
    """The price of one unit of a price that is stated for many. Raises ValueError where it is finer than a micro."""
    whole = Money.of(row.amount, currency)
    if whole.micros < 0 or whole.micros % row.per:
        raise ValueError(f"{row.amount} for {row.per} is not a whole number of millionths each, or less than nothing")
    return Money(whole.micros // row.per, currency)


def _built(file: _File) -> Tariff:
    return Tariff(
        platform=file.platform,
        name=file.name,
        currency=file.currency,
        default=file.default,
        plans=tuple(_plans(file)),
        prices=tuple(_prices(file)),
        allowances=tuple(_allowances(file)),
        weights=tuple(_weights(file)),
        falls_to=file.falls_to,
        names=file.names,
    )


def _said(file: _File, row: _Dated) -> dict[str, Any]:
    """What every row says; source, evidence and day of checking are the file's where the row has none."""
    return {
        "platform": file.platform,
        "since": row.since,
        "until": row.until,
        "source": row.source or file.source,
        "evidence": row.evidence or file.evidence,
        "checked_on": row.checked_on or file.checked_on,
        "note": row.note,
    }


def _plans(file: _File) -> Iterable[Plan]:
    for row in file.plan:
        fee = None if row.by_contract or row.fee is None else Money.of(row.fee, file.currency)
        yield Plan(
            key=row.key,
            name=row.name,
            billing=row.billing,
            fee=fee,
            currency=file.currency,
            sold_until=row.sold_until,
            **_said(file, row),
        )


def _prices(file: _File) -> Iterable[Price]:
    for row in file.price:
        for plan in _several(row.plan):
            for operation in _several(row.operation):
                yield Price(
                    plan=plan,
                    operation=operation,
                    unit=row.unit,
                    amount=_each(row, file.currency),
                    when=frozenset(row.when),
                    dedup=row.dedup,
                    **_said(file, row),
                )


def _allowances(file: _File) -> Iterable[Allowance]:
    for row in file.quota:
        for plan in _several(row.plan):
            yield Allowance(
                plan=plan,
                name=row.name,
                operations=frozenset(row.operations),
                per=row.per,
                limit=row.limit,
                what=row.what,
                scope=row.scope,
                dedup=row.dedup,
                **_said(file, row),
            )


def _weights(file: _File) -> Iterable[Weight]:
    for row in file.weight:
        for plan in _several(row.plan):
            for operation in _several(row.operation):
                yield Weight(plan=plan, operation=operation, units=row.units, **_said(file, row))
