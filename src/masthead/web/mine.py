"""The page about one's own data: download it, or leave for good."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from masthead.web import person


class LeaveForm(forms.Form):
    """The person types their address, so that nobody leaves by a slip."""

    email = forms.EmailField(label=gettext_lazy("Type your e-mail address to confirm"), max_length=254)

    def __init__(self, *args: object, address: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.address = address

    def clean_email(self) -> str:
        """Refuse any other address."""
        if self.cleaned_data["email"].casefold() != self.address.casefold():
            raise forms.ValidationError(_("This is not the address of your account, which stands above."))
        return self.address


@login_required
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What may be done about one's own data."""
    return render(request, "web/mine.html", {"form": LeaveForm()})


@login_required
@reauthentication_required
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Everything held about the person, as a JSON file."""
    answer = JsonResponse(
        {"held": person.held(), **person.export(request.user)},
        encoder=DjangoJSONEncoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer["Content-Disposition"] = 'attachment; filename="masthead-my-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@reauthentication_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Erase the person who asks, where the address typed is theirs."""
    form = LeaveForm(request.POST, address=request.user.email)
    if form.is_valid():
        try:
            person.erase(request.user)
        except person.LastOwner as last:
            told = _("You are the last owner of %(name)s. Make somebody else owner, or delete the workspace, first.")
            form.add_error(None, told % {"name": last})
        else:
            logout(request)
            messages.success(request, _("Your account is deleted."))
            return redirect("account_login")
    return render(request, "web/mine.html", {"form": form}, status=422)
