"""Pure: the page docs/reference/prices.md, written from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from masthead.metering.prices import Allowance, Catalogue, Plan, Price, Row, Tariff, Weight

OPENING = """# Prices

What each platform asks for its API, since when, and who says so. This page is written by `masthead prices page` from the files of
`src/masthead/metering/catalogue/`, and a test compares the two. How a row comes to be there, and how to put a price of your own over
it: [how prices are dated](../discussion/prices.md).

A row holds from its first day up to, not including, its last. Evidence: **P** the platform itself, **S** press or a vendor,
**C** a community note that cites the platform, **R** from memory, **O** our own.
"""
COUNTED = {"": "", "utc_day": "once a day (UTC)", "window": "once a window"}


def page(catalogue: Catalogue) -> str:
    """The whole page in Markdown."""
    charging = [one for one in catalogue.tariffs.values() if one.prices]
    others = [one for one in catalogue.tariffs.values() if not one.prices]
    parts = [OPENING]
    parts += [_platform(one) for one in charging]
    parts += ["\n## Platforms that ask no money\n"]
    parts += [_platform(one, "###") for one in others]
    return "".join(parts)


def _platform(tariff: Tariff, mark: str = "##") -> str:
    parts = [f"\n{mark} {tariff.name}\n", "\n" + _plans(tariff.plans)]
    if tariff.prices:
        parts.append("\n" + _prices(tariff))
    if tariff.allowances:
        parts.append("\n" + _allowances(tariff.allowances))
    if tariff.weights:
        parts.append("\n" + _weights(tariff.weights))
    return "".join(parts)


def _plans(rows: Sequence[Plan]) -> str:
    heads = ("plan", "a month", "from", "to", "note", "source")
    return _table(
        heads, ((f"{row.name} (`{row.key}`)", _fee(row), *_days(row), _note(row), _source(row)) for row in rows)
    )


def _prices(tariff: Tariff) -> str:
    heads = ("plan", "what", "price", "for each", "counted", "from", "to", "note", "source")
    return _table(heads, (_price(tariff, row) for row in tariff.prices))


def _price(tariff: Tariff, row: Price) -> Iterable[str]:
    what = tariff.names.get(row.operation, row.operation) + f" (`{row.operation}`)"
    when = f", {' and '.join(sorted(row.when)).replace('_', ' ')}" if row.when else ""
    counted = COUNTED[row.dedup.value]
    return row.plan, what + when, str(row.amount), row.unit.value, counted, *_days(row), row.note, _source(row)


def _allowances(rows: Sequence[Allowance]) -> str:
    heads = ("plan", "allowance", "at most", "in a", "for each", "of", "from", "to", "note", "source")
    return _table(
        heads,
        (
            (
                row.plan,
                f"{row.name}, {row.what.value}",
                f"{row.limit:,}",
                row.per.value.replace("_", " "),
                row.scope,
                ", ".join("any call" if one == "*" else f"`{one}`" for one in sorted(row.operations)),
                *_days(row),
                row.note,
                _source(row),
            )
            for row in rows
        ),
    )


def _weights(rows: Sequence[Weight]) -> str:
    heads = ("plan", "call", "units", "from", "to", "source")
    return _table(
        heads, ((row.plan, f"`{row.operation}`", f"{row.units:,}", *_days(row), _source(row)) for row in rows)
    )


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _fee(row: Plan) -> str:
    return "by contract" if row.fee is None else str(row.fee)


def _note(row: Plan) -> str:
    sold = f"Not sold since {row.sold_until}." if row.sold_until else ""
    return " ".join(filter(None, (sold, row.note)))


def _days(row: Row) -> Iterator[str]:
    yield from (_day(row.since), _day(row.until))


def _day(on: date | None) -> str:
    return f"{on:%Y-%m-%d}" if on else ""


def _source(row: Row) -> str:
    return f"{row.evidence.value} [{row.checked_on:%Y-%m-%d}]({row.source})"
