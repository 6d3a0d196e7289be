"""The weekly times at which a channel's queue publishes, in the channel's own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from masthead.channels.models import Channel, Slot
from masthead.contract.errors import Refused
from masthead.kit.text import number

MOST = 200


def add_slots(channel: Channel, weekdays: Iterable[str], at: str) -> int:
    """Add a time of day on each of the weekdays (0 is Monday); returns how many are new. Raises Refused naming the field."""
    days = {day for text in weekdays if (day := number(text)) is not None and day <= 6}
    if not days:
        raise Refused(_("No day was chosen."), field="weekday", remedy=_("Choose at least one day."))
    try:
        moment = time.fromisoformat(at.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Refused(_("This is not a time of day."), field="time", remedy=_("Type it like this: 09:30")) from None
    have = set(channel.slots.values_list("weekday", "time"))
    fresh = [Slot(channel=channel, weekday=day, time=moment) for day in sorted(days) if (day, moment) not in have]
    if len(have) + len(fresh) > MOST:
        raise Refused(
            _("A channel may have at most %d times a week.") % MOST, field="time", remedy=_("Remove some first.")
        )
    Slot.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def remove_slot(channel: Channel, slot_id: int) -> bool:
    """Remove a time; False where it is gone already."""
    return bool(channel.slots.filter(pk=slot_id).delete()[0])


def set_time_zone(channel: Channel, zone: str) -> None:
    """Read the channel's times in this zone from now on. Raises Refused(field="time_zone") for an unknown one."""
    if zone not in available_timezones():
        raise Refused(_("This time zone is not known."), field="time_zone", remedy=_("Choose one from the list."))
    channel.time_zone = zone
    channel.save(update_fields=["time_zone"])
