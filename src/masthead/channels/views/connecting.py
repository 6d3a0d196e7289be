"""Pages on the way to a connected channel: choose a platform, answer its questions, come back from its own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from masthead.channels.connect import connect_with_form, finish_sign_in, pending_place, start_sign_in
from masthead.channels.developer_apps import app_of
from masthead.channels.models import Channel, PendingChoice
from masthead.channels.queries import channels
from masthead.connectors import EVERY, available, available_for_ads
from masthead.contract.errors import ConnectorError
from masthead.contract.oauth import is_loopback
from masthead.contract.platform import Field, Platform
from masthead.kit.clock import now
from masthead.kit.text import number
from masthead.workspaces.access import View, member_view
from masthead.workspaces.models import Workspace
from masthead.workspaces.roles import May

FORM, REDIRECT = "form", "redirect"


@dataclass(frozen=True)
class Asked:
    """A question of a connect form with what was typed; passwords are not shown again."""

    field: Field
    way: str
    value: str = ""
    error: ConnectorError | None = None

    @property
    def input_type(self) -> str:
        """The type of the input; addresses are typed without a scheme too, so it is not `url`."""
        return "password" if self.field.kind == "password" else "text"

    @property
    def id(self) -> str:
        """The id of the input on the page."""
        return f"{self.way}-{self.field.name}"


@member_view(May.CONNECT)
@require_GET
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """The platforms that can be connected; with `?ads` those for ads."""
    ads = "ads" in request.GET
    found = available_for_ads(settings.SANDBOX) if ads else available(settings.SANDBOX)
    return render(request, "channels/choose.html", {"platforms": found, "ads": ads})


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest, slug: str, platform: str) -> HttpResponse:
    """One platform's ways in. Keeps what was typed when something is wrong."""
    found = _offered(platform)
    wanted = _wanted(request, found)
    if request.method == "GET":
        return _form(request, found, wanted) if _has_way(request, found) else redirect("channels:app", slug, platform)
    way = request.POST.get("way", FORM)
    try:
        if way == REDIRECT:
            return redirect(
                start_sign_in(
                    request.workspace, request.user, session_of(request), found, request.POST.dict(), channel=wanted
                )
            )
        channel = connect_with_form(request.workspace, request.user, found, request.POST.dict(), channel=wanted)
    except ConnectorError as error:
        return _form(request, found, wanted, way, error)
    return _connected(request, channel)


def on_our_own_name(view: View) -> View:
    """Lead a call back on another name of this computer (127.0.0.1 for localhost) to the name the person signed in on."""

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ours = urlsplit(settings.PUBLIC_URL)
        if is_loopback(settings.PUBLIC_URL) and request.get_host() != ours.netloc and ours.hostname == "localhost":
            there = request.build_absolute_uri()
            if is_loopback(there) and urlsplit(there).port == ours.port:
                return redirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
        return view(request, *args, **kwargs)

    return led


@on_our_own_name
@login_required
@require_GET
def callback(request: HttpRequest, platform: str) -> HttpResponse:
    """Where a platform sends the person back to."""
    found = EVERY.get(platform)
    if found is None:
        raise Http404
    begun = pending_place(request.user, platform, request.GET.get("state", ""))
    try:
        made = finish_sign_in(request.user, session_of(request), found, request.GET.dict(), now=now())
    except ConnectorError as error:
        return _not_connected(request, found, error, begun.workspace if begun else None)
    if isinstance(made, PendingChoice):
        return redirect("channels:choice", made.workspace.slug, made.pk)
    return _connected(request, made)


def _has_way(request: HttpRequest, platform: Platform) -> bool:
    """False where the only way in needs a developer app that nobody gave yet."""
    return platform.connecting.form is not None or not _lacks_app(request, platform)


def _lacks_app(request: HttpRequest, platform: Platform) -> bool:
    return platform.app is not None and app_of(request.workspace, platform) is None


def session_of(request: HttpRequest) -> str:
    """The key of the person's session."""
    return request.session.session_key or ""


def _all() -> list[Platform]:
    return [*available(settings.SANDBOX), *available_for_ads(settings.SANDBOX)]


def _offered(key: str) -> Platform:
    found = next((one for one in _all() if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _wanted(request: HttpRequest, platform: Platform) -> Channel | None:
    """The channel to reconnect, if that is what the person came for."""
    wanted = request.POST.get("channel") or request.GET.get("channel") or ""
    if not wanted:
        return None
    return get_object_or_404(channels(request.workspace, gone=True), pk=number(wanted), platform=platform.key)


def _form(
    request: HttpRequest, platform: Platform, wanted: Channel | None, way: str = "", error: ConnectorError | None = None
) -> HttpResponse:
    ways = {REDIRECT: platform.connecting.redirect, FORM: platform.connecting.form}
    asked = {
        name: _asked(
            name, one.fields, request.POST if name == way else _guesses(wanted), error if name == way else None
        )
        for name, one in ways.items()
        if one is not None
    }
    named = error is not None and any(one.error for questions in asked.values() for one in questions)
    return render(
        request,
        "channels/connect.html",
        {
            "platform": platform,
            "wanted": wanted,
            "ways": asked,
            "error": None if named else error,
            "way": way,
            "lacks_app": _lacks_app(request, platform),
        },
        status=400 if error else 200,
    )


def _asked(way: str, fields: Sequence[Field], typed: Mapping[str, str], error: ConnectorError | None) -> list[Asked]:
    return [
        Asked(
            field,
            way,
            "" if field.kind == "password" else typed.get(field.name, field.initial),
            error if error and error.field == field.name else None,
        )
        for field in fields
    ]


def _guesses(wanted: Channel | None) -> Mapping[str, str]:
    """For a reconnect, what we know already."""
    return {"server": wanted.server, "handle": wanted.handle.lstrip("@")} if wanted else {}


def _connected(request: HttpRequest, channel: Channel) -> HttpResponse:
    messages.success(request, _("%s is connected.") % channel)
    return redirect("channels:show", channel.workspace.slug, channel.pk)


def _not_connected(
    request: HttpRequest, platform: Platform, error: ConnectorError, workspace: Workspace | None
) -> HttpResponse:
    request.workspace = None
    return render(
        request,
        "channels/not_connected.html",
        {
            "platform": platform,
            "error": error,
            "to": workspace,
        },
        status=400,
    )
