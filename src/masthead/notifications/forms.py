"""The table of choices as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from masthead.notifications.choose import WAYS
from masthead.notifications.kinds import Kind
from masthead.notifications.models import Choice


class ChoicesForm(forms.Form):
    """Two tick boxes for each kind: `<kind>.in_app` and `<kind>.by_mail`."""

    def __init__(self, *args: Any, chosen: dict[str, Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            for way in WAYS:
                self.fields[f"{kind.value}.{way}"] = forms.BooleanField(
                    required=False, label=kind.label, initial=getattr(chosen[kind], way)
                )

    def rows(self) -> list[tuple[str, Any, Any]]:
        """(label, box in the app, box by e-mail) for each kind."""
        return [(kind.label, *(self[f"{kind.value}.{way}"] for way in WAYS)) for kind in Kind]

    def wanted(self) -> dict[str, dict[str, bool]]:
        """{kind: {"in_app": ..., "by_mail": ...}}."""
        return {kind.value: {way: self.cleaned_data[f"{kind.value}.{way}"] for way in WAYS} for kind in Kind}
