"""The page of caps: how they stand; for owners and admins the forms to add, change and remove them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.metering.caps.earmark import earmark
from masthead.metering.caps.forms import AmountForm, CapForm, micros_of
from masthead.metering.caps.limit import add, change, remove
from masthead.metering.caps.shown import caps_of, currencies, in_words, platforms
from masthead.metering.models import Cap
from masthead.metering.naming import channel_names
from masthead.metering.wording import money_in_words
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(May.SEE_COSTS)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """All caps, and the form for another."""
    may = allows(request.member.role, May.MANAGE_WORKSPACE)
    if request.method == "POST" and may:
        form = _form(request, request.POST)
        if form.is_valid() and _added(request, form):
            return redirect("caps:list", slug)
    else:
        form = _form(request)
    context = {"caps": caps_of(request.workspace.pk, now()), "form": form, "may_set": may}
    return render(request, "metering/caps.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(May.MANAGE_WORKSPACE)
def change_page(request: HttpRequest, slug: str, cap_id: int) -> HttpResponse:
    """Another amount, or another end of the road."""
    cap = get_object_or_404(Cap, workspace=request.workspace, pk=cap_id)
    given = {"amount": Money(cap.micros, cap.currency).rounded(), "beyond": "hard" if cap.hard else "soft"}
    form = AmountForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        before = money_in_words(Money(cap.micros, cap.currency))
        if _done(
            form,
            lambda: change(
                cap, micros_of(form.cleaned_data["amount"]), hard=form.cleaned_data["beyond"] == "hard", now=now()
            ),
        ):
            record(request, request.workspace, "cap.changed", in_words(cap), before=before)
            messages.success(request, _("The cap is changed."))
            return redirect("caps:list", slug)
    context = {"form": form, "cap": cap, "name": in_words(cap)}
    return render(request, "metering/cap.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(May.MANAGE_WORKSPACE)
def remove_page(request: HttpRequest, slug: str, cap_id: int) -> HttpResponse:
    """Take a cap away."""
    cap = get_object_or_404(Cap, workspace=request.workspace, pk=cap_id)
    name = in_words(cap)
    remove(cap)
    record(request, request.workspace, "cap.removed", name)
    messages.success(request, _("The cap is removed."))
    return redirect("caps:list", slug)


def _form(request: HttpRequest, data: Any = None) -> CapForm:
    channels = channel_names(request.workspace.pk)
    return CapForm(data, platforms=platforms(), channels=channels, currencies=currencies())


def _added(request: HttpRequest, form: CapForm) -> bool:
    def act() -> Cap:
        return add(request.workspace, form.limit(), now=now(), part=form.cleaned_data["part"])

    cap = _done(form, act)
    if cap is None:
        return False
    earmark(request.workspace.pk, now())
    record(request, request.workspace, "cap.added", in_words(cap))
    messages.success(request, _("The cap is set."))
    return True


def _done(form: AmountForm, act: Any) -> Cap | None:
    """What `act` made; None where it was refused, and the form says why."""
    try:
        return act()
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.remedy}")
        return None
