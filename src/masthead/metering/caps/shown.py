"""Caps as the page and programs see them: what they are for, and how their window of now stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from masthead.kit.money import Money
from masthead.metering.caps.cycles import cycle
from masthead.metering.caps.forms import PURPOSES
from masthead.metering.models import Cap, CapWindow
from masthead.metering.naming import channel_names
from masthead.metering.overrides import current
from masthead.metering.wording import money_in_words


@dataclass(frozen=True, slots=True)
class Shown:
    """A cap and its window of now; money of the window, which may be a share of the cap's."""

    cap: Cap
    about: str
    amount: Money
    limit: Money
    spent: Money
    held: Money
    committed: Money
    ends_at: datetime

    @property
    def left(self) -> Money:
        """What is left for anything; below nothing where a soft cap is passed."""
        return self.limit - self.spent - self.held

    @property
    def words(self) -> dict[str, str]:
        """All sums as people read them."""
        names = ("amount", "limit", "spent", "held", "committed", "left")
        return {name: money_in_words(getattr(self, name)) for name in names}

    @property
    def percent(self) -> int:
        """Spent and held of the limit, 0 to 100."""
        used = self.spent.micros + self.held.micros
        return min(100, used * 100 // self.limit.micros) if self.limit.micros else 100


def caps_of(workspace_id: int, now: datetime) -> list[Shown]:
    """A workspace's caps, the widest first."""
    names = channel_names(workspace_id)
    windows = {
        row.cap_id: row
        for row in CapWindow.objects.filter(cap__workspace=workspace_id, starts_at__lte=now, ends_at__gt=now)
    }
    order = ("platform", "channel_id", "purpose", "app", "period", "pk")
    rows = Cap.objects.filter(workspace=workspace_id).order_by(*order)
    return [_shown(one, windows.get(one.pk), names, now) for one in rows]


def platforms() -> list[tuple[str, str]]:
    """Key and name of the platforms that ask money for calls today under some plan."""
    catalogue, day = current(), datetime.now(UTC).date()
    return [
        (key, tariff.name)
        for key, tariff in sorted(catalogue.tariffs.items())
        if any(catalogue.charges(key, plan.key, day) for plan in tariff.plans)
    ]


def currencies() -> list[str]:
    """The currencies that platforms charge in, the most common first."""
    found = [one.currency for one in current().tariffs.values() if one.prices]
    return sorted(set(found), key=lambda one: (-found.count(one), one)) or ["USD"]


def _shown(cap: Cap, window: CapWindow | None, names: dict[int, str], now: datetime) -> Shown:
    def money(micros: int) -> Money:
        return Money(micros, cap.currency)

    row = window or CapWindow(micros=cap.micros, ends_at=cycle(cap.period, cap.month_day, now)[1])
    return Shown(
        cap,
        about(cap, names),
        money(cap.micros),
        money(row.micros),
        money(row.spent),
        money(row.held),
        money(row.committed),
        row.ends_at,
    )


def about(cap: Cap, names: dict[int, str]) -> str:
    """What a cap is for, such as "X, Publishing"."""
    tariff = current().tariffs.get(cap.platform)
    channel = names.get(cap.channel_id, _("a channel that is gone")) if cap.channel_id else ""
    purpose = str(dict(PURPOSES).get(cap.purpose, cap.purpose))
    app = _("app %s") % cap.app if cap.app else ""
    named = [one for one in (tariff.name if tariff else cap.platform, channel, purpose, app) if one]
    return ", ".join(named) or _("Everything")


def in_words(cap: Cap) -> str:
    """Amount, period and what for: the name of a cap on pages and in the audit trail."""
    amount = money_in_words(Money(cap.micros, cap.currency))
    return f"{amount} {cap.get_period_display()}, {about(cap, channel_names(cap.workspace_id))}"
