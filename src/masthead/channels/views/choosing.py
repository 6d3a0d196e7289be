"""The page on which a person chooses among the profiles that one sign-in revealed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from masthead.channels.choose import connect_chosen, open_choice, profiles_of
from masthead.channels.connect import same_profile
from masthead.channels.models import Channel, PendingChoice
from masthead.channels.views.connecting import session_of
from masthead.connectors import EVERY
from masthead.contract.errors import ConnectorError
from masthead.contract.platform import Platform
from masthead.contract.values import Profile
from masthead.kit.clock import now
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def choice(request: HttpRequest, slug: str, choice_id: UUID) -> HttpResponse:
    """Show the profiles; connect those that are ticked. 404 for anybody but the person who signed in, in that session."""
    found = open_choice(request.workspace, request.user, session_of(request), choice_id, now=now())
    platform = EVERY.get(found.platform) if found else None
    if found is None or platform is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, platform)
    try:
        made = connect_chosen(found, request.user, platform, request.POST.getlist("profile"))
    except ConnectorError as error:
        return _page(request, found, platform, error)
    return _connected(request, made)


def _connected(request: HttpRequest, made: list[Channel]) -> HttpResponse:
    if len(made) == 1:
        messages.success(request, _("%s is connected.") % made[0])
        return redirect("channels:show", request.workspace.slug, made[0].pk)
    text = ngettext("%d channel is connected.", "%d channels are connected.", len(made))
    messages.success(request, text % len(made))
    return redirect("channels:list", request.workspace.slug)


def _page(
    request: HttpRequest, found: PendingChoice, platform: Platform, error: ConnectorError | None = None
) -> HttpResponse:
    channels = list(
        Channel.objects.filter(workspace=request.workspace, platform=platform.key).exclude(
            condition=Channel.Condition.DISCONNECTED
        )
    )
    rows = [(number, one, _known(channels, one)) for number, one in enumerate(profiles_of(found))]
    ticked = request.POST.getlist("profile")
    context = {"platform": platform, "rows": rows, "error": error, "ticked": ticked}
    return render(request, "channels/choice.html", context, status=400 if error else 200)


def _known(channels: list[Channel], profile: Profile) -> bool:
    return any(same_profile(one, profile) for one in channels)
