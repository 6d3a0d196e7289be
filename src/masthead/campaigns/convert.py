"""Conversions told by the workspace's own server (signed) or by the tag on its pages. Told twice, counted once."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare

from masthead.campaigns.models import Campaign, Conversion, Visit
from masthead.contract.errors import Refused
from masthead.kit.money import MICROS
from masthead.workspaces.models import Workspace

OLDEST = timedelta(days=90)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Told:
    """One conversion as it was told. `value` in micros of `currency`."""

    reference: str
    click: str = ""
    campaign: int = 0
    at: datetime | None = None
    value: int = 0
    currency: str = ""


def key_of(workspace: Workspace) -> str:
    """The secret with which the workspace's server signs; it changes only with the installation's own key."""
    return signing.Signer(salt="masthead.conversions").signature(f"{workspace.pk}")


def signature(key: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 of `<unix seconds>.<body>` in hex."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def check_signature(workspace: Workspace, stamp: str, given: str, body: bytes, now: datetime) -> None:
    """Raises Refused where a message is not the workspace's own, or older than five minutes."""
    fresh = (
        stamp.isascii()
        and stamp.isdigit()
        and len(stamp) < 12
        and abs(int(stamp) - now.timestamp()) < SKEW.total_seconds()
    )
    if not fresh or not constant_time_compare(signature(key_of(workspace), stamp, body), given):
        raise Refused(
            "The signature does not match.",
            field="Masthead-Signature",
            remedy="Sign `<unix seconds>.<body>` with the key on the campaign's page, and send it within five minutes.",
        )


def read(given: Any) -> Told:
    """A conversion from JSON. Raises Refused naming the field."""
    if not isinstance(given, dict):
        raise Refused("A conversion is an object.", field="", remedy='Send {"reference": ...}.')
    reference = str(given.get("reference") or "").replace("\0", "").strip()
    if not reference or len(reference) > 120:
        raise Refused(
            "A reference of 1 to 120 characters is needed.", field="reference", remedy="Send your order's number."
        )
    return Told(reference, str(given.get("click") or ""), _whole(given.get("campaign")), _time(given.get("at")), _money(given.get("value")),
                str(given.get("currency") or "")[:3].upper())  # fmt: skip


def _whole(given: Any) -> int:
    return given if isinstance(given, int) and 0 < given < 2**62 else 0


def _time(given: Any) -> datetime | None:
    if not given:
        return None
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused("This is no time with a time zone.", field="at", remedy="Send such as 2026-11-24T12:00:00Z.")
    return found


def _money(given: Any) -> int:
    if given in (None, ""):
        return 0
    try:
        value = round(float(given) * MICROS)
    except (TypeError, ValueError, OverflowError):
        value = -1
    if not 0 <= value < 2**62:
        raise Refused("The value must be a number of at least 0.", field="value", remedy="Send such as 19.90.")
    return value


def count(workspace: Workspace, told: Told, source: str, now: datetime) -> bool:
    """Write a conversion down; False where its reference was told before. Without a click that we know, it counts for no ad."""
    row = _visit(workspace, told.click)
    campaign = (
        row.link.ad.group.campaign if row else Campaign.objects.filter(workspace=workspace, pk=told.campaign).first()
    )
    at = min(max(told.at or now, now - OLDEST), now)
    value = told.value if not campaign or told.currency in ("", campaign.currency) else 0
    if not told.value and campaign:
        value = campaign.value
    facts = {"campaign": campaign, "visit": row, "at": at, "value": value, "currency": told.currency, "source": source}
    _row, new = Conversion.objects.get_or_create(
        workspace=workspace, reference=told.reference, defaults={**facts, "told_at": now}
    )
    return new


def _visit(workspace: Workspace, click: str) -> Visit | None:
    try:
        key = uuid.UUID(hex=click) if click else None
    except ValueError:
        return None
    mine = (
        Visit.objects.filter(link__ad__group__campaign__workspace=workspace, click=key) if key else Visit.objects.none()
    )
    return mine.select_related("link__ad__group__campaign").first()


def known_click(workspace: Workspace, click: str) -> bool:
    """True for a click that came through one of the workspace's ads."""
    return _visit(workspace, click) is not None
