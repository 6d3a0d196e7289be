"""A post with files for a platform that fetches them is stopped in the editor where nobody outside can come in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.values import MediaKind
from masthead.media.models import Asset
from masthead.posts.models import Post, Variant
from masthead.posts.problems import problems_of
from masthead.posts.tests.scene import people

pytestmark = pytest.mark.django_db


def codes(variant: Variant) -> list[str]:
    return [told.problem.code for told in problems_of(variant.post, variant) if told.message and told.remedy]


def test_only_files_are_stopped_and_only_there(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    workspace, _user = people()
    sandbox = PLATFORMS["sandbox"]
    channel = Channel.objects.create(workspace=workspace, platform="sandbox", server="s", remote_id="1", handle="@a")
    asset = Asset.objects.create(
        workspace=workspace, sha256="0" * 64, kind=MediaKind.IMAGE, mime="image/png", size=9, width=9, height=9, alt="x"
    )
    attached = [{"asset": asset.pk, "alt": "x", "focus": None}]
    post = Post.objects.create(workspace=workspace, segments=[{"text": "a", "attachments": attached, "poll": None}])
    variant = Variant.objects.create(post=post, channel=channel)
    assert "not_reachable" not in codes(variant)
    fetching = replace(sandbox, capabilities=replace(sandbox.capabilities, public_media=True))
    monkeypatch.setitem(PLATFORMS, "sandbox", fetching)
    assert "not_reachable" in codes(variant)
    settings.PUBLIC_URL = "https://masthead.example.org"
    assert "not_reachable" not in codes(variant)
    settings.PUBLIC_URL = "http://localhost:8000"
    post.segments = [{"text": "a", "attachments": [], "poll": None}]
    assert codes(variant) == []
