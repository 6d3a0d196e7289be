"""The parts of the Graph API's answers that all platforms of the family share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from masthead.contract.errors import OutcomeUnknown, TryAgain
from masthead.contract.http import Answer


class Shape(BaseModel):
    """Numbers where Meta promises strings are taken as strings; what we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Made(Shape):
    """The answer to a call that made something."""

    id: str = Field(min_length=1)


class Cursors(Shape):
    """Where a page of a list ends."""

    after: str = ""


class Paging(Shape):
    """How to get the next page; `next` is missing at the end."""

    cursors: Cursors = Cursors()
    next: str = ""

    @property
    def cursor(self) -> str:
        """The cursor of the next page, "" at the end."""
        return self.cursors.after if self.next else ""


class Container(Shape):
    """How far a container is: Instagram says it in `status_code`, and in words in `status`; Threads in `status` alone."""

    id: str
    status_code: str = ""
    status: str = "IN_PROGRESS"
    error_message: str = ""

    @property
    def step(self) -> str:
        """IN_PROGRESS, FINISHED, ERROR, EXPIRED or PUBLISHED."""
        return self.status_code or self.status

    @property
    def words(self) -> str:
        """What the platform says of it."""
        return self.error_message or (self.status if self.status_code else "")


class Config(Shape):
    """A quota: how many in how many seconds."""

    quota_total: int = 0
    quota_duration: int = 86_400


class Limit(Shape):
    """How much of the quota of posts is used; on Threads that of replies too."""

    quota_usage: int = 0
    config: Config = Config()
    reply_quota_usage: int = 0
    reply_config: Config = Config()


class Limits(Shape):
    """What is told of the quotas."""

    data: list[Limit] = []


class Child(Shape):
    """One picture or video of a post."""

    id: str
    media_type: str = ""
    media_url: str = ""
    thumbnail_url: str = ""
    alt_text: str | None = ""


class Children(Shape):
    """The parts of a carousel."""

    data: list[Child] = []


class Addressed(Shape):
    """A post's address."""

    permalink: str = ""


class Timed(Shape):
    """Something with a moment; Meta writes +0000."""

    @field_validator("timestamp", "created_time", mode="before", check_fields=False)
    @classmethod
    def _moment(cls, value: Any) -> Any:
        text = str(value)
        return f"{text[:-2]}:{text[-2:]}" if text[-5:-4] in ("+", "-") else value

    @field_validator("timestamp", "created_time", check_fields=False)
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=UTC)


class DebugData(Shape):
    """The inside of /debug_token."""

    is_valid: bool = False
    expires_at: int = 0
    scopes: list[str] = []


class Debug(Shape):
    """/debug_token."""

    data: DebugData


class Value(Shape):
    """One value of a metric: a number, or numbers by name."""

    value: Any = None


class Metric(Shape):
    """One metric of an insights answer."""

    name: str
    values: list[Value] = []
    total_value: Value | None = None


class Insights(Shape):
    """/insights."""

    data: list[Metric] = []


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("The platform answered in a form that its API does not describe.", after=60) from None


def made(answer: Answer) -> str:
    """The id of what a creating call made. OutcomeUnknown where the answer names none: it is looked up."""
    try:
        return Made.model_validate(answer.body).id
    except ValidationError:
        raise OutcomeUnknown(
            "The platform accepted the post but did not say which one it is.", status=answer.status
        ) from None


def numbers(insights: Insights) -> dict[str, float]:
    """The metrics of an insights answer by the platform's own names; those without a number are left out."""
    found: dict[str, float] = {}
    for one in insights.data:
        value = one.total_value.value if one.total_value else one.values[-1].value if one.values else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[one.name] = float(value)
    return found
