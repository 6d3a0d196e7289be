"""Every error word the servers use becomes an error named by who must act."""

from __future__ import annotations

import pytest

from masthead.connectors.bluesky.errors import TABLE, Missing, Taken, explain
from masthead.connectors.bluesky.operations import PUT_RECORD, UPLOAD_BLOB
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TokenExpired, TryAgain
from masthead.contract.http import Answer, judge
from masthead.contract.operations import Operation


def said(status: int, word: str, message: str = "", operation: Operation = PUT_RECORD) -> ConnectorError:
    answer = Answer(status, {}, {"error": word, "message": message})
    return explain(answer) or judge(answer, operation)


@pytest.mark.parametrize(
    ("status", "word", "message", "kind"),
    [
        (400, "ExpiredToken", "Token has expired", TokenExpired),
        (401, "invalid_token", "exp claim", TokenExpired),
        (400, "ExpiredToken", "Bad token scope", NeedsReconnect),
        (400, "InvalidToken", "Token could not be verified", NeedsReconnect),
        (401, "AuthMissing", "", NeedsReconnect),
        (401, "AccountTakedown", "", NeedsReconnect),
        (400, "RepoDeactivated", "", NeedsReconnect),
        (400, "InvalidRequest", "Invalid app.bsky.feed.post record", Refused),
        (400, "InvalidRequest", "Could not locate record", Missing),
        (400, "RecordNotFound", "", Missing),
        (400, "InvalidSwap", "", Taken),
        (400, "BlobTooLarge", "", Refused),
        (413, "PayloadTooLarge", "", Refused),
        (400, "BlobNotFound", "Could not find blob", TryAgain),
        (429, "RateLimitExceeded", "", TryAgain),
        (500, "InternalServerError", "", OutcomeUnknown),
        (502, "UpstreamFailure", "", OutcomeUnknown),
        (400, "SomethingNew", "", Refused),
    ],
)
def test_table(status: int, word: str, message: str, kind: type[ConnectorError]) -> None:
    assert type(said(status, word, message)) is kind


def test_a_failed_upload_created_nothing() -> None:
    assert type(said(500, "InternalServerError", operation=UPLOAD_BLOB)) is TryAgain


def test_every_error_says_something() -> None:
    for word, make in TABLE.items():
        assert make("", 400).message, word


def test_bodies_that_are_not_json_do_no_harm() -> None:
    for body in (None, "text", ["list"], {"error": 5}, {"error": None}):
        assert explain(Answer(400, {}, body)) is None


def test_what_the_server_says_is_cut() -> None:
    assert len(said(400, "InvalidRequest", "x" * 5000).message) < 400
