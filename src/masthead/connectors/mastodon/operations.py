"""Every call the Mastodon connector makes. An upload creates nothing that anybody sees: only a status does."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

SCOPES = "read:accounts read:notifications read:statuses write:statuses write:media"

AUTHORIZATION_SERVER = Operation("authorization_server", "GET", "/.well-known/oauth-authorization-server")
REGISTER_APP = Operation("register_app", "POST", "/api/v1/apps")
GET_TOKEN = Operation("get_token", "POST", "/oauth/token")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/oauth/revoke")
VERIFY = Operation(
    "verify_credentials", "GET", "/api/v1/accounts/verify_credentials", bucket="api", scopes=("read:accounts",)
)
INSTANCE = Operation("instance", "GET", "/api/v2/instance", bucket="api")
INSTANCE_V1 = Operation("instance_v1", "GET", "/api/v1/instance", bucket="api")
UPLOAD = Operation("upload_media", "POST", "/api/v2/media", bucket="media", scopes=("write:media",), seconds=300)
UPLOAD_V1 = Operation("upload_media_v1", "POST", "/api/v1/media", bucket="media", scopes=("write:media",), seconds=300)
GET_MEDIA = Operation("get_media", "GET", "/api/v1/media/{id}", bucket="api", scopes=("write:media",))
POST_STATUS = Operation(
    "post_status", "POST", "/api/v1/statuses", creates=True, bucket="statuses", scopes=("write:statuses",), seconds=30
)
OWN_STATUSES = Operation(
    "own_statuses",
    "GET",
    "/api/v1/accounts/{id}/statuses",
    bucket="api",
    scopes=("read:statuses",),
    max_bytes=16_000_000,
)
GET_STATUS = Operation("get_status", "GET", "/api/v1/statuses/{id}", bucket="api", scopes=("read:statuses",))
GET_STATUSES = Operation(
    "get_statuses", "GET", "/api/v1/statuses", bucket="api", scopes=("read:statuses",), max_bytes=16_000_000
)
GET_NOTIFICATIONS = Operation(
    "get_notifications",
    "GET",
    "/api/v1/notifications",
    bucket="api",
    scopes=("read:notifications",),
    max_bytes=16_000_000,
)
GET_CONTEXT = Operation(
    "get_context",
    "GET",
    "/api/v1/statuses/{id}/context",
    bucket="api",
    scopes=("read:statuses",),
    max_bytes=16_000_000,
)
GET_SOURCE = Operation("get_source", "GET", "/api/v1/statuses/{id}/source", bucket="api", scopes=("read:statuses",))
EDIT_STATUS = Operation("edit_status", "PUT", "/api/v1/statuses/{id}", bucket="api", scopes=("write:statuses",))
DELETE_STATUS = Operation(
    "delete_status", "DELETE", "/api/v1/statuses/{id}", bucket="deletes", scopes=("write:statuses",)
)

OPERATIONS = listed(
    AUTHORIZATION_SERVER,
    REGISTER_APP,
    GET_TOKEN,
    REVOKE_TOKEN,
    VERIFY,
    INSTANCE,
    INSTANCE_V1,
    UPLOAD,
    UPLOAD_V1,
    GET_MEDIA,
    POST_STATUS,
    OWN_STATUSES,
    GET_STATUS,
    GET_STATUSES,
    GET_NOTIFICATIONS,
    GET_CONTEXT,
    GET_SOURCE,
    EDIT_STATUS,
    DELETE_STATUS,
)
