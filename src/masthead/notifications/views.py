"""Pages: the list of notifications, and what a person chose to get."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from masthead.kit.clock import now
from masthead.notifications import queries, read
from masthead.notifications.choose import choices_of, choose
from masthead.notifications.forms import ChoicesForm
from masthead.notifications.models import Notification
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May

PAGE = 30


@require_safe
@member_view(May.SEE)
def notification_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's notifications, newest first."""
    rows = queries.of(request.user, request.workspace)
    return render(
        request,
        "notifications/list.html",
        {
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "unread": queries.unread(request.user, request.workspace),
        },
    )


@require_POST
@member_view(May.SEE)
def open_one(request: HttpRequest, slug: str, notification_id: int) -> HttpResponse:
    """Mark one as read and go where it points."""
    try:
        row = read.mark_read(request.user, request.workspace, notification_id, now())
    except Notification.DoesNotExist:
        raise Http404 from None
    if row.link and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None):
        return redirect(row.link)
    return redirect("notifications:list", slug)


@require_POST
@member_view(May.SEE)
def read_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark all as read."""
    read.mark_all_read(request.user, request.workspace, now())
    return redirect("notifications:list", slug)


@member_view(May.SEE)
def choices(request: HttpRequest, slug: str) -> HttpResponse:
    """Which kinds one gets, in the app and by e-mail, in this workspace."""
    given = request.POST if request.method == "POST" else None
    form = ChoicesForm(given, chosen=choices_of(request.user, request.workspace))
    if form.is_valid():
        choose(request.user, request.workspace, form.wanted())
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:choices", slug)
    return render(request, "notifications/choices.html", {"form": form})
