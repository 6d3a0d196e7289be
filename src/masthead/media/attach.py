"""Step 4: from what a post says about its attachments to values a connector takes, fitted to the channel's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from masthead.contract.capabilities import MediaRule
from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Focus, MediaKind
from masthead.media import keep
from masthead.media.models import Asset, Rendition
from masthead.media.render import fitted


def attachments(
    workspace_id: int, stored: Sequence[Mapping[str, Any]], rules: Sequence[MediaRule]
) -> tuple[Attachment, ...]:
    """The attachments of one segment, in order. `stored` is [{"asset": id, "alt": str, "focus": [x, y] | None}].

    Renditions that are not there yet are made now. Raises Refused (missing file, or one that cannot be made to fit).
    """
    ids = [one["asset"] for one in stored]
    found = Asset.objects.filter(workspace_id=workspace_id, deleted_at=None).in_bulk(ids)
    by_kind = {rule.kind: rule for rule in rules}
    return tuple(_attachment(found.get(one["asset"]), one, by_kind, n) for n, one in enumerate(stored))


def prepare(workspace_id: int, stored: Sequence[Mapping[str, Any]], rules: Sequence[MediaRule]) -> None:
    """Make the renditions ahead of time, so that nothing slow stands between the clock and the platform."""
    attachments(workspace_id, stored, rules)


def _attachment(
    asset: Asset | None, stored: Mapping[str, Any], rules: Mapping[MediaKind, MediaRule], number: int
) -> Attachment:
    where = f"attachments.{number}"
    if asset is None:
        raise Refused(_("The attached file no longer exists."), field=where, remedy=_("Remove it and attach it again."))
    kind = MediaKind(asset.kind)
    rule = rules.get(kind)
    if rule is None:
        raise Refused(
            _("Files of kind “%s” cannot be published here.") % asset.get_kind_display(),
            field=where,
            remedy=_("Remove the file for this channel."),
        )
    return _value(asset, fitted(asset, rule), kind, stored)


def _value(asset: Asset, file: Asset | Rendition, kind: MediaKind, stored: Mapping[str, Any]) -> Attachment:
    focus = stored.get("focus")
    return Attachment(
        kind=kind,
        mime=file.mime,
        size=file.size,
        sha256=file.sha256,
        load=partial(keep.load, file.storage_path, file.sha256),
        width=file.width,
        height=file.height,
        seconds=file.seconds,
        alt=stored.get("alt") or asset.alt,
        focus=Focus(*focus) if focus else None,
        file_name=f"{asset.file_name.rsplit('.', 1)[0]}.{file.storage_path.rsplit('.', 1)[-1]}",
    )
