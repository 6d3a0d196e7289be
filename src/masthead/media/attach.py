"""Step 4: from what a post says about its attachments to values a connector takes, fitted to the channel's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from masthead.contract.capabilities import MediaRule
from masthead.contract.errors import Refused
from masthead.contract.values import Attachment, Focus, MediaKind
from masthead.media import keep
from masthead.media.models import Asset, Rendition
from masthead.media.public import link_to
from masthead.media.render import fitted, fitted_aside, poster

Stored = Mapping[str, Any]


def attachments(workspace_id: int, stored: Sequence[Stored], rules: Sequence[MediaRule]) -> tuple[Attachment, ...]:
    """The attachments of one segment, in order. `stored` is [{"asset": id, "alt": str, "focus": [x, y] | None}].

    Renditions that are not there yet are made now. Raises Refused (missing file, or one that cannot be made to fit),
    TryAgain where the storage does not answer.
    """
    chosen = _chosen(workspace_id, stored, rules)
    return tuple(_value(asset, fitted(asset, rule), one) for asset, rule, one in chosen)


async def attached(workspace_id: int, stored: Sequence[Stored], rules: Sequence[MediaRule]) -> tuple[Attachment, ...]:
    """The same for the worker: what takes long is done in threads of its own."""
    chosen = await sync_to_async(_chosen)(workspace_id, stored, rules)
    return tuple([_value(asset, await fitted_aside(asset, rule), one) for asset, rule, one in chosen])


def _chosen(
    workspace_id: int, stored: Sequence[Stored], rules: Sequence[MediaRule]
) -> list[tuple[Asset, MediaRule, Stored]]:
    """Each attachment's asset, from this workspace only, with the rule for its kind."""
    ids = [one["asset"] for one in stored]
    found = Asset.objects.filter(workspace_id=workspace_id, deleted_at=None).in_bulk(ids)
    by_kind = {rule.kind: rule for rule in rules}
    return [(*_ruled(found.get(one["asset"]), by_kind, f"attachments.{n}"), one) for n, one in enumerate(stored)]


def _ruled(asset: Asset | None, rules: Mapping[MediaKind, MediaRule], where: str) -> tuple[Asset, MediaRule]:
    if asset is None:
        raise Refused(_("The attached file no longer exists."), field=where, remedy=_("Remove it and attach it again."))
    rule = rules.get(MediaKind(asset.kind))
    if rule is None:
        raise Refused(
            _("Files of kind “%s” cannot be published here.") % asset.get_kind_display(),
            field=where,
            remedy=_("Remove the file for this channel."),
        )
    return asset, rule


def _value(asset: Asset, file: Asset | Rendition, stored: Stored) -> Attachment:
    focus = stored.get("focus")
    return Attachment(
        kind=MediaKind(asset.kind),
        mime=file.mime,
        size=file.size,
        sha256=file.sha256,
        load=partial(keep.load, file.storage_path, file.sha256),
        width=file.width,
        height=file.height,
        seconds=file.seconds,
        alt=stored.get("alt") or asset.alt,
        focus=Focus(*focus) if focus else None,
        public_url=link_to(file),
        poster=partial(poster, asset) if asset.kind == MediaKind.VIDEO else None,
        file_name=f"{asset.file_name.rsplit('.', 1)[0]}.{file.storage_path.rsplit('.', 1)[-1]}",
    )
