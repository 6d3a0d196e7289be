"""Every call this connector may make. Writes to a repository share a budget of points: create 3, update 2, delete 1."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

WRITES = "writes"
SIGN_INS = "sign_ins"
UPLOADS = "uploads"
MEGABYTE = 1_000_000


def _query(method: str, **more: float | str) -> Operation:
    return Operation(method, "GET", f"/xrpc/{method}", **more)  # type: ignore[arg-type]


def _procedure(method: str, **more: bool | float | str) -> Operation:
    return Operation(method, "POST", f"/xrpc/{method}", **more)  # type: ignore[arg-type]


DESCRIBE_SERVER = _query("com.atproto.server.describeServer", seconds=15.0)
CREATE_SESSION = _procedure("com.atproto.server.createSession", bucket=SIGN_INS)
REFRESH_SESSION = _procedure("com.atproto.server.refreshSession")
DELETE_SESSION = _procedure("com.atproto.server.deleteSession")
GET_SESSION = _query("com.atproto.server.getSession")
SERVICE_AUTH = _query("com.atproto.server.getServiceAuth")
RESOLVE_HANDLE = _query("com.atproto.identity.resolveHandle", seconds=15.0)
GET_RECORD = _query("com.atproto.repo.getRecord")
GET_AUTHOR_FEED = _query("app.bsky.feed.getAuthorFeed")
GET_POSTS = _query("app.bsky.feed.getPosts")
LIST_NOTIFICATIONS = _query("app.bsky.notification.listNotifications")
# A put with `swapRecord: null` creates or fails; the documentation prices a creation at 3 points.
PUT_RECORD = _procedure("com.atproto.repo.putRecord", creates=True, bucket=WRITES, weight=3)
PUT_GATE = Operation("putRecord.threadgate", "POST", "/xrpc/com.atproto.repo.putRecord", bucket=WRITES, weight=3)
DELETE_RECORD = _procedure("com.atproto.repo.deleteRecord", bucket=WRITES)
UPLOAD_BLOB = _procedure("com.atproto.repo.uploadBlob", bucket=UPLOADS, seconds=120.0)
VIDEO_LIMITS = _query("app.bsky.video.getUploadLimits", seconds=10.0)
VIDEO_UPLOAD = _procedure("app.bsky.video.uploadVideo", seconds=600.0)
VIDEO_STATUS = _query("app.bsky.video.getJobStatus", seconds=15.0)
DID_DOCUMENT = Operation("did.document", "GET", "/{did}", seconds=15.0, max_bytes=MEGABYTE)
DID_WEB_DOCUMENT = Operation("did.web_document", "GET", "/.well-known/did.json", seconds=15.0, max_bytes=MEGABYTE)
RESOURCE = Operation("oauth.resource", "GET", "/.well-known/oauth-protected-resource", seconds=15.0)
AUTHORIZATION_SERVER = Operation("oauth.server", "GET", "/.well-known/oauth-authorization-server", seconds=15.0)
PUSH = Operation("oauth.push", "POST", "/oauth/par")
TOKEN = Operation("oauth.token", "POST", "/oauth/token")
REVOKE = Operation("oauth.revoke", "POST", "/oauth/revoke")

OPERATIONS = listed(
    DESCRIBE_SERVER,
    CREATE_SESSION,
    REFRESH_SESSION,
    DELETE_SESSION,
    GET_SESSION,
    SERVICE_AUTH,
    RESOLVE_HANDLE,
    GET_RECORD,
    GET_AUTHOR_FEED,
    GET_POSTS,
    LIST_NOTIFICATIONS,
    PUT_RECORD,
    PUT_GATE,
    DELETE_RECORD,
    UPLOAD_BLOB,
    VIDEO_LIMITS,
    VIDEO_UPLOAD,
    VIDEO_STATUS,
    DID_DOCUMENT,
    DID_WEB_DOCUMENT,
    RESOURCE,
    AUTHORIZATION_SERVER,
    PUSH,
    TOKEN,
    REVOKE,
)
