"""Every call this connector may make. "WS" is an exchange over a WebSocket; the path is the relay's own."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

PUBLISH = Operation("publish", "WS", "", creates=True, seconds=15.0)
FIND = Operation("find", "WS", "", seconds=15.0)
OWN_NOTES = Operation("own_notes", "WS", "", seconds=20.0)
ANSWERS = Operation("answers", "WS", "", seconds=20.0)
PROFILE = Operation("profile", "WS", "", seconds=15.0)
DELETE = Operation("delete", "WS", "", seconds=15.0)
RELAY_INFO = Operation("relay_info", "GET", "", seconds=10.0, max_bytes=200_000)
UPLOAD = Operation("upload", "PUT", "/upload", seconds=120.0)

OPERATIONS = listed(PUBLISH, FIND, OWN_NOTES, ANSWERS, PROFILE, DELETE, RELAY_INFO, UPLOAD)
