"""Pages: the audits of a workspace, starting one, following and reading it, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.kit.clock import now
from masthead.rights.audits import ask, page
from masthead.rights.audits.corpora import roots
from masthead.rights.audits.forms import AuditForm
from masthead.rights.audits.words import FILES, STANDINGS
from masthead.rights.models import Audit, Finding
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

SHOWN = 100
PAGE = 20


def audit_of(request: HttpRequest, audit_id: int) -> Audit:
    """An audit of the request's workspace; 404 for another workspace's."""
    found = ask.audits(request.workspace).filter(pk=audit_id).first()
    if found is None:
        raise Http404("There is no such audit in this workspace.")
    return found


@member_view(May.SEE)
@require_GET
def audits(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest audits."""
    rows = [page.Standing(one) for one in ask.audits(request.workspace)[:SHOWN]]
    context = {"rows": rows, "moving": any(one.moving for one in rows), "offered": bool(roots())}
    return render(request, "rights/audits/list.html", context)


@member_view(May.CONNECT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Start one; where the operator offers no corpus, how that is done and how it goes without."""
    if not roots():
        return render(request, "rights/audits/none.html", {})
    form = AuditForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        row = ask.ask_for(request.workspace, form.fields_of(), by=request.user, now=now())
        note(request, "audit.asked", row, corpus=row.corpus, wanted=row.wanted)
        return redirect("rights:audit", slug, row.pk)
    return render(request, "rights/audits/new.html", {"form": form}, status=400 if form.errors else 200)


def note(request: HttpRequest, what: str, row: Audit, **more: Any) -> None:
    """Into the audit trail."""
    record(request, request.workspace, what, row.name, audit=row.pk, **more)


@member_view(May.SEE)
@require_GET
def show(request: HttpRequest, slug: str, audit_id: int) -> HttpResponse:
    """How far it is; once it has ended, what came of it, with the findings page by page."""
    row = audit_of(request, audit_id)
    context: dict[str, Any] = {"one": page.Standing(row)}
    if row.state == Audit.State.FINISHED:
        standing = request.GET.get("standing", "")
        found = findings(row, standing)
        turned = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context |= {
            "outcome": page.outcome(row),
            "standing": standing if standing in STANDINGS else "",
            "turned": turned,
        }
        context["findings"] = [page.shown(one, row) for one in turned.object_list]
    return render(request, "rights/audits/show.html", context)


def findings(row: Audit, standing: str = "") -> Any:
    """The findings of an audit that are kept, the surest first; of one standing where one is named."""
    found = Finding.objects.filter(audit=row)
    return found.filter(standing=standing) if standing in STANDINGS else found


@member_view(May.SEE)
@require_GET
def file(request: HttpRequest, slug: str, audit_id: int, name: str) -> FileResponse:
    """A file of the report, always to be kept and never shown here: it holds what strangers wrote. Posts go to who may hand them on."""
    row = audit_of(request, audit_id)
    if name == "posts.jsonl" and not allows(request.member.role, May.CONNECT):
        raise Http404("There is no such file.")
    if name not in FILES or name not in row.files or not default_storage.exists(ask.kept_at(row, name)):
        raise Http404("There is no such file.")
    note(request, "audit.taken", row, file=name)
    stored = default_storage.open(ask.kept_at(row, name), "rb")
    answer = FileResponse(stored, as_attachment=True, filename=f"audit-{row.pk}-{name}")
    answer["X-Content-SHA256"] = row.files[name]["sha256"]
    answer["Cache-Control"] = "private, no-store"
    return answer


@member_view(May.CONNECT)
@require_POST
def stop(request: HttpRequest, slug: str, audit_id: int) -> HttpResponse:
    """Stop it; what was read is kept."""
    row = audit_of(request, audit_id)
    if ask.stop(row, now=now()):
        note(request, "audit.stopped", row)
        messages.success(request, _("Stopped. What was read is kept, and it can go on."))
    return redirect("rights:audit", slug, row.pk)


@member_view(May.CONNECT)
@require_POST
def go_on(request: HttpRequest, slug: str, audit_id: int) -> HttpResponse:
    """Go on where it was stopped; begin anew where it failed."""
    row = audit_of(request, audit_id)
    if ask.go_on(row, now=now()):
        note(request, "audit.gone_on", row)
    return redirect("rights:audit", slug, row.pk)


@member_view(May.CONNECT)
@require_POST
def delete(request: HttpRequest, slug: str, audit_id: int) -> HttpResponse:
    """The audit with its report; one that runs ends."""
    row = audit_of(request, audit_id)
    note(request, "audit.deleted", row)
    ask.remove(row)
    messages.success(request, _("The audit and its report are deleted. The posts stay."))
    return redirect("rights:audits", slug)
