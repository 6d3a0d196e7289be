"""Every call the Threads connector makes. Containers are seen by nobody; only publishing one makes a post."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

SCOPES = (
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_delete",
)
READS = ("threads_basic",)
WRITES = ("threads_content_publish",)

GET_TOKEN = Operation("get_token", "POST", "/oauth/access_token")
LENGTHEN = Operation("lengthen", "GET", "/access_token")
REFRESH = Operation("refresh", "GET", "/refresh_access_token")
ME = Operation("me", "GET", "/v1.0/me", bucket="api", scopes=READS)
GET_LIMIT = Operation("get_limit", "GET", "/v1.0/me/threads_publishing_limit", bucket="api", scopes=WRITES)
PREPARE = Operation("prepare", "POST", "/v1.0/me/threads", bucket="api", scopes=WRITES, seconds=60)
GET_CONTAINER = Operation("get_container", "GET", "/v1.0/{id}", bucket="api", scopes=WRITES)
PUBLISH = Operation(
    "publish", "POST", "/v1.0/me/threads_publish", creates=True, bucket="posts", scopes=WRITES, seconds=60
)
PUBLISH_REPLY = Operation(
    "publish_reply",
    "POST",
    "/v1.0/me/threads_publish",
    creates=True,
    bucket="replies",
    scopes=("threads_manage_replies",),
    seconds=60,
)
GET_POST = Operation("get_post", "GET", "/v1.0/{id}", bucket="api", scopes=READS)
OWN_POSTS = Operation(
    "own_posts",
    "GET",
    "/v1.0/me/threads",
    bucket="api",
    scopes=READS,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
)
OWN_REPLIES = Operation(
    "own_replies", "GET", "/v1.0/me/replies", bucket="api", scopes=("threads_read_replies",), max_bytes=16_000_000
)
INSIGHTS = Operation("insights", "GET", "/v1.0/{id}/insights", bucket="api", scopes=("threads_manage_insights",))
DELETE_POST = Operation("delete_post", "DELETE", "/v1.0/{id}", bucket="deletes", scopes=("threads_delete",))

OPERATIONS = listed(
    GET_TOKEN,
    LENGTHEN,
    REFRESH,
    ME,
    GET_LIMIT,
    PREPARE,
    GET_CONTAINER,
    PUBLISH,
    PUBLISH_REPLY,
    GET_POST,
    OWN_POSTS,
    OWN_REPLIES,
    INSIGHTS,
    DELETE_POST,
)
