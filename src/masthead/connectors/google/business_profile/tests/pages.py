"""The calls of the double, each with the page it comes from, read 2026-11-24."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from masthead.connectors.google.business_profile.tests.memory import Place, Post
from masthead.connectors.google.business_profile.tests.rules import Fail, judge, patched

if TYPE_CHECKING:
    from masthead.connectors.google.business_profile.tests.double import BusinessProfileDouble

FIELDS = {"name", "title", "storefrontAddress", "metadata"}


def _paged(request: Request, items: list[Any], name: str, most: int) -> dict[str, Any]:
    """A page of a list. An empty list is left out, as in all of Google's answers."""
    size, start = int(request.query_params.get("pageSize", "20")), int(request.query_params.get("pageToken", "0"))
    if not 1 <= size <= most:
        raise Fail(400, "INVALID_ARGUMENT", "The page size is out of range.", "page_size")
    shown = {name: items[start : start + size]} if items[start : start + size] else {}
    return shown | ({"nextPageToken": str(start + size)} if len(items) > start + size else {})


def holders(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/accountmanagement/rest/v1/accounts/list"""
    names = [{"name": one, "accountName": "A person", "type": "PERSONAL"} for one in double.memory.holders[who]]
    return _paged(request, names, "accounts", 20)


def places(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/businessinformation/rest/v1/accounts.locations/list"""
    found = double.memory.held(who, f"accounts/{request.path_params['account']}")
    return _paged(request, [_masked(one, request) for one in found], "locations", 100)


def place(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/businessinformation/rest/v1/locations/get"""
    return _masked(double.memory.place(who, f"locations/{request.path_params['location']}"), request)


def _masked(one: Place, request: Request) -> dict[str, Any]:
    """A location with the fields of the mask, which is required; what is false is left out."""
    mask = set(request.query_params.get("readMask", "").split(","))
    if not mask <= FIELDS:
        raise Fail(400, "INVALID_ARGUMENT", "Invalid field mask provided", "read_mask")
    voice = {"hasVoiceOfMerchant": True, "mapsUri": f"https://maps.google.com/maps?cid={one.name[-6:]}"}
    told = {
        "name": one.name,
        "title": one.title,
        "storefrontAddress": {"regionCode": "DE", "addressLines": ["Main Street 1"], "locality": "Hamburg"},
        "metadata": voice if one.verified else {},
    }
    return {name: value for name, value in told.items() if name in mask}


def _where(double: BusinessProfileDouble, who: str, request: Request) -> str:
    """The location of a post's address; only verified ones have posts."""
    path = request.path_params
    held = double.memory.held(who, f"accounts/{path['account']}")
    name = f"locations/{path['location']}"
    if not any(one.name == name and one.verified for one in held):
        raise Fail(403, "PERMISSION_DENIED", "The location is not verified, or not yours.")
    return name


def shown(post: Post, request: Request) -> dict[str, Any]:
    """A post as Google shows it."""
    path = request.path_params
    told = post.told | {"name": f"accounts/{path['account']}/{post.place}/localPosts/{post.id}", "state": post.state}
    if "media" in told:
        told["media"] = [{"mediaFormat": "PHOTO", "googleUrl": "https://lh3.googleusercontent.com/p/a"}]
    at = post.at.isoformat().replace("+00:00", "Z")
    return told | {
        "createTime": at,
        "updateTime": at,
        "searchUrl": f"https://local.google.com/place?id=1&lpsid={post.id}",
    }


def create(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/create"""
    where, told = _where(double, who, request), json.loads(raw)
    judge(told)
    return shown(double.memory.make(where, told), request)


def listed(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/list"""
    found = double.memory.of(_where(double, who, request))[::-1]
    return _paged(request, [shown(one, request) for one in double.order(found)], "localPosts", 100)


def one_post(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/get"""
    post = _own(double, who, request)
    told = shown(post, request)
    post.left -= 1
    return told


def change(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/patch"""
    post = _own(double, who, request)
    post.told = patched(post.told, request.query_params.get("updateMask", ""), json.loads(raw))
    return shown(post, request)


def delete(double: BusinessProfileDouble, who: str, request: Request, raw: bytes) -> Any:
    """https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/delete"""
    double.memory.posts.remove(_own(double, who, request))
    return {}


def _own(double: BusinessProfileDouble, who: str, request: Request) -> Post:
    here = double.memory.of(_where(double, who, request))
    found = next((one for one in here if one.id == request.path_params["id"]), None)
    if found is None:
        raise Fail(404, "NOT_FOUND", "Requested entity was not found.")
    return found
