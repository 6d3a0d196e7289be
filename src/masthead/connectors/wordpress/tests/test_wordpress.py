"""What is special about WordPress: addresses, roles, settings of a post, edits, the trash, past posts, codes of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from masthead.connectors.tests.kit import delivery, picture
from masthead.connectors.wordpress import WORDPRESS
from masthead.connectors.wordpress.connect import site_of
from masthead.connectors.wordpress.errors import ROLE, SMALLER, SWITCHED_OFF, explain
from masthead.connectors.wordpress.tests.double import WordPressDouble
from masthead.connectors.wordpress.tests.harness import WordPressHarness
from masthead.connectors.wordpress.upload import ENDINGS, named
from masthead.contract.errors import NeedsReconnect, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, MediaKind, Profile, Segment

PUBLISHER, FORM = WORDPRESS.publisher, WORDPRESS.connecting.form


async def connect(http: Http, answers: Any) -> Profile:
    assert FORM
    return await FORM.connect(http, answers)


@pytest.fixture
def below() -> Iterator[WordPressDouble]:
    """A site below a path, as in a network of sites."""
    one = WordPressDouble("/blog")
    one.start()
    yield one
    one.stop()


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("example.org", "https://example.org"),
        (" https://Example.org/ ", "https://example.org"),
        ("example.org/blog/", "https://example.org/blog"),
        ("https://example.org:8443/blog/wp-admin/profile.php", "https://example.org:8443/blog"),
        ("https://example.org/wp-login.php", "https://example.org"),
        ("https://example.org/wp-json/wp/v2", "https://example.org"),
    ],
)
def test_an_address_as_people_copy_it(typed: str, site: str) -> None:
    assert site_of(typed, allow_http=False) == site


@pytest.mark.parametrize(
    "typed", ["http://example.org", "not a site", "ftp://example.org", "http://[", "https://127.0.0.1"]
)
def test_an_address_that_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        site_of(typed, allow_http=False)
    assert caught.value.field == "server" and caught.value.remedy


async def test_a_site_below_a_path_and_one_that_moved(http: Http, below: WordPressDouble) -> None:
    user = below.memory.user()
    told = {"user": user.name, "password": user.password}
    profile = await connect(http, {"server": below.url, **told})
    assert profile.server == below.url and profile.handle.endswith("/blog") and profile.name == "Bakery & sons"
    old = below.serving.url + "/moved"
    assert (await connect(http, {"server": old, **told})).server == below.url
    account = Account(1, 1, old, profile.remote_id, profile.handle, profile.secrets)
    with pytest.raises(NeedsReconnect) as caught:
        await PUBLISHER.publish(http, account, delivery("To the old address"), 0, ())
    assert caught.value.field == "server"


async def test_the_site_tells_its_categories(http: Http, account: Account, harness: WordPressHarness) -> None:
    can = WORDPRESS.capabilities.narrowed(account.limits)
    option = next(one for one in can.options if one.name == "category")
    assert option.choices == (
        ("", "As the site does"),
        ("1", "Uncategorized"),
        ("2", "Uncategorized / Bread & rolls"),
    )
    harness.double.memory.categories = {5: ("News", 0)}
    profile = await WORDPRESS.connecting.verify(http, account)
    assert profile.limits["choices"]["category"] == [("", "As the site does"), ("5", "News")]


async def test_application_passwords_that_are_off_are_named(http: Http, harness: WordPressHarness) -> None:
    good = harness.good()
    harness.double.passwords = False
    with pytest.raises(Refused) as caught:
        await connect(http, good)
    assert (caught.value.field, caught.value.remedy) == ("password", SWITCHED_OFF)


async def test_a_site_that_talks_only_to_people_who_are_signed_in(http: Http, harness: WordPressHarness) -> None:
    harness.double.anonymous = False
    profile = await connect(http, harness.good())
    assert profile.name.startswith("User")
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    assert (await PUBLISHER.publish(http, account, delivery("Inside"), 0, ())).url


async def test_roles(http: Http, harness: WordPressHarness) -> None:
    one = harness.double.memory.user("upload_files")
    told = {"server": harness.double.url, "user": one.name, "password": one.password}
    profile = await connect(http, told)
    assert WORDPRESS.capabilities.narrowed(profile.limits).max_attachments == 0
    account = Account(1, 1, profile.server, profile.remote_id, profile.handle, profile.secrets, profile.limits)
    one.rights.add("upload_files")
    assert (
        WORDPRESS.capabilities.narrowed((await WORDPRESS.connecting.verify(http, account)).limits).max_attachments == 20
    )
    one.rights.discard("publish_posts")
    for attempt in (
        WORDPRESS.connecting.verify(http, account),
        PUBLISHER.publish(http, account, delivery("No"), 0, ()),
    ):
        with pytest.raises(NeedsReconnect) as caught:
            await attempt
        assert (caught.value.field, caught.value.remedy) == ("user", ROLE)


async def test_every_setting_is_sent(http: Http, account: Account, double: WordPressDouble) -> None:
    double.memory.tags[90] = "Fresh"
    chosen = {
        "title": "Bread & <rolls>",
        "excerpt": "It's good",
        "slug": "fresh-bread",
        "tags": "fresh, New one,, fresh",
        "category": "2",
        "format": "gallery",
        "comments": "closed",
        "first_picture": "both",
    }
    part = Segment("Look", (picture("image/png", "One"), picture("image/png", "Two")))
    receipt = await PUBLISHER.publish(http, account, delivery(part, options=chosen), 0, ())
    row = double.memory.row(int(receipt.remote_id))
    files = [one for one in double.memory.rows.values() if one.kind == "file"]
    assert receipt.url.endswith("/fresh-bread/")
    assert (row.fields["title"], row.fields["excerpt"]) == ("Bread &amp; &lt;rolls&gt;", "It's good")
    assert [double.memory.tags[one] for one in row.fields["tags"]] == ["Fresh", "New one"]
    assert (row.fields["categories"], row.fields["format"], row.fields["comment_status"]) == ([2], "gallery", "closed")
    assert row.fields["featured_media"] == files[0].id and f"wp-image-{files[0].id}" in row.fields["content"]
    assert [one.fields["alt_text"] for one in files] == ["One", "Two"]


async def test_a_featured_picture_is_not_shown_twice(http: Http, account: Account, double: WordPressDouble) -> None:
    part = Segment("", (picture("image/png", "One"),))
    sent = delivery(part, options={"first_picture": "featured", "title": "Only a picture"})
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    row = double.memory.row(int(receipt.remote_id))
    assert (
        row.fields["featured_media"] and "wp-image" not in row.fields["content"] and sent.key in row.fields["content"]
    )


async def test_nothing_chosen_leaves_it_to_the_site(http: Http, account: Account, double: WordPressDouble) -> None:
    await PUBLISHER.publish(http, account, delivery("Plain"), 0, ())
    assert set(double.asked("POST", "/wp/v2/posts")[0]) == {"status", "content"}


async def test_an_edit_keeps_the_picture_and_refuses_what_was_rewritten_there(
    http: Http, account: Account, harness: WordPressHarness, double: WordPressDouble
) -> None:
    sent = delivery(Segment("Before", (picture("image/png", "A loaf"),)))
    receipt = await PUBLISHER.publish(http, account, sent, 0, ())
    changed = replace(sent, segments=(Segment("After [all]"),))
    await PUBLISHER.edit(http, account, changed, 0, (receipt,))
    assert [(one.text, one.alts) for one in await harness.posts(account)] == [("After [all]", ("A loaf",))]
    assert (await PUBLISHER.find(http, account, sent, 0, ())).receipt == receipt
    double.memory.row(int(receipt.remote_id)).fields["content"] = "<p>Quite another text</p>"
    with pytest.raises(Refused):
        await PUBLISHER.edit(http, account, changed, 0, (receipt,))


async def test_a_site_without_a_trash_deletes_for_good(http: Http, account: Account, double: WordPressDouble) -> None:
    double.memory.has_trash = False
    receipt = await PUBLISHER.publish(http, account, delivery("Gone for good"), 0, ())
    await PUBLISHER.remove(http, account, receipt)
    assert not double.memory.rows
    await PUBLISHER.remove(http, account, receipt)


async def test_past_posts_with_titles_pictures_and_comments(
    http: Http, account: Account, double: WordPressDouble
) -> None:
    history = WORDPRESS.history
    assert history
    part = Segment("Body", (picture("image/png", "A loaf"),))
    receipt = await PUBLISHER.publish(http, account, delivery(part, options={"title": "A & B"}), 0, ())
    double.memory.comments[int(receipt.remote_id)] = 3
    page = await history.page(http, account, "")
    assert [one.text for one in page.posts] == ["A & B\n\nBody"]
    assert [(one.kind, one.alt) for one in page.posts[0].media] == [("image", "A loaf")]
    assert await history.metrics(http, account, page.posts) == {receipt.remote_id: {"comments": 3.0}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "field"),
    [
        (401, {"code": "incorrect_password", "message": "No."}, NeedsReconnect, "password"),
        (401, {"code": "invalid_username", "message": "No."}, NeedsReconnect, "user"),
        (401, {"code": "application_passwords_disabled"}, NeedsReconnect, "password"),
        (401, {"code": "rest_cannot_create"}, NeedsReconnect, "password"),
        (401, {"code": "some_plugin"}, NeedsReconnect, "password"),
        (403, {"code": "rest_cannot_create"}, NeedsReconnect, "user"),
        (403, {"text": "<html>Forbidden</html>"}, Refused, ""),
        (
            400,
            {"code": "rest_invalid_param", "data": {"params": {"status": "Status ist verboten."}}},
            NeedsReconnect,
            "password",
        ),
        (400, {"code": "rest_invalid_param", "data": {"params": {"format": "No."}}}, Refused, "options.format"),
        (400, {"code": "rest_invalid_param", "data": {"params": []}}, Refused, "text"),
        (404, {"code": "rest_no_route"}, NeedsReconnect, "server"),
        (500, {"code": "rest_upload_sideload_error"}, Refused, "attachments"),
        (301, None, NeedsReconnect, "server"),
    ],
)
def test_refusals(status: int, body: object, kind: type[Exception], field: str) -> None:
    error = explain(Answer(status, {}, body))
    assert isinstance(error, kind)
    assert (error.field, bool(error.remedy)) == (field, True)


@pytest.mark.parametrize(
    ("status", "body"), [(500, {"code": "internal_server_error"}), (503, None), (429, {"code": "x"}), (400, [])]
)
def test_what_is_not_listed_is_judged_by_its_status(status: int, body: object) -> None:
    assert explain(Answer(status, {}, body)) is None


def test_a_file_that_is_too_large_names_the_remedy() -> None:
    error = explain(Answer(413, {}, {"text": "<html>Request Entity Too Large</html>"}))
    assert error and error.remedy == SMALLER


@pytest.mark.parametrize(
    ("name", "sent"),
    [("Käse & Brot.PNG", "kase-brot.png"), ("", "image.png"), ("日本", "image.png"), ("a\r\nb", "a-b.png")],
)
def test_file_names_go_into_a_header(name: str, sent: str) -> None:
    file = Attachment(MediaKind.IMAGE, "image/png", 1, "", lambda: None, file_name=name)  # type: ignore[arg-type,return-value]
    assert named(file) == sent


def test_every_type_has_an_ending() -> None:
    assert {mime for rule in WORDPRESS.capabilities.media for mime in rule.mimes} == set(ENDINGS)
