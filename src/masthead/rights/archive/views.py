"""Pages: the archive with search and filters, one item with its origin, and the files that were brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_GET

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.rights.archive import origins
from masthead.rights.archive.accounts import choices
from masthead.rights.archive.asked import FILTERS, wanted_from
from masthead.rights.archive.media import SHOWN, file_of, kept
from masthead.rights.archive.shelves import place_from, timeline
from masthead.rights.archive.uses import uses_of
from masthead.rights.archive.words import (
    ICONS,
    KIND_WORDS,
    SHELF_WORDS,
    how_obtained,
    platform_name,
    shelf_of,
    under_terms,
)
from masthead.rights.items import Item
from masthead.rights.models import Import, Record
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May, allows

PAGE = 25


def sees_messages(request: HttpRequest) -> bool:
    """Messages between people are for those who look after the channels."""
    return allows(request.member.role, May.CONNECT)


@member_view(May.SEE)
@require_GET
def archive_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything, newest first, with search and filters in the address."""
    asked = request.GET
    wanted = wanted_from(asked, private=sees_messages(request))
    after = place_from(asked.get("after", ""))
    page = timeline(request.workspace, wanted, after, PAGE)
    items = origins.with_others(request.workspace, page.items)
    filtered = any(asked.get(name) for name in FILTERS)
    return render(
        request,
        "rights/archive/list.html",
        {
            "rows": [_row(one) for one in items],
            "next": str(page.after) if page.after else "",
            "later": after is not None,
            "filtered": filtered,
            "filters": [(name, asked[name]) for name in FILTERS if asked.get(name)],
            "accounts": choices(request.workspace),
            "kinds": [(key, word) for key, word in KIND_WORDS.items() if key != "message" or wanted.private],
            "shelves": SHELF_WORDS.items(),
            "reading": Import.objects.filter(workspace=request.workspace, state__in=("waiting", "reading")).exists(),
        },
    )


def _row(item: Item) -> dict[str, Any]:
    return {
        "item": item,
        "excerpt": Truncator(item.text[:600]).chars(200),
        "platform": platform_name(item.platform),
        "kind": KIND_WORDS.get(item.kind, item.kind) if item.kind != "own_post" else "",
        "shelves": _shelves(item),
    }


def _shelves(item: Item) -> list[tuple[str, Any]]:
    """Icon and word of every shelf the item stands on, its own first."""
    met = dict.fromkeys(shelf_of(one) for one in (item.id, *item.others))
    return [(ICONS[one], SHELF_WORDS[one]) for one in met]


@member_view(May.SEE)
@require_GET
def archive_item(request: HttpRequest, slug: str, item_id: str) -> HttpResponse:
    """One item: what it says, where it comes from, under which terms, and where else it is held."""
    item = _item(request, item_id)
    source = _source(request, item)
    return render(
        request,
        "rights/archive/item.html",
        {
            "item": item,
            "platform": platform_name(item.platform),
            "kind": KIND_WORDS.get(item.kind, item.kind),
            "channel": Channel.objects.filter(workspace=request.workspace, pk=item.channel_id).first(),
            "how": how_obtained(item),
            "terms": under_terms(item),
            "source": source,
            "uses": uses_of(item, now()),
            "media": [_medium(item, one) for one in item.media],
            "others": [(one, SHELF_WORDS[shelf_of(one)], ICONS[shelf_of(one)]) for one in item.others],
            "rows": item.id.split(":"),
            "shelf": SHELF_WORDS[shelf_of(item.id)],
            "shelf_icon": ICONS[shelf_of(item.id)],
        },
    )


def _item(request: HttpRequest, item_id: str) -> Item:
    try:
        return origins.item(request.workspace, item_id, private=sees_messages(request))
    except LookupError:
        raise Http404("There is no such item in this workspace.") from None


def _source(request: HttpRequest, item: Item) -> Import | None:
    """The import that brought it in."""
    shelf, row = item.id.split(":")[:2]
    record = shelf == "imported" and Record.objects.filter(workspace=request.workspace, pk=row).only("source").first()
    return record.source if record else None


def _medium(item: Item, medium: Mapping[str, Any]) -> dict[str, Any]:
    mime = str(medium.get("mime") or "")
    return {
        "alt": str(medium.get("alt") or ""),
        "kind": str(medium.get("kind") or "file"),
        "name": str(medium.get("name") or ""),
        "url": str(medium.get("url") or ""),
        "kept": kept(item.workspace_id, medium) is not None,
        "shown": mime.split("/")[0] if mime in SHOWN else "",
    }


@member_view(May.SEE)
@require_GET
def archive_file(request: HttpRequest, slug: str, item_id: str, number: int) -> HttpResponse | FileResponse:
    """A file of an item, out of the workspace's own storage: pictures and films to look at, everything else to download."""
    found = file_of(_item(request, item_id), number)
    if found is None or not default_storage.exists(found.path):
        raise Http404
    answer = FileResponse(
        default_storage.open(found.path, "rb"), as_attachment=found.mime not in SHOWN, filename=found.name
    )
    answer["Content-Type"] = found.mime if found.mime in SHOWN else "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
