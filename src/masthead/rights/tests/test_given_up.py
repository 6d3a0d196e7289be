"""What always fails while it is made is given up after five times, and says so; what was spoilt in storage is made anew."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.kit.clock import now
from masthead.media import bundle
from masthead.media.models import Bundle
from masthead.posts.export import ask as of_posts
from masthead.posts.export import write as post_export
from masthead.posts.models import Export
from masthead.posts.tests.scene import people
from masthead.rights.archive.export import ask as of_copies
from masthead.rights.archive.export import collect, write
from masthead.rights.archive.tests.scene import brought
from masthead.rights.archive.wanted import Wanted
from masthead.rights.datasets import ask as of_datasets
from masthead.rights.datasets import make
from masthead.rights.models import ArchiveExport, Dataset
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
EARLIER = timedelta(minutes=1)
Ask = Callable[[Workspace], Bundle]


@pytest.fixture
def workspace(settings: Any, tmp_path: Any) -> Workspace:
    settings.MEDIA_ROOT = tmp_path
    made = people()[0]
    brought(made, "Mine")
    return made


def copy_of(workspace: Workspace) -> ArchiveExport:
    return of_copies.ask_for(workspace, Wanted(), now=now() - EARLIER, by=workspace.users.get())


def dataset_of(workspace: Workspace) -> Dataset:
    fields = {"name": "Posts", "use": "redistribute", "purpose": "p", "license": "https://l.example"}
    return of_datasets.ask_for(workspace, fields, by=workspace.users.get(), now=now() - EARLIER)


def export_of(workspace: Workspace) -> Export:
    return of_posts.ask_for(workspace, [], now=now() - EARLIER, by=workspace.users.get())


def free(row: Bundle) -> Any:
    """As if the lease of a dead worker had run out."""
    row.refresh_from_db()
    rows: Any = type(row)._default_manager
    rows.filter(pk=row.pk).update(held_until=now() - EARLIER)
    return row


KINDS = [
    (copy_of, write.write, (write, "_left_out"), of_copies, "rights:archive_exports"),
    (dataset_of, make.make, (make, "_sign"), of_datasets, "rights:dataset"),
    (export_of, post_export.write, (post_export, "_assemble"), of_posts, ""),
]


@pytest.mark.parametrize(("ask", "made", "breaks", "asking", "page"), KINDS)
def test_what_always_fails_is_given_up(
    workspace: Workspace, monkeypatch: Any, ask: Ask, made: Any, breaks: Any, asking: Any, page: str
) -> None:
    row = ask(workspace)
    monkeypatch.setattr(*breaks, lambda *_given: 1 // 0)
    for _again in range(bundle.MOST_TRIES):
        with pytest.raises(ZeroDivisionError):
            made(free(row).pk)
    pushed: list[int] = []
    monkeypatch.setattr(asking, "enqueue_each", lambda _lender, _job, _field, ids: pushed.extend(ids))
    asking.ask_again(free(row).held_until)
    assert pushed == [row.pk], "one more time, to be given up"
    assert made(row.pk) is False
    row.refresh_from_db()
    assert (row.state, row.why) == (Bundle.State.FAILED, bundle.ENDED)
    asking.ask_again(now() + timedelta(days=1))
    assert pushed == [row.pk]
    if page:
        _says_so(workspace, page, row)


def _says_so(workspace: Workspace, page: str, row: Bundle) -> None:
    client = Client()
    client.force_login(workspace.users.get())
    told = client.get(reverse(page, args=[workspace.slug, *([row.pk] if page == "rights:dataset" else [])]))
    assert "ended five times without a result" in told.content.decode()


@pytest.mark.parametrize(("ask", "made"), [one[:2] for one in KINDS])
def test_one_that_is_made_at_the_last_try_is_ready(workspace: Workspace, ask: Ask, made: Any) -> None:
    row = free(ask(workspace))
    type(row)._default_manager.filter(pk=row.pk).update(tries=bundle.MOST_TRIES - 1)
    assert made(row.pk)
    row.refresh_from_db()
    assert row.state == Bundle.State.READY and default_storage.exists(row.storage_path)


def _spoil(where: str) -> None:
    with default_storage.open(where) as file:
        kept = file.read()
    default_storage.delete(where)
    default_storage.save(where, ContentFile(kept.replace(b"Mine", b"Mint")))


@pytest.mark.parametrize("spoil", [_spoil, lambda where: default_storage.delete(where)])
def test_a_piece_that_was_spoilt_in_storage_does_not_make_an_empty_copy(workspace: Workspace, spoil: Any) -> None:
    row = copy_of(workspace)
    held = bundle.take(ArchiveExport, row.pk, now())
    assert held and collect.collect(held, now())
    old = bundle.place(held, "00000.jsonl")
    spoil(old)
    with suppress(bundle.Changed):
        assert not write.write(free(row).pk)
    assert write.write(row.pk), "nobody holds it, so that the next worker begins at once"
    row.refresh_from_db()
    with default_storage.open(row.storage_path) as file, zipfile.ZipFile(file) as archive:
        assert b"Mine" in archive.read("items.jsonl")
    assert row.done == 1 and not default_storage.exists(old)
