"""Every call the Pinterest connector makes. Registering and uploading a video shows nothing to anybody: only a Pin does."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

READ = ("boards:read", "pins:read")
WRITE = ("boards:read", "boards:write", "pins:read", "pins:write")
SCOPES = ("user_accounts:read", *WRITE)

GET_TOKEN = Operation("get_token", "POST", "/v5/oauth/token")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/v5/oauth/token/revoke")
ME = Operation("me", "GET", "/v5/user_account", bucket="api", scopes=("user_accounts:read",))
BOARDS = Operation("boards", "GET", "/v5/boards", bucket="api", scopes=("boards:read",))

CREATE_PIN = Operation("create_pin", "POST", "/v5/pins", creates=True, bucket="api", scopes=WRITE, seconds=90)
UPDATE_PIN = Operation("update_pin", "PATCH", "/v5/pins/{id}", bucket="api", scopes=WRITE)
DELETE_PIN = Operation("delete_pin", "DELETE", "/v5/pins/{id}", bucket="api", scopes=WRITE)
GET_PIN = Operation("get_pin", "GET", "/v5/pins/{id}", bucket="api", scopes=READ)
OWN_PINS = Operation(
    "own_pins",
    "GET",
    "/v5/pins",
    bucket="api",
    scopes=READ,
    max_bytes=16_000_000,
    unit="resource",
    counts=("items",),
)
BOARD_PINS = Operation("board_pins", "GET", "/v5/boards/{id}/pins", bucket="api", scopes=READ, max_bytes=16_000_000)

REGISTER_MEDIA = Operation("register_media", "POST", "/v5/media", bucket="api", scopes=("pins:read", "pins:write"))
UPLOAD_MEDIA = Operation("upload_media", "POST", "/", seconds=600)
"""To the address of Pinterest's storage that registering tells; without the token."""
MEDIA_STATUS = Operation("media_status", "GET", "/v5/media/{id}", bucket="api", scopes=("pins:read",))

OPERATIONS = listed(
    GET_TOKEN,
    REVOKE_TOKEN,
    ME,
    BOARDS,
    CREATE_PIN,
    UPDATE_PIN,
    DELETE_PIN,
    GET_PIN,
    OWN_PINS,
    BOARD_PINS,
    REGISTER_MEDIA,
    UPLOAD_MEDIA,
    MEDIA_STATUS,
)
