"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from masthead.contract.errors import ConnectorError, Refused
from masthead.kit.transitions import WrongMove
from masthead.media.limits import MARK
from masthead.media.upload import too_large
from masthead.posts.compose import Conflict, Invalid
from masthead.posts.review import NotAllowed
from masthead.posts.schedule import NotReady, OutAlready
from masthead.workspaces.api import Forbidden


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    """A problem document; `field` and `remedy` are ours."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        **{key: value for key, value in more.items() if value},
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, error.message, field=error.field, remedy=error.remedy)


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    if request.META.get(MARK):
        refusal = too_large(settings.MAX_UPLOAD_BYTES)
        return problem(413, refusal.message, field=refusal.field, remedy=refusal.remedy)
    found = [{"field": ".".join(str(part) for part in one["loc"][1:]), "message": one["msg"]} for one in error.errors]
    return problem(
        422,
        "The request does not fit.",
        errors=found,
        field=found[0]["field"] if found else "",
        remedy="See /api/docs for the shape.",
    )


def _not_ready(request: HttpRequest, error: Any) -> HttpResponse:
    found = [
        {"channel": channel, "field": told.problem.field, "message": told.message, "remedy": told.remedy}
        for channel, all_ in error.problems.items()
        for told in all_
    ]
    return problem(422, str(error), errors=found, field=found[0]["field"], remedy=found[0]["remedy"])


def add_problems(api: NinjaAPI) -> None:
    """Name every error that can leave a view."""
    handlers: dict[type[Exception], Any] = {
        Invalid: _invalid,
        ConnectorError: lambda request, error: problem(
            400 if isinstance(error, Refused) else 502, error.message, field=error.field, remedy=error.remedy
        ),
        ValidationError: _validation,
        NotReady: _not_ready,
        NotAllowed: lambda request, error: problem(403, str(error)),
        Forbidden: lambda request, error: problem(403, str(error), remedy="Make a token with that scope."),
        Conflict: lambda request, error: problem(
            409, str(error), remedy="Read the post again.", version=error.post.version
        ),
        WrongMove: lambda request, error: problem(
            409, f"From “{error.source}” it cannot become “{error.target}”.", remedy="Read its state again."
        ),
        OutAlready: lambda request, error: problem(
            409, str(error), field="repeat", remedy="Send “repeat”: true to publish it once more."
        ),
        AuthenticationError: lambda request, error: problem(
            401,
            "No valid token was sent.",
            remedy="Send “Authorization: Bearer <token>”; make one under Settings, API tokens.",
        ),
        RawPostDataException: lambda request, error: problem(
            415, "This call takes JSON, not a form.", remedy="Send “Content-Type: application/json”."
        ),
        HttpError: lambda request, error: problem(error.status_code, str(error)),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
