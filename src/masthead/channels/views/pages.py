"""The list of channels and a channel's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.channels.check import check_now
from masthead.channels.disconnect import disconnect
from masthead.channels.models import Channel
from masthead.channels.outside import files_are_outside
from masthead.channels.queries import channels, recent_calls
from masthead.channels.slots import add_slots, remove_slot, set_time_zone
from masthead.channels.words import limits_in_words
from masthead.connectors import EVERY
from masthead.contract.errors import ConnectorError, Refused
from masthead.kit.clock import now
from masthead.kit.secrets import NoKey
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May
from masthead.workspaces.zones import zones


def named(channel: Channel) -> Channel:
    """The channel with its platform's name and whether a token refresh is in trouble, for templates."""
    platform = EVERY.get(channel.platform)
    channel.platform_name = platform.name if platform else channel.platform
    return channel


@member_view(May.SEE)
@require_GET
def channel_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All channels, those that need somebody first."""
    rows = [named(one) for one in channels(request.workspace)]
    rows.sort(key=lambda one: one.condition != Channel.Condition.NEEDS_RECONNECT)
    ads = [one for one in rows if one.ads]
    rows = [one for one in rows if not one.ads]
    gone = [
        named(one) for one in channels(request.workspace, gone=True).filter(condition=Channel.Condition.DISCONNECTED)
    ]
    return render(request, "channels/list.html", {"channels": rows, "ads": ads, "gone": gone})


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """A channel: who it is, how it is, its queue, its limits."""
    return _page(request, _channel(request, channel_id))


@member_view(May.CONNECT)
@require_POST
def check(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """Ask the platform now whether all is well."""
    channel = _channel(request, channel_id)
    try:
        check_now(channel)
    except (ConnectorError, NoKey) as error:
        messages.error(request, f"{error} {getattr(error, 'remedy', '')}".strip())
    else:
        messages.success(request, _("The platform answered: all is well."))
    return redirect("channels:show", slug, channel_id)


@member_view(May.CONNECT)
@require_POST
def slots(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """Add weekly times."""
    channel = _channel(request, channel_id)
    try:
        count = add_slots(channel, request.POST.getlist("weekday"), request.POST.get("time", ""))
    except Refused as error:
        return _page(request, channel, error)
    record(request, request.workspace, "channel.slots_added", channel.handle, channel=channel.pk, count=count)
    return redirect("channels:show", slug, channel_id)


@member_view(May.CONNECT)
@require_POST
def slot_delete(request: HttpRequest, slug: str, channel_id: int, slot_id: int) -> HttpResponse:
    """Remove one weekly time."""
    channel = _channel(request, channel_id)
    if not remove_slot(channel, slot_id):
        raise Http404
    record(request, request.workspace, "channel.slot_removed", channel.handle, channel=channel.pk)
    return redirect("channels:show", slug, channel_id)


@member_view(May.CONNECT)
@require_POST
def time_zone(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """Set the zone in which the weekly times are read."""
    channel = _channel(request, channel_id)
    try:
        set_time_zone(channel, request.POST.get("time_zone", ""))
    except Refused as error:
        return _page(request, channel, error)
    messages.success(request, _("The time zone is saved."))
    return redirect("channels:show", slug, channel_id)


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def disconnect_page(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """Ask once, then disconnect."""
    channel = get_object_or_404(channels(request.workspace).select_related("workspace"), pk=channel_id)
    if request.method == "GET":
        return render(request, "channels/disconnect.html", {"channel": named(channel)})
    if disconnect(channel, request):
        messages.success(request, _("%s is disconnected.") % channel)
    else:
        messages.warning(
            request,
            _(
                "%s is disconnected here, and the credentials are wiped. The platform could not be told: "
                "remove Masthead there under connected apps."
            )
            % channel,
        )
    return redirect("channels:list", slug)


def _channel(request: HttpRequest, channel_id: int) -> Channel:
    return get_object_or_404(channels(request.workspace, gone=True).select_related("workspace"), pk=channel_id)


def _page(request: HttpRequest, channel: Channel, error: Refused | None = None) -> HttpResponse:
    platform = EVERY.get(channel.platform)
    days = [(number, WEEKDAYS[number], [s for s in channel.slots.all() if s.weekday == number]) for number in range(7)]
    return render(
        request,
        "channels/show.html",
        {
            "channel": named(channel),
            "platform": platform,
            "out_of_reach": bool(platform and platform.capabilities.public_media and not files_are_outside()),
            "days": days,
            "error": error,
            "zones": zones(),
            "limits": limits_in_words(platform.capabilities.narrowed(channel.limits)) if platform else [],
            "calls": recent_calls(channel, now()),
            "zone": channel.time_zone or channel.workspace.time_zone,
            "typed": request.POST.get("time", ""),
        },
        status=400 if error else 200,
    )
