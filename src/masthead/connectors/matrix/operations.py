"""Every call this connector may make."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

WELL_KNOWN = Operation("well_known", "GET", "/.well-known/matrix/client", seconds=15.0, max_bytes=200_000)
LOGIN = Operation("login", "POST", "/_matrix/client/v3/login", seconds=20.0)
REFRESH = Operation("refresh", "POST", "/_matrix/client/v3/refresh", seconds=20.0)
LOGOUT = Operation("logout", "POST", "/_matrix/client/v3/logout", seconds=15.0)
WHO = Operation("who", "GET", "/_matrix/client/v3/account/whoami", seconds=15.0)
PROFILE = Operation("profile", "GET", "/_matrix/client/v3/profile/{user}", seconds=15.0)
MEDIA_CONFIG = Operation("media_config", "GET", "/_matrix/client/v1/media/config", seconds=15.0)
JOINED = Operation("joined_rooms", "GET", "/_matrix/client/v3/joined_rooms", seconds=15.0)
STATE = Operation("room_state", "GET", "/_matrix/client/v3/rooms/{room}/state/{kind}", seconds=15.0)
UPLOAD = Operation("upload", "POST", "/_matrix/media/v3/upload", seconds=180.0)
SEND = Operation("send", "PUT", "/_matrix/client/v3/rooms/{room}/send/m.room.message/{txn}", creates=True)
CHANGE = Operation("change", "PUT", "/_matrix/client/v3/rooms/{room}/send/m.room.message/{txn}")
READ = Operation("read", "GET", "/_matrix/client/v3/rooms/{room}/messages", seconds=20.0)
EVENT = Operation("event", "GET", "/_matrix/client/v3/rooms/{room}/event/{event}", seconds=15.0)
REACTIONS = Operation(
    "reactions",
    "GET",
    "/_matrix/client/v1/rooms/{room}/relations/{event}/m.annotation/m.reaction",
    seconds=15.0,
)
REDACT = Operation("redact", "PUT", "/_matrix/client/v3/rooms/{room}/redact/{event}/{txn}")

OPERATIONS = listed(
    WELL_KNOWN,
    LOGIN,
    REFRESH,
    LOGOUT,
    WHO,
    PROFILE,
    MEDIA_CONFIG,
    JOINED,
    STATE,
    UPLOAD,
    SEND,
    CHANGE,
    READ,
    EVENT,
    REACTIONS,
    REDACT,
)
