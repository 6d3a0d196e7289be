"""The page about people: look somebody up, give them their copy, erase, hold."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from masthead.kit.clock import now
from masthead.rights.archive.words import KIND_WORDS, platform_name
from masthead.rights.models import Erasure, Hold
from masthead.rights.people.erase import OnHold, erase, place_hold
from masthead.rights.people.forms import EraseForm, HoldForm, PersonForm
from masthead.rights.people.held import copy, held
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May


@member_view(May.CONNECT)
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Look somebody up (`platform` and `person` in the address); erasures and holds."""
    asked = bool(request.GET.get("person"))
    form = PersonForm(request.GET if asked else None)
    context = _lists(request) | {"form": form}
    if asked and form.is_valid():
        person = form.cleaned_data
        found = held(request.workspace, person["platform"], person["person"])
        kinds = [(KIND_WORDS.get(kind, kind), number) for kind, number in sorted(found.kinds.items())]
        context |= {"found": found, "kinds": kinds, "person": person, "on": platform_name(person["platform"])}
        context |= {"erase": EraseForm(initial=person), "hold": HoldForm(initial=person)}
    return render(request, "rights/people/people.html", context, status=400 if form.errors else 200)


def _lists(request: HttpRequest) -> dict[str, object]:
    holds = list(Hold.objects.filter(workspace=request.workspace, lifted_at=None))
    erasures = list(Erasure.objects.filter(workspace=request.workspace)[:100])
    for row in [*holds, *erasures]:
        row.on = platform_name(row.platform)
    for row in erasures:
        row.number = sum(row.counts.values())
    return {"holds": holds, "erasures": erasures}


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def copy_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything held of somebody, as a file to give to them."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _again(request, form)
    person = form.cleaned_data
    record(request, request.workspace, "person.copied", platform_name(person["platform"]))
    lines = copy(request.workspace, person["platform"], person["person"], actor=request.user.email)
    answer = StreamingHttpResponse(lines, content_type="application/jsonlines; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="person.jsonl"'
    return answer


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def erase_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Erase, unless a hold stands on it."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _again(request, form)
    given = form.cleaned_data
    whom = (request.workspace, given["platform"], given["person"])
    try:
        row = erase(*whom, asked_on=given["asked_on"], by=request.user, now=now())
    except OnHold as error:
        messages.error(request, _("Nothing was erased: it is on hold (%(why)s). Lift the hold first.") % {"why": error})
        return redirect("rights:people", slug)
    record(request, request.workspace, "person.erased", platform_name(row.platform), erasure=row.pk)
    messages.success(
        request,
        _(
            "Erased. Give the certificate to the person; it is in the list below. Copies of the archive and files of datasets"
            " that were made before are deleted: ask for them again."
        ),
    )
    return redirect("rights:people", slug)


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def hold_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep it as it is."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _again(request, form)
    given = form.cleaned_data
    place_hold(request.workspace, given["platform"], given["person"], given["why"], by=request.user, now=now())
    record(request, request.workspace, "person.held", platform_name(given["platform"]), why=given["why"])
    messages.success(
        request,
        _(
            "On hold. Nothing of it is erased or emptied until you lift the hold, and only the person may still have a copy of it."
        ),
    )
    return redirect("rights:people", slug)


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def lift(request: HttpRequest, slug: str, hold_id: int) -> HttpResponse:
    """End a hold."""
    mine = Hold.objects.filter(workspace=request.workspace, pk=hold_id, lifted_at=None)
    if not mine.update(lifted_at=now()):
        raise Http404("There is no such hold in this workspace.")
    record(request, request.workspace, "person.hold_lifted", hold_id)
    return redirect("rights:people", slug)


@member_view(May.MANAGE_WORKSPACE)
@require_GET
def certificate(request: HttpRequest, slug: str, erasure_id: int) -> HttpResponse:
    """The signed statement of an erasure."""
    row = Erasure.objects.filter(workspace=request.workspace, pk=erasure_id).first()
    if row is None:
        raise Http404("There is no such erasure in this workspace.")
    answer = HttpResponse(json.dumps(row.certificate, indent=1), content_type="application/vnd.in-toto+json")
    answer["Content-Disposition"] = f'attachment; filename="erasure-{row.pk}.dsse.json"'
    return answer


def _again(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """The page with what was wrong; what was typed is kept."""
    return render(request, "rights/people/people.html", _lists(request) | {"form": form}, status=400)
