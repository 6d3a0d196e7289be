"""What is special about Reddit: subreddits, titles, flairs, pictures without an id, errors with status 200, forced breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from masthead.connectors.reddit.lookup import subreddit_of
from masthead.connectors.reddit.tests.double import RedditDouble
from masthead.connectors.reddit.tests.harness import RedditHarness
from masthead.connectors.reddit.tests.memory import FLAIR
from masthead.connectors.tests.kit import delivery, film, picture
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Presence, Segment

IMAGE = picture("image/png", "")


def post(text: str, *files: Attachment, **options: object) -> Delivery:
    return delivery(Segment(text, files), options={"subreddit": "r/bread", "title": "Fresh today", **options})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bread", "bread"),
        ("r/bread", "bread"),
        ("/r/bread/", "bread"),
        ("https://www.reddit.com/r/bread/", "bread"),
        ("u/baker", "u_baker"),
    ],
)
def test_subreddits_however_they_are_typed(typed: str, name: str) -> None:
    assert subreddit_of(post("", subreddit=typed)) == name


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subreddit": ""}, "options.subreddit"),
        ({"subreddit": "two words"}, "options.subreddit"),
        ({"subreddit": "closed"}, "options.subreddit"),
        ({"title": " "}, "options.title"),
        ({"link": "bread"}, "options.link"),
        ({"subreddit": "strict"}, "options.flair"),
        ({"flair": "Nonsense"}, "options.flair"),
    ],
)
async def test_what_is_wrong_is_named(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble, wrong: Mapping[str, object], field: str
) -> None:
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, post("A", **wrong), 0, ())
    assert (caught.value.field, bool(caught.value.remedy)) == (field, True) and not double.memory.posts


async def test_a_link_with_flair_and_marks(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    link = "https://example.org/bread"
    sent = post("Look", link=link, subreddit="strict", flair="recipe", nsfw=True, spoiler=True)
    receipt = await harness.platform.publisher.publish(http, account, sent, 0, ())
    (form,) = double.asked("/api/submit")
    assert {name: form[name] for name in ("kind", "url", "text", "flair_id", "nsfw", "spoiler")} == {
        "kind": "link",
        "url": link,
        "text": "Look",
        "flair_id": FLAIR,
        "nsfw": "true",
        "spoiler": "true",
    }
    assert receipt.remote_id.startswith("t3_") and receipt.url.startswith(f"{double.url}/r/strict/comments/")
    assert (await harness.platform.publisher.find(http, account, sent, 0, ())).receipt
    with pytest.raises(Unsupported):
        await harness.platform.publisher.edit(http, account, sent, 0, [receipt])


async def test_a_picture_is_found_once_reddit_made_its_post(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    publisher, sent = harness.platform.publisher, post("A loaf", IMAGE)
    receipt = await publisher.publish(http, account, sent, 0, ())
    assert receipt.remote_id == double.memory.posts[0].name
    assert list(double.memory.uploads.values()) == [await IMAGE.load()]
    with pytest.raises(Refused):
        await publisher.publish(http, account, post("A", IMAGE, link="https://example.org/"), 0, ())
    assert (await publisher.find(http, account, post("A loaf"), 0, ())).presence is Presence.ABSENT


async def test_a_picture_that_takes_too_long_is_looked_up_later(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = double.memory.submit
    monkeypatch.setattr(double.memory, "submit", lambda *told: slow(real(*told)))
    with pytest.raises(OutcomeUnknown):
        await harness.platform.publisher.publish(http, account, post("A loaf", IMAGE), 0, ())


def slow(made: object) -> object:
    made.seen_after = 99  # type: ignore[attr-defined]
    return made


async def test_a_gallery_keeps_the_order_of_its_pictures(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    publisher, sent = harness.platform.publisher, post("Three loaves", IMAGE, IMAGE, IMAGE, nsfw=True)
    receipt = await publisher.publish(http, account, sent, 0, ())
    made = double.memory.posts[0]
    assert receipt.remote_id == made.name and receipt.url.endswith(f"/r/bread/comments/{made.id}/")
    assert [one["media_id"] for one in made.form["items"]] == list(double.memory.assets)
    assert (made.form["sr"], made.form["nsfw"], made.form["sendreplies"]) == ("bread", "true", True)
    assert (await publisher.find(http, account, sent, 0, ())).receipt
    assert (await publisher.find(http, account, post("Three loaves", IMAGE, IMAGE), 0, ())).receipt is None
    assert harness.platform.history
    past = (await harness.platform.history.page(http, account, "")).posts[0]
    assert [one.url.rsplit("/", 1)[-1] for one in past.media] == list(double.memory.assets)


async def test_a_video_goes_with_a_still_and_is_never_taken_for_absent(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    async def still() -> bytes:
        return b"a picture"

    publisher, clip = harness.platform.publisher, replace(film("video/mp4"), poster=still)
    unclear = await publisher.find(http, account, post("A film", clip), 0, ())
    assert unclear.presence is Presence.CANNOT_TELL
    receipt = await publisher.publish(http, account, post("A film", clip), 0, ())
    assert receipt.remote_id == double.memory.posts[0].name
    assert list(double.memory.assets.values()) == ["video/mp4", "image/jpeg"]
    assert (await publisher.find(http, account, post("A film", IMAGE), 0, ())).presence is Presence.ABSENT
    assert harness.platform.history
    past = (await harness.platform.history.page(http, account, "")).posts[0]
    assert [(one.kind, one.url) for one in past.media] == [("video", "https://v.redd.it/x/DASH_720.mp4")]


async def test_a_video_without_a_still_is_refused_before_anything_is_uploaded(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    with pytest.raises(Refused) as caught:
        await harness.platform.publisher.publish(http, account, post("A film", film("video/mp4")), 0, ())
    assert caught.value.field == "attachments" and "ffmpeg" in caught.value.remedy and not double.memory.assets


async def test_other_posts_are_not_ours(harness: RedditHarness, http: Http, account: Account) -> None:
    publisher = harness.platform.publisher
    first = await publisher.publish(http, account, post("Same"), 0, ())
    for other in (
        post("Same", title="Another"),
        post("Same", subreddit="r/cake"),
        post("Same", link="https://example.org/"),
        replace(post("Same"), known=frozenset({first.remote_id})),
    ):
        assert (await publisher.find(http, account, other, 0, ())).presence is Presence.ABSENT


async def test_a_forced_break_silences_the_channel(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    double.memory.break_for = 534
    with pytest.raises(TryAgain) as caught:
        await harness.platform.publisher.publish(http, account, post("A"), 0, ())
    assert (caught.value.after, caught.value.whole_channel) == (534, True)


async def test_calls_say_whose_they_are(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    await harness.platform.publisher.publish(http, account, post("A"), 0, ())
    agent = double.seen[-1][2]
    assert agent.startswith("web:masthead:") and account.handle in agent


async def test_a_refresh_token_stays(harness: RedditHarness, http: Http, account: Account) -> None:
    connecting = harness.platform.connecting
    fresh = await connecting.refresh(http, account)
    assert fresh and fresh.secrets["refresh_token"] == account.secrets["refresh_token"]
    again = await connecting.refresh(http, replace(account, secrets=fresh.secrets))
    assert again
    await connecting.revoke(http, account)
    assert not harness.double.memory.refresh


async def test_what_breaks_a_subreddits_rules_is_named(
    harness: RedditHarness, http: Http, account: Account, double: RedditDouble
) -> None:
    double.memory.banned_words = frozenset({"gluten"})
    with pytest.raises(Refused, match="gluten") as caught:
        await harness.platform.publisher.publish(http, account, post("Hello", title="No gluten here"), 0, ())
    assert (caught.value.field, caught.value.status) == ("options.title", 400)
    assert double.asked("/api/submit")[0]["validate_on_submit"] == "true"
