"""What a deleted workspace leaves in storage goes too, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from masthead.kit.jobs import HANDLERS
from masthead.media import tasks
from masthead.media.discard import forget_workspace
from masthead.media.render import fitted
from masthead.media.tests.pictures import Piece, noise, saved
from masthead.media.tests.test_fit import RULE
from masthead.media.upload import store
from masthead.workspaces.close import DELETED_JOB, delete_workspace
from masthead.workspaces.models import Workspace
from masthead.workspaces.tests.people import Company


def kept(files: Path) -> set[str]:
    return {str(path.relative_to(files)) for path in files.rglob("*") if path.is_file()}


@pytest.fixture
def other() -> Workspace:
    return Workspace.objects.get(slug="not-acme")


def test_a_deleted_workspace_leaves_no_bytes(company: Company, other: Workspace, files: Path) -> None:
    """The same picture in two workspaces is kept twice, so that one can go without the other."""
    content = saved(noise((400, 300)))
    mine, number = store(company.workspace, None, Piece(content), "a.png"), company.workspace.pk
    fitted(mine, RULE)
    theirs = store(other, None, Piece(content), "a.png")
    delete_workspace(company.workspace, company.workspace.name)
    forget_workspace(number)
    assert kept(files) == {theirs.storage_path} and not (files / str(number)).exists()
    forget_workspace(number)


def test_a_workspace_that_is_there_keeps_its_files(company: Company, files: Path) -> None:
    asset = store(company.workspace, None, Piece(saved(noise((40, 30)))), "a.png")
    forget_workspace(company.workspace.pk)
    assert kept(files) == {asset.storage_path}


def test_deleting_asks_for_the_job_that_media_takes(company: Company, files: Path) -> None:
    number = company.workspace.pk
    delete_workspace(company.workspace, company.workspace.name)
    with connection.cursor() as cursor:
        cursor.execute("select convert_from(payload, 'utf8') from pgqueuer where entrypoint = %s", [DELETED_JOB])
        assert cursor.fetchall() == [(f'{{"workspace": {number}}}',)]
    assert HANDLERS[DELETED_JOB] is tasks.forget
    async_to_sync(tasks.forget)({"workspace": number})
