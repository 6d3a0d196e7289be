"""How the make-believe Meta signs people in: Facebook's dialogue, tokens short and long, and what it says about a token."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from masthead.connectors.meta.tests.asked import Asked, listed
from masthead.connectors.meta.tests.facebook_rules import page_node
from masthead.connectors.meta.tests.memory import LONG, SHORT, GraphError, Memory, Owner, Token

Body = Mapping[str, Any]


def facebook(memory: Memory, asked: Asked) -> Body | str:
    """The dialogue (`allow=<a person's id>` stands for the click), the token endpoint, /debug_token."""
    if asked.node == "dialog":
        return dialogue(memory, asked)
    if asked.node == "debug_token":
        return debug(memory, asked)
    if asked.sent.get("grant_type") == "fb_exchange_token":
        return _exchange(memory, asked)
    return _code(memory, asked)


def dialogue(memory: Memory, asked: Asked) -> str:
    """Where the browser is sent after the click."""
    sent = asked.sent
    if sent["client_id"] not in memory.apps:
        raise GraphError(101, "Invalid App ID")
    if not sent.get("allow"):
        told = {"error": "access_denied", "error_reason": "user_denied", "state": sent["state"]}
        return f"{sent['redirect_uri']}?{urlencode(told)}"
    code = secrets.token_urlsafe(24)
    kept = {"user": sent["allow"], "scopes": sent["scope"], "app": sent["client_id"], "back": sent["redirect_uri"]}
    memory.codes[code] = kept
    return f"{sent['redirect_uri']}?{urlencode({'code': code, 'state': sent['state']})}"


def app_checked(memory: Memory, asked: Asked) -> str:
    """The app's id, where its secret is right."""
    app = asked.sent.get("client_id", "")
    if memory.apps.get(app) != asked.sent.get("client_secret"):
        raise GraphError(1, "Error validating client secret.")
    return app


def code_spent(memory: Memory, asked: Asked, app: str) -> dict[str, str]:
    """What the code stands for; it works once, for its app and address."""
    kept = memory.codes.pop(asked.sent.get("code", ""), None)
    if kept is None or kept["app"] != app or kept["back"] != asked.sent.get("redirect_uri"):
        raise GraphError(100, "This authorization code has been used.", 36009)
    return kept


def _code(memory: Memory, asked: Asked) -> Body:
    app = app_checked(memory, asked)
    kept = code_spent(memory, asked, app)
    token = memory.token(kept["user"], app, "user", tuple(kept["scopes"].split(",")), SHORT)
    return {"access_token": token, "token_type": "bearer", "expires_in": SHORT}


def _exchange(memory: Memory, asked: Asked) -> Body:
    app = app_checked(memory, asked)
    old = memory.checked(asked.sent["fb_exchange_token"])
    token = memory.token(old.owner, app, "user", old.scopes, LONG)
    return {"access_token": token, "token_type": "bearer", "expires_in": LONG}


def debug(memory: Memory, asked: Asked) -> Body:
    """What Meta says of a token, to its app."""
    app, _, secret = asked.token.partition("|")
    if memory.apps.get(app) != secret:
        raise GraphError(190, "Invalid OAuth access token signature.")
    token = memory.tokens.get(asked.sent["input_token"])
    try:
        memory.checked(asked.sent["input_token"])
    except GraphError:
        token = None
    if token is None:
        return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "invalid"}}}
    ends = int(token.ends.timestamp()) if token.ends else 0
    return {"data": {"app_id": app, "is_valid": True, "expires_at": ends, "scopes": list(token.scopes)}}


def accounts(memory: Memory, token: Token, asked: Asked) -> Body:
    """The Pages of a person, each with a token of its own."""
    mine = [one for one in memory.owners.values() if one.kind == "page" and one.user == token.user]
    return listed([page_node(memory, one, page_token(memory, one, token), tasks=True) for one in mine], asked)


def page_token(memory: Memory, page: Owner, token: Token) -> str:
    """A Page's token got with a person's: it does not run out where the person's is a long one."""
    seconds = SHORT if token.ends and (token.ends - memory.clock.now()).total_seconds() <= SHORT else 0
    return memory.token(page.id, token.app, "page", token.scopes, seconds, user=token.user)
