"""Every call the TikTok connector makes. A video is out once its last chunk arrived; photos once their post is begun."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

BASIC, PUBLISH, LIST = ("user.info.basic",), ("video.publish",), ("video.list",)
SCOPES = (*BASIC, *PUBLISH, *LIST)

GET_TOKEN = Operation("get_token", "POST", "/v2/oauth/token/")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/v2/oauth/revoke/")
ME = Operation("me", "GET", "/v2/user/info/", bucket="api", scopes=BASIC)
CREATOR = Operation("creator", "POST", "/v2/post/publish/creator_info/query/", bucket="creator", scopes=PUBLISH)

BEGIN_VIDEO = Operation("begin_video", "POST", "/v2/post/publish/video/init/", bucket="posts", scopes=PUBLISH)
SEND_CHUNK = Operation("send_chunk", "PUT", "/", seconds=300)
SEND_LAST_CHUNK = Operation("send_last_chunk", "PUT", "/", creates=True, seconds=300)
POST_PHOTOS = Operation(
    "post_photos", "POST", "/v2/post/publish/content/init/", creates=True, bucket="posts", scopes=PUBLISH, seconds=60
)
POST_STATUS = Operation("post_status", "POST", "/v2/post/publish/status/fetch/", bucket="status", scopes=PUBLISH)

OWN_VIDEOS = Operation(
    "own_videos", "POST", "/v2/video/list/", bucket="api", scopes=LIST, unit="resource", counts=("data", "videos")
)
VIDEOS_BY_ID = Operation(
    "videos_by_id", "POST", "/v2/video/query/", bucket="api", scopes=LIST, unit="resource", counts=("data", "videos")
)

OPERATIONS = listed(
    GET_TOKEN,
    REVOKE_TOKEN,
    ME,
    CREATOR,
    BEGIN_VIDEO,
    SEND_CHUNK,
    SEND_LAST_CHUNK,
    POST_PHOTOS,
    POST_STATUS,
    OWN_VIDEOS,
    VIDEOS_BY_ID,
)
