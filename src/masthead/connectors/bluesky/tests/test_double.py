"""What the real server cannot be made to do: a confidential client, dishonest servers, video, link cards."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.connectors.bluesky.connect import BlueskyConnecting
from masthead.connectors.bluesky.identity import tidy_handle, tidy_server
from masthead.connectors.bluesky.oauth import OAuthSignIn
from masthead.connectors.bluesky.operations import OPERATIONS
from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.connectors.bluesky.tests.double import DID, HANDLE, Double, running_double
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain, Unsupported
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.link_preview import described, preview
from masthead.contract.oauth import HostsMetadata, new_key
from masthead.contract.platform import OAuthClient
from masthead.contract.values import Account, Attachment, Delivery, MediaKind, Profile, Segment

CLIENT = OAuthClient("https://social.example.org", "Masthead", new_key())
BACK = "https://social.example.org/connect/callback/bluesky/"
SECRETS = {"kind": "app_password", "access": "token", "refresh": "token2", "expires": 0}


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with running_double() as one:
        one.client = CLIENT
        yield one


@pytest.fixture
def http(transport: Transport) -> Http:
    return Http(transport, platform="bluesky", operations=OPERATIONS, meter=Unmetered())


def account(double: Double) -> Account:
    return Account(1, 1, double.url, DID, HANDLE, SECRETS)


def delivery(*segments: Segment, **options: Any) -> Delivery:
    return Delivery("0" * 32, segments, datetime(2026, 11, 24, tzinfo=UTC), options=options)


def film() -> Attachment:
    async def load() -> bytes:
        return b"film"

    digest = hashlib.sha256(b"film").hexdigest()
    return Attachment(MediaKind.VIDEO, "video/mp4", 4, digest, load, 16, 9, 3.0, alt="a film")


async def signed_in(double: Double, http: Http) -> Profile:
    way = OAuthSignIn(double.url, "")
    redirect = await way.start(http, {"handle": HANDLE, "server": double.url}, redirect_uri=BACK, client=CLIENT)
    query = {"code": "c", "iss": double.url, "state": redirect.state}
    return await way.finish(http, redirect.keep, query, redirect_uri=BACK, client=CLIENT)


async def test_confidential_client(double: Double, http: Http) -> None:
    profile = await signed_in(double, http)
    assert (profile.remote_id, profile.server) == (DID, double.url)
    assert double.forms[0]["client_id"] == "https://social.example.org/connect/metadata/bluesky.json"
    assert double.forms[0]["code_challenge_method"] == "S256"
    assert double.forms[0]["login_hint"] == HANDLE
    known = replace(account(double), secrets=profile.secrets)
    fresh = await BlueskyConnecting(double.url, "").refresh(http, known)
    assert fresh
    assert fresh.secrets["refresh"] != profile.secrets["refresh"]
    assert CLIENT.jwk["d"] not in repr(profile) + repr(fresh) + repr(known)


def test_client_metadata() -> None:
    way = OAuthSignIn()
    assert isinstance(way, HostsMetadata)
    told = way.client_metadata(CLIENT, BACK)
    assert told["client_id"].endswith("/connect/metadata/bluesky.json")
    assert told["redirect_uris"] == [BACK]
    assert told["dpop_bound_access_tokens"] is True
    assert told["jwks_uri"] == "https://social.example.org/connect/jwks.json"


async def test_a_temporary_fault_of_a_refresh_disconnects_nobody(double: Double, http: Http) -> None:
    known = replace(account(double), secrets=(await signed_in(double, http)).secrets)
    connecting = BlueskyConnecting(double.url, "")
    for status, word in ((500, "server_error"), (503, ""), (429, ""), (400, "invalid_client_metadata")):
        double.refuse["token"] = (status, {"error": word})
        with pytest.raises(TryAgain):
            await connecting.refresh(http, known)
    double.refuse["token"] = (400, {"error": "invalid_grant"})
    with pytest.raises(NeedsReconnect):
        await connecting.refresh(http, known)


async def test_the_same_for_app_passwords(double: Double, http: Http) -> None:
    connecting, method = BlueskyConnecting(double.url, ""), "com.atproto.server.refreshSession"
    for status in (500, 502, 429):
        double.refuse[method] = (status, {"error": "x"})
        with pytest.raises(TryAgain):
            await connecting.refresh(http, account(double))
    double.refuse[method] = (400, {"error": "ExpiredToken"})
    with pytest.raises(NeedsReconnect):
        await connecting.refresh(http, account(double))


async def test_dishonest_servers_are_refused(double: Double, http: Http) -> None:
    double.handle = "somebody.else.test"
    with pytest.raises(Refused, match="name each other"):
        await signed_in(double, http)
    double.handle, double.issuer = HANDLE, "https://elsewhere.example"
    with pytest.raises(Refused, match="own pages"):
        await signed_in(double, http)
    double.issuer, double.sub = "", "did:plc:somebodyelse"
    with pytest.raises(Refused, match="Another account"):
        await signed_in(double, http)


async def test_a_client_that_cannot_be_read_is_explained(double: Double, http: Http) -> None:
    double.refuse["par"] = (400, {"error": "invalid_client_metadata", "error_description": "Failed to fetch"})
    with pytest.raises(Refused, match="as a client") as caught:
        await signed_in(double, http)
    assert "public address" in caught.value.remedy


async def test_plain_http_elsewhere_needs_an_app_password(double: Double, http: Http) -> None:
    client = replace(CLIENT, public_url="http://intranet:8000")
    with pytest.raises(Unsupported, match="https"):
        await OAuthSignIn(double.url, "").start(
            http, {"handle": HANDLE, "server": double.url}, redirect_uri=BACK, client=client
        )


async def test_a_video_that_is_ready_at_once(double: Double, http: Http) -> None:
    publisher = BlueskyPublisher(double.url, video_patience=1)
    double.job_states = ["JOB_STATE_COMPLETED"]
    receipt = await publisher.publish(http, account(double), delivery(Segment("film", (film(),))), 0, ())
    embed = next(iter(double.records.values()))["embed"]
    assert not receipt.processing
    assert embed["video"]["mimeType"] == "video/mp4"
    assert (embed["alt"], embed["aspectRatio"]) == ("a film", {"width": 16, "height": 9})


async def test_a_video_that_takes_its_time(double: Double, http: Http) -> None:
    publisher, one = BlueskyPublisher(double.url, video_patience=0), delivery(Segment("film", (film(),)))
    receipt = await publisher.publish(http, account(double), one, 0, ())
    assert receipt.processing
    assert not double.records
    double.job_states = ["JOB_STATE_ENCODING"]
    assert await publisher.settle(http, account(double), receipt) == receipt
    done = await publisher.settle(http, account(double), receipt)
    assert not done.processing
    assert (done.remote_id, done.url) == (receipt.remote_id, receipt.url)
    assert next(iter(double.records.values()))["embed"]["alt"] == "a film"
    double.job_states = ["JOB_STATE_FAILED"]
    with pytest.raises(Refused, match="not a video"):
        await publisher.settle(http, account(double), receipt)


async def test_a_thread_waits_for_its_video(double: Double, http: Http) -> None:
    one = delivery(Segment("film", (film(),)), Segment("more"))
    with pytest.raises(TryAgain):
        await BlueskyPublisher(double.url, video_patience=0).publish(http, account(double), one, 0, ())
    assert not double.records


async def test_a_video_uploaded_before_is_taken_up_again(double: Double, http: Http) -> None:
    double.refuse["app.bsky.video.uploadVideo"] = (409, {"error": "already_exists", "jobId": "job1"})
    one = delivery(Segment("film", (film(),)))
    assert not (await BlueskyPublisher(double.url).publish(http, account(double), one, 0, ())).processing


async def test_no_video_where_it_is_not_offered(double: Double, http: Http) -> None:
    one = delivery(Segment("film", (film(),)))
    with pytest.raises(Unsupported):
        await BlueskyPublisher("").publish(http, account(double), one, 0, ())
    with pytest.raises(Unsupported):
        await BlueskyPublisher("https://video.example").publish(http, account(double), one, 0, ())
    double.can_upload = {"canUpload": False, "error": "unconfirmed_email", "message": "Confirm your e-mail"}
    with pytest.raises(Refused, match="Confirm"):
        await BlueskyPublisher(double.url).publish(http, account(double), one, 0, ())
    double.can_upload = {"canUpload": False, "remainingDailyVideos": 0}
    with pytest.raises(TryAgain):
        await BlueskyPublisher(double.url).publish(http, account(double), one, 0, ())
    assert double.uploads == 0


async def test_a_link_card(double: Double, http: Http) -> None:
    link = f"{double.url}/page"
    await BlueskyPublisher("").publish(http, account(double), delivery(Segment(f"read {link}.")), 0, ())
    external = next(iter(double.records.values()))["embed"]["external"]
    assert (external["uri"], external["title"], external["description"]) == (link, "A title", "What it is")
    assert external["thumb"]["mimeType"] == "image/png"
    assert double.blobs == [b"\x89PNG"]


@pytest.mark.parametrize("path", ["/missing-page", "/thumb.png", "/xrpc/com.atproto.server.describeServer"])
async def test_a_page_without_a_card_does_not_stop_the_post(double: Double, http: Http, path: str) -> None:
    text = f"read {double.url}{path} or http://127.0.0.1:9/"
    await BlueskyPublisher("").publish(http, account(double), delivery(Segment(text)), 0, ())
    assert "embed" not in next(iter(double.records.values()))


async def test_a_card_is_left_out_when_not_wanted(double: Double, http: Http) -> None:
    one = delivery(Segment(f"{double.url}/page"), link_card=False)
    await BlueskyPublisher("").publish(http, account(double), one, 0, ())
    assert "embed" not in next(iter(double.records.values()))


async def test_private_pages_are_not_read(double: Double) -> None:
    async with Transport() as guarded:
        http = Http(guarded, platform="bluesky", operations=OPERATIONS, meter=Unmetered())
        assert await preview(http, f"{double.url}/page") is None


def test_pages_in_odd_shapes() -> None:
    shown = described("https://a.example/x/", "<meta charset=iso-8859-1><title>Caf\xe9</title>".encode("latin-1"))
    assert shown
    assert shown.title == "Café"
    assert described("https://a.example", b"") is None
    assert described("https://a.example", b"\xff\xfe<<<>") is None
    deep = described("https://a.example/x/", b'<title>t</title><meta name="twitter:image" content="i.png">')
    assert deep
    assert deep.image_url == "https://a.example/x/i.png"


async def test_unknown_mentions_and_faults_of_the_resolver(double: Double, http: Http) -> None:
    one, method = delivery(Segment("hi @gone.test")), "com.atproto.identity.resolveHandle"
    for status in (400, 502):
        double.refuse[method] = (status, {"error": "InvalidRequest", "message": "Unable to resolve handle"})
        await BlueskyPublisher("").publish(http, account(double), one, 0, ())
        assert "facets" not in next(iter(double.records.values()))
    double.refuse[method] = (429, {"error": "RateLimitExceeded"})
    with pytest.raises(TryAgain):
        await BlueskyPublisher("").publish(http, account(double), one, 0, ())


def test_what_people_type() -> None:
    assert tidy_handle(" @Name.Bsky.Social\u202c ") == "name.bsky.social"
    assert tidy_handle("https://bsky.app/profile/name.bsky.social/") == "name.bsky.social"
    assert tidy_server("", allow_private=False) == "https://bsky.social"
    assert tidy_server("pds.example.org/", allow_private=False) == "https://pds.example.org"
    for bad in ("http://pds.example.org", "https://127.0.0.1", "ftp://x.example", "https://user:pw@x.example"):
        with pytest.raises(Refused) as caught:
            tidy_server(bad, allow_private=False)
        assert caught.value.field == "server"
