"""Pages: what ends, announcing it, and the guided page that leads through it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import Stage, announce, change, stage, sunset_name, withdraw
from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.kit.text import number as number_of
from masthead.kit.text import plain
from masthead.kit.transitions import WrongMove
from masthead.posts.compose import Invalid
from masthead.posts.export.ask import ask_for
from masthead.posts.models import Export
from masthead.posts.schedule import NotReady
from masthead.posts.sunset import message
from masthead.posts.sunset.affected import to_move
from masthead.posts.sunset.forms import SunsetForm, begun
from masthead.posts.sunset.hold import restore
from masthead.posts.sunset.move_on import Fate, Fit, move_on
from masthead.posts.sunset.page import channels_of, guide, lists, target_of
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May

MOST = 500


def sunset_of(request: HttpRequest, sunset_id: int, *, own: bool = False) -> Sunset:
    """An end of the workspace, or (unless `own`) of the whole installation; 404 for another workspace's."""
    here = Q(workspace=request.workspace) if own else Q(workspace=request.workspace) | Q(workspace=None)
    found = Sunset.objects.select_related("channel", "workspace", "by").filter(here, pk=sunset_id).first()
    if found is None:
        raise Http404("There is no such end in this workspace.")
    return found


@member_view(May.SEE)
@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """What ends and has ended here, what is proposed, versions, and what platforms did before."""
    return render(request, "posts/sunset/overview.html", lists(request.workspace, now()))


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def announce_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Announce an end by hand, or make an announcement of a proposal."""
    asked = request.GET.get("proposal") or request.POST.get("proposal") or ""
    key = number_of(asked)
    draft = sunset_of(request, key, own=True) if key is not None else None
    if draft and stage(draft, now()) is not Stage.PROPOSED:
        return redirect("posts:sunset", slug, draft.pk)

    def act(fields: dict[str, Any]) -> Sunset:
        return announce(request.workspace, request, now=now(), draft=draft, **fields)

    return _form_page(request, draft, act, _("Announced. Follow the steps below, one by one."))


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def change_page(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Another date, source or note."""
    sunset = sunset_of(request, sunset_id, own=True)

    def act(fields: dict[str, Any]) -> Sunset:
        change(sunset, request.workspace, request, now=now(), **fields)
        return sunset

    return _form_page(request, sunset, act, _("Saved."))


def _form_page(request: HttpRequest, sunset: Sunset | None, act: Any, done: str) -> HttpResponse:
    first = begun(sunset, timezone.get_current_timezone_name())
    first |= {name: request.GET[name] for name in ("platform", "channel", "scope") if name in request.GET}
    form = SunsetForm(request.POST or None, workspace=request.workspace, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.fields_of())
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, done)
            return redirect("posts:sunset", request.workspace.slug, made.pk)
    context = {"form": form, "sunset": sunset, "name": sunset_name(sunset) if sunset else ""}
    return render(request, "posts/sunset/announce.html", context, status=400 if form.errors else 200)


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """The guided page: what hangs on it, and the four steps with their state. `to` tries another channel."""
    sunset = sunset_of(request, sunset_id)
    target = target_of(sunset, request.workspace, request.GET.get("to", ""))
    return render(request, "posts/sunset/show.html", guide(sunset, request.workspace, target, now()))


@member_view(May.CONNECT)
@require_POST
def withdraw_sunset(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Take it back. What was moved stays moved; what was put aside can be restored."""
    sunset = sunset_of(request, sunset_id, own=True)
    withdraw(sunset, request.workspace, request, now=now())
    messages.success(request, _("Withdrawn. What was moved stays moved; what was put aside can be scheduled again."))
    return redirect("posts:sunset", slug, sunset_id)


@member_view(May.CONNECT)
@require_POST
def export_now(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Make an export now, beside the automatic ones."""
    sunset = sunset_of(request, sunset_id)
    row = ask_for(request.workspace, channels_of(sunset, request.workspace), now=now(), by=request.user, sunset=sunset)
    record(request, request.workspace, "export.asked", sunset_name(sunset), export=row.pk, sunset=sunset.pk)
    messages.success(request, _("The export is being made. You are told when it is ready."))
    return redirect("posts:sunset", slug, sunset_id)


@member_view(May.CONNECT)
@require_GET
def download(request: HttpRequest, slug: str, key: str) -> HttpResponse | FileResponse:
    """The file of an export; its SHA-256 is in the header and on the page."""
    row = Export.objects.filter(workspace=request.workspace, key=key, state=Export.State.READY).first()
    if row is None or not default_storage.exists(row.storage_path):
        raise Http404
    record(request, request.workspace, "export.downloaded", row.key.hex, export=row.pk)
    name = f"masthead-{request.workspace.slug}-{row.created_at:%Y-%m-%d}.zip"
    answer = FileResponse(default_storage.open(row.storage_path, "rb"), as_attachment=True, filename=name)
    answer["X-Content-SHA256"] = row.sha256
    answer["Cache-Control"] = "private, no-store"
    return answer


@member_view(May.PUBLISH)
@require_POST
def move(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Move one schedule, or all that need another channel, to the channel `to`."""
    sunset = sunset_of(request, sunset_id)
    target = target_of(sunset, request.workspace, request.POST.get("to", ""))
    if target is None:
        messages.error(request, _("Choose a channel that goes on."))
        return redirect("posts:sunset", slug, sunset_id)
    rows = to_move(sunset, channels_of(sunset, request.workspace))
    wanted = request.POST.get("publication", "")
    chosen = [one for one in rows if str(one.pk) == wanted] if wanted else rows
    fits, missed = move_rows(request, chosen[:MOST], target)
    _say(request, target, fits, missed)
    record(
        request, request.workspace, "sunset.moved", sunset_name(sunset), sunset=sunset.pk, to=str(target), **_sums(fits)
    )
    return redirect("posts:sunset", slug, sunset_id)


def move_rows(request: HttpRequest, rows: list[Any], target: Channel) -> tuple[list[Fit], list[str]]:
    """Each by itself: one that cannot be moved does not keep the others. What happened, and what was in the way."""
    fits: list[Fit] = []
    missed: list[str] = []
    for row in rows:
        try:
            fits.append(move_on(row, target, now=now(), user=request.user))
        except Invalid as error:
            missed.append(f"{error.message} {error.remedy}".strip())
        except (WrongMove, NotReady):
            missed.append(_("It was changed meanwhile."))
    return fits, missed


def _sums(fits: list[Fit]) -> dict[str, int]:
    return {str(fate): sum(one.fate is fate for one in fits) for fate in Fate}


def _say(request: HttpRequest, target: Channel, fits: list[Fit], missed: list[str]) -> None:
    sums = _sums(fits)
    if number := sums[Fate.SCHEDULED]:
        text = ngettext("%(n)d post moved to %(channel)s.", "%(n)d posts moved to %(channel)s.", number)
        messages.success(request, text % {"n": number, "channel": target})
    if number := sums[Fate.DRAFT]:
        text = ngettext(
            "%d post does not fit there and is kept as a draft; the composer says what is in the way.",
            "%d posts do not fit there and are kept as drafts; the composer says what is in the way.",
            number,
        )
        messages.warning(request, text % number)
    if number := sums[Fate.THERE]:
        text = ngettext("%d post goes out there anyway.", "%d posts go out there anyway.", number)
        messages.info(request, text % number)
    for why in dict.fromkeys(missed):
        messages.error(request, why)


@member_view(May.PUBLISH)
@require_POST
def restore_held(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Schedule again what was put aside, once the end is withdrawn or put off."""
    sunset = sunset_of(request, sunset_id)
    number = restore(channels_of(sunset, request.workspace), now=now(), actor=str(request.user))
    record(request, request.workspace, "sunset.restored", sunset_name(sunset), sunset=sunset.pk, number=number)
    text = ngettext("%d post is scheduled again.", "%d posts are scheduled again.", number) % number
    messages.success(request, text)
    return redirect("posts:sunset", slug, sunset_id)


@member_view(May.CONNECT)
@require_POST
def tell_clients(request: HttpRequest, slug: str, sunset_id: int) -> HttpResponse:
    """Save the message; with `how=send` tell the members as well."""
    sunset = sunset_of(request, sunset_id, own=True)
    message.keep(sunset, plain(request.POST.get("message", "")))
    if request.POST.get("how") != "send" or not sunset.message:
        messages.success(request, _("Saved."))
        return redirect("posts:sunset", slug, sunset_id)
    number = message.send(sunset, request.workspace, now=now())
    record(request, request.workspace, "sunset.told", sunset_name(sunset), sunset=sunset.pk, members=number)
    messages.success(request, ngettext("%d member is told.", "%d members are told.", number) % number)
    return redirect("posts:sunset", slug, sunset_id)
