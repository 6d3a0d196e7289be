"""Public links: only the file that is meant, only for a while, only as a file; strangers, tampering, time and ranges."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import async_to_sync
from django.core import signing
from django.core.files.storage import default_storage
from django.test import Client, override_settings
from storages.backends.s3 import S3Storage

from masthead.contract.guard import is_outside
from masthead.media import public
from masthead.media.attach import attachments
from masthead.media.discard import discard
from masthead.media.models import Asset, Rendition
from masthead.media.public import LASTS, file_of, link_to, signed_path
from masthead.media.public_view import piece
from masthead.media.tests.pictures import Piece, noise, picture, saved
from masthead.media.tests.test_fit import RULE
from masthead.media.upload import store
from masthead.workspaces.tests.people import NOON, Company

OUTSIDE = override_settings(
    PUBLIC_URL="https://masthead.example.org", ALLOWED_HOSTS=["masthead.example.org", "testserver"]
)


@pytest.fixture
def asset(company: Company) -> Asset:
    """A picture of the workspace."""
    return store(company.workspace, None, Piece(saved(noise((300, 200)))), "a.png")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_anybody_with_the_link_gets_exactly_the_rendition(company: Company, asset: Asset) -> None:
    small = replace(RULE, max_width=100)
    with OUTSIDE:
        (one,) = attachments(company.workspace.pk, [{"asset": asset.pk, "alt": ""}], [small])
        assert one.public_url is not None
        url = async_to_sync(one.public_url)()
    assert url.startswith("https://masthead.example.org/m/r-")
    answer = Client().get(urlsplit(url).path)
    assert body(answer) == async_to_sync(one.load)()
    assert one.sha256 == Rendition.objects.get().sha256 != asset.sha256
    assert answer["Content-Type"] == one.mime
    assert int(answer["Content-Length"]) == one.size


def test_it_is_a_file_and_nothing_else(company: Company, asset: Asset) -> None:
    for client in (Client(), company.client("owner"), company.client("stranger")):
        answer = client.get(signed_path(asset))
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"] == "attachment"
        assert not answer.cookies and "Set-Cookie" not in answer
    head = Client().head(signed_path(asset))
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(asset.size), b"")
    assert Client().post(signed_path(asset)).status_code == 405


def test_a_link_that_was_tampered_with_leads_nowhere(company: Company, asset: Asset) -> None:
    other = store(company.workspace, None, Piece(saved(picture())), "b.png")
    good = signed_path(asset)
    bad = [
        good.replace(f"a-{asset.pk}-", f"a-{other.pk}-"),
        good.replace("/m/a-", "/m/r-"),
        good.replace(".png", ".html"),
        good.replace(".png", ""),
        good[:-8] + ("A" if good[-8] != "A" else "B") + good[-7:],
        "/m/",
        "/m/x",
        "/m/..%2F..%2Fsecret.keys",
        f"/m/a-{asset.pk}-{asset.sha256[:32]}.png",
        f"/m/{signing.TimestampSigner(salt='other', sep='.').sign(f'a-{asset.pk}-{asset.sha256[:32]}')}.png",
        f"/m/{public.SIGNER.sign('no such form')}.png",
    ]
    assert [path for path in bad if Client().get(path).status_code != 404] == []
    assert Client().get(good).status_code == 200


def test_a_link_ends(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    path, began = signed_path(asset), time.time()
    for seconds, status in ((LASTS - timedelta(minutes=1), 200), (LASTS + timedelta(minutes=1), 404)):
        monkeypatch.setattr(signing.time, "time", lambda: began + seconds.total_seconds())  # noqa: B023
        assert Client().get(path).status_code == status


def test_a_file_that_is_deleted_or_replaced_is_gone_from_its_links(asset: Asset, files: Any) -> None:
    path = signed_path(asset)
    name = path.removeprefix("/m/")
    Asset.objects.filter(pk=asset.pk).update(sha256="0" * 64)
    assert file_of(name) is None
    Asset.objects.filter(pk=asset.pk).update(sha256=asset.sha256)
    assert file_of(name) == asset
    (files / asset.storage_path).unlink()
    assert Client().get(path).status_code == 404
    discard(asset, now=NOON, is_used=lambda _asset: False)
    assert file_of(name) is None


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", (0, 99)),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=99-99", (99, 99)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=20-10", (0, 99)),
        ("bytes=0-1,5-6", (0, 99)),
        ("bytes=-", (0, 99)),
        ("lines=1-2", (0, 99)),
    ],
)
def test_ranges(asked: str, part: tuple[int, int] | None) -> None:
    assert piece(asked, 100) == part


def test_a_part_is_served_as_asked(asset: Asset) -> None:
    path, whole = signed_path(asset), body(Client().get(signed_path(asset)))
    answer = Client().get(path, headers={"Range": "bytes=10-19"})
    assert (answer.status_code, body(answer)) == (206, whole[10:20])
    assert answer["Content-Range"] == f"bytes 10-19/{asset.size}"
    assert Client().get(path, headers={"Range": f"bytes={asset.size}-"}).status_code == 416
    changed = Client().get(path, headers={"Range": "bytes=10-19", "If-Range": '"another"'})
    assert (changed.status_code, body(changed)) == (200, whole)


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("https://social.example.org", True),
        ("http://93.184.215.14:8000", True),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("https://192.168.1.4", False),
        ("https://[::1]", False),
        ("https://nas.local", False),
        ("https://masthead.lan.", False),
        ("https://intranet", False),
        ("ftp://example.org", False),
        ("", False),
    ],
)
def test_what_the_internet_can_reach(url: str, outside: bool) -> None:
    assert is_outside(url) is outside


def test_an_installation_inside_has_no_links(asset: Asset) -> None:
    assert link_to(asset) is None
    with OUTSIDE:
        assert link_to(asset) is not None


def test_s3_gives_addresses_of_its_own(asset: Asset) -> None:
    def storage(endpoint: str | None) -> S3Storage:
        return S3Storage(
            bucket_name="media",
            endpoint_url=endpoint,
            region_name="eu-central-1",
            access_key="a",
            secret_key="b",
            querystring_auth=True,
            signature_version="s3v4",
        )

    default_storage._wrapped = storage(None)
    link = link_to(asset)
    assert link is not None
    url = async_to_sync(link)()
    assert urlsplit(url).hostname.endswith("amazonaws.com") and asset.storage_path in url
    assert f"X-Amz-Expires={int(LASTS.total_seconds())}" in url and "X-Amz-Signature=" in url
    assert "response-content-type=image%2Fpng" in url and "secret" not in url
    default_storage._wrapped = storage("http://minio:9000")
    assert link_to(asset) is None, "a storage inside helps nobody outside"
