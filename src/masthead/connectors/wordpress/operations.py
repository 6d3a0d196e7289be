"""Every call the WordPress connector makes.

The route stands in the query: that way it works with every setting of permalinks, and WordPress itself writes it so where they are plain.
A draft and a file in the media library are seen by nobody, so only the call that publishes the draft creates.
"""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

API = "/index.php?rest_route="
V2 = API + "/wp/v2"
ELSEWHERE = (301, 302, 307, 308)
CLOSED = (401, 403)

INDEX = Operation("index", "GET", API + "/", fine=(*ELSEWHERE, *CLOSED))
ME = Operation("me", "GET", V2 + "/users/me")
CATEGORIES = Operation("categories", "GET", V2 + "/categories")
TAG = Operation("tag", "POST", V2 + "/tags", fine=(400,))
UPLOADED = Operation("uploaded", "GET", V2 + "/media")
UPLOAD = Operation("upload", "POST", V2 + "/media", seconds=300)
DESCRIBE = Operation("describe", "POST", V2 + "/media/{id}")
DRAFT = Operation("draft", "POST", V2 + "/posts", seconds=60)
RELEASE = Operation("release", "POST", V2 + "/posts/{id}", creates=True, seconds=60)
REWRITE = Operation("rewrite", "POST", V2 + "/posts/{id}", seconds=60)
REMOVE = Operation("remove", "POST", V2 + "/posts/{id}")
SHOW = Operation("show", "GET", V2 + "/posts/{id}", max_bytes=16_000_000)
OWN_POSTS = Operation("own_posts", "GET", V2 + "/posts", max_bytes=16_000_000)
COMMENTS = Operation("comments", "GET", V2 + "/comments")

OPERATIONS = listed(
    INDEX,
    ME,
    CATEGORIES,
    TAG,
    UPLOADED,
    UPLOAD,
    DESCRIBE,
    DRAFT,
    RELEASE,
    REWRITE,
    REMOVE,
    SHOW,
    OWN_POSTS,
    COMMENTS,
)
