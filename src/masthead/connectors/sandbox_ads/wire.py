"""Shapes of what the ad market sends. Nothing outside this folder imports it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from masthead.contract.http import Answer, lost
from masthead.contract.operations import Operation


class AdAccount(BaseModel):
    """GET /ads/account; `minimum_daily` in micros."""

    id: str
    name: str
    currency: str
    time_zone: str
    minimum_daily: int


class Review(BaseModel):
    """What the market thinks of an ad."""

    verdict: Literal["approved", "pending", "rejected", "limited"]
    why: str = ""


class Piece(BaseModel):
    """Anything on an account; `state` and what follows of ad groups only, `review` of ads only. Money in micros."""

    id: str
    name: str
    status: str
    state: str = ""
    learning: bool | None = None
    daily: int | None = None
    total: int | None = None
    ends_at: datetime | None = None
    review: Review | None = None


class Pieces(BaseModel):
    """GET /ads/<kind>; `next` is the place to go on from, "" at the end."""

    pieces: list[Piece]
    next: str = ""


class Day(BaseModel):
    """One ad on one day."""

    day: date
    group: str
    ad: str
    place: str
    spend: int
    impressions: int
    clicks: int
    conversions: float
    value: int


class Results(BaseModel):
    """GET /ads/results."""

    results: list[Day]


Shape = TypeVar("Shape", bound=BaseModel)


def read(shape: type[Shape], answer: Answer, operation: Operation) -> Shape:
    """The answer in its shape; an answer of another shape counts as lost."""
    try:
        return shape.model_validate(answer.body)
    except ValidationError:
        raise lost(operation, "the answer has an unexpected form", answer.status) from None
