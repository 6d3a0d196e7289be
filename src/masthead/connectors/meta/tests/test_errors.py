"""The table of errors: who must act, what is said, and what is never said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from masthead.connectors.meta.errors import Forbidden, explaining, told_in
from masthead.connectors.meta.facebook.errors import ROWS
from masthead.contract.errors import Gone, NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain, Unsupported
from masthead.contract.http import Answer
from masthead.contract.operations import Operation

READS = Operation("reads", "GET", "/x")
MAKES = Operation("makes", "POST", "/x", creates=True)


def answer(
    code: int, subcode: int = 0, status: int = 400, headers: dict[str, str] | None = None, **more: Any
) -> Answer:
    inner = {"message": "Something", "type": "OAuthException", "code": code, "error_subcode": subcode}
    return Answer(status, headers or {}, {"error": inner | {"fbtrace_id": "AbC-1_2"} | more})


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (190, 463, TokenExpired),
        (190, 460, NeedsReconnect),
        (190, 0, NeedsReconnect),
        (102, 0, NeedsReconnect),
        (10, 0, Forbidden),
        (200, 0, Forbidden),
        (283, 0, Forbidden),
        (4, 0, TryAgain),
        (32, 0, TryAgain),
        (80001, 0, TryAgain),
        (3, 0, Unsupported),
        (100, 33, Gone),
        (100, 0, Refused),
        (506, 0, Refused),
        (324, 0, Refused),
        (12345, 0, Refused),
    ],
)
def test_codes_name_who_must_act(code: int, subcode: int, kind: type[Exception]) -> None:
    found = explaining(MAKES, ROWS, renewable=True)(answer(code, subcode))
    assert type(found) is kind
    assert found.message.endswith(f"(error {code}{f'/{subcode}' if subcode else ''}, trace AbC-1_2).")


def test_without_a_way_to_renew_an_expiry_asks_for_a_reconnect() -> None:
    assert type(explaining(MAKES)(answer(190, 463))) is NeedsReconnect


@pytest.mark.parametrize("code", [1, 2, -1, -2])
def test_a_failure_is_in_doubt_only_where_something_may_have_been_made(code: int) -> None:
    assert type(explaining(MAKES)(answer(code))) is OutcomeUnknown
    assert type(explaining(READS)(answer(code))) is TryAgain
    assert type(explaining(READS)(answer(999, is_transient=True))) is TryAgain
    assert explaining(MAKES)(answer(code, status=500)) is None


def test_a_limit_waits_as_long_as_the_headers_say() -> None:
    told = {"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 7}]}
    found = explaining(MAKES)(answer(32, headers={"X-Business-Use-Case-Usage": json.dumps(told)}))
    assert isinstance(found, TryAgain) and (found.after, found.whole_channel, found.scope) == (420, True, "account")
    app = explaining(MAKES)(answer(4))
    assert isinstance(app, TryAgain) and (app.after, app.scope) == (300, "app")


def test_tokens_in_meta_s_words_are_taken_out() -> None:
    told = told_in(answer(190, message="Malformed access token EAA" + "x" * 60).body)
    assert told and "xxx" not in told.words and "Malformed access token" in told.words


@pytest.mark.parametrize("body", [None, [], "text", {"error": "text"}, {"error": {"code": "x"}}])
def test_senseless_bodies_are_judged_by_their_status(body: Any) -> None:
    found = explaining(READS)(Answer(400, {}, body))
    assert found is None or type(found) is Refused
