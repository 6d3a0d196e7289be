"""Forms of the desk: a request that came in, a grant, the declared purpose of an app."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from masthead.kit.money import MICROS
from masthead.rights.archive.accounts import choices
from masthead.rights.archive.asked import midnight, stored, wanted_from
from masthead.rights.archive.words import KIND_WORDS
from masthead.rights.datasets.words import USE_WORDS
from masthead.workspaces.models import Workspace

MOST = Decimal(1_000_000_000)
_DAY = {"type": "date"}


class _Uses(forms.Form):
    """What for, as ticks."""

    uses = forms.MultipleChoiceField(
        label=_("What for"), choices=list(USE_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )


class RequestForm(_Uses):
    """Somebody asked, by letter, mail or telephone."""

    company = forms.CharField(label=_("Who asks"), max_length=200)
    contact = forms.EmailField(label=_("E-mail"), required=False)
    message = forms.CharField(
        label=_("What they want"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("company", "contact", "uses", "message")


class GrantForm(_Uses):
    """Who may do what with which records until when, for how much."""

    grantee = forms.CharField(label=_("Who gets it"), max_length=250)
    account = forms.ChoiceField(label=_("Account"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    first = forms.DateField(
        label=_("Posted from"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Posted until"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("The grant ends after"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=_("Empty: until you withdraw it."),
    )
    price = forms.DecimalField(label=_("Price"), required=False, min_value=0, max_value=MOST, decimal_places=2)
    currency = forms.RegexField(
        label=_("Currency"), regex="^[A-Z]{3}$", initial="EUR", max_length=3, help_text=_("Three letters, such as EUR.")
    )
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("grantee", "uses")

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", _("Any account")), *choices(workspace)]
        kinds = [(key, word) for key, word in KIND_WORDS.items() if key != "message"]
        self.fields["kind"].choices = [("", _("Any kind")), *kinds]

    def clean_ends_on(self) -> Any:
        """A grant ends in the future."""
        day = self.cleaned_data.get("ends_on")
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    def clean(self) -> dict[str, Any]:
        """The first day comes before the last."""
        found = super().clean() or self.cleaned_data
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("This day lies before the first one. Choose a later one."))
        return found

    def fields_of(self, now: datetime) -> dict[str, Any]:
        """As the model has them."""
        given = self.cleaned_data
        asked = {"account": given["account"], "kind": given["kind"]}
        asked |= {"from": str(given["first"] or ""), "to": str(given["last"] or "")}
        plain = {name: given[name] for name in ("grantee", "uses", "conditions", "currency")}
        wanted = stored(wanted_from(asked, private=False))
        return plain | {
            "wanted": wanted, "since": now, "until": midnight(str(given["ends_on"]), days=1), "micros": int((given["price"] or 0) * MICROS)
        }  # fmt: skip


class PurposeForm(forms.Form):
    """What an app is declared to be for."""

    platform = forms.CharField(max_length=32, widget=forms.HiddenInput)
    app = forms.CharField(max_length=250, required=False, widget=forms.HiddenInput)
    purpose = forms.CharField(
        label=_("Declared purpose"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
