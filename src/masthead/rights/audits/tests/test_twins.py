"""Two wordings from the composer to the verdict: one goes out, once; an audit has the other as its twin, and a decoy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from masthead.channels.queries import account
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.kit.clock import now
from masthead.posts import compose, draw, schedule
from masthead.posts.models import Post, Publication, Twin
from masthead.posts.states import Editorial, State
from masthead.posts.tests.scene import Crew, channel_of, people
from masthead.rights import tasks
from masthead.rights.archive.tests.scene import brought, channel_in
from masthead.rights.audit.tests.corpora import words
from masthead.rights.audits.posts import write
from masthead.rights.audits.tests.scene import LUCK, VOCABULARY, asked, corpus, filled
from masthead.rights.models import Audit, Finding
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role

FIRST = "Our rye bread rests two nights before it meets the oven"
SECOND = "Two nights of rest, only then does our rye see any fire"
PAIRS = 12


@pytest.fixture(scope="module")
def harness() -> Iterator[MastodonHarness]:
    made = MastodonHarness()
    made.start()
    yield made
    made.stop()


def planned(workspace: Workspace, user: User, channel: Any, first: str = FIRST, second: str = SECOND) -> Post:
    """A post with two wordings, scheduled for now with the real coin."""
    post = compose.draft(workspace, user, [{"text": first}])
    compose.choose_channels(post, [channel])
    draw.word(post, second)
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    schedule.schedule(Post.objects.get(pk=post.pk), now(), now=now(), actor=user.email)
    return Post.objects.get(pk=post.pk)


def looked_for(row: Audit, path: Path) -> list[dict[str, Any]]:
    write(row, path, now())
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.django_db(transaction=True)
def test_one_wording_goes_out_once_and_the_other_is_its_decoy(
    harness: MastodonHarness, dsn: str, tmp_path: Path
) -> None:
    harness.reset()
    workspace, owner = people()
    channel = channel_of(workspace, asyncio.run(harness.account()), harness.platform.key)
    post = planned(workspace, owner, channel)
    row = asked(workspace, tmp_path)
    Crew(dsn, harness.platform).work()
    twin, publication = Twin.objects.get(), Publication.objects.get()
    assert publication.state == State.PUBLISHED
    stored = asyncio.run(harness.posts(account(channel)))
    assert [one.text for one in stored] == [twin.published] and twin.published in (FIRST, SECOND) and not twin.voided_at
    ours, other = looked_for(row, tmp_path / "posts.jsonl")
    assert ours["text"] == twin.published and ours["id"] == f"published:{publication.pk}:0" and "decoy" not in ours
    at = {"posted_at": ours["posted_at"]}
    assert other == {"id": f"twin:{post.pk}", "text": twin.kept, "decoy": True, "twin_of": ours["id"], **at}


def published(row: Publication, number: str) -> None:
    Publication.objects.filter(pk=row.pk).update(
        state=State.PUBLISHED, published_at=now(), receipts=[{"remote_id": number, "url": ""}]
    )


@pytest.mark.django_db
def test_a_pair_is_looked_for_once_and_not_when_it_proves_nothing(tmp_path: Path) -> None:
    workspace, owner = people()
    channel = channel_in(workspace)
    row = asked(workspace, tmp_path)
    post = planned(workspace, owner, channel)
    path = tmp_path / "posts.jsonl"
    publication = post.publications.get()
    published(publication, "1")
    twin = Twin.objects.get()
    brought(workspace, twin.published + " https://short.example/x", remote_id="1", platform=channel.platform)
    ours, other = looked_for(row, path)  # the archive's own copy goes before; its text is the one that was drawn
    assert ours["id"].startswith("imported:") and ours["text"] == twin.published and other["twin_of"] == ours["id"]
    brought(
        workspace, twin.kept.upper(), remote_id="2", platform=channel.platform
    )  # an import tells that it went out by hand
    assert not [one for one in looked_for(row, path) if one.get("decoy")]
    Twin.objects.update(voided_at=now())
    assert not [one for one in looked_for(row, path) if "twin_of" in one]


@pytest.mark.django_db
def test_a_draft_with_two_wordings_is_no_decoy_before_the_draw(tmp_path: Path) -> None:
    workspace, owner = people()
    brought(workspace, "Own words")
    post = compose.draft(workspace, owner, [{"text": FIRST}])
    draw.word(post, SECOND)
    said = (looked_for(asked(workspace, tmp_path), tmp_path / "posts.jsonl"), SECOND)
    assert FIRST not in str(said[0]) and SECOND not in str(said[0])


@pytest.mark.django_db(transaction=True)
def test_the_verdict_has_the_pairs_and_shows_nobody_the_kept_wording(
    dsn: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the corpus with all published wordings, and by accident one secret one: 12 of 13 pairs."""
    path = corpus(tmp_path / "corpora")
    settings.CORPORA = [str(path.parent)]
    monkeypatch.setenv("MASTHEAD_CORPORA", str(path.parent))
    monkeypatch.setenv("DATABASE_URL", dsn)
    workspace, owner = people()
    filled(workspace)
    channel = channel_in(workspace)
    for number in range(PAIRS + 1):
        one, two = (" ".join(words(LUCK, VOCABULARY, 20)) for _side in (1, 2))
        published(planned(workspace, owner, channel, one, two).publications.get(), f"own-{number}")
    twins = list(Twin.objects.order_by("post_id"))
    with path.open("a") as file:
        for text in [*(twin.published for twin in twins[:PAIRS]), twins[PAIRS].kept]:
            file.write(json.dumps({"text": f"they say {text} and more"}) + "\n")
    row = asked(workspace, path.parent)
    async_to_sync(tasks.audit)({"audit": row.pk})
    row.refresh_from_db()
    assert (row.state, row.why) == (Audit.State.FINISHED, "")
    told = row.counts["twins"]
    assert (told["pairs"], told["wins"], told["losses"]) == (PAIRS + 1, PAIRS, 1) and told["p"] == 14 / 2**13
    found = Finding.objects.get(item=f"twin:{twins[PAIRS].post_id}")
    assert found.standing == "decoy" and found.post == []
    _nobody_sees_it(row, workspace, twins)


def _nobody_sees_it(row: Audit, workspace: Workspace, twins: list[Twin]) -> None:
    """Only the place in the corpus is shown; the file with all that was looked for is for owners and admins."""
    user = User.objects.create_user("viewer@it.example", "x")
    Member.objects.create(workspace=workspace, user=user, role=Role.VIEWER)
    client = Client()
    client.force_login(user)
    page = client.get(f"/w/bakery/audits/{row.pk}/?standing=decoy").content.decode()
    assert "kept secret is not shown" in page and not any(one.kept in page for one in twins[:PAIRS])
    for name in row.files:
        answer = client.get(f"/w/bakery/audits/{row.pk}/files/{name}")
        assert (answer.status_code == 200) == (name != "posts.jsonl")
        if answer.status_code == 200:
            text = b"".join(answer.streaming_content).decode("latin-1")  # type: ignore[attr-defined]
            assert not any(one.kept in text or one.nonce in text for one in twins[:PAIRS]), name
