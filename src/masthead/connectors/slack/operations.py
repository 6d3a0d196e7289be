"""Every call the Slack connector makes. Uploads create nothing that anybody sees until they are completed into a channel."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

READ = ("channels:history", "groups:history")
LIST = ("channels:read", "groups:read")
SCOPES = (
    "chat:write",
    "files:write",
    "files:read",
    "channels:read",
    "groups:read",
    "channels:join",
    "channels:history",
    "groups:history",
)

GET_TOKEN = Operation("get_token", "POST", "/api/oauth.v2.access")
WHO = Operation("who", "GET", "/api/auth.test")
LIST_CHANNELS = Operation("list_channels", "GET", "/api/conversations.list", scopes=LIST, max_bytes=16_000_000)
GET_CHANNEL = Operation("get_channel", "GET", "/api/conversations.info", scopes=LIST)
JOIN = Operation("join", "POST", "/api/conversations.join", scopes=("channels:join",))
POST = Operation(
    "post", "POST", "/api/chat.postMessage", creates=True, bucket="messages", scopes=("chat:write",), seconds=60
)
UPDATE = Operation("update", "POST", "/api/chat.update", bucket="reading", scopes=("chat:write",))
DELETE = Operation("delete", "POST", "/api/chat.delete", bucket="reading", scopes=("chat:write",))
MESSAGES = Operation(
    "messages", "GET", "/api/conversations.history", bucket="reading", scopes=READ, max_bytes=16_000_000
)
REPLIES = Operation("replies", "GET", "/api/conversations.replies", bucket="reading", scopes=READ, max_bytes=16_000_000)
UPLOAD_URL = Operation("upload_url", "POST", "/api/files.getUploadURLExternal", bucket="files", scopes=("files:write",))
UPLOAD = Operation("upload", "POST", "/upload", seconds=300)
SHARE = Operation(
    "share",
    "POST",
    "/api/files.completeUploadExternal",
    creates=True,
    bucket="files",
    scopes=("files:write",),
    seconds=60,
)
DELETE_FILE = Operation("delete_file", "POST", "/api/files.delete", bucket="reading", scopes=("files:write",))

OPERATIONS = listed(
    GET_TOKEN,
    WHO,
    LIST_CHANNELS,
    GET_CHANNEL,
    JOIN,
    POST,
    UPDATE,
    DELETE,
    MESSAGES,
    REPLIES,
    UPLOAD_URL,
    UPLOAD,
    SHARE,
    DELETE_FILE,
)
