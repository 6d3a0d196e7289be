"""The forms of caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.kit.money import MICROS
from masthead.metering.caps.limit import Limit
from masthead.metering.models import Cap

PURPOSES = (
    ("publish", _("Publishing")),
    ("read", _("Reading past posts and numbers")),
    ("inbox", _("Inbox")),
    ("ads", _("Advertisements")),
    ("connect", _("Connecting")),
)
MOST = Decimal(1_000_000_000)
HARD = (
    ("hard", _("Stop calls that cost money")),
    ("soft", _("Tell people, and go on")),
)


def micros_of(amount: Decimal) -> int:
    """An amount of the form in millionths; finer parts are cut off."""
    return int(amount * MICROS)


class AmountForm(forms.Form):
    """The amount of a cap, and what happens beyond it."""

    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=0,
        max_value=MOST,
        decimal_places=6,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    beyond = forms.ChoiceField(label=_("Beyond it"), choices=HARD, initial="hard")


class CapForm(AmountForm):
    """A new cap."""

    currency = forms.ChoiceField(label=_("Currency"))
    period = forms.ChoiceField(label=_("For"), choices=Cap.Period.choices, initial=Cap.Period.MONTH)
    month_day = forms.IntegerField(
        label=_("The month begins on day"),
        min_value=1,
        max_value=31,
        initial=1,
        help_text=_(
            "1 where the platform bills by calendar month, else the day on which the plan was bought. Days are UTC."
        ),
    )
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    channel = forms.TypedChoiceField(label=_("Channel"), coerce=int, empty_value=0, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", _("All")), *PURPOSES])
    part = forms.BooleanField(
        label=_("Begin now, with the rest of the month’s share"),
        required=False,
        help_text=_("Otherwise what was spent since the month began counts already."),
    )
    field_order = ["amount", "currency", "period", "beyond", "platform", "channel", "purpose", "month_day", "part"]

    def __init__(
        self,
        *args: Any,
        platforms: Iterable[tuple[str, str]],
        channels: Mapping[int, str],
        currencies: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].choices = [("", _("All")), *platforms]
        self.fields["channel"].choices = [("", _("All")), *channels.items()]
        self.fields["currency"].choices = [(one, one) for one in currencies]

    def scope(self) -> list[forms.BoundField]:
        """The fields that say which calls it is about; none filled in means all."""
        return [self[name] for name in ("platform", "channel", "purpose")]

    def times(self) -> list[forms.BoundField]:
        """The fields that say when its month begins."""
        return [self[name] for name in ("month_day", "part")]

    def narrowed(self) -> bool:
        """True where a field of the scope is filled in, or wrong."""
        return any(one.value() or one.errors for one in self.scope())

    def timed(self) -> bool:
        """True where a field of the times is not as it began."""
        return self.is_bound and any(one.errors or one.name in self.changed_data for one in self.times())

    def limit(self) -> Limit:
        """What was asked for."""
        given = self.cleaned_data
        return Limit(
            micros=micros_of(given["amount"]),
            currency=given["currency"],
            platform=given["platform"],
            channel_id=given["channel"] or 0,
            purpose=given["purpose"],
            period=given["period"],
            month_day=given["month_day"],
            hard=given["beyond"] == "hard",
        )
