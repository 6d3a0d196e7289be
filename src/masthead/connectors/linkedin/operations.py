"""Every call the LinkedIn connector makes. Files are seen by nobody until a post shows them: only the post creates."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

GET_TOKEN = Operation("get_token", "POST", "/oauth/v2/accessToken")
USER_INFO = Operation("user_info", "GET", "/v2/userinfo", bucket="api", scopes=("openid", "profile"))
ME = Operation("me", "GET", "/v2/me", bucket="api", scopes=("r_basicprofile",))
MY_PAGES = Operation(
    "my_pages",
    "GET",
    "/rest/organizationAcls?q=roleAssignee&state=APPROVED&start={start}&count={count}",
    bucket="api",
    scopes=("rw_organization_admin",),
)
GET_PAGES = Operation(
    "get_pages", "GET", "/rest/organizations?ids=List({ids})", bucket="api", scopes=("rw_organization_admin",)
)
POST = Operation(
    "post",
    "POST",
    "/rest/posts",
    creates=True,
    bucket="api",
    scopes=("w_member_social", "w_organization_social"),
    seconds=60,
)
EDIT_POST = Operation("edit_post", "POST", "/rest/posts/{urn}", bucket="api", scopes=POST.scopes)
DELETE_POST = Operation("delete_post", "DELETE", "/rest/posts/{urn}", bucket="api", scopes=POST.scopes)
OWN_POSTS = Operation(
    "own_posts",
    "GET",
    "/rest/posts?q=author&author={author}&start={start}&count={count}&sortBy=CREATED",
    bucket="api",
    scopes=("r_organization_social", "r_member_social"),
    max_bytes=16_000_000,
    unit="resource",
    counts=("elements",),
)
GET_POSTS = Operation("get_posts", "GET", "/rest/posts?ids=List({ids})", bucket="api", scopes=OWN_POSTS.scopes)
STATISTICS = Operation(
    "statistics",
    "GET",
    "/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={page}{posts}",
    bucket="api",
    scopes=("rw_organization_admin",),
)
COMMENT = Operation("comment", "POST", "/rest/socialActions/{urn}/comments", bucket="api", scopes=POST.scopes)
START_IMAGE = Operation("start_image", "POST", "/rest/images?action=initializeUpload", bucket="api")
START_VIDEO = Operation("start_video", "POST", "/rest/videos?action=initializeUpload", bucket="api")
FINISH_VIDEO = Operation("finish_video", "POST", "/rest/videos?action=finalizeUpload", bucket="api")
START_DOCUMENT = Operation("start_document", "POST", "/rest/documents?action=initializeUpload", bucket="api")
GET_VIDEO = Operation("get_video", "GET", "/rest/videos/{urn}", bucket="api")
GET_DOCUMENT = Operation("get_document", "GET", "/rest/documents/{urn}", bucket="api")
SEND_FILE = Operation("send_file", "PUT", "", seconds=300)

OPERATIONS = listed(
    GET_TOKEN,
    USER_INFO,
    ME,
    MY_PAGES,
    GET_PAGES,
    POST,
    EDIT_POST,
    DELETE_POST,
    OWN_POSTS,
    GET_POSTS,
    STATISTICS,
    COMMENT,
    START_IMAGE,
    START_VIDEO,
    FINISH_VIDEO,
    START_DOCUMENT,
    GET_VIDEO,
    GET_DOCUMENT,
    SEND_FILE,
)
