"""Programs' way to costs."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.metering.costs.month import following, month_of, scheduled
from masthead.metering.spending import BY, Spent, spent
from masthead.workspaces.api import READ, Forbidden
from masthead.workspaces.roles import May, allows

router = Router(tags=["costs"])
By = Literal["total", "platform", "channel", "purpose", "app", "day", "operation", "price"]
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class AmountOut(Schema):
    """Money: `amount` in main units, exact; `micros` the same in millionths."""

    currency: str
    amount: str
    micros: int


class CostOut(Schema):
    """A row: `key` says what it is of. `charged` of the `units` had a price; `failed` of the `calls` brought an error."""

    key: dict[str, Any]
    amounts: list[AmountOut]
    calls: int
    failed: int
    units: int
    charged: int


class CostsOut(Schema):
    """A month of UTC days, from `since` to before `until`. `committed` is scheduled for the rest of it."""

    since: date
    until: date
    by: str
    rows: list[CostOut]
    committed: list[AmountOut]


@router.get("/costs", response=CostsOut, auth=READ, summary="What a month of calls to platforms cost")
def costs(request: HttpRequest, month: str = Query("", pattern=f"^$|{MONTH}"), by: By = "platform") -> dict[str, Any]:
    """`month` is such as 2026-11, and the present one without it. Needs a role that may see costs (editor and up)."""
    member = request.member  # type: ignore[attr-defined]
    if not allows(member.role, May.SEE_COSTS):
        raise Forbidden(f"The role “{member.role}” of this token's owner does not see costs.")
    at = now()
    since = month_of(month, at.date())
    until = following(since)
    return {
        "since": since,
        "until": until,
        "by": by,
        "rows": [_row(one, by) for one in spent(member.workspace_id, since, until, by)],
        "committed": [_amount(one) for one in scheduled(member.workspace_id, at, until)],
    }


def _row(row: Spent, by: str) -> dict[str, Any]:
    return {
        "key": dict(zip(BY[by], row.key, strict=True)),
        "amounts": [_amount(one) for one in row.money],
        "calls": row.calls,
        "failed": row.failed,
        "units": row.units,
        "charged": row.charged,
    }


def _amount(one: Money) -> dict[str, Any]:
    return {"currency": one.currency, "amount": f"{one.decimal:f}", "micros": one.micros}
