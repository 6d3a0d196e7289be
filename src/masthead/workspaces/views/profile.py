"""The page about oneself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from masthead.workspaces.forms import ProfileForm
from masthead.workspaces.middleware import activate


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone and language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        activate(request.user, None)
        messages.success(request, _("Your profile is saved."))
        return redirect("workspaces:profile")
    return render(request, "workspaces/profile.html", {"form": form}, status=422 if form.errors else 200)
