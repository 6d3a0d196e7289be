"""A make-believe Meta for tests: real HTTP, with state, a clock to move and faults to ask for. One server for the whole family.

with GraphDouble() as double:
    double.troubled.next(Trouble.CLOSE_AFTER)
    ... double.url, double.memory.posts
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.meta.graph import VERSION
from masthead.connectors.meta.tests import facebook_rules, instagram_rules, sign_in_rules, threads_rules
from masthead.connectors.meta.tests.asked import Asked
from masthead.connectors.meta.tests.memory import GraphError, Memory, Owner, Post, Token, gone
from masthead.connectors.meta.tests.troubles import SAYS, makes_a_post
from masthead.connectors.tests.described import KNOWN
from masthead.connectors.tests.described_graph import GraphDescribed
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Troubled

DESCRIBED = GraphDescribed(
    "Meta",
    "meta-api_specs-2026-04.tar.gz",
    {
        "Page/photos.source": "a file; the files leave the names of uploads out",
        "Page.tasks": "a field of /me/accounts: https://developers.facebook.com/docs/graph-api/reference/user/accounts/",
    },
)
KNOWN[DESCRIBED.name] = DESCRIBED
OPEN = ("oauth", "dialog", "debug_token")


class GraphDouble:
    """The server. `asked` keeps each request that was taken apart."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.asked: list[Asked] = []
        self.usage: dict[str, str] = {}
        routes = [Route("/{path:path}", self._answer, methods=["GET", "POST", "DELETE"])]
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(Starlette(routes=routes), makes_a_post, SAYS)

    def start(self) -> GraphDouble:
        """Serve."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop serving."""
        self.serving.stop()

    def __enter__(self) -> GraphDouble:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    async def _answer(self, request: Request) -> Response:
        asked = await taken_apart(request)
        self.asked.append(asked)
        try:
            body = self._handled(asked)
        except GraphError as error:
            return JSONResponse(error.body(), error.status, self.usage)
        if isinstance(body, str):
            return RedirectResponse(body, 302)
        return JSONResponse(body, headers=self.usage)

    def _handled(self, asked: Asked) -> Mapping[str, Any] | str:
        if not asked.path.startswith(f"/{VERSION}/"):
            return threads_rules.handled(self.memory, asked)
        if asked.node in OPEN:
            return sign_in_rules.facebook(self.memory, asked)
        token = self.memory.checked(asked.token)
        if asked.edge in self.memory.refuses:
            raise GraphError(368, "The action attempted has been deemed abusive or is otherwise disallowed")
        self._proved(token, asked)
        return self._graph(token, asked)

    def _proved(self, token: Token, asked: Asked) -> None:
        """The app demands the proof, as Meta advises: https://developers.facebook.com/docs/graph-api/guides/secure-requests."""
        want = hmac.new(self.memory.apps[token.app].encode(), token.value.encode(), hashlib.sha256).hexdigest()
        if asked.sent.get("appsecret_proof") != want:
            raise GraphError(100, "API calls from the server require an appsecret_proof argument")

    def _graph(self, token: Token, asked: Asked) -> Mapping[str, Any]:
        if asked.node == "me":
            described(asked, "User", "Page")
            return checked("Page", sign_in_rules.accounts(self.memory, token, asked))
        owner = self.memory.owners.get(asked.node)
        if owner and owner.kind == "page":
            return self._page(token, asked)
        if owner and owner.kind == "instagram":
            return self._instagram(token, owner, asked)
        return self._object(token, asked)

    def _object(self, token: Token, asked: Asked) -> Mapping[str, Any]:
        container = self.memory.containers.get(asked.node)
        if container:
            return instagram_rules.container_node(self.memory, container)
        post = self.memory.posts.get(asked.node)
        account = self.memory.owners.get(post.owner) if post else None
        if post and account and account.kind == "instagram":
            return self._instagram_object(token, account, post, asked)
        return self._facebook_object(token, asked)

    def _instagram(self, token: Token, owner: Owner, asked: Asked) -> Mapping[str, Any]:
        if token.kind != "page" or token.owner != owner.page:
            raise GraphError(10, "(#10) Application does not have permission for this action", 0, 403)
        described(asked, "IGUser")
        rules = {
            ("POST", "media"): (instagram_rules.prepare, ""),
            ("POST", "media_publish"): (instagram_rules.publish, ""),
            ("GET", "content_publishing_limit"): (instagram_rules.limit, "ContentPublishingLimitResponse"),
            ("GET", "media"): (instagram_rules.own_media, "IGMedia"),
            ("GET", "stories"): (instagram_rules.own_stories, "IGMedia"),
        }
        rule, node = rules[asked.method, asked.edge]
        body = rule(self.memory, owner, asked)
        return checked(node, body) if node else body

    def _instagram_object(self, token: Token, owner: Owner, post: Post, asked: Asked) -> Mapping[str, Any]:
        if token.owner != owner.page:
            raise gone(asked.node)
        described(asked, "IGMedia")
        if asked.method == "DELETE":
            del self.memory.posts[post.id]
            return {"success": True}
        if asked.edge == "comments":
            post.comments.append(asked.sent["message"])
            return {"id": self.memory.id()}
        if asked.edge == "insights":
            return checked("InstagramInsightsResult", instagram_rules.insights(post, asked))
        return checked("IGMedia", instagram_rules.node(post))

    def _page(self, token: Token, asked: Asked) -> Mapping[str, Any]:
        owner = self.memory.owners[asked.node]
        if token.user != owner.user:
            raise GraphError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", 0, 403)
        described(asked, "Page")
        if not asked.edge:
            fresh = sign_in_rules.page_token(self.memory, owner, token) if token.kind == "user" else token.value
            return checked("Page", facebook_rules.page_node(self.memory, owner, fresh))
        if token.kind != "page":
            raise GraphError(210, "(#210) A page access token is required to request this resource.")
        rules = {
            ("POST", "photos"): facebook_rules.upload_photo,
            ("POST", "feed"): facebook_rules.post_feed,
            ("POST", "videos"): facebook_rules.videos,
            ("GET", "published_posts"): facebook_rules.published_posts,
        }
        body = rules[asked.method, asked.edge](self.memory, owner, asked)
        return checked("PagePost", body) if asked.method == "GET" else body

    def _facebook_object(self, token: Token, asked: Asked) -> Mapping[str, Any]:
        video = next((one for one in self.memory.videos.values() if one["id"] == asked.node), None)
        post = facebook_rules.found_post(self.memory, token.owner, asked.node)
        node = "AdVideo" if video else "PagePost"
        described(asked, node)
        if asked.method == "DELETE":
            del self.memory.posts[post.id]
            return {"success": True}
        if asked.edge == "comments":
            post.comments.append(asked.sent["message"])
            return {"id": self.memory.id()}
        if asked.edge == "insights":
            return checked("InsightsResult", facebook_rules.insights(post, asked))
        if asked.method == "POST":
            return facebook_rules.edit(post, asked)
        return checked(node, facebook_rules.video_node(video) if video else facebook_rules.post_node(post))


def described(asked: Asked, node: str, _reads: str = "") -> None:
    """Hold a request against Meta's description."""
    DESCRIBED.check_request(asked.method, node, asked.edge, asked.sent, list(asked.files))


def checked(node: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer, held against Meta's description."""
    DESCRIBED.check_answer(node, body)
    return body


async def taken_apart(request: Request) -> Asked:
    """The request as the rules see it; parameters may stand in the query or in a form."""
    parts = [one for one in request.url.path.split("/") if one]
    if parts and parts[0].startswith("v") and parts[0][1:2].isdigit():
        parts = parts[1:]
    sent: dict[str, str] = dict(request.query_params)
    files: dict[str, bytes] = {}
    if request.method == "POST":
        for name, value in (await request.form()).items():
            if isinstance(value, str):
                sent[name] = value
            else:
                files[name] = await value.read()
    token = request.headers.get("authorization", "").removeprefix("Bearer ") or sent.get("access_token", "")
    node, edge = (parts + ["", ""])[:2]
    return Asked(request.method, request.url.path, node, edge, sent, files, token)
