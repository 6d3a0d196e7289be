"""Calls to Google's APIs in an account's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from masthead.connectors.google.errors import Row, explaining
from masthead.contract.errors import TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account


@dataclass(frozen=True, slots=True)
class Way:
    """How one platform of the family is called: its name for people, and errors of its own."""

    name: str
    rows: Sequence[Row] = ()


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("Google answered in a form that its API does not describe.", after=60) from None


async def call(
    http: Http,
    way: Way,
    operation: Operation,
    account: Account,
    *,
    headers: Mapping[str, str] | None = None,
    **rest: Any,
) -> Answer:
    """Make a call; `rest` as `Http.call` takes it."""
    told = {"Accept": "application/json", "Authorization": f"Bearer {account.secrets.get('access_token', '')}"}
    explain = explaining(way.name, way.rows, renewable=bool(account.secrets.get("refresh_token")))
    return await http.call(operation, account.server, headers=told | dict(headers or {}), explain=explain, **rest)
