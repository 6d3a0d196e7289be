"""A post as Google wants it: text, kind, button, event, offer, photo. Pure but for the photo's address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from masthead.connectors.google.business_profile.capabilities import CALL, EVENT, OFFER, STANDARD
from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Delivery

LAST_MINUTE = time(23, 59)
WRITE_DATES = "Write it as 2026-12-24 or 2026-12-24 18:00."
PUBLIC = "Set MASTHEAD_PUBLIC_URL to an address that the internet can reach, or keep media on S3."


def kind_of(options: Mapping[str, Any]) -> str:
    """Update, event or offer."""
    return str(options.get("kind") or STANDARD)


def words(delivery: Delivery, index: int) -> dict[str, Any]:
    """All of a post but its photo. Raises Refused where a setting is missing or does not fit."""
    options, kind = delivery.options, kind_of(delivery.options)
    told: dict[str, Any] = {"summary": delivery.segments[index].text, "topicType": kind}
    told |= {"languageCode": delivery.language} if delivery.language else {}
    told |= _button(options, kind)
    told |= {"event": _event(options)} if kind in (EVENT, OFFER) else {}
    return told | ({"offer": _offer(options)} if kind == OFFER else {})


async def photo(attachment: Attachment) -> dict[str, str]:
    """A photo, by the address Google fetches it from."""
    if attachment.public_url is None:
        raise Refused("Google fetches photos itself and cannot reach them.", field="attachments", remedy=PUBLIC)
    return {"mediaFormat": "PHOTO", "sourceUrl": await attachment.public_url()}


def _button(options: Mapping[str, Any], kind: str) -> dict[str, Any]:
    button, link = str(options.get("button") or ""), str(options.get("button_link") or "").strip()
    if not button:
        return {}
    if kind == OFFER:
        raise Refused("Offers have no button.", field="options.button", remedy="Use the link to redeem the offer.")
    if button == CALL:
        return {"callToAction": {"actionType": CALL}}
    return {"callToAction": {"actionType": button, "url": _link(link, "button_link")}}


def _event(options: Mapping[str, Any]) -> dict[str, Any]:
    """Google wants title, both days and both times, of an offer too."""
    title = str(options.get("title") or "").strip()
    if not title:
        raise Refused("Events and offers need a title.", field="options.title", remedy="Enter a title.")
    starts, ends = _moment(options, "starts", time()), _moment(options, "ends", LAST_MINUTE)
    if ends < starts:
        raise Refused("It ends before it starts.", field="options.ends", remedy="Correct the dates.")
    return {
        "title": title,
        "schedule": {
            "startDate": _day(starts),
            "startTime": _time(starts),
            "endDate": _day(ends),
            "endTime": _time(ends),
        },
    }


def _offer(options: Mapping[str, Any]) -> dict[str, str]:
    told = {"couponCode": str(options.get("coupon") or "").strip()}
    link = str(options.get("redeem_link") or "").strip()
    told |= {"redeemOnlineUrl": _link(link, "redeem_link") if link else ""}
    told |= {"termsConditions": str(options.get("terms") or "").strip()}
    return {name: value for name, value in told.items() if value}


def _link(typed: str, name: str) -> str:
    if not typed.startswith(("https://", "http://")):
        raise Refused(
            "An address is missing or no web address.",
            field=f"options.{name}",
            remedy="Enter one that begins https://.",
        )
    return typed


def _moment(options: Mapping[str, Any], name: str, otherwise: time) -> datetime:
    """A day with or without a time, in the location's own time; `otherwise` is the time of a bare day."""
    typed, field = str(options.get(name) or "").strip(), f"options.{name}"
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise Refused("Events and offers need two days.", field=field, remedy=WRITE_DATES) from None
    if found.tzinfo:
        raise Refused("The time is the location's own, without a zone.", field=field, remedy=WRITE_DATES)
    return datetime.combine(found, otherwise) if len(typed) <= len("2026-12-24") else found


def _day(moment: date) -> dict[str, int]:
    return {"year": moment.year, "month": moment.month, "day": moment.day}


def _time(moment: datetime) -> dict[str, int]:
    return {"hours": moment.hour, "minutes": moment.minute, "seconds": 0, "nanos": 0}
