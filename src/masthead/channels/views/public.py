"""Documents by which authorization servers know this installation. Open to everybody; nothing secret in them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from masthead.channels.connect import callback_url
from masthead.channels.signing import oauth_client
from masthead.connectors import EVERY
from masthead.contract.oauth import jwks as key_set


@require_GET
def metadata(request: HttpRequest, platform: str) -> HttpResponse:
    """Our client metadata for one platform; 404 where its sign-in needs none."""
    found = EVERY.get(platform)
    tell = getattr(found.connecting.redirect, "client_metadata", None) if found else None
    if tell is None:
        raise Http404
    return _open(tell(oauth_client(), callback_url(platform)))


@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """Our public keys."""
    return _open(key_set(oauth_client()))


def _open(document: dict[str, object]) -> HttpResponse:
    answer = JsonResponse(document)
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
