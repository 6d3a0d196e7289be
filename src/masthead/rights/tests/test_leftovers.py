"""Files go with the last record that needs them: also where storage fails, and never while somebody may still need them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights import leftovers
from masthead.rights.archive.tests.scene import brought
from masthead.rights.keep import keep_all
from masthead.rights.models import Import, Leftover, Record
from masthead.rights.people.erase import erase

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return people()[0]


def picture(workspace: Any, name: str, *owners: str) -> str:
    """A file, and a record of each owner that refers to it."""
    where = f"{workspace.pk}/archive/{name}.png"
    default_storage.save(where, ContentFile(b"x"))
    for owner in owners:
        media = [{"kind": "image", "file": where}]
        brought(workspace, f"{name} {owner}", kind="others_post", author=owner, media=media)
    return where


def broken(monkeypatch: Any, times: int) -> list[str]:
    """Storage that fails to delete so often; the names it was asked to delete."""
    real, asked = leftovers.forget, []

    def forget(where: str) -> None:
        asked.append(where)
        if len(asked) <= times:
            raise leftovers.ConnectorError("storage is away")
        real(where)

    monkeypatch.setattr(leftovers, "forget", forget)
    return asked


@pytest.mark.django_db(transaction=True)
def test_erased_files_go_even_if_storage_fails_at_first(workspace, monkeypatch):
    hers, his = picture(workspace, "hers", "@ann"), picture(workspace, "his", "@bob")
    broken(monkeypatch, 2)
    erase(workspace, "sandbox", "ann", asked_on=date(2026, 11, 1), by=None, now=now())
    assert default_storage.exists(hers) and Leftover.objects.count() == 1
    keep_all(now())
    assert default_storage.exists(hers)
    keep_all(now())
    assert not default_storage.exists(hers) and default_storage.exists(his) and not Leftover.objects.exists()


def test_one_file_that_cannot_go_keeps_no_other(workspace, monkeypatch):
    one, two = (picture(workspace, name) for name in ("one", "two"))
    leftovers.let_go(workspace.pk, [one, two, two])
    broken(monkeypatch, 1)
    assert leftovers.sweep() == 1 and default_storage.exists(one) and not default_storage.exists(two)
    assert leftovers.sweep() == 1 and not default_storage.exists(one)


def test_what_a_record_refers_to_stays_until_it_goes_too(workspace):
    where = picture(workspace, "both", "@ann", "@bob")
    leftovers.let_go(workspace.pk, [where])
    assert leftovers.sweep(workspace.pk) == 0 and default_storage.exists(where) and not Leftover.objects.exists()
    Record.objects.update(media=[])
    leftovers.let_go(workspace.pk, [where])
    assert leftovers.sweep(people("smith")[0].pk) == 0 and default_storage.exists(where)
    assert leftovers.sweep(workspace.pk) == 1 and not default_storage.exists(where)


def test_while_an_archive_is_read_its_files_stay(workspace):
    where, at = picture(workspace, "arriving"), now()
    reading = Import.objects.create(
        workspace=workspace, name="a", created_at=at, state="reading", held_until=at + timedelta(minutes=5)
    )
    leftovers.let_go(workspace.pk, [where])
    assert leftovers.sweep() == 0 and default_storage.exists(where)
    Import.objects.filter(pk=reading.pk).update(state="finished")
    assert leftovers.sweep() == 1


def test_portions(workspace, monkeypatch):
    monkeypatch.setattr(leftovers, "AT_ONCE", 2)
    names = [picture(workspace, f"p{number}") for number in range(5)]
    leftovers.let_go(workspace.pk, names)
    broken(monkeypatch, 2)
    assert leftovers.sweep() == 3 and leftovers.sweep() == 2 and not any(map(default_storage.exists, names))
