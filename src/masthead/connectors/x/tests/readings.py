"""The double's pages for reading: an account's posts, and posts by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from masthead.connectors.x.tests import shapes
from masthead.connectors.x.tests.memory import Fail, Person, Post

if TYPE_CHECKING:
    from masthead.connectors.x.tests.double import XDouble

FORBIDDEN_FIELD = "https://api.twitter.com/2/problems/not-authorized-for-field"


def fields_of(double: XDouble, request: Request) -> list[str]:
    """The fields and expansions asked for."""
    query = request.query_params
    fields = query.get("post.fields" if double.new_words else "tweet.fields", "").split(",")
    return fields + query.get("expansions", "").split(",")


def _listed(double: XDouble, request: Request, posts: Sequence[Post]) -> dict[str, Any]:
    """Posts with what was asked for. Numbers for the owner alone are refused for posts older than 30 days, and the post with them."""
    fields, young = fields_of(double, request), double.memory.clock.now() - double.private_for
    private = "non_public_metrics" in fields
    shown = [one for one in posts if not private or one.at > young]
    data = [shapes.post(one, fields, new_words=double.new_words, private=private) for one in shown]
    told: dict[str, Any] = {"data": data} if data else {}
    hidden = [_hidden(one) for one in posts if one not in shown]
    files = [shapes.media(upload) for one in shown for upload in one.media]
    if files and "attachments.media_keys" in fields:
        told["includes"] = {"media": files}
    return told | ({"errors": hidden} if hidden else {})


def _hidden(one: Post) -> dict[str, Any]:
    return {
        "type": FORBIDDEN_FIELD,
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access 'non_public_metrics' on the Tweet with id : [{one.id}].",
        "resource_type": "tweet",
        "field": "non_public_metrics",
        "section": "data",
    }


def timeline(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """An account's posts, newest first, in pages."""
    query = request.query_params
    if request.path_params["id"] != owner.id:
        raise Fail(403, "You may only read your own posts here.")
    start, end = (_moment(query.get(name, ""), other) for name, other in (("start_time", 2000), ("end_time", 2100)))
    mine = [one for one in double.memory.posts if one.owner == owner.id and start <= one.at < end]
    mine.reverse()
    size, at = int(query.get("max_results", "10")), int(query.get("pagination_token", "0"))
    page = mine[at : at + size]
    more = {"next_token": str(at + size)} if at + size < len(mine) else {}
    return _listed(double, request, page) | {"meta": {"result_count": len(page)} | more}


def by_id(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Posts by their numbers; those that are gone are missing."""
    wanted = request.query_params["ids"].split(",")
    return _listed(double, request, [one for one in double.memory.posts if one.id in wanted and one.owner == owner.id])


def usage(double: XDouble, request: Request) -> Any:
    """Posts read by the project on each of the last days; only the app's own bearer token may ask."""
    days = int(request.query_params.get("days", "7"))
    asked = request.query_params["usage.fields"].split(",")
    today = double.memory.clock.now().date()
    told = [(today - timedelta(days=ago), double.memory.read.get(ago, 0)) for ago in range(days)]
    listed = [{"date": f"{on}T00:00:00.000Z", "usage": _number(double, units)} for on, units in told]
    project: Any = "1" if double.new_words else 1
    known = {
        "daily_project_usage": {"project_id": project, "usage": listed},
        "project_cap": _number(double, 3_000_000),
        "project_id": "1",
    }
    return {"data": {name: value for name, value in known.items() if name in asked}}


def _number(double: XDouble, value: int) -> Any:
    return str(value) if double.new_words else value


def _moment(text: str, year: int) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else datetime(year, 1, 1, tzinfo=UTC)
