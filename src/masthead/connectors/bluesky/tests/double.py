"""A small AT Protocol server for what the real one cannot be made to do: odd OAuth answers, video, broken pages."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey

from masthead.contract.oauth import jwks
from masthead.contract.platform import OAuthClient

DID = "did:plc:aaaabbbbccccddddeeeeffff"
HANDLE = "double.test"
BLOB = {
    "$type": "blob",
    "ref": {"$link": "bafkreibjo4xmgaevkgud7mbifn3dzp4v4lyaui4yvqp3f2bqwtxcjrdqg4"},
    "mimeType": "video/mp4",
    "size": 10,
}
PAGE = """<html><head><title>Plain</title><meta property="og:title" content=" A  title ">
<meta property="og:description" content="What it is"><meta property="og:image" content="/thumb.png"></head></html>"""


@dataclass
class Double:
    """State and knobs. `refuse` maps a method to (status, body) for its next calls."""

    url: str = ""
    client: OAuthClient | None = None
    handle: str = HANDLE
    issuer: str = ""
    sub: str = DID
    refuse: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: list[bytes] = field(default_factory=list)
    job_states: list[str] = field(default_factory=list)
    can_upload: dict[str, Any] = field(default_factory=lambda: {"canUpload": True})
    uploads: int = 0
    notifications: list[dict[str, Any]] = field(default_factory=list)
    forgetful: bool = False
    feed: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    async def xrpc(self, request: web.Request) -> web.Response:
        """Every method by its name."""
        method = request.match_info["method"]
        if method in self.refuse:
            status, body = self.refuse[method]
            return web.json_response(body, status=status)
        answer = getattr(self, "x_" + method.rsplit(".", 1)[-1])
        return web.json_response(await answer(request))

    async def x_describeServer(self, request: web.Request) -> Any:
        return {"did": "did:web:127.0.0.1", "availableUserDomains": []}

    async def x_resolveHandle(self, request: web.Request) -> Any:
        return {"did": DID}

    async def x_getServiceAuth(self, request: web.Request) -> Any:
        return {"token": f"for {request.query['aud']} {request.query['lxm']}"}

    async def x_getUploadLimits(self, request: web.Request) -> Any:
        return self.can_upload

    async def x_uploadVideo(self, request: web.Request) -> Any:
        assert request.headers["Authorization"] == "Bearer for did:web:127.0.0.1 com.atproto.repo.uploadBlob"
        assert request.query["did"] == DID
        assert await request.read()
        self.uploads += 1
        return {"jobStatus": self._job("JOB_STATE_CREATED")}

    async def x_getJobStatus(self, request: web.Request) -> Any:
        return {"jobStatus": self._job(self.job_states.pop(0) if self.job_states else "JOB_STATE_COMPLETED")}

    async def x_uploadBlob(self, request: web.Request) -> Any:
        self.blobs.append(await request.read())
        return {"blob": {**BLOB, "mimeType": request.content_type}}

    async def x_putRecord(self, request: web.Request) -> Any:
        body = await request.json()
        self.records[f"{body['collection']}/{body['rkey']}"] = body["record"]
        return {"uri": f"at://{DID}/{body['collection']}/{body['rkey']}", "cid": "bafyreiabc"}

    async def x_getRecord(self, request: web.Request) -> Any:
        raise web.HTTPBadRequest(text='{"error": "RecordNotFound"}', content_type="application/json")

    async def x_getAuthorFeed(self, request: web.Request) -> Any:
        """The feed in pages; a cursor is the place of the next item."""
        self.asked.append({name: request.query.getall(name) for name in request.query})
        start, size = int(request.query.get("cursor", 0)), int(request.query["limit"])
        more = {"cursor": str(start + size)} if start + size < len(self.feed) else {}
        return {"feed": self.feed[start : start + size], **more}

    async def x_listNotifications(self, request: web.Request) -> Any:
        """Those of the wanted reasons, newest first, in pages; a cursor is the place of the next one, unless it is `forgetful`."""
        self.asked.append({name: request.query.getall(name) for name in request.query})
        if self.forgetful and "cursor" in request.query:
            raise web.HTTPBadRequest(text='{"error": "InvalidRequest"}', content_type="application/json")
        start, size = int(request.query.get("cursor", 0)), int(request.query["limit"])
        wanted = request.query.getall("reasons")
        found = [one for one in reversed(self.notifications) if one["reason"] in wanted]
        more = {"cursor": str(start + size)} if start + size < len(found) else {}
        return {"notifications": found[start : start + size], **more}

    async def x_getPosts(self, request: web.Request) -> Any:
        """Those that are there, in the order asked for."""
        known = {one["post"]["uri"]: one["post"] for one in self.feed}
        return {"posts": [known[uri] for uri in request.query.getall("uris") if uri in known]}

    def _job(self, state: str) -> dict[str, Any]:
        done = {"blob": BLOB} if state == "JOB_STATE_COMPLETED" else {}
        return {"jobId": "job1", "did": DID, "state": state, "message": "not a video", **done}

    async def document(self, request: web.Request) -> web.Response:
        """The PLC directory."""
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        return web.json_response({"id": DID, "alsoKnownAs": [f"at://{self.handle}"], "service": [service]})

    async def resource(self, request: web.Request) -> web.Response:
        """Which authorization server is responsible."""
        return web.json_response({"authorization_servers": [self.url]})

    async def authorization_server(self, request: web.Request) -> web.Response:
        """What the authorization server says of itself."""
        return web.json_response(
            {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "pushed_authorization_request_endpoint": f"{self.url}/par",
                "dpop_signing_alg_values_supported": ["ES256"],
            }
        )

    async def par(self, request: web.Request) -> web.Response:
        """A pushed request of a confidential client."""
        if "par" in self.refuse:
            return web.json_response(self.refuse["par"][1], status=self.refuse["par"][0])
        await self._authenticated(request)
        return web.json_response({"request_uri": "urn:ietf:params:oauth:request_uri:x", "expires_in": 60}, status=201)

    async def token(self, request: web.Request) -> web.Response:
        """Code or refresh token for tokens."""
        if "token" in self.refuse:
            return web.json_response(self.refuse["token"][1], status=self.refuse["token"][0])
        await self._authenticated(request)
        return web.json_response(
            {
                "access_token": secrets.token_hex(8),
                "refresh_token": secrets.token_hex(8),
                "token_type": "DPoP",
                "scope": "atproto transition:generic",
                "expires_in": 600,
                "sub": self.sub,
            }
        )

    async def _authenticated(self, request: web.Request) -> None:
        """The assertion must verify against the client's published keys, and the proof against its own."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        assert self.client is not None
        published = ECKey.import_key(jwks(self.client)["keys"][0])
        claims = jwt.decode(form["client_assertion"], published, algorithms=["ES256"]).claims
        assert claims["aud"] == self.url
        assert claims["iss"] == form["client_id"]
        assert claims["exp"] > time.time()
        assert request.headers["DPoP"].count(".") == 2

    async def page(self, request: web.Request) -> web.Response:
        """A page with a card."""
        return web.Response(text=PAGE, content_type="text/html")

    async def thumb(self, request: web.Request) -> web.Response:
        """The page's picture."""
        return web.Response(body=b"\x89PNG", content_type="image/png")


@asynccontextmanager
async def running_double() -> AsyncIterator[Double]:
    """The double on a free port of 127.0.0.1, inside the running loop."""
    one, app = Double(), web.Application()
    app.router.add_route("*", "/xrpc/{method}", one.xrpc)
    app.router.add_get("/.well-known/oauth-protected-resource", one.resource)
    app.router.add_get("/.well-known/oauth-authorization-server", one.authorization_server)
    app.router.add_post("/par", one.par)
    app.router.add_post("/token", one.token)
    app.router.add_get("/page", one.page)
    app.router.add_get("/thumb.png", one.thumb)
    app.router.add_get("/{did}", one.document)
    async with TestServer(app) as server:
        one.url = str(server.make_url("")).rstrip("/")
        yield one
