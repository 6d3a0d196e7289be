"""The form of an end: what, when, who says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.channels.models import Channel, Sunset
from masthead.channels.queries import channels
from masthead.connectors import PLATFORMS
from masthead.workspaces.models import Workspace
from masthead.workspaces.zones import zones

LOCAL = "%Y-%m-%dT%H:%M"
_DATE = {"type": "date"}


class SunsetForm(forms.Form):
    """What ends: a channel, or something of a platform. The time is read in the chosen zone."""

    scope = forms.ChoiceField(label=_("What ends"), choices=Sunset.Scope.choices)
    platform = forms.ChoiceField(label=_("Platform"))
    channel = forms.ChoiceField(label=_("Channel"), required=False, help_text=_("Where one channel ends."))
    subject = forms.CharField(
        label=_("Which one"),
        required=False,
        max_length=200,
        help_text=_("The server, plan, operation or version, where one of these ends."),
    )
    ends_at = forms.DateTimeField(
        label=_("It ends on"),
        input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    zone = forms.ChoiceField(label=_("Time zone of this time"))
    announced_on = forms.DateField(
        label=_("Announced on"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Source"), required=False, max_length=500, help_text=_("The address of the announcement.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        mine = list(channels(workspace))
        met = sorted({one.platform for one in mine if one.platform in PLATFORMS}, key=lambda key: PLATFORMS[key].name)
        rest = sorted(set(PLATFORMS) - set(met), key=lambda key: PLATFORMS[key].name)
        self.fields["platform"].choices = [(key, PLATFORMS[key].name) for key in (*met, *rest)]
        self.fields["channel"].choices = [("", "–"), *((str(one.pk), f"{one} ({one.platform})") for one in mine)]
        self.fields["zone"].choices = zones()

    def clean(self) -> dict[str, Any]:
        """Put time and zone together; a channel brings its platform."""
        data = super().clean() or self.cleaned_data
        at, zone = data.get("ends_at"), data.get("zone")
        if isinstance(at, datetime) and zone:
            data["ends_at"] = at.replace(tzinfo=ZoneInfo(zone))
        chosen = data.get("channel") if data.get("scope") == Sunset.Scope.CHANNEL else ""
        data["channel"] = Channel.objects.filter(workspace=self.workspace, pk=chosen).first() if chosen else None
        if data["channel"]:
            data["platform"] = data["channel"].platform
        return data

    def fields_of(self) -> dict[str, Any]:
        """What a Sunset is made of."""
        return {name: value for name, value in self.cleaned_data.items() if name != "zone"}


def begun(sunset: Sunset | None, zone: str) -> dict[str, Any]:
    """The form's first values from what is known already."""
    if sunset is None:
        return {"zone": zone, "scope": Sunset.Scope.PLATFORM}
    names = ("scope", "platform", "subject", "announced_on", "source", "note")
    at = sunset.ends_at.astimezone(ZoneInfo(zone)).strftime(LOCAL)
    return {name: getattr(sunset, name) for name in names} | {
        "channel": str(sunset.channel_id or ""),
        "zone": zone,
        "ends_at": at,
    }
