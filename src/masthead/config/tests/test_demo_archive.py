"""The demo's archive is there once, and costs few questions to the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.config.demo_archive import MANY, bring_archive
from masthead.media.models import Asset
from masthead.posts.tests.scene import people
from masthead.rights.models import Record

pytestmark = pytest.mark.django_db


def test_the_archive_is_there_once_and_asks_for_its_picture_once() -> None:
    workspace, _owner = people()
    Asset.objects.create(
        workspace=workspace, sha256="a", kind="image", mime="image/png", size=1, file_name="a.png", storage_path="1/a.png"
    )  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bring_archive()
    assert sum('from "media_asset"' in one["sql"].lower() for one in asked) == 1
    assert Record.objects.count() == MANY and Record.objects.exclude(media=[]).count() > 10
    bring_archive()
    assert Record.objects.count() == MANY
