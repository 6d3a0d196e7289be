"""What is special about WordPress, against a real one: what it keeps and shows of a post, and what plugins do to it.

The permalinks are plain here, so that nothing but `?rest_route=` answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from masthead.connectors.tests.kit import Remembering, delivery, film, http_of, picture
from masthead.connectors.wordpress import WORDPRESS
from masthead.connectors.wordpress.errors import OPEN_API, ROLE, SWITCHED_OFF
from masthead.connectors.wordpress.tests.realharness import RealHarness
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account, Presence, Profile, Segment

pytestmark = [pytest.mark.servers, pytest.mark.slow]
PUBLISHER, FORM = WORDPRESS.publisher, WORDPRESS.connecting.form
SHOUT = "add_shortcode('shout', function () { return 'LOUD'; });"


@pytest.fixture(scope="module")
def running() -> Iterator[RealHarness]:
    one = RealHarness(permalinks="")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def harness(running: RealHarness) -> RealHarness:
    running.reset()
    return running


@pytest.fixture
async def http(harness: RealHarness) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, Remembering())


def stored(harness: RealHarness, number: str) -> dict[str, Any]:
    found: dict[str, Any] = harness.site.call("GET", f"/wp/v2/posts/{number}", context="edit")
    return found


async def connect(http: Http, answers: Any) -> Profile:
    assert FORM
    return await FORM.connect(http, answers)


async def test_a_post_with_everything(http: Http, account: Account, harness: RealHarness) -> None:
    news = harness.site.call("POST", "/wp/v2/categories", {"name": "News & views"})["id"]
    old = harness.site.call("POST", "/wp/v2/tags", {"name": "Fresh"})["id"]
    told = (await WORDPRESS.connecting.verify(http, account)).limits["choices"]["category"]
    assert (str(news), "News & views") in told
    chosen = {
        "title": "Bread & <rolls>",
        "excerpt": "In short <b>",
        "slug": "Fresh bread!",
        "tags": "fresh, Rye & oats",
        "category": str(news),
        "format": "gallery",
        "comments": "closed",
        "first_picture": "both",
    }
    text = "Say [shout] & <script>x</script> 👩‍🚀\nhttps://example.org/?a=1&b=2\n\nSecond paragraph"
    files = (picture("image/png", 'A "loaf" & [shout]'), picture("image/jpeg", "A roll"))
    sent = delivery(Segment(text, files), options=chosen)
    with harness.site.plugin(SHOUT):
        receipt = await PUBLISHER.publish(http, account, sent, 0, ())
        post = stored(harness, receipt.remote_id)
        async with http.transport.session.get(receipt.url) as opened:
            read_by_all = await opened.text()
    assert "Second paragraph" in read_by_all and "LOUD" not in read_by_all and sent.key not in read_by_all
    shown = post["content"]["rendered"]
    assert "LOUD" not in shown and "<script" not in shown and "masthead" not in shown
    assert "Say &#091;shout&#093; &amp; &lt;script&gt;" in shown
    assert '<br><a href="https://example.org/?a=1&amp;b=2">' in shown
    assert "wp-block-gallery" in shown and shown.count("<img ") == 2 and shown.count("<p>") == 2
    assert sent.key in post["content"]["raw"]
    assert (post["title"]["raw"], post["excerpt"]["raw"]) == ("Bread &amp; &lt;rolls&gt;", "In short &lt;b&gt;")
    assert (post["slug"], post["format"], post["comment_status"]) == ("fresh-bread", "gallery", "closed")
    assert post["categories"] == [news] and old in post["tags"] and len(post["tags"]) == 2
    picture_of = harness.site.call("GET", f"/wp/v2/media/{post['featured_media']}")
    assert picture_of["alt_text"] == 'A "loaf" & [shout]'
    assert [one.alts for one in await harness.posts(account)] == [('A "loaf" & [shout]', "A roll")]


@pytest.mark.parametrize("role", ["author", "editor", "administrator"])
async def test_the_mark_stays_and_is_found_whatever_the_role(http: Http, harness: RealHarness, role: str) -> None:
    _, name, password = harness.site.person(role)
    profile = await connect(http, {"server": harness.url, "user": name, "password": password})
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    sent = delivery("Marked", options={"title": f"By an {role}", "slug": "same"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    assert (await PUBLISHER.find(http, account, sent, 0, ())).receipt == receipt
    assert stored(harness, receipt.remote_id)["slug"].startswith("same")
    changed = replace(sent, segments=(Segment("Changed"),))
    assert (await PUBLISHER.edit(http, account, changed, 0, (receipt,))).remote_id == receipt.remote_id
    assert (await PUBLISHER.find(http, account, sent, 0, ())).receipt == receipt
    assert stored(harness, receipt.remote_id)["content"]["rendered"].strip() == "<p>Changed</p>"


async def test_a_plugin_that_drops_the_mark(http: Http, account: Account, harness: RealHarness) -> None:
    code = """add_filter('wp_insert_post_data', function ($post) {
        $post['post_content'] = preg_replace('/ \\{.*?\\} -->/', ' -->', $post['post_content']); return $post; });"""
    sent = delivery("Unmarked", options={"title": "Unmarked", "slug": "wanted"})
    with harness.site.plugin(code):
        receipt = await PUBLISHER.publish(http, account, sent, 0, ())
        assert stored(harness, receipt.remote_id)["slug"] == f"masthead-{sent.key}-0"
        assert (await PUBLISHER.find(http, account, sent, 0, ())).receipt == receipt
        again = await PUBLISHER.publish(http, account, sent, 0, ())
    assert again == receipt


async def test_the_trash(http: Http, account: Account, harness: RealHarness) -> None:
    sent = delivery("Thrown away", options={"title": "Thrown away"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    await PUBLISHER.remove(http, account, receipt)
    assert stored(harness, receipt.remote_id)["status"] == "trash"
    found = await PUBLISHER.find(http, account, sent, 0, ())
    assert found.presence is Presence.CANNOT_TELL and "trash" in found.evidence
    await PUBLISHER.remove(http, account, receipt)


async def test_a_post_that_a_person_saved_without_the_key(http: Http, account: Account, harness: RealHarness) -> None:
    sent = delivery("Bred", options={"title": "Bred"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    corrected = {"content": "<!-- wp:paragraph -->\n<p>Bread</p>\n<!-- /wp:paragraph -->", "title": "Bread"}
    harness.site.call("POST", f"/wp/v2/posts/{receipt.remote_id}", corrected)
    assert (await PUBLISHER.find(http, account, sent, 0, ())).presence is Presence.CANNOT_TELL
    with pytest.raises(Refused):
        await PUBLISHER.edit(http, account, sent, 0, (receipt,))


async def test_a_site_without_a_trash(http: Http, account: Account, harness: RealHarness) -> None:
    with harness.site.plugin("define('EMPTY_TRASH_DAYS', 0);"):
        receipt = await PUBLISHER.publish(http, account, delivery("For good"), 0, ())
        await PUBLISHER.remove(http, account, receipt)
    assert not harness.site.posts(include=receipt.remote_id, status="any,trash")


async def test_a_post_held_for_review(http: Http, account: Account, harness: RealHarness) -> None:
    code = """add_filter('wp_insert_post_data', function ($post) {
        if ($post['post_status'] === 'publish') $post['post_status'] = 'pending'; return $post; });"""
    sent = delivery("To be reviewed")
    with harness.site.plugin(code), pytest.raises(Refused) as caught:
        await PUBLISHER.publish(http, account, sent, 0, ())
    assert "pending" in caught.value.message
    assert (await PUBLISHER.publish(http, account, sent, 0, ())).url
    assert [one.text for one in await harness.posts(account)] == ["To be reviewed"]


async def test_application_passwords_that_a_plugin_switched_off(
    http: Http, account: Account, harness: RealHarness
) -> None:
    good = harness.good()
    with harness.site.plugin("add_filter('wp_is_application_passwords_available', '__return_false');"):
        with pytest.raises(Refused) as caught:
            await connect(http, good)
        assert (caught.value.field, caught.value.remedy) == ("password", SWITCHED_OFF)
        with pytest.raises(NeedsReconnect):
            await PUBLISHER.publish(http, account, delivery("Locked out"), 0, ())


async def test_an_api_that_a_plugin_closed(http: Http, account: Account, harness: RealHarness) -> None:
    good = harness.good()
    strangers = "add_filter('rest_authentication_errors', function ($told) { return is_user_logged_in() ? $told : "
    strangers += "new WP_Error('rest_login_required', 'Members only.', ['status' => 401]); }, 200);"
    with harness.site.plugin(strangers):
        assert (await connect(http, good)).remote_id
        assert (await PUBLISHER.publish(http, account, delivery("For members"), 0, ())).url
    everybody = "add_filter('rest_authentication_errors', function () { return "
    everybody += "new WP_Error('rest_disabled', 'The REST API is off.', ['status' => 403]); }, 200);"
    with harness.site.plugin(everybody):
        with pytest.raises(NeedsReconnect) as caught:
            await connect(http, good)
        assert (caught.value.field, caught.value.remedy) == ("server", OPEN_API)


async def test_a_role_that_was_taken_away(http: Http, account: Account, harness: RealHarness) -> None:
    harness.site.call("POST", f"/wp/v2/users/{account.remote_id}", {"roles": ["contributor"]})
    for attempt in (
        WORDPRESS.connecting.verify(http, account),
        PUBLISHER.publish(http, account, delivery("Not any more"), 0, ()),
    ):
        with pytest.raises(NeedsReconnect) as caught:
            await attempt
        assert caught.value.remedy == ROLE
    assert not await harness.posts(account)


async def test_a_film_goes_out_and_a_type_that_the_site_does_not_take_is_named(
    http: Http, account: Account, harness: RealHarness
) -> None:
    receipt = await PUBLISHER.publish(http, account, delivery(Segment("", (film("video/mp4"),))), 0, ())
    assert "<video controls" in stored(harness, receipt.remote_id)["content"]["rendered"]
    sent = delivery(Segment("Not taken", (picture("image/png", ""),)))
    with harness.site.plugin("add_filter('upload_mimes', fn ($all) => array_diff($all, ['image/png']));"):
        with pytest.raises(Refused) as caught:
            await PUBLISHER.publish(http, account, sent, 0, ())
        assert caught.value.field == "attachments" and "type" in caught.value.remedy


async def test_past_posts_by_date_with_their_comments(http: Http, account: Account, harness: RealHarness) -> None:
    history = WORDPRESS.history
    assert history
    ids = [
        (await PUBLISHER.publish(http, account, delivery(text), 0, ())).remote_id for text in ("One", "Two", "Three")
    ]
    for number, day in zip(ids, ("2024-03-01", "2025-01-01", "2024-02-01"), strict=True):
        harness.site.call("POST", f"/wp/v2/posts/{number}", {"date_gmt": f"{day}T12:00:00", "comment_status": "open"})
    for word in ("Good", "Better"):
        harness.site.call("POST", "/wp/v2/comments", {"post": int(ids[0]), "content": word})
    small = replace(history, page_size=2)  # type: ignore[type-var]
    first = await small.page(http, account, "")
    second = await small.page(http, account, first.cursor)
    found = [*first.posts, *second.posts]
    assert [one.text for one in found] == ["Two", "One", "Three"] and not second.cursor
    assert found[0].posted_at.isoformat() == "2025-01-01T12:00:00+00:00"
    assert await history.metrics(http, account, found) == {
        ids[0]: {"comments": 2.0},
        ids[1]: {"comments": 0.0},
        ids[2]: {"comments": 0.0},
    }
    with harness.site.plugin(
        "add_filter('rest_endpoints', fn ($all) => array_diff_key($all, ['/wp/v2/comments' => 1]));"
    ):
        assert await history.metrics(http, account, found[:1]) == {ids[1]: {}}
