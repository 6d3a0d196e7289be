"""Every call the X connector makes. Uploads create nothing that anybody sees: only a post does.

A post with a link has its own price, so it is its own operation on the same address. Price keys are those of the price catalogue.
"""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

READ = ("tweet.read", "users.read")
WRITE = ("tweet.read", "tweet.write", "users.read")
MEDIA = ("media.write",)
READ_MESSAGES = ("dm.read", "tweet.read", "users.read")
WRITE_MESSAGES = ("dm.write", "dm.read", "tweet.read", "users.read")
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "dm.read", "dm.write", "offline.access")

GET_TOKEN = Operation("get_token", "POST", "/2/oauth2/token")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/2/oauth2/revoke")
ME = Operation(
    "me",
    "GET",
    "/2/users/me",
    bucket="me",
    price_key="user.read",
    scopes=READ,
    unit="resource",
    counts=("data",),
    most=1,
)

CREATE_POST = Operation(
    "create_post", "POST", "/2/tweets", creates=True, bucket="posts", price_key="post.create", scopes=WRITE, seconds=30
)
CREATE_POST_WITH_LINK = Operation(
    "create_post_with_link",
    "POST",
    "/2/tweets",
    creates=True,
    bucket="posts",
    price_key="post.create.url",
    scopes=WRITE,
    seconds=30,
)
CREATE_SUMMONED = Operation(
    "create_summoned_post",
    "POST",
    "/2/tweets",
    creates=True,
    bucket="posts",
    price_key="post.create.summoned",
    scopes=WRITE,
    seconds=30,
)
DELETE_POST = Operation(
    "delete_post", "DELETE", "/2/tweets/{id}", bucket="deletes", price_key="post.delete", scopes=WRITE
)
OWN_POSTS = Operation(
    "own_posts",
    "GET",
    "/2/users/{id}/tweets",
    bucket="own_posts",
    price_key="post.read.owned",
    scopes=READ,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
    most=100,
    asks="max_results",
)
POSTS_BY_ID = Operation(
    "posts_by_id",
    "GET",
    "/2/tweets",
    bucket="lookup",
    price_key="post.read",
    scopes=READ,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
    most=100,
    asks="ids",
    lists=True,
)

MENTIONS = Operation(
    "mentions",
    "GET",
    "/2/users/{id}/mentions",
    bucket="mentions",
    price_key="post.read.owned",
    scopes=READ,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
)
MESSAGES = Operation(
    "messages",
    "GET",
    "/2/dm_events",
    bucket="messages",
    price_key="dm.read",
    scopes=READ_MESSAGES,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
)
MESSAGES_WITH = Operation(
    "messages_with",
    "GET",
    "/2/dm_conversations/with/{id}/dm_events",
    bucket="messages_with",
    price_key="dm.read",
    scopes=READ_MESSAGES,
    unit="resource",
    counts=("data",),
)
MESSAGES_OF_GROUP = Operation(
    "messages_of_group",
    "GET",
    "/2/dm_conversations/{id}/dm_events",
    bucket="messages_with",
    price_key="dm.read",
    scopes=READ_MESSAGES,
    unit="resource",
    counts=("data",),
)
SEND_MESSAGE = Operation(
    "send_message",
    "POST",
    "/2/dm_conversations/with/{id}/messages",
    creates=True,
    bucket="send_message",
    price_key="dm.create",
    scopes=WRITE_MESSAGES,
)
SEND_TO_GROUP = Operation(
    "send_to_group",
    "POST",
    "/2/dm_conversations/{id}/messages",
    creates=True,
    bucket="send_message",
    price_key="dm.create",
    scopes=WRITE_MESSAGES,
)
USAGE = Operation("usage", "GET", "/2/usage/tweets", bucket="usage")
"""Asked with the app's own bearer token. X names no price for it."""

UPLOAD = Operation(
    "upload", "POST", "/2/media/upload", bucket="media", price_key="media.upload", scopes=MEDIA, seconds=300
)
INITIALIZE = Operation(
    "initialize_upload",
    "POST",
    "/2/media/upload/initialize",
    bucket="media",
    price_key="media.upload",
    scopes=MEDIA,
)
APPEND = Operation("append_upload", "POST", "/2/media/upload/{id}/append", bucket="media", scopes=MEDIA, seconds=300)
FINALIZE = Operation("finalize_upload", "POST", "/2/media/upload/{id}/finalize", bucket="media", scopes=MEDIA)
UPLOAD_STATUS = Operation("upload_status", "GET", "/2/media/upload", bucket="media", scopes=MEDIA)
DESCRIBE = Operation(
    "describe_media", "POST", "/2/media/metadata", bucket="metadata", price_key="media.metadata", scopes=MEDIA
)

OPERATIONS = listed(
    GET_TOKEN,
    REVOKE_TOKEN,
    ME,
    CREATE_POST,
    CREATE_POST_WITH_LINK,
    CREATE_SUMMONED,
    DELETE_POST,
    OWN_POSTS,
    POSTS_BY_ID,
    MENTIONS,
    MESSAGES,
    MESSAGES_WITH,
    MESSAGES_OF_GROUP,
    SEND_MESSAGE,
    SEND_TO_GROUP,
    USAGE,
    UPLOAD,
    INITIALIZE,
    APPEND,
    FINALIZE,
    UPLOAD_STATUS,
    DESCRIBE,
)
