"""Every call the Facebook connector makes. Photos and the parts of a video are seen by nobody until the last step."""

from __future__ import annotations

from masthead.connectors.meta.graph import VERSION
from masthead.contract.operations import Operation, listed

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "read_insights",
)
HERE = f"/{VERSION}/{{id}}"

GET_TOKEN = Operation("get_token", "GET", f"/{VERSION}/oauth/access_token")
DEBUG_TOKEN = Operation("debug_token", "GET", f"/{VERSION}/debug_token")
MY_PAGES = Operation("my_pages", "GET", f"/{VERSION}/me/accounts", bucket="api", scopes=("pages_show_list",))
GET_PAGE = Operation("get_page", "GET", HERE, bucket="api", scopes=("pages_read_engagement",))
UPLOAD_PHOTO = Operation(
    "upload_photo", "POST", f"{HERE}/photos", bucket="api", scopes=("pages_manage_posts",), seconds=120
)
POST_FEED = Operation(
    "post_feed", "POST", f"{HERE}/feed", creates=True, bucket="api", scopes=("pages_manage_posts",), seconds=60
)
START_VIDEO = Operation("start_video", "POST", f"{HERE}/videos", bucket="api", scopes=("pages_manage_posts",))
SEND_VIDEO = Operation(
    "send_video", "POST", f"{HERE}/videos", bucket="api", scopes=("pages_manage_posts",), seconds=300
)
FINISH_VIDEO = Operation(
    "finish_video", "POST", f"{HERE}/videos", creates=True, bucket="videos", scopes=("pages_manage_posts",), seconds=60
)
GET_VIDEO = Operation("get_video", "GET", HERE, bucket="api", scopes=("pages_read_engagement",))
OWN_POSTS = Operation(
    "own_posts",
    "GET",
    f"{HERE}/published_posts",
    bucket="api",
    scopes=("pages_read_engagement",),
    max_bytes=16_000_000,
    unit="resource",
    counts=("data",),
)
GET_POST = Operation("get_post", "GET", HERE, bucket="api", scopes=("pages_read_engagement",))
INSIGHTS = Operation("insights", "GET", f"{HERE}/insights", bucket="api", scopes=("read_insights",))
EDIT_POST = Operation("edit_post", "POST", HERE, bucket="api", scopes=("pages_manage_posts",))
DELETE_POST = Operation("delete_post", "DELETE", HERE, bucket="api", scopes=("pages_manage_posts",))
COMMENT = Operation("comment", "POST", f"{HERE}/comments", bucket="api", scopes=("pages_manage_engagement",))

OPERATIONS = listed(
    GET_TOKEN,
    DEBUG_TOKEN,
    MY_PAGES,
    GET_PAGE,
    UPLOAD_PHOTO,
    POST_FEED,
    START_VIDEO,
    SEND_VIDEO,
    FINISH_VIDEO,
    GET_VIDEO,
    OWN_POSTS,
    GET_POST,
    INSIGHTS,
    EDIT_POST,
    DELETE_POST,
    COMMENT,
)
