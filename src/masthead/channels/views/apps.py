"""Pages of developer apps: which platforms want one, how to get it, and the form to enter it. Secrets are never shown again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.channels.connect import callback_url
from masthead.channels.developer_apps import app_of, change_plan, enter, from_environment, remove
from masthead.channels.models import App
from masthead.channels.views.connecting import Asked
from masthead.channels.words import spoken
from masthead.connectors import available
from masthead.contract.errors import ConnectorError
from masthead.contract.platform import AppRule, Platform
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May

CALLBACK = "{callback}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a step: words, or our call-back address."""

    text: str
    is_address: bool


def step(text: str, address: str) -> list[Piece]:
    """A step of a guide with our address in place of its mark."""
    return [
        Piece(address if piece == CALLBACK else piece, piece == CALLBACK)
        for piece in re.split(rf"({re.escape(CALLBACK)})", text)
        if piece
    ]


@member_view(May.CONNECT)
@require_GET
def apps(request: HttpRequest, slug: str) -> HttpResponse:
    """The platforms that want a developer app, and whether there is one."""
    rows = [(one, app_of(request.workspace, one)) for one in available(settings.SANDBOX) if one.app is not None]
    return render(request, "channels/apps.html", {"rows": rows})


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest, slug: str, platform: str) -> HttpResponse:
    """One platform's guide and form."""
    found, _rule = _wanted(platform)
    if request.method == "GET":
        return _guide(request, found)
    try:
        enter(request.workspace, request, found, request.POST.dict())
    except ConnectorError as error:
        return _guide(request, found, error)
    messages.success(request, _("The app for %s is saved. You can connect now.") % found.name)
    return redirect("channels:connect_platform", slug, platform)


@member_view(May.CONNECT)
@require_POST
def app_plan(request: HttpRequest, slug: str, platform: str) -> HttpResponse:
    """Change the plan of an app that was entered."""
    found, row = _entered(request, platform)
    try:
        change_plan(row, request, found, request.POST.get("plan", ""))
    except ConnectorError as error:
        return _guide(request, found, error)
    messages.success(request, _("The plan is saved. Its limits hold from now on."))
    return redirect("channels:app", slug, platform)


@member_view(May.CONNECT)
@require_POST
def app_remove(request: HttpRequest, slug: str, platform: str) -> HttpResponse:
    """Forget an app that was entered."""
    found, row = _entered(request, platform)
    remove(row, request, found)
    messages.success(request, _("The app for %s is removed.") % found.name)
    return redirect("channels:apps", slug)


def _wanted(key: str) -> tuple[Platform, AppRule]:
    found = next((one for one in available(settings.SANDBOX) if one.key == key), None)
    if found is None or found.app is None:
        raise Http404
    return found, found.app


def _entered(request: HttpRequest, key: str) -> tuple[Platform, App]:
    return _wanted(key)[0], get_object_or_404(App, workspace=request.workspace, platform=key)


def _guide(request: HttpRequest, platform: Platform, error: ConnectorError | None = None) -> HttpResponse:
    rule, known, address = _wanted(platform.key)[1], app_of(request.workspace, platform), callback_url(platform.key)
    asked = [_asked(one, request, error) for one in rule.fields]
    context = {
        "platform": platform,
        "rule": rule,
        "known": known,
        "given": from_environment(platform) is not None,
        "questions": asked,
        "error": None if any(one.error for one in asked) else error,
        "address": address,
        "alias": callback_url(platform.key, alias=True),
        "steps": [step(spoken(text), address) for text in rule.steps],
        "plans": platform.capabilities.plans,
        "variables": [variable for _name, variable in rule.environment],
        "secure": urlsplit(address).scheme == "https",
    }
    return render(request, "channels/app.html", context, status=400 if error else 200)


def _asked(field: object, request: HttpRequest, error: ConnectorError | None) -> Asked:
    value = "" if field.kind == "password" else request.POST.get(field.name, "")
    return Asked(field, "app", value, error if error and error.field == field.name else None)
