"""Each row of the table, by the answers X is known to give."""

from __future__ import annotations

import time
from typing import Any

import pytest
from multidict import CIMultiDict

from masthead.connectors.x.errors import TABLE, Duplicate, explaining, row_for, said
from masthead.contract.errors import (
    ConnectorError,
    GoneForGood,
    NeedsReconnect,
    OverBudget,
    Refused,
    TokenExpired,
    TryAgain,
    Unsupported,
)
from masthead.contract.http import Answer

PROBLEMS = "https://api.twitter.com/2/problems/"


def answer(status: int, detail: str = "", kind: str = "about:blank", headers: Any = (), **more: Any) -> Answer:
    return Answer(status, CIMultiDict(headers), {"title": "T", "detail": detail, "type": kind, "status": status} | more)


CASES: list[tuple[Answer, type[ConnectorError], str]] = [
    (answer(401, "Unauthorized"), NeedsReconnect, ""),
    (answer(402, "The account does not have any credits to fulfill this request."), OverBudget, ""),
    (answer(403, "You are not allowed to create a Tweet with duplicate content."), Duplicate, ""),
    (answer(403, "x", PROBLEMS + "client-forbidden", reason="client-not-enrolled"), Unsupported, ""),
    (answer(403, "x", PROBLEMS + "unsupported-authentication"), NeedsReconnect, ""),
    (answer(403, "This is a suspended application."), GoneForGood, ""),
    (answer(403, "Your account is temporarily locked."), NeedsReconnect, ""),
    (answer(403, "Your account is suspended."), NeedsReconnect, ""),
    (answer(403, "This user is not allowed to post a video longer than 20 minutes."), Refused, "attachments"),
    (answer(403, "Your video is not allowed."), Refused, "attachments"),
    (answer(403, "Posts are limited to 1 cashtag."), Refused, "text"),
    (answer(403, "Quoting is not allowed."), Refused, "options.quote"),
    (answer(403, "Reply to this conversation is not allowed."), Refused, "thread"),
    (answer(403, "You are not permitted to perform this action."), Refused, ""),
    (answer(403, "Something else."), Refused, ""),
    (answer(404, "Not there."), Refused, "thread"),
    (answer(413), Refused, "attachments"),
    (answer(422, "Odd."), Refused, "text"),
    (answer(400, "You attempted to reply to a Tweet that is gone."), Refused, "thread"),
    (answer(400, "It was deleted."), Refused, "thread"),
    (answer(400, "Invalid poll."), Refused, "poll"),
    (answer(400, "Your media IDs are invalid.", PROBLEMS + "invalid-request"), Refused, "attachments"),
    (answer(400, "Bad quote_tweet_id."), Refused, "options.quote"),
    (answer(400, "T", errors=[{"message": "The text is bad."}]), Refused, "text"),
]


@pytest.mark.parametrize(("one", "kind", "field"), CASES)
def test_what_an_answer_means(one: Answer, kind: type[ConnectorError], field: str) -> None:
    error = explaining()(one)
    assert type(error) is kind
    assert error.field == field
    assert error.status == one.status
    assert error.remedy or kind is Duplicate


def test_every_row_has_its_case() -> None:
    assert {id(row_for(one)) for one, _, _ in CASES} == {id(row) for row in TABLE}


def test_an_expired_token_can_be_renewed() -> None:
    assert type(explaining(renewable=True)(answer(401))) is TokenExpired


def test_the_words_of_an_invalid_request_come_first() -> None:
    assert said({"errors": [{"message": "One."}, {"message": "Two."}, {}], "detail": "Whole."}) == "One. Two. Whole."
    assert said(None) == said("text") == ""


def limited(**headers: str) -> TryAgain:
    told = [(name.replace("_", "-"), value) for name, value in headers.items()]
    error = explaining()(answer(429, "Too Many Requests", headers=told))
    assert isinstance(error, TryAgain)
    assert error.whole_channel
    return error


def test_how_long_a_limit_lasts() -> None:
    soon, late = str(int(time.time()) + 60), str(int(time.time()) + 7200)
    short = limited(x_rate_limit_remaining="0", x_rate_limit_reset=soon)
    assert (50 < short.after <= 60, short.scope) == (True, "account")
    day = {"x_rate_limit_remaining": "50", "x_rate_limit_reset": soon}
    mine = limited(**day, x_user_limit_24hour_remaining="0", x_user_limit_24hour_reset=late)
    assert (7000 < mine.after <= 7200, mine.scope) == (True, "account")
    ours = limited(**day, x_app_limit_24hour_remaining="0", x_app_limit_24hour_reset=late)
    assert (7000 < ours.after <= 7200, ours.scope) == (True, "app")
    assert limited(**day, x_app_limit_24hour_remaining="7", x_app_limit_24hour_reset=late).after == 300


def test_a_monthly_cap_stops_the_app_for_a_day() -> None:
    error = explaining()(
        answer(429, "Usage cap exceeded", PROBLEMS + "usage-capped", period="Monthly", scope="Product")
    )
    assert isinstance(error, TryAgain)
    assert (error.scope, error.after) == ("app", 86_400)
    assert "monthly" in error.message
