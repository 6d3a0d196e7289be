"""A workspace and a place for files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from masthead.workspaces.tests.people import Company


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Media in a folder of this test."""
    folder = tmp_path / "media"
    before, default_storage._wrapped = default_storage._wrapped, FileSystemStorage(location=folder)
    yield folder
    default_storage._wrapped = before


@pytest.fixture
def company(db: None) -> Company:
    """A workspace with members and a stranger."""
    return Company()
