"""Forms of the page about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from masthead.connectors import PLATFORMS
from masthead.kit.text import handle

LONGEST = 250
"""Characters of a handle, also of what it becomes when its letters are made alike."""


class PersonForm(forms.Form):
    """Who is meant."""

    platform = forms.ChoiceField(label=_("Platform"))
    person = forms.CharField(label=_("Handle, or their id on the platform"), max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].choices = sorted(
            ((key, one.name) for key, one in PLATFORMS.items()), key=lambda p: p[1]
        )

    def clean_person(self) -> str:
        """Without the sign before it."""
        name = str(self.cleaned_data["person"]).strip()
        if not 0 < len(handle(name)) <= LONGEST:
            raise forms.ValidationError(_("Give the handle, such as @ann."))
        return name


class EraseForm(PersonForm):
    """When they asked."""

    asked_on = forms.DateField(
        label=_("Asked on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_asked_on(self) -> Any:
        """Nobody asked tomorrow."""
        day = self.cleaned_data["asked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier one."))
        return day


class HoldForm(PersonForm):
    """Why it must stay."""

    why = forms.CharField(label=_("Why it must stay"), max_length=500)
