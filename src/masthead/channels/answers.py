"""What was typed into a connect form, tidied: required answers present, addresses with https:// and public."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from unicodedata import category
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.contract.guard import check_url
from masthead.contract.platform import Field

LONGEST = 4000
_ON_THIS_MACHINE = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/|$)")


def tidied(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """The answers by field name. Raises Refused naming the field."""
    return {field.name: _tidied(field, typed.get(field.name, "")) for field in fields}


def _tidied(field: Field, typed: str) -> str:
    text = "".join(c for c in typed if category(c) not in ("Cc", "Cf")).strip()
    if not text and field.required:
        raise Refused(_("“%s” is empty.") % field.label, field=field.name, remedy=_("Fill it in."))
    if len(text) > LONGEST:
        raise Refused(_("“%s” is too long.") % field.label, field=field.name, remedy=_("Check what you pasted."))
    return address(text, field.name) if text and field.kind == "url" else text


def address(typed: str, field: str) -> str:
    """An address as people type it ("example.social", "@me@example.social") as one with a scheme, guarded."""
    text = typed.rsplit("@", 1)[-1] if "@" in typed and "://" not in typed else typed
    text = text if "://" in text else f"{'http' if _ON_THIS_MACHINE.match(text) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a bad port
    except ValueError:
        raise _no_address(field) from None
    if not parts.hostname or " " in text or (parts.scheme not in ("https", "http")):
        raise _no_address(field)
    if "." not in parts.hostname and ":" not in parts.hostname and not settings.ALLOW_PRIVATE:
        raise _no_address(field)
    check_url(text, allow_private=settings.ALLOW_PRIVATE, field=field)
    return text.rstrip("/")


def _no_address(field: str) -> Refused:
    return Refused(
        _("This is not the address of a server."), field=field, remedy=_("Type it like this: example.social")
    )
