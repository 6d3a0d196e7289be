"""The library's pages and answers, for members only."""

import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from masthead.contract.guard import GuardedResolver
from masthead.media.models import Asset
from masthead.media.tests.pictures import Piece, picture, saved
from masthead.media.upload import store
from masthead.posts.models import Post
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.tests.people import Company

JSON = {"HTTP_ACCEPT": "application/json"}
PAGE = {"HTTP_ACCEPT": "text/html"}


def png(name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, saved(picture()), content_type="text/html")


@pytest.fixture
def asset(company: Company) -> Asset:
    return store(company.workspace, company.members["author"].user, Piece(saved(picture())), "flower.png")


class Site(BaseHTTPRequestHandler):
    """A small web: a picture, a page, and redirects."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        content = saved(picture()) if self.path == "/flower.png" else b"<!doctype html><p>no picture"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


ADDRESSES = [
    ("get", ""),
    ("post", "upload/"),
    ("post", "from-url/"),
    ("get", "{id}/"),
    ("post", "{id}/description/"),
    ("post", "{id}/delete/"),
    ("get", "{id}/file/"),
    ("get", "{id}/thumb/"),
]


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_a_stranger_finds_nothing_and_nobody_is_asked_to_sign_in(
    company: Company, asset: Asset, method: str, rest: str
) -> None:
    address = f"/w/{company.slug}/media/{rest.format(id=asset.pk)}"
    assert getattr(company.client("stranger"), method)(address).status_code == 404
    answer = getattr(company.client("nobody"), method)(address)
    assert answer.status_code == 302
    assert "/account/" in answer["Location"]
    asset.refresh_from_db()
    assert asset.deleted_at is None


@pytest.mark.parametrize(("method", "rest"), [one for one in ADDRESSES if "{id}" in one[1]])
def test_a_file_is_not_reached_through_another_workspace(
    company: Company, asset: Asset, method: str, rest: str
) -> None:
    address = f"/w/not-{company.slug}/media/{rest.format(id=asset.pk)}"
    assert getattr(company.client("stranger"), method)(address, {"alt": "mine now"}).status_code == 404
    asset.refresh_from_db()
    assert (asset.alt, asset.deleted_at) == ("", None)


@pytest.mark.parametrize("rest", ["upload/", "from-url/", "{id}/description/", "{id}/delete/"])
def test_a_viewer_may_look_but_not_change(company: Company, asset: Asset, rest: str) -> None:
    client, root = company.client("viewer"), f"/w/{company.slug}/media/"
    assert client.post(root + rest.format(id=asset.pk)).status_code == 403
    assert client.get(root).status_code == 200
    assert client.get(f"{root}{asset.pk}/file/").status_code == 200


def test_the_composer_uploads_and_gets_the_asset(company: Company) -> None:
    answer = company.client("author").post(f"/w/{company.slug}/media/upload/", {"file": png("../x.png")}, **JSON)
    told = answer.json()
    asset = Asset.objects.get()
    assert answer.status_code == 201
    assert (told["id"], told["kind"], told["name"], told["width"], told["problems"]) == (
        asset.pk,
        "image",
        "x.png",
        64,
        [],
    )
    assert company.client("viewer").get(told["thumb_url"])["Content-Type"] == "image/webp"
    assert AuditEntry.objects.filter(action="media.added", workspace=company.workspace).count() == 1


def test_several_files_each_get_their_answer(company: Company) -> None:
    bad = SimpleUploadedFile("evil.png", b"<svg onload='alert(1)'>", content_type="image/png")
    answer = company.client("author").post(f"/w/{company.slug}/media/upload/", {"file": [png(), bad]}, **JSON)
    good, refusal = answer.json()["files"]
    assert answer.status_code == 400
    assert good["id"]
    assert refusal["name"] == "evil.png"
    assert set(refusal) == {"title", "detail", "field", "remedy", "name"}
    assert "PNG" in refusal["remedy"]


def test_no_file_and_too_large_a_file_are_told(company: Company) -> None:
    client, address = company.client("author"), f"/w/{company.slug}/media/upload/"
    assert client.post(address, **JSON).json()["detail"] == "No file was chosen."
    with override_settings(MAX_UPLOAD_BYTES=100):
        answer = client.post(address, {"file": png()}, **JSON)
    assert answer.status_code == 413
    assert "larger than 100" in answer.json()["detail"]
    assert not Asset.objects.exists()


def test_without_a_script_the_page_says_what_happened(company: Company) -> None:
    bad = SimpleUploadedFile("x.html", b"<html>", content_type="text/html")
    answer = company.client("author").post(
        f"/w/{company.slug}/media/upload/", {"file": [png("rose.png"), bad]}, follow=True, **PAGE
    )
    page = answer.content.decode()
    assert "“rose.png” is in the library." in page
    assert "web page, not a picture" in page


def test_the_library_finds_by_name_and_description(company: Company, asset: Asset) -> None:
    client, root = company.client("viewer"), f"/w/{company.slug}/media/"
    asset.alt = "A red tulip"
    asset.save()
    assert "flower.png" in client.get(root, {"q": "tulip flow"}).content.decode()
    assert "Nothing found" in client.get(root, {"q": "rose"}).content.decode()
    assert "Nothing found" in client.get(root, {"kind": "video"}).content.decode()
    assert client.get(root, {"page": "999"}).status_code == 200


def test_the_description_is_saved_and_a_long_one_is_kept_on_the_page(company: Company, asset: Asset) -> None:
    client, address = company.client("author"), f"/w/{company.slug}/media/{asset.pk}/description/"
    client.post(address, {"alt": " A tulip "}, **PAGE)
    asset.refresh_from_db()
    assert asset.alt == "A tulip"
    answer = client.post(address, {"alt": "tulip " * 400}, **PAGE)
    assert answer.status_code == 400
    assert "tulip tulip" in answer.content.decode()
    assert "2000 are allowed" in answer.content.decode()


def test_files_are_served_so_that_nothing_in_them_runs(company: Company, asset: Asset) -> None:
    answer = company.client("viewer").get(f"/w/{company.slug}/media/{asset.pk}/file/")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private")
    assert answer["Content-Disposition"] == 'inline; filename="flower.png"'
    download = company.client("viewer").get(f"/w/{company.slug}/media/{asset.pk}/file/?download")
    assert download["Content-Disposition"].startswith("attachment")


def test_a_file_is_deleted_unless_a_draft_uses_it(company: Company, asset: Asset) -> None:
    post = Post.objects.create(
        workspace=company.workspace,
        segments=[{"text": "", "attachments": [{"asset": asset.pk, "alt": "", "focus": None}], "poll": None}],
    )
    client, address = company.client("author"), f"/w/{company.slug}/media/{asset.pk}/delete/"
    answer = client.post(address, **JSON)
    assert answer.status_code == 409
    assert "not out yet" in json.loads(answer.content)["detail"]
    post.delete()
    assert client.post(address, **JSON).status_code == 204
    assert client.get(f"/w/{company.slug}/media/{asset.pk}/").status_code == 404
    assert AuditEntry.objects.filter(action="media.deleted").exists()


def test_a_picture_from_the_web_is_taken(company: Company, site: str) -> None:
    answer = company.client("author").post(
        f"/w/{company.slug}/media/from-url/", {"url": f"{site}/to/{site}/flower.png"}, **JSON
    )
    assert answer.status_code == 201
    asset = Asset.objects.get()
    assert (asset.file_name, asset.source_url) == ("flower.png", f"{site}/to/{site}/flower.png")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("{site}/page", "web page"),
        ("{site}/gone", "status 404"),
        ("ftp://example.com/x", "must start with https"),
        ("javascript:alert(1)", "must start with https"),
        ("", "empty"),
        ("https://u:p@example.com/", "user name"),
    ],
)
def test_a_bad_address_is_told(company: Company, site: str, url: str, words: str) -> None:
    answer = company.client("author").post(f"/w/{company.slug}/media/from-url/", {"url": url.format(site=site)}, **JSON)
    told = answer.json()
    assert (answer.status_code, told["field"]) == (400, "url")
    assert words in told["detail"]
    assert told["remedy"]


PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost:5432/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1%25eth0]/",
]
ODD = ["http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://0177.0.0.1/", "http://127。0。0。1/"]


@pytest.mark.parametrize("url", PRIVATE)
def test_private_networks_are_not_called(company: Company, url: str) -> None:
    with override_settings(ALLOW_PRIVATE=False):
        answer = company.client("author").post(f"/w/{company.slug}/media/from-url/", {"url": url}, **JSON)
    assert answer.status_code == 400, answer.content
    assert "private network" in answer.json()["detail"]


@pytest.mark.parametrize("url", ODD)
def test_odd_spellings_of_private_addresses_are_not_called(company: Company, url: str) -> None:
    with override_settings(ALLOW_PRIVATE=False):
        answer = company.client("author").post(f"/w/{company.slug}/media/from-url/", {"url": url}, **JSON)
    assert answer.status_code in (400, 502)
    assert answer.json()["remedy"]
    assert not Asset.objects.exists()


def test_a_redirect_into_a_private_network_is_not_followed(
    company: Company, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hop is let through by hand, as a public site would be; the second must be judged again."""
    outside = site.rsplit(":", 1)[1]
    real = GuardedResolver.resolve

    async def resolve(self, host, port=0, family=0):
        if host == "public.example":
            return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]
        return await real(self, host, port, family)

    monkeypatch.setattr(GuardedResolver, "resolve", resolve)
    monkeypatch.setattr("masthead.contract.http.public_socket", lambda found: socket.socket(*found[:3]))
    client, address = company.client("author"), f"/w/{company.slug}/media/from-url/"
    with override_settings(ALLOW_PRIVATE=False):
        good = client.post(address, {"url": f"http://public.example:{outside}/flower.png"}, **JSON)
        bad = client.post(address, {"url": f"http://public.example:{outside}/to/{site}/flower.png"}, **JSON)
    assert good.status_code == 201
    assert bad.status_code == 400
    assert "private network" in bad.json()["detail"]


def test_a_name_that_leads_to_a_private_address_is_not_called(
    company: Company, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def inside(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", inside)
    with override_settings(ALLOW_PRIVATE=False):
        answer = company.client("author").post(
            f"/w/{company.slug}/media/from-url/",
            {"url": f"http://rebind.example:{site.rsplit(':', 1)[1]}/flower.png"},
            **JSON,
        )
    assert answer.status_code == 400
    assert "private network" in answer.json()["detail"]
