"""A grant covers a record if and only if the timeline shows it for the same filters, whatever the filters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.channels.models import Channel
from masthead.posts.models import Move
from masthead.posts.states import State
from masthead.posts.tests.scene import people
from masthead.rights.archive.shelves import everything
from masthead.rights.archive.tests.scene import DAY, brought, channel_in, read, sent
from masthead.rights.archive.wanted import SHELVES, Wanted
from masthead.rights.desk.covers import covering
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
FILE = [{"kind": "image", "url": "https://example.org/1.png"}]


@pytest.fixture(scope="module")
def archive(django_db_setup: Any, django_db_blocker: Any) -> Any:
    """Every kind of thing on every shelf, of three accounts, with and without files, some of it gone; no post twice."""
    with django_db_blocker.unblock():
        workspace = people("covers")[0]
        _imported(workspace)
        for channel in (channel_in(workspace, "@a"), channel_in(workspace, "b")):
            _of_channel(channel)
        yield workspace
        workspace.delete()


def _imported(workspace: Workspace) -> None:
    for number, account in enumerate(("@a", "a", "@b")):
        for kind in ("own_post", "others_post", "message", "reaction", "profile"):
            made = {"account": account, "kind": kind, "author": "@b" if kind == "others_post" else account}
            made |= {"media": FILE} if kind == "own_post" else {}
            brought(workspace, f"{kind} {account}", number, **made)
        brought(workspace, f"gone {account}", number, account=account, gone_at=DAY)
    brought(workspace, "elsewhere", 1, account="@a", platform="other")


def _of_channel(channel: Channel) -> None:
    read(channel, f"read {channel.handle}", 1, media=FILE)
    read(channel, f"reposted {channel.handle}", 2, kind="repost")
    read(channel, f"read and gone {channel.handle}", 3, gone_at=DAY)
    late = sent(channel, f"sent {channel.handle}", f"second {channel.handle}", days=1)
    late.published_at = late.publish_at + timedelta(hours=30)
    late.save()
    removed = sent(channel, f"removed {channel.handle}", days=2, state=State.REMOVED)
    Move.objects.create(post=removed.post, publication=removed, target=State.REMOVED, at=DAY)


def shown(workspace: Workspace, wanted: Wanted) -> dict[str, Any]:
    return {one.id: one for page in everything(workspace, wanted) for one in page.items}


days = st.sampled_from([None, *(DAY - timedelta(days=half / 2) for half in range(-3, 7))])
wishes = st.builds(
    Wanted,
    platform=st.sampled_from(["", "sandbox", "other"]),
    account=st.sampled_from(["", "a", "@a", "b", "@b", "@"]),
    kind=st.sampled_from(["", "own_post", "others_post", "message", "reaction", "profile"]),
    shelf=st.sampled_from(["", *SHELVES]),
    start=days,
    end=days,
    media=st.booleans(),
    gone=st.sampled_from([None, True, False]),
    private=st.booleans(),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=wishes, of_channel=st.sampled_from(["", "@a", "b"]))
def test_covered_is_shown(archive: Workspace, wanted: Wanted, of_channel: str) -> None:
    from_channel = Channel.objects.filter(workspace=archive, handle=of_channel).first()
    wanted = Wanted(
        **{name: getattr(wanted, name) for name in wanted.__slots__} | {"channel": from_channel and from_channel.pk}
    )
    everybody = shown(archive, Wanted(private=True))
    assert len(everybody) == 31, sorted(everybody)
    fits = covering(wanted)
    assert {name for name, item in everybody.items() if fits(item)} == set(shown(archive, wanted))
