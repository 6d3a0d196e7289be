"""Pages of the desk: requests and grants, answering, granting, withdrawing, and the register of use."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.kit.text import number as number_of
from masthead.kit.text import plain
from masthead.metering.costs.sheet import safe
from masthead.metering.wording import money_in_words
from masthead.rights.archive.words import platform_name
from masthead.rights.datasets.words import USE_WORDS
from masthead.rights.desk.forms import GrantForm, PurposeForm, RequestForm
from masthead.rights.desk.grant import answer, give, standing, withdraw
from masthead.rights.desk.register import Use, declare, register
from masthead.rights.models import Grant, LicenceRequest, Release
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May

YEAR = timedelta(days=365)
COLUMNS = ("platform", "app", "declared", "purpose", "operation", "calls", "failed", "records", "first_on", "last_on")


@member_view(May.SEE)
@require_GET
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Open requests first, then grants, then what was answered."""
    asked = list(LicenceRequest.objects.filter(workspace=request.workspace)[:100])
    grants = list(Grant.objects.filter(workspace=request.workspace)[:100])
    valid = {one.pk for one in standing(request.workspace, now())}
    for one in asked:
        one.use_words = _uses(one.uses)
    for row in grants:
        row.use_words, row.stands = _uses(row.uses), row.pk in valid
        row.price = money_in_words(Money(row.micros, row.currency)) if row.micros else ""
    open_ = [one for one in asked if one.state == LicenceRequest.State.OPEN]
    done = [one for one in asked if one.state != LicenceRequest.State.OPEN]
    return render(request, "rights/desk/desk.html", {"asked": open_, "grants": grants, "answered": done})


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def note_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down that somebody asked."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = LicenceRequest.objects.create(
            workspace=request.workspace, **form.cleaned_data, noted_by=request.user, asked_at=now()
        )
        record(request, request.workspace, "licence.asked", row.company)
        return redirect("rights:desk", slug)
    title = _("Somebody asked for posts")
    return render(request, "rights/desk/form.html", {"form": form, "title": title}, status=400 if form.errors else 200)


@member_view(May.MANAGE_WORKSPACE)
@require_http_methods(["GET", "POST"])
def new_grant(request: HttpRequest, slug: str) -> HttpResponse:
    """Grant, in answer to a request (`request` in the address) or of one's own accord."""
    asked = _request_in(request)
    first = {"grantee": asked.company, "uses": asked.uses} if asked else {}
    form = GrantForm(request.POST or None, workspace=request.workspace, initial=first)
    if request.method == "POST" and form.is_valid():
        row = give(request.workspace, form.fields_of(now()), by=request.user, now=now(), request=asked)
        record(request, request.workspace, "licence.granted", row.grantee, grant=row.pk, uses=row.uses)
        messages.success(request, _("Granted. A dataset can be made under it now."))
        return redirect("rights:desk", slug)
    context = {"form": form, "title": _("New grant"), "asked": asked}
    return render(request, "rights/desk/form.html", context, status=400 if form.errors else 200)


def _request_in(request: HttpRequest) -> LicenceRequest | None:
    key = number_of(request.GET.get("request", "") or request.POST.get("request", ""))
    if key is None:
        return None
    found = LicenceRequest.objects.filter(workspace=request.workspace, pk=key, state=LicenceRequest.State.OPEN).first()
    if found is None:
        raise Http404("There is no such open request in this workspace.")
    return found


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def decline(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    """Say no; the text is kept."""
    found = LicenceRequest.objects.filter(workspace=request.workspace, pk=request_id).first()
    if found is None:
        raise Http404("There is no such request in this workspace.")
    answer(found, str(LicenceRequest.State.DECLINED), plain(request.POST.get("answer", ""))[:10_000], now())
    record(request, request.workspace, "licence.declined", found.company)
    return redirect("rights:desk", slug)


def grant_of(request: HttpRequest, grant_id: int) -> Grant:
    """A grant of the workspace; 404 for another's."""
    found = Grant.objects.filter(workspace=request.workspace, pk=grant_id).first()
    if found is None:
        raise Http404("There is no such grant in this workspace.")
    return found


@member_view(May.SEE)
@require_GET
def show_grant(request: HttpRequest, slug: str, grant_id: int) -> HttpResponse:
    """A grant and everything that left under it."""
    row = grant_of(request, grant_id)
    left = Release.objects.filter(workspace=request.workspace, grant=str(row.pk))
    price = money_in_words(Money(row.micros, row.currency)) if row.micros else ""
    stands = row.pk in {one.pk for one in standing(request.workspace, now())}
    about = {"grant": row, "uses": _uses(row.uses), "left": left, "price": price, "stands": stands}
    return render(request, "rights/desk/grant.html", about)


@member_view(May.MANAGE_WORKSPACE)
@require_POST
def withdraw_grant(request: HttpRequest, slug: str, grant_id: int) -> HttpResponse:
    """End it now."""
    row = grant_of(request, grant_id)
    if withdraw(row, now()):
        record(request, request.workspace, "licence.withdrawn", row.grantee, grant=row.pk)
        messages.success(request, _("Withdrawn. Nothing leaves under it any more; what left stays in the books."))
    return redirect("rights:grant", slug, row.pk)


@member_view(May.SEE)
@require_http_methods(["GET", "POST"])
def use_register(request: HttpRequest, slug: str) -> HttpResponse:
    """What our own apps called at platforms in the last year, and what they are declared to be for."""
    if request.method == "POST":
        return _declare(request, slug)
    rows = _rows(request)
    apps = {(one.platform, one.app): one.declared for one in rows}
    forms = [
        (platform_name(key), app, PurposeForm(initial={"platform": key, "app": app, "purpose": told}, prefix=None))
        for (key, app), told in apps.items()
    ]
    return render(request, "rights/desk/register.html", {"rows": rows, "forms": forms})


@member_view(May.CONNECT)
@require_POST
def _declare(request: HttpRequest, slug: str) -> HttpResponse:
    form = PurposeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        declare(request.workspace, given["platform"], given["app"], given["purpose"], now())
        record(request, request.workspace, "app.purpose_declared", f"{given['platform']} {given['app']}".strip())
        messages.success(request, _("Saved."))
    return redirect("rights:use_register", slug)


@member_view(May.SEE)
@require_GET
def register_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The register as CSV."""
    out = StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    for one in _rows(request):
        sheet.writerow([safe(str(getattr(one, name))) for name in COLUMNS])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="use-register-{slug}.csv"'
    return answer


def _rows(request: HttpRequest) -> list[Use]:
    today = now().date()
    return register(request.workspace, today - YEAR, today + timedelta(days=1))


def _uses(keys: list[str]) -> str:
    return ", ".join(str(USE_WORDS.get(one, one)) for one in keys)
