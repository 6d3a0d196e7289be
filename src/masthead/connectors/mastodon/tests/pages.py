"""The double's addresses: what each method and path answers."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Callable
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from masthead.connectors.mastodon.tests import rules
from masthead.connectors.mastodon.tests.rules import Fail, Media, Memory, Status, Token, stamp

if TYPE_CHECKING:
    from masthead.connectors.mastodon.tests.double import MastodonDouble

Handle = Callable[["MastodonDouble", Request, Any], Any]
BUCKETS = {"upload_media": "media", "upload_media_v1": "media", "post_status": "statuses", "delete_status": "deletes"}
NEEDS = {
    "verify_credentials": "read:accounts",
    "upload_media": "write:media",
    "upload_media_v1": "write:media",
    "get_media": "write:media",
    "post_status": "write:statuses",
    "own_statuses": "read:statuses",
    "get_source": "read:statuses",
    "get_notifications": "read:notifications",
    "get_context": "read:statuses",
    "get_status": "read:statuses",
    "get_statuses": "read:statuses",
    "edit_status": "write:statuses",
    "delete_status": "write:statuses",
}


async def body_of(request: Request) -> Any:
    """JSON, a form as a dict, or None."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(await request.body())
    if kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        return dict(await request.form(max_part_size=200_000_000))
    return None


async def answered(handle: Handle, double: MastodonDouble, request: Request, body: Any, name: str) -> Response:
    """Token, scope, rate limits, then the page; refusals as Mastodon words them. Answers tell the server's time."""
    headers = {"Date": format_datetime(double.clock.now(), usegmt=True)}
    try:
        headers |= _checked(double.memory, request, name)
        made = handle(double, request, await _whole(body))
    except Fail as fail:
        made = JSONResponse({"error": fail.words}, fail.status)
        headers |= getattr(fail, "headers", {})
    response = made if isinstance(made, Response) else JSONResponse(made)
    response.headers.update(headers)
    return response


async def _whole(body: Any) -> Any:
    """A form with its file read."""
    if isinstance(body, dict) and hasattr(body.get("file"), "read"):
        return body | {"content": await body["file"].read(), "mime": body["file"].content_type}
    return body


def _checked(memory: Memory, request: Request, name: str) -> dict[str, str]:
    if not request.url.path.startswith("/api/"):
        return {}
    token = memory.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if name in NEEDS:
        if token is None:
            raise Fail(401, "The access token is invalid")
        if not {NEEDS[name], NEEDS[name].split(":")[0]} & token.scopes:
            raise Fail(403, "This action is outside the authorized scopes")
    request.state.token = token
    return _limits(memory, token.value if token else "ip", name) if memory.limited else {}


def _limits(memory: Memory, who: str, name: str) -> dict[str, str]:
    """Count in every window that applies; the headers tell of the one closest to its end."""
    buckets = ["api", *([BUCKETS[name]] if name in BUCKETS else [])]
    limit, left, reset = min((memory.count(who, one) for one in buckets), key=lambda one: one[1])
    headers = {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(0, left)),
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    if left < 0:
        fail = Fail(429, "Too many requests")
        fail.headers = headers  # type: ignore[attr-defined]
        raise fail
    return headers


def _metadata(double: MastodonDouble, request: Request, body: Any) -> Any:
    if not double.metadata:
        raise Fail(404, "Not Found")
    return {
        "issuer": f"{double.url}/",
        "authorization_endpoint": f"{double.url}/oauth/authorize",
        "token_endpoint": f"{double.url}/oauth/token",
        "revocation_endpoint": f"{double.url}/oauth/revoke",
        "scopes_supported": ["read", "write"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "code_challenge_methods_supported": ["S256"] if double.pkce else [],
    }


def _register(double: MastodonDouble, request: Request, body: Any) -> Any:
    if not body.get("client_name") or "://" not in str(body.get("redirect_uris", "")):
        raise Fail(422, "Validation failed: Redirect URI must be an absolute URI.")
    app = {
        "name": body["client_name"],
        "redirect_uri": body["redirect_uris"],
        "scopes": body.get("scopes", "read"),
        "client_id": secrets.token_urlsafe(32),
        "client_secret": secrets.token_urlsafe(32),
    }
    double.memory.apps[app["client_id"]] = app
    return {"id": double.memory.new_id(), "website": body.get("website"), **app}


def _authorize(double: MastodonDouble, request: Request, body: Any) -> Any:
    query = request.query_params
    app = double.memory.apps.get(query.get("client_id", ""))
    if app is None or query.get("redirect_uri") != app["redirect_uri"] or query.get("response_type") != "code":
        return HTMLResponse(
            "<p>The requested redirect uri is malformed or does not match client redirect URI.</p>", 400
        )
    if not set(query.get("scope", "read").split()) <= set(app["scopes"].split()):
        return HTMLResponse("<p>The requested scope is invalid, unknown, or malformed.</p>", 400)
    hidden = "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in query.items())
    form = (
        f'<form method="post" action="/oauth/authorize">{hidden}<input name="account"><button name="allow" value="1">'
    )
    return HTMLResponse(f"{form}Authorize</button></form>")


def _decide(double: MastodonDouble, request: Request, body: Any) -> Any:
    """The person's answer: `account` (an account id) and `allow`."""
    state = {"state": body["state"]} if body.get("state") else {}
    if not body.get("allow"):
        words = "The resource owner or authorization server denied the request."
        return _back(body, {"error": "access_denied", "error_description": words} | state)
    code = secrets.token_urlsafe(32)
    double.memory.codes[code] = dict(body)
    return _back(body, {"code": code} | state)


def _back(body: Any, query: dict[str, str]) -> Response:
    return RedirectResponse(f"{body['redirect_uri']}?{urlencode(query)}", 302)


def _grant_failed(error: str = "invalid_grant", status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": "The provided authorization grant is invalid."}, status)


def _token(double: MastodonDouble, request: Request, body: Any) -> Any:
    memory = double.memory
    app = memory.apps.get(body.get("client_id", ""))
    if app is None or app["client_secret"] != body.get("client_secret"):
        return _grant_failed("invalid_client", 401)
    if body.get("grant_type") == "refresh_token":
        return _renewed(memory, body)
    asked = memory.codes.pop(body.get("code", ""), None)
    if asked is None or asked["redirect_uri"] != body.get("redirect_uri") or asked["client_id"] != body["client_id"]:
        return _grant_failed()
    if asked.get("code_challenge") and asked["code_challenge"] != _challenge(body.get("code_verifier", "")):
        return _grant_failed()
    token = memory.add_token(asked["account"], asked.get("scope", "read"), app["name"])
    return {"access_token": token.value, "token_type": "Bearer", "scope": asked.get("scope", "read"), "created_at": 1}


def _renewed(memory: Memory, body: Any) -> Any:
    old = next(
        (one for one in memory.tokens.values() if one.refresh and one.refresh == body.get("refresh_token")), None
    )
    if old is None:
        return _grant_failed()
    del memory.tokens[old.value]
    token = memory.add_token(old.account_id, " ".join(old.scopes), old.app, refresh=True)
    return {
        "access_token": token.value,
        "token_type": "Bearer",
        "scope": " ".join(token.scopes),
        "created_at": 1,
        "refresh_token": token.refresh,
        "expires_in": 7200,
    }


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _revoke(double: MastodonDouble, request: Request, body: Any) -> Any:
    app = double.memory.apps.get(body.get("client_id", ""))
    if app is None or app["client_secret"] != body.get("client_secret"):
        return JSONResponse({"error": "unauthorized_client", "error_description": "You are not authorized"}, 403)
    double.memory.tokens.pop(body.get("token", ""), None)
    return {}


def _configuration() -> dict[str, Any]:
    return {
        "statuses": {
            "max_characters": rules.TEXT_LIMIT,
            "max_media_attachments": rules.MOST_MEDIA,
            "characters_reserved_per_url": rules.URL_LENGTH,
        },
        "media_attachments": {
            "supported_mime_types": list(rules.MIMES),
            "description_limit": rules.ALT_LIMIT,
            "image_size_limit": rules.IMAGE_BYTES,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": rules.VIDEO_BYTES,
            "video_matrix_limit": 8_294_400,
            "video_frame_rate_limit": 120,
        },
        "polls": rules.POLL,
    }


def _instance(double: MastodonDouble, request: Request, body: Any) -> Any:
    if not double.version_two:
        return HTMLResponse("<h1>404 Not Found</h1>", 404)
    return {"domain": "double.example", "version": "4.7.0", "configuration": _configuration()}


def _instance_v1(double: MastodonDouble, request: Request, body: Any) -> Any:
    return {"uri": "double.example", "version": "4.7.0", "configuration": _configuration()}


def _verify(double: MastodonDouble, request: Request, body: Any) -> Any:
    token: Token = request.state.token
    name = double.memory.accounts[token.account_id]
    return {
        "id": token.account_id,
        "username": name,
        "acct": name,
        "display_name": name.title(),
        "source": {"privacy": "public"},
        "url": f"{double.url}/@{name}",
        "avatar": f"{double.url}/avatars/{name}.png",
    }


def _upload(double: MastodonDouble, request: Request, body: Any) -> Any:
    if not isinstance(body, dict) or "content" not in body:
        raise Fail(422, "Validation failed: File can't be blank")
    media = double.memory.upload(
        request.state.token, body["mime"], body["content"], body.get("description", ""), body.get("focus", "")
    )
    return JSONResponse(_media_json(double, media), 202 if media.polls_left else 200)


def _get_media(double: MastodonDouble, request: Request, body: Any) -> Any:
    media = double.memory.media.get(request.path_params["id"])
    if media is None or media.account_id != request.state.token.account_id or media.status_id:
        raise Fail(404, "Record not found")
    if media.polls_left:
        media.polls_left -= 1
        return JSONResponse(_media_json(double, media) | {"url": None}, 206)
    return _media_json(double, media)


def _media_json(double: MastodonDouble, media: Media) -> dict[str, Any]:
    address = f"{double.url}/media/{media.id}"
    meta = {"focus": {"x": media.focus[0], "y": media.focus[1]}} if media.focus else {}
    return {
        "id": media.id,
        "type": media.mime.split("/")[0],
        "url": None if media.polls_left else address,
        "preview_url": address,
        "remote_url": None,
        "meta": meta,
        "description": media.alt or None,
        "blurhash": None,
    }


def _post(double: MastodonDouble, request: Request, body: Any) -> Any:
    made = double.memory.post(request.state.token, body or {}, request.headers.get("idempotency-key", ""))
    return status_json(double, made) if isinstance(made, Status) else made


def _list(double: MastodonDouble, request: Request, body: Any) -> Any:
    query, account = request.query_params, request.path_params["id"]
    below = int((double.paging and query.get("max_id")) or 1 << 100)
    mine = [one for one in reversed(double.statuses) if one.account_id == account and int(one.id) < below]
    return [status_json(double, one) for one in mine[: min(40, int(query.get("limit") or 20))]]


def _show(double: MastodonDouble, request: Request, body: Any) -> Any:
    return status_json(double, _own(double, request))


def _several(double: MastodonDouble, request: Request, body: Any) -> Any:
    """Since Mastodon 4.3: at most 20 by `id[]`; those that are gone are left out. Older servers have no such address."""
    wanted = request.query_params.getlist("id[]")
    if not double.version_two:
        raise Fail(404, "Not Found")
    if len(wanted) > 20:
        raise Fail(422, "Validation failed: too many statuses")
    return [status_json(double, one) for one in double.statuses if one.id in wanted]


def _own(double: MastodonDouble, request: Request) -> Status:
    for one in double.statuses:
        if one.id == request.path_params["id"] and one.account_id == request.state.token.account_id:
            return one
    raise Fail(404, "Record not found")


def _source(double: MastodonDouble, request: Request, body: Any) -> Any:
    status = _own(double, request)
    return {"id": status.id, "text": status.text, "spoiler_text": status.spoiler}


def _edit(double: MastodonDouble, request: Request, body: Any) -> Any:
    status = _own(double, request)
    media = [one for one in status.media if one.id in (body.get("media_ids") or [])]
    double.memory.check(body, media)
    status.text, status.spoiler = body.get("status", ""), body.get("spoiler_text", "")
    status.sensitive, status.language = body.get("sensitive", False), body.get("language", status.language)
    status.media, status.poll, status.edited_at = media, body.get("poll"), double.clock.now()
    return status_json(double, status)


def _delete(double: MastodonDouble, request: Request, body: Any) -> Any:
    status = _own(double, request)
    double.statuses.remove(status)
    return status_json(double, status) | {"text": status.text}


def status_json(double: MastodonDouble, status: Status) -> dict[str, Any]:
    """A status as Mastodon writes it."""
    name = double.memory.accounts[status.account_id]
    poll = status.poll and {
        "id": status.id,
        "multiple": status.poll.get("multiple", False),
        "options": [{"title": one, "votes_count": 0} for one in status.poll["options"]],
    }
    return {
        "id": status.id,
        "created_at": stamp(status.created_at),
        "in_reply_to_id": status.reply_to or None,
        "sensitive": status.sensitive,
        "spoiler_text": status.spoiler,
        "visibility": status.visibility,
        "language": status.language or "en",
        "uri": f"{double.url}/users/{name}/statuses/{status.id}",
        "url": f"{double.url}/@{name}/{status.id}",
        "content": rules.rendered(status.text, double.url),
        "reblog": None,
        "application": {"name": status.app, "website": None},
        "poll": poll,
        "edited_at": status.edited_at and stamp(status.edited_at),
        "media_attachments": [_media_json(double, one) for one in status.media],
        "account": {"id": status.account_id, "username": name, "acct": name},
        "replies_count": sum(one.reply_to == status.id for one in double.statuses),
        "reblogs_count": status.reblogs,
        "favourites_count": status.favourites,
        "quotes_count": 0,
    }


PAGES: list[tuple[str, str, Handle]] = [
    ("GET", "/.well-known/oauth-authorization-server", _metadata),
    ("POST", "/api/v1/apps", _register),
    ("GET", "/oauth/authorize", _authorize),
    ("POST", "/oauth/authorize", _decide),
    ("POST", "/oauth/token", _token),
    ("POST", "/oauth/revoke", _revoke),
    ("GET", "/api/v2/instance", _instance),
    ("GET", "/api/v1/instance", _instance_v1),
    ("GET", "/api/v1/accounts/verify_credentials", _verify),
    ("POST", "/api/v2/media", _upload),
    ("POST", "/api/v1/media", _upload),
    ("GET", "/api/v1/media/{id}", _get_media),
    ("POST", "/api/v1/statuses", _post),
    ("GET", "/api/v1/accounts/{id}/statuses", _list),
    ("GET", "/api/v1/statuses", _several),
    ("GET", "/api/v1/statuses/{id}", _show),
    ("GET", "/api/v1/statuses/{id}/source", _source),
    ("PUT", "/api/v1/statuses/{id}", _edit),
    ("DELETE", "/api/v1/statuses/{id}", _delete),
]
