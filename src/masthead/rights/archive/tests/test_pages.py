"""The pages of the archive: the list with its filters in the address, one item told in words, its files, and strangers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.posts.tests.scene import people
from masthead.rights.archive.tests.scene import DAY, brought, channel_in, read, sent
from masthead.rights.models import Import
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
TEXTS = re.compile(r'class="archive-text[^>]*>([^<]*)<')


@pytest.fixture
def channel(settings: Any, tmp_path: Any) -> Channel:
    settings.MEDIA_ROOT = tmp_path
    return channel_in(people()[0])


@pytest.fixture
def client(channel: Channel) -> Client:
    made = Client()
    made.force_login(channel.workspace.users.get())
    return made


def shown(client: Client, **query: Any) -> list[str]:
    page = client.get(reverse("rights:archive", args=["bakery"]), query)
    assert page.status_code == 200
    return TEXTS.findall(page.content.decode())


def said(client: Client, item_id: str) -> str:
    page = client.get(reverse("rights:item", args=["bakery", item_id]))
    assert page.status_code == 200
    return page.content.decode()


def test_list_filters_and_pages(client, channel):
    for number in range(30):
        brought(channel.workspace, f"Bread {number}", number)
    read(channel, "Seen", 100)
    sent(channel, "Sent <b>", days=101)
    first = client.get(reverse("rights:archive", args=["bakery"])).content.decode()
    assert TEXTS.findall(first) == [f"Bread {number}" for number in range(25)]
    assert "style=" not in first and "<script>" not in first
    older = re.search(r'rel="next" href="\?after=([^"]+)"', first)
    page = client.get(reverse("rights:archive", args=["bakery"]) + "?after=" + older[1]).content.decode()
    assert TEXTS.findall(page) == [*(f"Bread {number}" for number in range(25, 30)), "Seen", "Sent &lt;b&gt;"]
    assert "Back to the newest" in page and 'rel="next"' not in page
    assert shown(client, shelf="read") == ["Seen"]
    assert shown(client, q="bread 7") == ["Bread 7"]
    assert shown(client, **{"from": "2026-03-09", "to": "2026-03-09"}) == ["Bread 1"]
    assert len(shown(client, account="sandbox/@a")) == 25
    assert shown(client, account="sandbox/@b") == []
    everything = {"from": "soon", "channel": "x", "kind": "x", "shelf": "x", "after": "x", "gone": "x"}
    assert len(shown(client, **everything)) == 25


def test_an_account_is_offered_once(client, channel):
    brought(channel.workspace, "x", account="a")
    brought(channel.workspace, "y", account="b")
    brought(channel.workspace, "z", account="b", kind="profile")
    page = client.get(reverse("rights:archive", args=["bakery"])).content.decode()
    assert re.findall(r'<option value="(sandbox/[^"]*)"', page) == ["sandbox/a", "sandbox/b"]


def test_an_item_tells_its_origin(client, channel):
    workspace = channel.workspace
    source = Import.objects.create(workspace=workspace, name="our-archive.zip", created_at=DAY, held_until=DAY)
    record = brought(workspace, "x", source=source, reply_to="77", url="https://example.org/x")
    seen, publication = read(channel, "x"), sent(channel, "y")
    page = said(client, f"imported:{record.pk}")
    assert "our-archive.zip" in page and "from an archive that Sandbox gave to the account itself" in page
    assert "own archive: the terms for the API do not bind them" in page and "77" in page
    assert f"/archive/items/read:{seen.pk}/" in page
    page = said(client, f"read:{seen.pk}")
    assert "through its API" in page and "The terms of Sandbox as they stood then" in page
    page = said(client, f"published:{publication.pk}:0")
    assert "Written here and published on Sandbox" in page and "no platform’s terms bind them" in page
    assert "javascript:" not in page


def test_an_item_says_what_it_may_be_used_for(client, channel):
    own, others = brought(channel.workspace, "x"), brought(channel.workspace, "y", kind="others_post")
    brought(channel.workspace, "z", preference={"ai_train": "deny"})
    verdict = r'archive-use">Train an AI model</span><span class="badge-state tone-(\w+)"'
    assert re.findall(verdict, said(client, f"imported:{own.pk}")) == ["ok"]
    assert re.findall(verdict, said(client, f"imported:{others.pk}")) in (["warn"], ["bad"])
    assert re.findall(verdict, said(client, f"imported:{others.pk + 1}")) == ["bad"]


def test_a_tombstone_has_no_content(client, channel):
    record = brought(channel.workspace, "x", gone_at=DAY)
    type(record).objects.update(text="", author="")
    assert shown(client) == ["Deleted there; its content is gone here as well"]
    assert "gone from the platform since" in said(client, f"imported:{record.pk}")


def test_files_are_shown_or_downloaded_and_never_from_elsewhere(client, channel):
    workspace = channel.workspace
    stranger = people("elsewhere")[0]
    png, svg = {"kind": "image", "mime": "image/png"}, {"kind": "file", "mime": "image/svg+xml", "name": "../b.svg"}
    media = [
        png | {"file": default_storage.save(f"{workspace.pk}/a.png", ContentFile(b"png"))},
        svg | {"file": default_storage.save(f"{workspace.pk}/b.svg", ContentFile(b"<svg/>"))},
        png | {"file": default_storage.save(f"{stranger.pk}/c.png", ContentFile(b"no"))},
        png | {"file": f"{workspace.pk}/../{stranger.pk}/c.png"},
        {"kind": "image", "url": "https://example.org/d.png", "alt": "There"},
        {"kind": "image", "url": "javascript:alert(1)", "alt": "Bad"},
    ]
    record = brought(workspace, "x", media=media)

    def get(number: int) -> Any:
        return client.get(reverse("rights:item_file", args=["bakery", f"imported:{record.pk}", number]))

    assert (get(0)["Content-Type"], b"".join(get(0).streaming_content)) == ("image/png", b"png")
    assert get(1)["Content-Type"] == "application/octet-stream"
    assert get(1)["Content-Disposition"] == 'attachment; filename="b.svg"'
    assert get(1)["X-Content-Type-Options"] == "nosniff"
    assert [get(number).status_code for number in (2, 3, 4, 99)] == [404] * 4
    page = said(client, f"imported:{record.pk}")
    assert page.count('<img src="/w/bakery/archive/') == 1 and "not kept here" in page and "javascript:" not in page


def test_the_empty_page_leads_on(client, channel):
    page = client.get(reverse("rights:archive", args=["bakery"])).content.decode()
    assert "in your own hands" in page and 'href="/w/bakery/archive/imports/">Bring your archive' in page
    Import.objects.create(workspace=channel.workspace, name="a.zip", state="reading", created_at=DAY, held_until=DAY)
    assert "is being read" in client.get(reverse("rights:archive", args=["bakery"])).content.decode()
    Member.objects.update(role=Role.VIEWER)
    page = client.get(reverse("rights:archive", args=["bakery"])).content.decode()
    assert 'href="/w/bakery/archive/imports/">Bring' not in page


def test_messages_are_kept_from_those_who_only_write(client, channel):
    record = brought(channel.workspace, "secret", kind="message")
    assert shown(client) == ["secret"]
    Member.objects.update(role=Role.EDITOR)
    assert shown(client) == shown(client, kind="message") == []
    assert client.get(reverse("rights:item", args=["bakery", f"imported:{record.pk}"])).status_code == 404


def test_strangers(channel):
    record = brought(channel.workspace, "x")
    places = [
        reverse("rights:archive", args=["bakery"]),
        reverse("rights:item", args=["bakery", f"imported:{record.pk}"]),
        reverse("rights:item_file", args=["bakery", f"imported:{record.pk}", 0]),
    ]
    elsewhere, other = people("elsewhere")
    stranger = Client()
    assert {stranger.get(place).status_code for place in places} == {302}
    stranger.force_login(other)
    assert {stranger.get(place).status_code for place in places} == {404}
    assert stranger.get(reverse("rights:item", args=[elsewhere.slug, f"imported:{record.pk}"])).status_code == 404
    assert "archive-text" not in stranger.get(reverse("rights:archive", args=[elsewhere.slug])).content.decode()
