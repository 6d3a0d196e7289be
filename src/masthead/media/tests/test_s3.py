"""The same on S3-compatible storage, against a real server (moto) on a port of its own."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from masthead.contract.errors import Refused, TryAgain
from masthead.media import keep
from masthead.media.attach import attachments
from masthead.media.discard import discard, purge
from masthead.media.tests.pictures import Piece, noise, picture, saved
from masthead.media.tests.test_fit import RULE
from masthead.media.upload import store
from masthead.workspaces.tests.people import NOON, Company

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, files: object) -> Iterator[object]:
    s3 = boto3.resource("s3", endpoint_url=server, **KEYS)
    bucket = s3.create_bucket(Bucket="media")
    default_storage._wrapped = S3Storage(
        bucket_name="media",
        endpoint_url=server,
        region_name="us-east-1",
        access_key="a",
        secret_key="b",
        querystring_auth=True,
        default_acl=None,
        file_overwrite=True,
    )
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def names(bucket) -> list[str]:
    return [one.key for one in bucket.objects.all()]


def test_a_file_goes_to_s3_and_comes_back(company: Company, bucket) -> None:
    asset = store(company.workspace, None, Piece(saved(noise((400, 300)))), "a.png")
    assert names(bucket) == [asset.storage_path]
    (one,) = attachments(company.workspace.pk, [{"asset": asset.pk, "alt": "x"}], [RULE])
    assert len(async_to_sync(one.load)()) == asset.size
    address = f"/w/{company.slug}/media/{asset.pk}"
    served = company.client("viewer").get(f"{address}/file/")
    assert len(b"".join(served.streaming_content)) == asset.size
    assert company.client("viewer").get(f"{address}/thumb/").status_code == 200
    assert company.client("stranger").get(f"{address}/file/").status_code == 404


def test_the_same_file_is_kept_once_and_deleted_whole(company: Company, bucket) -> None:
    first = store(company.workspace, None, Piece(saved(picture())), "a.png")
    assert store(company.workspace, None, Piece(saved(picture())), "b.png") == first
    assert len(names(bucket)) == 1
    discard(first, now=NOON, is_used=lambda _asset: False)
    purge(NOON.replace(day=9))
    assert names(bucket) == []


def test_a_file_that_is_gone_is_refused_and_a_server_that_is_away_is_tried_again(company: Company, bucket) -> None:
    asset = store(company.workspace, None, Piece(saved(picture())), "a.png")
    (one,) = attachments(company.workspace.pk, [{"asset": asset.pk, "alt": "x"}], [RULE])
    bucket.objects.all().delete()
    with pytest.raises(Refused, match="no longer in the media storage"):
        async_to_sync(one.load)()
    default_storage._wrapped = S3Storage(
        bucket_name="media", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="b", region_name="us-east-1"
    )
    with pytest.raises(TryAgain, match="did not answer"):
        keep.read(asset.storage_path, asset.sha256)


def test_a_deleted_workspace_leaves_nothing_on_s3(company: Company, bucket, tmp_path: Path) -> None:
    number = company.workspace.pk
    for side in (30, 40):
        store(company.workspace, None, Piece(saved(noise((side, side)))), "a.png")
    (tmp_path / "b.png").write_bytes(b"x")
    keep.put(tmp_path / "b.png", number * 10, "0" * 64, "png")
    keep.forget_all(number)
    assert [name.split("/")[0] for name in names(bucket)] == [str(number * 10)]
