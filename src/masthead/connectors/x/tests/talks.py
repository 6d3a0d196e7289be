"""The double's pages for the inbox: mentions, direct messages, sending one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from masthead.connectors.x.tests import shapes
from masthead.connectors.x.tests.memory import Direct, Fail, Person, Post
from masthead.connectors.x.tests.readings import fields_of

if TYPE_CHECKING:
    from masthead.connectors.x.tests.double import XDouble

TOKEN = "place-in-the-listing-"
FORBIDDEN = "You are not permitted to perform this action."


def _part(request: Request, entries: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """A page of a listing and its `meta`."""
    query = request.query_params
    size, token = int(query.get("max_results", "10")), query.get("pagination_token", "")
    if token and not token.startswith(TOKEN):
        raise Fail(400, "The pagination token is not valid.")
    at = int(token.removeprefix(TOKEN) or 0)
    more = {"next_token": f"{TOKEN}{at + size}"} if at + size < len(entries) else {}
    part = entries[at : at + size]
    return part, {"meta": {"result_count": len(part)} | more}


def mentions(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Posts of others that name the account, newest first; `since_id` bounds them."""
    if request.path_params["id"] != owner.id:
        raise Fail(403, FORBIDDEN)
    since = int(request.query_params.get("since_id", "0"))
    found = [one for one in double.memory.posts if names(owner, one) and int(one.id) > since]
    page, meta = _part(request, found[::-1])
    asked = fields_of(double, request)
    data = [_mention(double, one, asked) for one in page]
    told = {"data": data, "includes": {"users": _users(double, [one.owner for one in page])}} if data else {}
    return told | meta


def names(person: Person, post: Post) -> bool:
    """True where somebody else's post names the person."""
    return post.owner != person.id and f"@{person.name}" in post.text.split()


def _mention(double: XDouble, one: Post, asked: Sequence[str]) -> dict[str, Any]:
    told = shapes.post(one, asked, new_words=double.new_words, private=False)
    parent = next((other for other in double.memory.posts if other.id == one.reply_to), None)
    more = {
        "author_id": one.owner,
        "conversation_id": one.reply_to or one.id,
        "in_reply_to_user_id": parent.owner if parent else "",
    }
    return told | {name: value for name, value in more.items() if value and name in asked}


def _users(double: XDouble, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [shapes.user(double.memory.people[one], ("profile_image_url",)) for one in dict.fromkeys(ids)]


def events(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """Direct messages to and from the account, newest first; of one talk where the address names one."""
    _allowed(double, owner)
    wanted, path = request.path_params.get("id", ""), request.url.path
    talk = between(owner.id, wanted) if "/with/" in path else wanted
    found = [one for one in double.memory.directs if owner.id in one.people and talk in ("", one.talk)]
    page, meta = _part(request, found[::-1])
    asked = request.query_params["dm_event.fields"].split(",") + request.query_params["expansions"].split(",")
    data = [_event(one, asked) for one in page]
    told = {"data": data, "includes": {"users": _users(double, [one.sender for one in page])}} if data else {}
    return told | meta


def _event(one: Direct, asked: Sequence[str]) -> dict[str, Any]:
    told = shapes.text_of(one.text)
    told |= {"id": one.id, "event_type": "MessageCreate", "created_at": shapes.stamp(one.at)}
    more = {"sender_id": one.sender, "dm_conversation_id": one.talk}
    return told | {name: value for name, value in more.items() if name in asked}


def send(double: XDouble, owner: Person, request: Request, body: Any) -> Any:
    """A message to a person, or into a group the account is in."""
    _allowed(double, owner)
    wanted = request.path_params["id"]
    if "/with/" in request.url.path:
        if wanted not in double.memory.people or wanted in double.memory.closed:
            raise Fail(403, "You cannot send messages to this user.")
        made = double.memory.message(owner.id, wanted, body["text"])
    else:
        known = next((one for one in double.memory.directs if one.talk == wanted and owner.id in one.people), None)
        if known is None:
            raise Fail(403, FORBIDDEN)
        made = double.memory.message(owner.id, "", body["text"], talk=wanted, people=known.people)
    return JSONResponse({"data": {"dm_conversation_id": made.talk, "dm_event_id": made.id}}, 201)


def between(one: str, other: str) -> str:
    """The id of a talk between two."""
    return "-".join(sorted((one, other), key=int))


def _allowed(double: XDouble, owner: Person) -> None:
    if owner.id in double.memory.without_messages:
        raise Fail(403, FORBIDDEN)
