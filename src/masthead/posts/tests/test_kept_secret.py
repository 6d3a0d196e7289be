"""The wording that is kept leaves by no door: pages of who may not write, API, exports, copies, datasets, messages."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.api.urls import api
from masthead.connectors import PLATFORMS
from masthead.kit.clock import now
from masthead.notifications.models import Notification
from masthead.posts import personal_data, review, schedule
from masthead.posts.export.ask import ask_for as ask_for_export
from masthead.posts.export.write import write as write_export
from masthead.posts.models import Post, Publication, Twin
from masthead.posts.states import Editorial, State
from masthead.posts.tests.scene import people
from masthead.posts.tests.test_draw import FIRST, SECOND, Falls, pair
from masthead.rights.archive.export.ask import ask_for as ask_for_copy
from masthead.rights.archive.export.write import write as write_copy
from masthead.rights.archive.wanted import Wanted
from masthead.rights.datasets.ask import ask_for as ask_for_dataset
from masthead.rights.datasets.make import make
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make as make_token

pytestmark = pytest.mark.django_db
RUN = datetime(2026, 3, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def out(side: str) -> tuple[Post, str, str]:
    """A post of which one wording is out; with the one that is out and the one that is kept."""
    post = pair()
    schedule.schedule(post, RUN.replace(year=2027), now=now(), actor="a@b.example", coin=Falls(side))
    receipts = [{"remote_id": "1", "url": "https://example.org/1"}, {"remote_id": "2", "url": "https://example.org/2"}]
    Publication.objects.update(state=State.PUBLISHED, publish_at=RUN, published_at=RUN, receipts=receipts)
    twin = Twin.objects.get()
    return Post.objects.get(pk=post.pk), twin.published, twin.kept


def member(post: Post, role: Role) -> Member:
    user = User.objects.filter(email=f"{role}@it.example").first() or User.objects.create_user(
        f"{role}@it.example", "x"
    )
    return Member.objects.get_or_create(workspace=post.workspace, user=user, defaults={"role": role})[0]


def signed_in(one: Member) -> Client:
    client = Client()
    client.force_login(one.user)
    return client


def unzipped(path: str) -> str:
    """Everything in a zip, and in zips in it, as one text."""
    with default_storage.open(path) as file, zipfile.ZipFile(BytesIO(file.read())) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def answers(post: Post, scopes: list[str], role: Role) -> str:
    """What every GET of the API says about this workspace, as one text without escapes."""
    who = member(post, role)
    _row, token = make_token(who.user, who, "tests", scopes, None)
    known = {"post_id": post.pk, "publication_id": getattr(post.publications.first(), "pk", 0)}
    said = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" in methods:
            path = re.sub(r"\{(\w+)\}", lambda found: str(known.get(found[1], 1)), path)
            span = (
                {"start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"}
                if path.endswith("/publications")
                else {}
            )
            said.append(Client().get(path, span, headers={"Authorization": f"Bearer {token}"}).content.decode())
    return "\n".join(json.dumps(json.loads(one), ensure_ascii=False) if one[:1] in "[{" else one for one in said)


def made(post: Post, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Each file that can leave, as text: the export, the copy of the archive, a dataset."""
    owner = post.workspace.users.get(email__startswith="owner")
    export = ask_for_export(post.workspace, list({one.channel for one in post.variants.all()}), now=now(), by=owner)
    copy = ask_for_copy(post.workspace, Wanted(private=True), now=now(), by=owner)
    fields = {"name": "Posts", "use": "redistribute", "purpose": "for a museum", "license": "https://l.example"}
    dataset = ask_for_dataset(post.workspace, fields, by=owner, now=RUN)
    assert write_export(export.pk) and write_copy(copy.pk) and make(dataset.pk)
    for row in (export, copy, dataset):
        row.refresh_from_db()
    return {type(row).__name__: unzipped(row.storage_path) for row in (export, copy, dataset)}


@pytest.mark.parametrize("side", ["first", "second"])
def test_no_file_that_leaves_has_the_kept_wording(side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    post, published, kept = out(side)
    twin = Twin.objects.get()
    for name, text in made(post, monkeypatch).items():
        assert kept not in text and twin.nonce not in text, name
        assert twin.commitment in text or name != "Export", name
        assert published in text or name == "Dataset", name


def test_before_the_draw_no_file_has_either(monkeypatch: pytest.MonkeyPatch) -> None:
    post = pair()
    for state in (Editorial.APPROVED, Editorial.DRAFT):
        Post.objects.update(state=state)
        texts = made(post, monkeypatch)
        assert not any(one in text for one in (FIRST, SECOND) for text in texts.values())
        assert "More in the shop." in texts["Export"] and '"drawn": null' in texts["Export"]


@pytest.mark.parametrize("side", ["first", "second"])
def test_no_answer_of_the_api_has_the_kept_wording(side: str) -> None:
    post, published, kept = out(side)
    said = answers(post, ["read", "write", "publish"], Role.OWNER)
    assert kept not in said and published in said and f'"drawn": "{side}"' in said
    assert Twin.objects.get().nonce not in said


def test_before_the_draw_the_api_gives_both_to_who_may_write_alone() -> None:
    post = pair()
    said = answers(post, ["read", "write"], Role.EDITOR)
    assert FIRST in said and SECOND in said
    for scopes, role in ((["read"], Role.AUTHOR), (["read"], Role.VIEWER)):
        said = answers(post, scopes, role)
        assert FIRST not in said and SECOND not in said and "More in the shop." in said


def test_the_api_writes_it() -> None:
    post = pair()
    _row, token = make_token(post.author, Member.objects.get(user=post.author), "t", ["read", "write", "publish"], None)
    known = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {token}"}}
    body = {"segments": [{"text": FIRST}], "variants": [{"channel": post.variants.get().channel_id}], "twin": SECOND}
    told = Client().post("/api/v1/posts", body, **known).json()
    nothing = {"drawn": None, "drawn_at": None, "commitment": "", "voided_at": None}
    assert told["twin"] == {"wording": SECOND, **nothing}
    where = f"/api/v1/posts/{told['id']}"
    assert Client().patch(where, {"twin": SECOND + "!"}, **known).json()["twin"]["wording"] == SECOND + "!"
    assert Client().patch(where, {"twin": ""}, **known).json()["twin"] is None
    Client().patch(where, {"twin": SECOND}, **known)
    assert Client().post(f"{where}/schedule", {"publish_at": "2027-03-01T09:00:00Z"}, **known).status_code == 201
    seen = Client().get(where, **known).json()
    twin = Twin.objects.get(post_id=told["id"])
    assert seen["segments"][0]["text"] == twin.published and seen["twin"]["drawn"] == twin.drawn
    assert (
        seen["twin"]["wording"] is None
        and seen["twin"]["commitment"] == twin.commitment
        and twin.nonce not in str(seen)
    )
    other = Client().post("/api/v1/posts", {"segments": [{"text": "x"}]}, **known).json()
    assert other["twin"] is None


def shown(post: Post, client: Client) -> str:
    """The pages on which a post's text stands, as one text."""
    slug, row = post.workspace.slug, post.publications.first()
    paths = [reverse("posts:compose", args=[slug, post.pk]), reverse("posts:list", args=[slug]), f"/w/{slug}/"]
    paths += [reverse("posts:publication", args=[slug, row.pk])] if row else []
    pages = [client.get(path) for path in [*paths, reverse("posts:calendar", args=[slug])]]
    assert all(one.status_code == 200 for one in pages)
    return "\n".join(one.content.decode() for one in pages)


@pytest.mark.parametrize("side", ["first", "second"])
def test_who_may_not_write_does_not_see_the_kept_wording(side: str) -> None:
    post, published, kept = out(side)
    seen = shown(post, signed_in(member(post, Role.VIEWER)))
    assert kept not in seen and published in seen and f"the {side} wording goes out" in seen
    assert kept in shown(post, signed_in(member(post, Role.AUTHOR)))


@pytest.mark.parametrize("state", [Editorial.DRAFT, Editorial.IN_REVIEW, Editorial.APPROVED])
def test_before_the_draw_who_may_write_sees_both_and_others_none(state: Editorial) -> None:
    post = pair()
    Post.objects.update(state=state)
    seen = shown(post, signed_in(member(post, Role.VIEWER)))
    assert FIRST not in seen and SECOND not in seen and "More in the shop." in seen
    seen = shown(post, signed_in(member(post, Role.AUTHOR)))
    assert FIRST in seen and SECOND in seen


def test_messages_and_the_data_of_a_person_have_neither() -> None:
    post = pair()
    member(post, Role.EDITOR)
    Post.objects.update(state=Editorial.DRAFT)
    review.submit(Post.objects.get(), post.author, now=now())
    assert Notification.objects.exists()
    said = " ".join(f"{one.title} {one.body}" for one in Notification.objects.all())
    said += json.dumps(personal_data.export(post.author))
    assert FIRST not in said and SECOND not in said


def saved(post: Post, client: Client, **changes: Any) -> Any:
    body = {"version": Post.objects.get().version, "segments": [{"text": FIRST}], "channels": {}} | changes
    where = reverse("posts:save", args=[post.workspace.slug, post.pk])
    return client.post(where, json.dumps(body), content_type="application/json")


def test_it_saves_by_itself_and_by_its_button() -> None:
    post = pair()
    client = signed_in(Member.objects.get(user=post.author))
    channel = str(post.variants.get().channel_id)
    told = saved(post, client, twin="Short", channels={channel: {}}).json()
    assert Twin.objects.get().wording == "Short" and Post.objects.get().state == Editorial.DRAFT
    assert told["check"][channel]["second"]["used"] == 5
    assert saved(post, client).status_code == 200 and Twin.objects.get().wording == "Short"
    where = reverse("posts:twin", args=[post.workspace.slug, post.pk])
    old = Post.objects.get().version - 1
    assert b"changed elsewhere" in client.post(where, {"twin": "Other", "version": old}, follow=True).content
    assert Twin.objects.get().wording == "Short"
    client.post(where, {"twin": SECOND, "version": old + 1})
    assert Twin.objects.get().wording == SECOND
    saved(post, client, twin="")
    assert not Twin.objects.exists()


def test_a_viewer_gives_no_second_wording() -> None:
    post = pair()
    where = reverse("posts:twin", args=[post.workspace.slug, post.pk])
    assert signed_in(member(post, Role.VIEWER)).post(where, {"twin": "x"}).status_code == 403
    assert Twin.objects.get().wording == SECOND


def test_a_stranger_neither_reads_nor_writes_a_second_wording() -> None:
    post = pair()
    _workspace, stranger = people("elsewhere")
    where = [
        reverse(name, args=[post.workspace.slug, post.pk]) for name in ("posts:twin", "posts:compose", "posts:save")
    ]
    mixed = reverse(
        "posts:twin", args=["elsewhere", post.pk]
    )  # in the stranger's own workspace, with a post of this one
    client = Client()
    client.force_login(stranger)
    for path in (*where, mixed):
        for answer in (client.post(path, {"twin": "x"}), client.get(path)):
            assert answer.status_code in (404, 405) and SECOND not in answer.content.decode()
    assert Twin.objects.get().wording == SECOND


def test_the_platform_gets_only_what_fell() -> None:
    """What delivery reads is the publication's own content."""
    post, published, kept = out("second")
    row = Publication.objects.get()
    assert row.content["segments"][0]["text"] == published and kept not in json.dumps(row.content)
    assert PLATFORMS[row.channel.platform].key == "sandbox" and kept not in post.search_text
