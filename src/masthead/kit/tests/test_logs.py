"""No secret reaches a log line, whichever way it comes."""

import io
import json
import logging

import pytest
import structlog

from masthead.kit.logs import HIDDEN, configure, hide, hide_in_text

SECRET = "s3cr3tS3cr3tS3cr3t"


@pytest.fixture
def lines():
    structlog.reset_defaults()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    configure("INFO", json=True, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "name", ["token", "access_token", "client_secret", "password", "Authorization", "Cookie", "key", "api_key"]
)
def test_values_under_telling_names_are_hidden(name):
    assert hide({name: SECRET}) == {name: HIDDEN}


@pytest.mark.parametrize("name", ["status_code", "channel_id", "title", "token_count", "tries"])
def test_other_values_stay(name):
    assert hide({name: "value"}) == {name: "value"}


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"GET https://api.example/x?access_token={SECRET}&a=1",
        f'{{"refresh_token": "{SECRET}"}}',
        f"postgresql://masthead:{SECRET}@db/masthead",
        f"https://api.example/bot12345:{SECRET}/sendMessage",
        f"https://hooks.example.com/services/T0/B0/{SECRET}",
        f"https://example.com/api/webhooks/123/{SECRET}",
        f"eyJhbGciOiJI.{SECRET}.{SECRET}",
        f"gAAAAABl{SECRET}{SECRET}",
    ],
)
def test_secrets_inside_texts_are_hidden(text):
    assert SECRET not in hide_in_text(text)
    assert HIDDEN in hide_in_text(text)


def test_plain_text_stays_as_it_is():
    text = "published https://example.org/post/1?page=2 at 12:30 by bob@example.org"
    assert hide_in_text(text) == text


def test_structlog_and_logging_both_write_clean_json(lines):
    structlog.get_logger("ours").info("sent", token=SECRET, nested={"a": [{"password": SECRET}]}, channel=3)
    logging.getLogger("theirs").warning("called with %s", f"token={SECRET}")
    logging.getLogger("theirs").warning("called", extra={"authorization": SECRET})
    written = lines()
    assert SECRET not in json.dumps(written)
    assert written[0]["event"] == "sent" and written[0]["channel"] == 3 and written[0]["level"] == "info"
    assert written[1]["logger"] == "theirs" and written[1]["timestamp"].endswith("Z")


def test_tracebacks_are_clean_too(lines):
    try:
        raise ValueError(f"bad answer: access_token={SECRET}")
    except ValueError as error:
        structlog.get_logger().exception("failed", cause=error)
    line = lines()[0]
    assert "ValueError" in line["exception"]
    assert SECRET not in json.dumps(line)
