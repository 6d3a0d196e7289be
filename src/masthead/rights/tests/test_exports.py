"""Exports of posts: the gate sees of each row what the timeline sees of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.posts.export.ask import ask_for
from masthead.posts.export.rows import PARTS
from masthead.posts.models import PastPost, Publication
from masthead.posts.states import State
from masthead.posts.tests.scene import past_post, people, post_on
from masthead.rights.archive.as_items import of_past_post, of_publications
from masthead.rights.items import Item
from masthead.rights.permit import Stop
from masthead.rights.release import STOPPERS

pytestmark = pytest.mark.django_db
WHOLE = {"url", "obtained_at", "media"}
"""What is told of all segments together, and of each."""


@pytest.fixture
def channel() -> Channel:
    workspace, _owner = people()
    return Channel.objects.create(
        workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1", handle="@bakery"
    )


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """Every item that the gate is asked about."""
    found: list[Item] = []
    watch = Stop("seen", "Nothing is stopped.", lambda item: bool(found.append(item)))  # type: ignore[func-returns-value]
    monkeypatch.setattr("masthead.rights.release.STOPPERS", [*STOPPERS, lambda _workspace: [watch]])
    return found


def rows(channel: Channel, part: str) -> list[dict[str, Any]]:
    return list(PARTS[part](ask_for(channel.workspace, [channel], now=now(), by=None)))


def test_past_posts_pass_as_the_timeline_has_them(channel: Channel, seen: list[Item]) -> None:
    post = past_post(channel, "Frisches Brot")
    PastPost.objects.update(language="de", reply_to="41", raw={"place": "Berlin"}, media=[{"kind": "image"}])
    assert len(rows(channel, "past_posts.jsonl")) == 1
    post.refresh_from_db()
    assert seen == [of_past_post(post)] and seen[0].language == "de" and seen[0].raw == {"place": "Berlin"}


def test_publications_pass_as_the_timeline_has_them(channel: Channel, seen: list[Item]) -> None:
    row = post_on(channel, "Fresh bread", state=State.PUBLISHED)
    content = {**row.content, "language": "en", "options": {"visibility": "private"}}
    Publication.objects.update(content=content, receipts=[{"remote_id": "9", "url": "https://example.org/9"}])
    assert len(rows(channel, "publications.jsonl")) == 1
    row.refresh_from_db()
    (told,) = of_publications([row])
    assert told.raw == {"visibility": "private"}
    differing = {one.name for one in fields(Item) if getattr(told, one.name) != getattr(seen[0], one.name)}
    assert differing <= WHOLE, differing


def test_what_is_still_to_go_out_passes_too(channel: Channel, seen: list[Item]) -> None:
    post_on(channel, "Soon", publish_at=now())
    assert len(rows(channel, "schedules.jsonl")) == 1
    assert (seen[0].text, seen[0].remote_id) == ("Soon", "")
