"""The same piece in two requests at once (a double click, a retry): one is kept, nothing is left behind, nothing is read wrongly."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.imports import ask, pieces
from masthead.rights.models import Import

SIZE = 200_000


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_twice_leaves_one_object(settings: Any, tmp_path: Path, dsn: str) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = ask.begin(people()[0], None, "a.zip", SIZE, now=now())
    gate, failed = threading.Barrier(4), list[Exception]()

    def send(letter: bytes) -> None:
        mine = Import.objects.get(pk=row.pk)
        gate.wait(20)
        try:
            ask.take_piece(mine, 0, letter * SIZE)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    row.refresh_from_db()
    assert not failed and row.done == SIZE and row.cursor == {"whole": True}
    folder = pieces.place(row, 0).rpartition("/")[0]
    assert len(default_storage.listdir(folder)[1]) == 1
    pieces.forget(row)
    assert not default_storage.exists(folder) or default_storage.listdir(folder) == ([], [])


@pytest.mark.django_db
def test_a_late_twin_does_not_change_what_was_counted(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = ask.begin(people()[0], None, "a.zip", 10, now=now())
    slow, fast = Import.objects.get(pk=row.pk), Import.objects.get(pk=row.pk)
    ask.take_piece(fast, 0, b"right_____")
    assert ask.take_piece(slow, 0, b"wrong_____").done == 10
    with default_storage.open(pieces.place(row, 0)) as file:
        assert file.read() == b"right_____"
