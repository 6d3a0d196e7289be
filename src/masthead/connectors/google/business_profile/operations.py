"""Every call the Business Profile connector makes. Posts are still in version 4 of the old API; accounts and locations have their own."""

from __future__ import annotations

from masthead.connectors.google.sign_in import GET_TOKEN, REVOKE_TOKEN
from masthead.contract.operations import Operation, listed

SCOPES = ("https://www.googleapis.com/auth/business.manage",)

ACCOUNTS = Operation("accounts", "GET", "/v1/accounts", bucket="calls", scopes=SCOPES)
LOCATIONS = Operation("locations", "GET", "/v1/{account}/locations", bucket="calls", scopes=SCOPES)
LOCATION = Operation("location", "GET", "/v1/{location}", bucket="calls", scopes=SCOPES)
# Google fetches the photo before it answers.
CREATE_POST = Operation(
    "create_post", "POST", "/v4/{place}/localPosts", creates=True, bucket="edits", scopes=SCOPES, seconds=60
)
POSTS = Operation("posts", "GET", "/v4/{place}/localPosts", bucket="calls", scopes=SCOPES)
POST = Operation("post", "GET", "/v4/{place}/localPosts/{id}", bucket="calls", scopes=SCOPES)
EDIT_POST = Operation("edit_post", "PATCH", "/v4/{place}/localPosts/{id}", bucket="edits", scopes=SCOPES)
DELETE_POST = Operation("delete_post", "DELETE", "/v4/{place}/localPosts/{id}", bucket="edits", scopes=SCOPES)

OPERATIONS = listed(
    GET_TOKEN, REVOKE_TOKEN, ACCOUNTS, LOCATIONS, LOCATION, CREATE_POST, POSTS, POST, EDIT_POST, DELETE_POST
)
