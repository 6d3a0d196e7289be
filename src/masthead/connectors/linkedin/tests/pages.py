"""The calls of the double: who, Pages, files, posts, comments, numbers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from masthead.connectors.linkedin.tests import asking, post_rules
from masthead.connectors.linkedin.tests.memory import Fail, File, Memory, Post, Token

if TYPE_CHECKING:
    from masthead.connectors.linkedin.tests.double import LinkedInDouble

PART = 4 * 1024 * 1024
WRITES, READS = ("w_member_social", "w_organization_social"), ("r_member_social", "r_organization_social")


def user_info(double: LinkedInDouble, token: Token, request: Request, body: bytes) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2"""
    if "openid" not in token.scopes:
        raise Fail(403, "Not enough permissions to access: userInfo.GET.NO_VERSION", "ACCESS_DENIED")
    return {"sub": token.member, "name": double.memory.members[token.member], "picture": "https://media.example/p"}


def me(double: LinkedInDouble, token: Token, request: Request, body: bytes) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/shared/integrations/people/profile-api"""
    if "r_basicprofile" not in token.scopes:
        raise Fail(403, "Not enough permissions to access: me.GET.NO_VERSION", "ACCESS_DENIED")
    first, _, last = double.memory.members[token.member].partition(" ")
    return {"id": token.member, "localizedFirstName": first, "localizedLastName": last, "vanityName": token.member}


def receive(double: LinkedInDouble, token: Token, request: Request, body: bytes) -> Any:
    """Bytes of a file; each part is acknowledged by an ETag."""
    urn, _, number = request.path_params["part"].partition("/")
    file = double.memory.files[urn]
    file.parts[int(number)] = body
    file.done = file.done or "video" not in urn
    return Response(status_code=201, headers={"ETag": f'"etag-{number}"'})


def rest(double: LinkedInDouble, token: Token, request: Request, body: bytes) -> Any:
    """A versioned call."""
    kind, _, rest = request.path_params["rest"].partition("/")
    asked = asking.Asked(request.method, rest, asking.query(request), request.headers.get("x-restli-method", ""))
    told = json.loads(body) if body else {}
    handlers = {
        "organizationAcls": acls,
        "organizations": organizations,
        "posts": posts,
        "socialActions": comment,
        "organizationalEntityShareStatistics": statistics,
    }
    if kind in ("images", "videos", "documents"):
        return files(double, token, kind, asked, told)
    return handlers[kind](double.memory, token, asked, told)


def acls(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-access-control-by-role"""
    if "rw_organization_admin" not in token.scopes or asked.query.get("q") != "roleAssignee":
        raise Fail(403, "Not enough permissions to access: organizationAcls.FINDER-roleAssignee", "ACCESS_DENIED")
    mine = [number for number, owner in memory.pages.items() if owner == token.member]
    rows = [{"organization": f"urn:li:organization:{one}", "role": "ADMINISTRATOR"} for one in mine]
    rows += [{"organization": "urn:li:organization:99", "role": "ANALYST"}]
    more = {"roleAssignee": f"urn:li:person:{token.member}", "state": "APPROVED"}
    return {"paging": {"start": 0, "count": 100, "links": []}, "elements": [one | more for one in rows]}


def organizations(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-lookup-api"""
    mine = [one for one in asking.listed(asked.query["ids"]) if memory.pages.get(one) == token.member]
    shown = {one: {"id": int(one), "localizedName": f"Bakery {one}", "vanityName": f"bakery{one}"} for one in mine}
    return {"results": shown, "statuses": {}, "errors": {}}


def files(double: LinkedInDouble, token: Token, kind: str, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/{images,videos,documents}-api"""
    memory = double.memory
    if asked.method == "GET":
        return _state(memory.files[asked.rest])
    if asked.query["action"] == "finalizeUpload":
        done = told["finalizeUploadRequest"]
        file = memory.files[done["video"]]
        if done["uploadedPartIds"] != [f"etag-{one}" for one in sorted(file.parts)] or done["uploadToken"] != "t":
            raise Fail(400, "The uploaded parts do not fit")
        file.done = sum(len(one) for one in file.parts.values()) == file.size
        return Response(status_code=200)
    wanted = told["initializeUploadRequest"]
    memory.may(token, wanted["owner"], *WRITES)
    urn = f"urn:li:{kind[:-1]}:{memory.number()}"
    file = memory.files[urn] = File(urn, wanted["owner"], wanted.get("fileSizeBytes", 0))
    file.left, file.broken = memory.looks, memory.breaks
    address = f"{double.url}/dms-uploads/{urn}"
    if kind != "videos":
        return {"value": {"uploadUrlExpiresAt": 1, "uploadUrl": f"{address}/0", kind[:-1]: urn}}
    starts = enumerate(range(0, file.size, PART))
    parts = [
        {"uploadUrl": f"{address}/{one}", "firstByte": at, "lastByte": min(at + PART, file.size) - 1}
        for one, at in starts
    ]
    return {"value": {"video": urn, "uploadToken": "t", "uploadInstructions": parts}}


def _state(file: File) -> Any:
    if file.broken:
        return {"id": file.urn, "owner": file.owner, "status": "PROCESSING_FAILED"}
    file.left -= 1
    return {"id": file.urn, "owner": file.owner, "status": "AVAILABLE" if file.left < 1 else "PROCESSING"}


def posts(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api"""
    if asked.rest:
        return _one(memory, token, asked, told)
    if asked.method == "POST":
        memory.may(token, str(told.get("author", "")), *WRITES)
        return Response(status_code=201, headers={"x-restli-id": post_rules.create(memory, told).urn})
    if asked.rest_method == "BATCH_GET":
        found = [one for one in memory.posts if one.urn in asking.listed(asked.query["ids"])]
        for one in found:
            memory.may(token, one.author, *READS)
        return {"results": {one.urn: shown(one) for one in found}, "statuses": {}, "errors": {}}
    if asked.rest_method != "FINDER" or asked.query.get("q") != "author" or asked.query.get("sortBy") != "CREATED":
        raise Fail(400, "Invalid query parameters passed to request")
    memory.may(token, asked.query["author"], *READS)
    start, count = int(asked.query["start"]), int(asked.query["count"])
    if count > 100:
        raise Fail(400, "count is beyond 100")
    found = memory.of(asked.query["author"])[::-1]
    return {
        "paging": {"start": start, "count": count},
        "elements": [shown(one) for one in found][start : start + count],
    }


def _one(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    post = next((one for one in memory.posts if one.urn == asked.rest), None)
    if asked.method == "DELETE":
        if post:
            memory.may(token, post.author, *WRITES)
            memory.posts.remove(post)
        return Response(status_code=204)
    if post is None:
        raise Fail(404, "Could not find entity", "NOT_FOUND")
    memory.may(token, post.author, *WRITES)
    if asked.rest_method != "PARTIAL_UPDATE" or set(told["patch"]["$set"]) - {"commentary"}:
        raise Fail(400, "Only PARTIAL_UPDATE of the commentary is supported")
    post.body["commentary"] = told["patch"]["$set"]["commentary"]
    post.text = post_rules.seen(post.body["commentary"])
    return Response(status_code=204)


def shown(post: Post) -> dict[str, Any]:
    """A post as it is listed."""
    return post.body | {"id": post.urn, "createdAt": _ms(post.at), "publishedAt": _ms(post.at), "lastModifiedAt": 1}


def comment(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api"""
    urn = asked.rest.removesuffix("/comments")
    post = next((one for one in memory.posts if one.urn == urn), None)
    if post is None or told["object"] != urn or len(told["message"]["text"]) > 1250:
        raise Fail(404, "Could not find entity", "NOT_FOUND")
    memory.may(token, told["actor"], *WRITES)
    post.comments.append(told)
    return JSONResponse({"id": memory.number()}, 201)


def statistics(memory: Memory, token: Token, asked: asking.Asked, told: Any) -> Any:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics"""
    page = asked.query["organizationalEntity"]
    if "rw_organization_admin" not in token.scopes or asked.query["q"] != "organizationalEntity":
        raise Fail(403, "Not enough permissions to access: organizationalEntityShareStatistics", "ACCESS_DENIED")
    wanted = asking.listed(asked.query.get("shares", "List()"))
    numbers = {"impressionCount": 120, "uniqueImpressionsCount": 90, "likeCount": 7, "clickCount": 3, "engagement": 0.1}
    rows = [{"organizationalEntity": page, "share": one, "totalShareStatistics": numbers} for one in wanted[:1]]
    return {"paging": {"start": 0, "count": 10}, "elements": rows}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
