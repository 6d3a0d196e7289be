"""Changing and deleting what is out, on a running platform."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.channels.queries import account
from masthead.connectors.sandbox.tests.harness import HARNESS
from masthead.posts import amend
from masthead.posts.models import Publication
from masthead.posts.states import State
from masthead.posts.tests.scene import Crew, channel_of, people, post_on

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def harness() -> Iterator[Any]:
    made = HARNESS()
    made.start()
    made.reset()
    yield made
    made.stop()


@pytest.fixture
def out(harness: Any, dsn: str) -> Publication:
    """A publication that is on the platform."""
    workspace, _owner = people()
    row = post_on(channel_of(workspace, asyncio.run(harness.account()), harness.platform.key))
    Crew(dsn, harness.platform).work()
    row = Publication.objects.select_related("channel", "post__workspace").get(pk=row.pk)
    assert row.state == State.PUBLISHED
    return row


def texts(harness: Any, row: Publication) -> list[str]:
    return [one.text for one in asyncio.run(harness.posts(account(row.channel)))]


def test_a_text_is_changed_and_the_post_deleted_on_the_platform(harness: Any, out: Publication) -> None:
    amend.edit(out, ["Fresh bread at nine"], now=NOW, actor="test")
    assert texts(harness, out) == ["Fresh bread at nine"]
    out.refresh_from_db()
    amend.remove(out, now=NOW, actor="test")
    assert texts(harness, out) == []
    out.refresh_from_db()
    assert out.state == State.REMOVED
