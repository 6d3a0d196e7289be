"""Every call the Reddit connector makes. Uploading a file shows nothing to anybody: only a submission does."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

SCOPES = ("identity", "submit", "edit", "read", "history", "flair")

GET_TOKEN = Operation("get_token", "POST", "/api/v1/access_token", bucket="api")
REVOKE_TOKEN = Operation("revoke_token", "POST", "/api/v1/revoke_token", bucket="api")
"""Both on www.reddit.com; all others on oauth.reddit.com."""
ME = Operation("me", "GET", "/api/v1/me", bucket="api", scopes=("identity",))
SUBMIT = Operation("submit", "POST", "/api/submit", creates=True, bucket="api", scopes=("submit",), seconds=45)
SUBMIT_GALLERY = Operation(
    "submit_gallery",
    "POST",
    "/api/submit_gallery_post.json",
    creates=True,
    bucket="api",
    scopes=("submit",),
    seconds=45,
)
EDIT_TEXT = Operation("edit_text", "POST", "/api/editusertext", bucket="api", scopes=("edit",))
DELETE = Operation("delete", "POST", "/api/del", bucket="api", scopes=("edit",))
OWN_POSTS = Operation(
    "own_posts",
    "GET",
    "/user/{name}/submitted",
    bucket="api",
    scopes=("history",),
    max_bytes=16_000_000,
    unit="resource",
    counts=("data", "children"),
)
POSTS_BY_ID = Operation(
    "posts_by_id",
    "GET",
    "/api/info",
    bucket="api",
    scopes=("read",),
    max_bytes=16_000_000,
    unit="resource",
    counts=("data", "children"),
)
FLAIRS = Operation("flairs", "GET", "/r/{subreddit}/api/link_flair_v2", bucket="api", scopes=("flair",))
LEND = Operation("lend_upload", "POST", "/api/media/asset.json", bucket="api", scopes=("submit",))
UPLOAD = Operation("upload", "POST", "/", seconds=900)
"""To the address of Reddit's storage that the lease tells; without the token."""

OPERATIONS = listed(
    GET_TOKEN, REVOKE_TOKEN, ME, SUBMIT, SUBMIT_GALLERY, EDIT_TEXT, DELETE, OWN_POSTS, POSTS_BY_ID, FLAIRS, LEND, UPLOAD
)
