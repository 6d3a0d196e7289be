"""The connector against the real PDS: both ways in, posts, threads, repeats, refresh."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from masthead.connectors.bluesky.publish import BlueskyPublisher
from masthead.connectors.bluesky.tests.harness import HARNESS, REDIRECT_URI, account_of
from masthead.connectors.bluesky.tests.lexicons import validate
from masthead.connectors.tests.harness import Trouble
from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TokenExpired
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Account, Attachment, Delivery, MediaKind, Presence, Receipt, Segment

pytestmark = pytest.mark.servers
CREATED = datetime(2026, 11, 20, 9, 30, 12, 345678, tzinfo=UTC)


def http_of(harness: HARNESS, transport: Transport) -> Http:
    return Http(transport, platform="bluesky", operations=harness.platform.operations, meter=Unmetered())


def delivery(*texts: str, name: str = "one", **more: Any) -> Delivery:
    key = hashlib.sha256(name.encode()).hexdigest()[:32]
    return Delivery(key, tuple(Segment(text) for text in texts), CREATED, **more)


def picture(alt: str, size: tuple[int, int] = (40, 20)) -> Attachment:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    content = file.getvalue()

    async def load() -> bytes:
        return content

    digest = hashlib.sha256(content).hexdigest()
    return Attachment(MediaKind.IMAGE, "image/png", len(content), digest, load, *size, alt=alt)


async def publish_all(harness: HARNESS, http: Http, account: Account, one: Delivery) -> list[Receipt]:
    receipts: list[Receipt] = []
    for index in range(len(one.segments)):
        receipts.append(await harness.platform.publisher.publish(http, account, one, index, tuple(receipts)))
    return receipts


def stored(harness: HARNESS, account: Account) -> list[dict[str, Any]]:
    found = [one["value"] for one in harness.pds.posts(account.remote_id)]
    for value in found:
        validate("app.bsky.feed.post", value)
    return found


async def test_app_password_gives_a_profile_on_its_home_server(harness: HARNESS, transport: Transport) -> None:
    form, good = harness.platform.connecting.form, harness.good()
    assert form is not None
    profile = await form.connect(http_of(harness, transport), {**good, "handle": f" @{good['handle'].upper()} "})
    assert (profile.server, profile.handle) == (harness.pds.url, good["handle"])
    assert profile.remote_id.startswith("did:plc:")
    assert profile.url.endswith(good["handle"])
    assert profile.limits == {"mimes": ["image/jpeg", "image/png", "image/webp"]}
    assert profile.expires_at
    assert profile.expires_at > datetime.now(UTC) + timedelta(minutes=30)
    assert good["password"] not in str(dict(profile.secrets))


async def test_wrong_answers_name_the_field(harness: HARNESS, transport: Transport) -> None:
    form = harness.platform.connecting.form
    assert form is not None
    for bad in harness.bad():
        with pytest.raises(Refused) as caught:
            await form.connect(http_of(harness, transport), bad.answers)
        assert caught.value.field == bad.field, bad.what
        assert bad.answers["password"] not in caught.value.message


async def test_text_with_facets(harness: HARNESS, transport: Transport) -> None:
    http, account, other = http_of(harness, transport), await harness.account(), harness.pds.person("friend")
    text = f"👩‍👩‍👧 日本語 https://example.com/a_(b). @{other.handle}, @nobody-there.test #naïve! #123"
    one = delivery(text, language="ja", options={"link_card": False, "content_warning": "graphic-media"})
    receipt = (await publish_all(harness, http, account, one))[0]
    value = stored(harness, account)[0]
    raw = text.encode()
    shown = [raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in value["facets"]]
    assert value["text"] == text
    assert shown == ["https://example.com/a_(b)", f"@{other.handle}", "#naïve"]
    assert value["facets"][1]["features"][0]["did"] == other.did
    assert value["langs"] == ["ja"]
    assert value["labels"]["values"] == [{"val": "graphic-media"}]
    assert receipt.url == f"https://bsky.app/profile/{account.handle}/post/{receipt.remote_id.rsplit('/', 1)[-1]}"


async def test_the_date_is_the_moment_of_sending(harness: HARNESS, transport: Transport) -> None:
    account = await harness.account()
    await publish_all(harness, http_of(harness, transport), account, delivery("dated"))
    written = datetime.fromisoformat(stored(harness, account)[0]["createdAt"])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


async def test_images_with_alt_text(harness: HARNESS, transport: Transport) -> None:
    http, account = http_of(harness, transport), await harness.account()
    attachments = (picture("a teal bar"), picture("a second", (10, 30)))
    one = replace(delivery(""), segments=(Segment("look", attachments),))
    await publish_all(harness, http, account, one)
    images = stored(harness, account)[0]["embed"]["images"]
    assert [image["alt"] for image in images] == ["a teal bar", "a second"]
    assert images[1]["aspectRatio"] == {"width": 10, "height": 30}


async def test_a_thread_of_three_and_its_removal(harness: HARNESS, transport: Transport) -> None:
    http, account = http_of(harness, transport), await harness.account()
    one = delivery("first", "second", "third", options={"replies": "mentioned"})
    receipts = await publish_all(harness, http, account, one)
    values = stored(harness, account)
    assert [value["text"] for value in values] == ["first", "second", "third"]
    assert values[2]["reply"]["root"]["uri"] == receipts[0].remote_id
    assert values[2]["reply"]["parent"]["uri"] == receipts[1].remote_id
    gates = harness.pds.xrpc(
        f"com.atproto.repo.listRecords?repo={account.remote_id}&collection=app.bsky.feed.threadgate"
    )["records"]
    assert gates[0]["value"]["allow"] == [{"$type": "app.bsky.feed.threadgate#mentionRule"}]
    validate("app.bsky.feed.threadgate", gates[0]["value"])
    for receipt in reversed(receipts):
        await harness.platform.publisher.remove(http, account, receipt)
        await harness.platform.publisher.remove(http, account, receipt)
    assert stored(harness, account) == []


async def test_a_repeat_never_doubles(harness: HARNESS, transport: Transport) -> None:
    http, account, one = http_of(harness, transport), await harness.account(), delivery("once", "more")
    first = await publish_all(harness, http, account, one)
    later = replace(harness.platform.publisher, clock=lambda: datetime.now(UTC) + timedelta(hours=1))  # type: ignore[type-var]
    again = await later.publish(http, account, one, 0, ())
    assert again == first[0]
    assert len(stored(harness, account)) == 2


async def test_another_text_under_our_key_is_never_taken_for_ours(harness: HARNESS, transport: Transport) -> None:
    http, account = http_of(harness, transport), await harness.account()
    await publish_all(harness, http, account, delivery("mine"))
    other = delivery("something else")
    with pytest.raises(OutcomeUnknown):
        await publish_all(harness, http, account, other)
    found = await harness.platform.publisher.find(http, account, other, 0, ())
    assert found.presence is Presence.CANNOT_TELL


@pytest.mark.faults
@pytest.mark.parametrize("kind", [Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT, Trouble.FAIL_BEFORE])
async def test_a_lost_answer_is_looked_up(harness: HARNESS, transport: Transport, kind: Trouble) -> None:
    http, account, one = http_of(harness, transport), await harness.account(), delivery("lost?")
    harness.trouble(kind)
    with pytest.raises(OutcomeUnknown):
        await publish_all(harness, http, account, one)
    found = await harness.platform.publisher.find(http, account, one, 0, ())
    expected = Presence.ABSENT if kind is Trouble.FAIL_BEFORE else Presence.FOUND
    assert found.presence is expected
    receipts = await publish_all(harness, http, account, one)
    assert found.receipt in (None, receipts[0])
    assert len(stored(harness, account)) == 1


async def test_too_long_a_text_is_refused_in_the_servers_words(harness: HARNESS, transport: Transport) -> None:
    account = await harness.account()
    with pytest.raises(Refused) as caught:
        await publish_all(harness, http_of(harness, transport), account, delivery("x" * 301))
    assert caught.value.field == "text"
    assert "grapheme" in caught.value.message


async def test_refresh_of_an_app_password(harness: HARNESS, transport: Transport) -> None:
    http, account = http_of(harness, transport), await harness.account()
    fresh = await harness.platform.connecting.refresh(http, account)
    assert fresh
    assert fresh.secrets["refresh"] != account.secrets["refresh"]
    renewed = replace(account, secrets=fresh.secrets)
    assert (await harness.platform.connecting.verify(http, renewed)).remote_id == account.remote_id
    await harness.platform.connecting.revoke(http, renewed)
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.refresh(http, renewed)


async def test_oauth_whole_way(harness: HARNESS, transport: Transport) -> None:
    http, connecting = http_of(harness, transport), harness.platform.connecting
    account = await harness.oauth_account(transport)
    assert (await connecting.verify(http, account)).handle == account.handle
    one = replace(delivery(""), segments=(Segment("by OAuth", (picture("teal"),)),))
    await publish_all(harness, http, account, one)
    fresh = await connecting.refresh(http, account)
    assert fresh
    assert fresh.expires_at
    renewed = replace(account, secrets=fresh.secrets)
    await publish_all(harness, http, renewed, delivery("after a refresh", name="two"))
    assert len(stored(harness, account)) == 2
    await connecting.revoke(http, renewed)
    with pytest.raises(NeedsReconnect):
        await connecting.refresh(http, renewed)


async def test_a_replayed_refresh_ends_the_session(harness: HARNESS, transport: Transport) -> None:
    http, connecting = http_of(harness, transport), harness.platform.connecting
    account = await harness.oauth_account(transport)
    fresh = await connecting.refresh(http, account)
    with pytest.raises(NeedsReconnect) as caught:
        await connecting.refresh(http, account)
    assert not isinstance(caught.value, TokenExpired)
    assert fresh
    with pytest.raises(NeedsReconnect):
        await connecting.verify(http, replace(account, secrets=fresh.secrets))


async def test_oauth_denied_or_misled(harness: HARNESS, transport: Transport) -> None:
    http, way, client = http_of(harness, transport), harness.platform.connecting.redirect, harness.client()
    assert way is not None
    redirect = await way.start(http, harness.redirect_answers(), redirect_uri=REDIRECT_URI, client=client)
    denied = await harness.visit(redirect, allow=False)
    with pytest.raises(Refused, match="cancelled"):
        await way.finish(http, redirect.keep, denied, redirect_uri=REDIRECT_URI, client=client)
    query = {"code": "x", "iss": "https://elsewhere.example"}
    with pytest.raises(Refused, match="another server"):
        await way.finish(http, redirect.keep, query, redirect_uri=REDIRECT_URI, client=client)


async def test_oauth_of_an_unknown_handle(harness: HARNESS, transport: Transport) -> None:
    way = harness.platform.connecting.redirect
    assert way is not None
    answers = {"handle": "nobody-at-all.test", "server": harness.pds.url}
    with pytest.raises(Refused) as caught:
        await way.start(http_of(harness, transport), answers, redirect_uri=REDIRECT_URI, client=harness.client())
    assert caught.value.field == "handle"


async def test_revoked_access_is_found_out(harness: HARNESS, transport: Transport) -> None:
    http, account = http_of(harness, transport), await harness.dead_account()
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.verify(http, account)
    with pytest.raises(NeedsReconnect):
        await harness.platform.connecting.refresh(http, account)


async def test_publisher_and_profile_helpers(harness: HARNESS, transport: Transport) -> None:
    account = await harness.account()
    http = http_of(harness, transport)
    profile = await harness.platform.connecting.verify(http, account)
    assert account_of(profile).secrets == account.secrets
    assert isinstance(harness.platform.publisher, BlueskyPublisher)
    with pytest.raises(ConnectorError, match="does not show changes"):
        await harness.platform.publisher.edit(http, account, delivery("x"), 0, ())
