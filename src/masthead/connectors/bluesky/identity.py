"""From a handle to a DID, to the server that holds the account, to the one that signs it in; each checked back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from masthead.connectors.bluesky.calls import ask
from masthead.connectors.bluesky.operations import (
    AUTHORIZATION_SERVER,
    DESCRIBE_SERVER,
    DID_DOCUMENT,
    DID_WEB_DOCUMENT,
    RESOLVE_HANDLE,
    RESOURCE,
)
from masthead.connectors.bluesky.wire import AuthorizationServer, DidDocument, ProtectedResource, Resolved
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TryAgain
from masthead.contract.guard import check_url
from masthead.contract.http import Http

DEFAULT_SERVER = "https://bsky.social"
DIRECTORY = "https://plc.directory"
INVALID_HANDLE = "handle.invalid"
HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def tidy_handle(typed: str) -> str:
    """A handle as people type or paste it, without "@", blanks, invisible signs or a profile address around it."""
    text = INVISIBLE.sub("", typed).removeprefix("https://bsky.app/profile/").strip("/").removeprefix("@")
    return text if text.startswith("did:") else text.lower()


def tidy_server(typed: str, *, allow_private: bool) -> str:
    """The origin of a server as typed; raises Refused(field="server") where it cannot be one."""
    text = INVISIBLE.sub("", typed) or DEFAULT_SERVER
    text = text if "://" in text else f"https://{text}"
    check_url(text, allow_private=allow_private, field="server")
    parts = urlsplit(text)
    if parts.scheme != "https" and not allow_private:
        raise Refused("The server's address must start with https://.", field="server", remedy="Correct the address.")
    return f"{parts.scheme}://{parts.netloc}".lower()


async def greet(http: Http, server: str) -> None:
    """Make sure that an AT Protocol server answers there; raises Refused(field="server") otherwise."""
    try:
        answer = await http.call(DESCRIBE_SERVER, server)
    except (Refused, NeedsReconnect) as error:
        raise _no_server(server, error.status) from None
    except TryAgain as error:
        if error.status and error.status >= 400:
            raise
        raise _no_server(server, error.status) from None
    if not isinstance(answer.body, dict) or "did" not in answer.body:
        raise _no_server(server, answer.status)


def _no_server(server: str, status: int | None) -> Refused:
    host = urlsplit(server).netloc
    why = "is not a Bluesky (AT Protocol) server" if status else "does not answer"
    return Refused(
        f"{host} {why}.",
        field="server",
        status=status,
        remedy="Check the server's address; most accounts are on https://bsky.social.",
    )


async def did_of(http: Http, server: str, handle: str) -> str:
    """The DID of a handle, as `server` resolves it; raises Refused(field="handle") where there is none."""
    if handle.startswith("did:"):
        return handle
    if not HANDLE.fullmatch(handle):
        raise _unknown(handle)
    try:
        return (await ask(http, server, RESOLVE_HANDLE, Resolved, query={"handle": handle})).did
    except Refused:
        raise _unknown(handle) from None


def _unknown(handle: str) -> Refused:
    return Refused(
        f"There is no account with the handle “{handle[:100]}”.",
        field="handle",
        remedy="Type the whole handle, for example name.bsky.social.",
    )


async def document_of(http: Http, did: str, directory: str) -> DidDocument:
    """The document of a DID, from the PLC directory or its own host; raises Refused(field="handle")."""
    try:
        document = await _document(http, did, directory)
    except Refused:
        raise Refused(
            "The account's identity document could not be found.",
            field="handle",
            remedy="Check the handle; the account may be gone.",
        ) from None
    if document.id != did:
        raise Refused("The account's identity document belongs to somebody else.", field="handle")
    return document


async def _document(http: Http, did: str, directory: str) -> DidDocument:
    plain = {"explain": None}
    if did.startswith("did:plc:"):
        return await ask(http, directory, DID_DOCUMENT, DidDocument, path={"did": did}, **plain)
    if did.startswith("did:web:") and ":" not in did.removeprefix("did:web:"):
        host = unquote(did.removeprefix("did:web:"))
        return await ask(http, f"https://{host}", DID_WEB_DOCUMENT, DidDocument, **plain)
    raise Refused("Unknown kind of DID.", field="handle")


def handle_in(document: DidDocument) -> str:
    """The handle a DID document claims; handle.invalid where it claims none."""
    named = [name.removeprefix("at://") for name in document.also_known_as if name.startswith("at://")]
    return named[0].lower() if named else INVALID_HANDLE


def home_in(document: DidDocument) -> str:
    """The origin of the server that holds the account, "" where the document names none."""
    for service in document.service:
        if service.id.endswith("#atproto_pds") and isinstance(service.service_endpoint, str):
            parts = urlsplit(service.service_endpoint)
            return f"{parts.scheme}://{parts.netloc}".lower()
    return ""


def home_of(raw: dict[str, Any] | None, otherwise: str) -> str:
    """The same from a document as it came inside a session; `otherwise` where there is none."""
    try:
        return (home_in(DidDocument.model_validate(raw)) if raw else "") or otherwise
    except ValidationError:
        return otherwise


async def verified(http: Http, server: str, typed: str, directory: str) -> tuple[str, str, str]:
    """(DID, handle, home server) of a typed handle, checked both ways; raises Refused(field="handle")."""
    did = await did_of(http, server, typed)
    document = await document_of(http, did, directory)
    handle, home = handle_in(document), home_in(document)
    if not typed.startswith("did:") and handle != typed:
        raise Refused(
            "The handle and the account do not name each other.",
            field="handle",
            remedy="Repair the handle in Bluesky's settings, or type the account's other handle.",
        )
    if not home:
        raise Refused("The account names no server that holds it.", field="handle")
    return did, handle, home


async def authorization_server(http: Http, home: str) -> AuthorizationServer:
    """The server that signs people of `home` in; raises Refused(field="server") where its statements do not agree."""
    try:
        resource = await ask(http, home, RESOURCE, ProtectedResource, explain=None)
        issuer = resource.authorization_servers[0].rstrip("/")
        found = await ask(http, issuer, AUTHORIZATION_SERVER, AuthorizationServer, explain=None)
    except TryAgain:
        raise
    except (ConnectorError, IndexError):
        raise _no_oauth() from None
    if found.issuer.rstrip("/") != issuer or "ES256" not in found.dpop_signing_alg_values_supported:
        raise _no_oauth()
    return found


def _no_oauth() -> Refused:
    return Refused(
        "The account's server does not offer sign-in on its own pages.",
        field="handle",
        remedy="Connect with an app password.",
    )
