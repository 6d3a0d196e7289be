"""Every call the Instagram connector makes. Containers are seen by nobody; only publishing one makes a post."""

from __future__ import annotations

from masthead.connectors.meta.graph import VERSION
from masthead.contract.operations import Operation, listed

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_contents",
)
HERE = f"/{VERSION}/{{id}}"
READS = ("instagram_basic",)
WRITES = ("instagram_content_publish",)

GET_TOKEN = Operation("get_token", "GET", f"/{VERSION}/oauth/access_token")
DEBUG_TOKEN = Operation("debug_token", "GET", f"/{VERSION}/debug_token")
MY_PAGES = Operation("my_pages", "GET", f"/{VERSION}/me/accounts", bucket="api", scopes=("pages_show_list",))
GET_PAGE = Operation("get_page", "GET", HERE, bucket="api", scopes=("pages_read_engagement",))
GET_LIMIT = Operation("get_limit", "GET", f"{HERE}/content_publishing_limit", bucket="api", scopes=WRITES)
PREPARE = Operation("prepare", "POST", f"{HERE}/media", bucket="api", scopes=WRITES, seconds=60)
GET_CONTAINER = Operation("get_container", "GET", HERE, bucket="api", scopes=WRITES)
PUBLISH = Operation("publish", "POST", f"{HERE}/media_publish", creates=True, bucket="posts", scopes=WRITES, seconds=60)
GET_MEDIA = Operation("get_media", "GET", HERE, bucket="api", scopes=READS)
OWN_MEDIA = Operation(
    "own_media",
    "GET",
    f"{HERE}/media",
    bucket="api",
    scopes=READS,
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
)
OWN_STORIES = Operation("own_stories", "GET", f"{HERE}/stories", bucket="api", scopes=READS)
INSIGHTS = Operation("insights", "GET", f"{HERE}/insights", bucket="api", scopes=("instagram_manage_insights",))
COMMENT = Operation("comment", "POST", f"{HERE}/comments", bucket="api", scopes=("instagram_manage_comments",))
DELETE_MEDIA = Operation("delete_media", "DELETE", HERE, bucket="api", scopes=("instagram_manage_contents",))

OPERATIONS = listed(
    GET_TOKEN,
    DEBUG_TOKEN,
    MY_PAGES,
    GET_PAGE,
    GET_LIMIT,
    PREPARE,
    GET_CONTAINER,
    PUBLISH,
    GET_MEDIA,
    OWN_MEDIA,
    OWN_STORIES,
    INSIGHTS,
    COMMENT,
    DELETE_MEDIA,
)
