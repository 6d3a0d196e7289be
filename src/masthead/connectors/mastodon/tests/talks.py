"""The double's pages for the inbox: notifications of mentions, and what stands around a status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from masthead.connectors.mastodon.tests.pages import Handle, status_json
from masthead.connectors.mastodon.tests.rules import Fail, Status, Token, stamp

if TYPE_CHECKING:
    from masthead.connectors.mastodon.tests.double import MastodonDouble


def names(double: MastodonDouble, account_id: str, status: Status) -> bool:
    """True where somebody else's status names the account."""
    name = re.escape(double.memory.accounts[account_id])
    here = re.search(rf"(?<![\w@])@{name}(@double\.example)?(?![\w@])", status.text)
    return status.account_id != account_id and bool(here)


def told(double: MastodonDouble, status: Status) -> dict[str, Any]:
    """A status with whom it answers and names."""
    parent = next((one for one in double.statuses if one.id == status.reply_to), None)
    mentions = [
        {"id": id_, "username": name, "acct": name, "url": f"{double.url}/@{name}"}
        for id_, name in double.memory.accounts.items()
        if names(double, id_, status)
    ]
    return status_json(double, status) | {
        "in_reply_to_account_id": parent.account_id if parent else None,
        "mentions": mentions,
    }


def _notifications(double: MastodonDouble, request: Request, body: Any) -> Any:
    """Newest first; `min_id` shows those next after an id."""
    token: Token = request.state.token
    query = request.query_params
    after, limit = int(query.get("min_id") or 0), min(80, int(query.get("limit") or 40))
    found = [one for one in double.statuses if names(double, token.account_id, one)]
    onward = double.paging and "min_id" in query
    shown = [one for one in found if int(one.id) > after][:limit] if onward else found[-limit:]
    return [_notification(double, one) for one in reversed(shown)]


def _notification(double: MastodonDouble, status: Status) -> dict[str, Any]:
    name = double.memory.accounts[status.account_id]
    return {
        "id": status.id,
        "type": "mention",
        "created_at": stamp(status.created_at),
        "account": {"id": status.account_id, "username": name, "acct": name},
        "status": told(double, status),
    }


def _context(double: MastodonDouble, request: Request, body: Any) -> Any:
    """What a status answers, and all that answers it and its answers."""
    id_ = request.path_params["id"]
    if not any(one.id == id_ for one in double.statuses):
        raise Fail(404, "Record not found")
    below, found = {id_}, []
    for one in double.statuses:
        if one.reply_to in below:
            below.add(one.id)
            found.append(told(double, one))
    return {"ancestors": [], "descendants": found}


PAGES: list[tuple[str, str, Handle]] = [
    ("GET", "/api/v1/notifications", _notifications),
    ("GET", "/api/v1/statuses/{id}/context", _context),
]
