"""Every call this connector may make."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

POSTS = "posts"

ME = Operation("me", "GET", "/api/me", seconds=15.0)
TOKEN = Operation("token", "POST", "/oauth/token", seconds=15.0)
REVOKE = Operation("revoke", "POST", "/oauth/revoke", seconds=15.0)
UPLOAD = Operation("upload", "POST", "/api/media", price_key="media.upload", seconds=60.0)
CREATE = Operation("create", "POST", "/api/posts", creates=True, bucket=POSTS, price_key="post.create")
CREATE_WITH_LINK = Operation(
    "create_with_link", "POST", "/api/posts", creates=True, bucket=POSTS, price_key="post.create.url"
)
"""A link in the first part of a thread is dear, so that the demo has something to save."""
LIST = Operation("list", "GET", "/api/posts", seconds=15.0)
NUMBERS = Operation("numbers", "GET", "/api/numbers", seconds=15.0)
SHOW = Operation("show", "GET", "/api/posts/{id}", seconds=15.0)
MENTIONS = Operation("mentions", "GET", "/api/mentions", seconds=15.0)
DIRECTS = Operation("directs", "GET", "/api/direct", seconds=15.0)
WRITE = Operation("write", "POST", "/api/direct", creates=True, bucket=POSTS)
EDIT = Operation("edit", "PATCH", "/api/posts/{id}")
REMOVE = Operation("remove", "DELETE", "/api/posts/{id}")

OPERATIONS = listed(
    ME, TOKEN, REVOKE, UPLOAD, CREATE, CREATE_WITH_LINK, LIST, NUMBERS, SHOW, EDIT, REMOVE, MENTIONS, DIRECTS, WRITE
)
