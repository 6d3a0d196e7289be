"""The form of a dataset: what for, which records, as what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.kit.clock import now
from masthead.rights.archive.accounts import choices
from masthead.rights.archive.asked import stored, wanted_from
from masthead.rights.archive.words import KIND_WORDS
from masthead.rights.datasets.croissant import IN_COPYRIGHT
from masthead.rights.datasets.words import USE_WORDS
from masthead.rights.desk.grant import standing
from masthead.rights.models import Dataset
from masthead.workspaces.models import Workspace

_DAY = {"type": "date"}


class DatasetForm(forms.Form):
    """Everything the worker needs."""

    name = forms.CharField(label=_("Name"), max_length=120)
    use = forms.ChoiceField(
        label=_("What it is for"),
        choices=[(key, word) for key, word in USE_WORDS.items()],
        help_text=_(
            "Each record is asked whether it may be used so. What may not stays in, and is listed with the reason."
        ),
    )
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, help_text=_("In one sentence; it stands in the manifest and in the books.")
    )
    grant = forms.ChoiceField(
        label=_("Under a grant"), required=False, help_text=_("Whoever gets it is named in the manifest.")
    )
    account = forms.ChoiceField(label=_("Account"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    form = forms.ChoiceField(label=_("Written as"), choices=Dataset.Form.choices)
    license = forms.CharField(
        label=_("Licence"),
        max_length=500,
        initial=IN_COPYRIGHT,
        help_text=_("The address of the licence. The one given here says: in copyright, all rights reserved."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants = [(str(one.pk), one.grantee) for one in standing(workspace, now())]
        self.fields["grant"].choices = [("", _("None: for the workspace itself")), *grants]
        self.fields["account"].choices = [("", _("Any account")), *choices(workspace)]
        kinds = [(key, word) for key, word in KIND_WORDS.items() if key != "message"]
        self.fields["kind"].choices = [("", _("Any kind")), *kinds]

    def clean_license(self) -> str:
        """An address, since programs follow it."""
        address = str(self.cleaned_data["license"]).strip()
        if not address.startswith(("https://", "http://")) or any(one.isspace() for one in address):
            raise forms.ValidationError(_("Give the address of a licence, beginning with https://."))
        return address

    def clean(self) -> dict[str, Any]:
        """The first day comes before the last."""
        found = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one. Choose a later one."))
        return found

    def fields_of(self) -> dict[str, Any]:
        """As the model has them."""
        given = self.cleaned_data
        asked = {"account": given["account"], "kind": given["kind"]}
        asked |= {"from": str(given["since"] or ""), "to": str(given["until"] or "")}
        plain = {name: given[name] for name in ("name", "use", "purpose", "form", "license", "grant")}
        return plain | {"wanted": stored(wanted_from(asked, private=False))}
