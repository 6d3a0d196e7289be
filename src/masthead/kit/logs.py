"""Logs for people (a terminal) and for programs (JSON lines), without secrets, for structlog and logging alike."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

HIDDEN = "[hidden]"
_SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|authori[sz]ation|cookie|credential|api_?key|private_?key|session_?(id|key)|"
    r"signature|verifier|webhook|dsn|database_url|jwt|^(key|keys|code|auth)$",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(r"_(count|at|seconds|type|kind|id|ids)$|^(status|error)_code$", re.IGNORECASE)
_SECRET_TEXT = (
    (re.compile(r"\b(Bearer|Basic|DPoP|Bot|Token)\s+[A-Za-z0-9._~+/=:-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"""((?:[\w-]*(?:token|secret|passw(?:or)?d|api_?key|verifier|assertion|signature)|authorization|code)"""
            r"""["']?\s*[=:]\s*["']?)(?!\[hidden)[^\s"'&,;)}]{4,}""",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\w://[^\s/:@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"/bot\d+:[\w-]+"), f"/bot{HIDDEN}"),
    (re.compile(r"(/webhooks?/\d+/|hooks\.[\w.-]+/services/)[\w/-]+"), rf"\1{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*|\bgAAAA[\w=-]{20,}"), HIDDEN),
)


def hide(value: Any, name: str = "") -> Any:
    """The value without secrets: those under a telling name wholly, those inside texts by their shape."""
    if name and _SECRET_NAME.search(name) and not _PLAIN_NAME.search(name) and value not in (None, "", True, False):
        return HIDDEN
    if isinstance(value, str):
        return hide_in_text(value)
    if isinstance(value, Mapping):
        return {key: hide(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [hide(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return hide_in_text(bytes(value).decode(errors="replace"))
    return hide_in_text(repr(value)) if isinstance(value, BaseException) else value


def hide_in_text(text: str) -> str:
    """The text with everything of a secret's shape replaced."""
    for pattern, put in _SECRET_TEXT:
        text = pattern.sub(put, text)
    return text


def without_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: every value of the event through `hide`."""
    return {name: item if name.startswith("_") else hide(item, name) for name, item in event.items()}


def configure(level: str | None = None, *, json: bool | None = None, stream: TextIO | None = None) -> None:
    """Set up structlog and logging to `stream` (stderr).

    `level` defaults to MASTHEAD_LOG_LEVEL or INFO; `json` to whether the stream is no terminal.
    """
    stream = stream or sys.stderr
    level = (level or os.environ.get("MASTHEAD_LOG_LEVEL") or "INFO").upper()
    json = not stream.isatty() if json is None else json
    first: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(first, json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("asyncio", "pgqueuer", "fontTools"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _formatter(first: list[structlog.typing.Processor], json: bool) -> logging.Formatter:
    last = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*first, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_secrets, last],
    )
