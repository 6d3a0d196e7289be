"""Rows of the three shelves as items, with where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from masthead.media.models import Asset
from masthead.posts.models import Move, PastPost, Publication
from masthead.posts.states import State
from masthead.rights.archive.wanted import IMPORTED, PUBLISHED, READ
from masthead.rights.items import Item, Kind, Via
from masthead.rights.models import Record


def of_record(row: Record) -> Item:
    """What was brought in."""
    return Item(
        id=f"{IMPORTED}:{row.pk}",
        workspace_id=row.workspace_id,
        platform=row.platform,
        channel_id=row.channel_id,
        kind=cast(Kind, row.kind),
        author=row.author,
        text=row.text,
        url=row.url,
        remote_id=row.remote_id,
        posted_at=row.posted_at,
        obtained_via=cast(Via, row.obtained_via),
        obtained_at=row.obtained_at,
        terms_version=row.terms_version,
        preference=row.preference,
        gone_at=row.gone_at,
        media=tuple(row.media),
        reply_to=row.reply_to,
        language=row.language,
        raw=row.raw | ({"visibility": row.visibility} if row.visibility else {}),
        account=row.account,
    )


def of_past_post(row: PastPost) -> Item:
    """What was read from a platform, by its API."""
    return Item(
        id=f"{READ}:{row.pk}",
        workspace_id=row.workspace_id,
        platform=row.platform,
        channel_id=row.channel_id,
        kind="others_post" if row.kind == "repost" else "own_post",
        author="" if row.kind == "repost" else row.channel.handle,
        text=row.text,
        url=row.url,
        remote_id=row.remote_id,
        posted_at=row.posted_at,
        obtained_via="api",
        obtained_at=max(row.obtained_at, row.read_at or row.obtained_at),
        operation=row.operation,
        terms_version=row.terms_version,
        gone_at=row.gone_at,
        media=tuple(row.media),
        reply_to=row.reply_to,
        language=row.language,
        raw=row.raw,
        account=row.channel.handle,
    )


def of_publications(rows: Sequence[Publication]) -> list[Item]:
    """What went out from here: one item for each segment that has a receipt, in order."""
    files = _files(rows)
    removed = _removed(rows)
    return [
        _segment(row, place, files, removed.get(row.pk))
        for row in rows
        for place, receipt in enumerate(row.receipts)
        if receipt.get("remote_id") and place < len(row.content.get("segments") or ())
    ]


def of_publication(row: Publication) -> Item:
    """All segments as one item, sent or not; its files by kind and description only."""
    parts = (row.content or {}).get("segments") or ()
    return replace(
        _sent(row, 0),
        text="\n\n".join(part.get("text", "") for part in parts),
        url=row.remote_url,
        obtained_at=row.created_at,
        media=tuple(_medium(one, {}) for part in parts for one in part.get("attachments") or ()),
    )


def _segment(row: Publication, place: int, files: Mapping[int, Asset], gone_at: datetime | None) -> Item:
    part = row.content["segments"][place]
    return replace(
        _sent(row, place),
        text=part.get("text", ""),
        url=row.receipts[place].get("url", ""),
        gone_at=gone_at,
        media=tuple(_medium(one, files) for one in part.get("attachments") or ()),
        reply_to=row.receipts[place - 1].get("remote_id", "") if place else "",
    )


def _sent(row: Publication, place: int) -> Item:
    """What a publication says of each of its segments."""
    at, content = row.published_at or row.publish_at, row.content or {}
    seen_by = (content.get("options") or {}).get("visibility")
    return Item(
        id=f"{PUBLISHED}:{row.pk}:{place}",
        workspace_id=row.workspace_id,
        platform=row.channel.platform,
        channel_id=row.channel_id,
        kind="own_post",
        author=row.channel.handle,
        text="",
        url="",
        remote_id=row.receipts[place].get("remote_id", "") if place < len(row.receipts) else "",
        posted_at=at,
        obtained_via="own",
        obtained_at=at,
        operation="publish",
        language=content.get("language", ""),
        account=row.channel.handle,
        listed_at=row.publish_at,
        raw={"visibility": seen_by} if seen_by else {},
    )


def _medium(attachment: Mapping[str, Any], files: Mapping[int, Asset]) -> dict[str, Any]:
    """An attached file of the media library, in the words in which records name theirs."""
    asset = files.get(attachment.get("asset") or 0)
    if asset is None:
        return {"kind": "file", "alt": attachment.get("alt", "")}
    kept = {"kind": asset.kind, "file": asset.storage_path, "name": asset.file_name, "mime": asset.mime}
    return kept | {"alt": attachment.get("alt") or asset.alt, "sha256": asset.sha256, "size": asset.size}


def _files(rows: Iterable[Publication]) -> dict[int, Asset]:
    """The files that segments name, those of the same workspace only."""
    named = {
        (row.workspace_id, one["asset"])
        for row in rows
        for part in row.content.get("segments") or ()
        for one in part.get("attachments") or ()
        if one.get("asset")
    }
    found = Asset.objects.filter(pk__in={asset for _workspace, asset in named}) if named else ()
    return {one.pk: one for one in found if (one.workspace_id, one.pk) in named}


def _removed(rows: Iterable[Publication]) -> dict[int, datetime]:
    ids = [row.pk for row in rows if row.state == State.REMOVED]
    moves = Move.objects.filter(publication__in=ids, target=State.REMOVED) if ids else ()
    return {move.publication_id: move.at for move in moves if move.publication_id}
