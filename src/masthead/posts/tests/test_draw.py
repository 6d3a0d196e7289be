"""Two wordings: chance draws one, once, both are checked, and what fell stays."""

from __future__ import annotations

import hashlib
import json
import random
import re
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.kit.transitions import WrongMove
from masthead.posts import amend, archive, compose, draw, queries, review, schedule
from masthead.posts.compose import Conflict, Invalid
from masthead.posts.models import Post, Publication, Twin, Variant
from masthead.posts.review import excerpt
from masthead.posts.schedule import NotReady
from masthead.posts.states import Editorial, State
from masthead.posts.sunset.move_on import move_on
from masthead.posts.tests.scene import past_post, people
from masthead.posts.twins import Pair, commitment_of, pairs

pytestmark = pytest.mark.django_db
FIRST = "Our rye bread rests two nights before it meets the oven"
SECOND = "Two nights of rest, only then does our rye see any fire"
SOON = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


class Falls(random.Random):
    """A coin that falls as the test wants, and counts how often it was thrown."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.side, self.thrown = side, 0

    def choice(self, sides: Any) -> Any:
        self.thrown += 1
        return next(one for one in sides if one == self.side)


def channel_of(post_or_workspace: Any, number: str = "1") -> Channel:
    kept = {"platform": "sandbox", "server": "http://127.0.0.1:1", "handle": f"@a{number}"}
    return Channel.objects.create(workspace=post_or_workspace, remote_id=number, **kept)


def pair(first: str = FIRST, second: str = SECOND, *, channels: int = 1, slug: str = "bakery") -> Post:
    """An approved post with two wordings and a second part."""
    workspace, owner = people(slug)
    post = compose.draft(workspace, owner, [{"text": first}, {"text": "More in the shop."}])
    compose.choose_channels(post, [channel_of(workspace, str(n)) for n in range(channels)])
    draw.word(post, second)
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    return Post.objects.get(pk=post.pk)


def scheduled(post: Post, side: str = "second", **more: Any) -> list[Publication]:
    more.setdefault("coin", Falls(side))
    return schedule.schedule(Post.objects.get(pk=post.pk), SOON, now=now(), actor="a@b.example", **more)


def taken_back(post: Post) -> Post:
    """Off the schedule, and a draft again."""
    for row in post.publications.filter(state=State.SCHEDULED):
        schedule.cancel(row, now=now(), actor="a@b.example")
    stored = Post.objects.get(pk=post.pk)
    review.take_back(stored, post.author, now=now())
    return Post.objects.get(pk=post.pk)


def texts(row: Publication) -> list[str]:
    return [part["text"] for part in row.content["segments"]]


@pytest.mark.parametrize(("side", "out", "kept"), [("first", FIRST, SECOND), ("second", SECOND, FIRST)])
def test_what_fell_goes_out_on_all_channels(side: str, out: str, kept: str) -> None:
    post = pair(channels=2)
    rows = scheduled(post, side)
    assert [texts(row) for row in rows] == [[out, "More in the shop."]] * 2
    post, twin = Post.objects.get(pk=post.pk), Twin.objects.get()
    assert post.segments[0]["text"] == out and kept not in post.search_text and out in post.search_text
    assert (twin.drawn, twin.published, twin.kept) == (side, out, kept) and twin.drawn_at


def test_a_commitment_binds_both_wordings_what_fell_and_when() -> None:
    """Computed here anew, as the guide tells; and it stands among the post's moves, which nobody rewrites."""
    scheduled(pair(), "second")
    twin = Twin.objects.get()
    assert twin.drawn_at and re.fullmatch("[0-9a-f]{64}", twin.nonce)
    told = [twin.nonce, FIRST, SECOND, "second", twin.drawn_at.astimezone(UTC).isoformat(timespec="seconds")]
    said = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    assert twin.commitment == hashlib.sha256(said.encode()).hexdigest()
    assert [one.why for one in Post.objects.get().moves.all() if twin.commitment in one.why]
    before = twin.commitment
    for name, value in (("original", "x"), ("wording", "x"), ("drawn", "first"), ("nonce", "x"), ("drawn_at", SOON)):
        other = Twin.objects.get()
        setattr(other, name, value)
        assert commitment_of(other) != before, name


def test_the_same_pair_has_another_commitment_each_time() -> None:
    """Without the nonce nobody who guesses both wordings can check the guess."""
    said = set()
    for place in range(3):
        post = pair(slug=f"w{place}")
        scheduled(post, coin=draw.CHANCE)
        said.add(Twin.objects.get(post=post).commitment)
    assert len(said) == 3


def test_the_draw_is_fair_and_nobody_can_foresee_it() -> None:
    """4,000 throws of the real coin; beyond these bounds it falls once in a hundred thousand runs."""
    fell = Counter(draw.CHANCE.choice(["first", "second"]) for _n in range(4000))
    assert abs(fell["first"] - 2000) < 140
    assert isinstance(draw.CHANCE, random.SystemRandom)


def test_both_sides_fall() -> None:
    post, fell = pair(), Counter[str]()
    coin = random.Random(7)
    for _n in range(60):
        Publication.objects.all().delete()
        Post.objects.filter(pk=post.pk).update(segments=[{"text": FIRST, "attachments": [], "poll": None}])
        Twin.objects.update(drawn=None, drawn_at=None, commitment="", wording=SECOND)
        row = scheduled(post, coin=coin)[0]
        fell[texts(row)[0]] += 1
    assert set(fell) == {FIRST, SECOND} and min(fell.values()) >= 15


def test_it_stays_when_it_is_cancelled_and_scheduled_again() -> None:
    post = pair()
    scheduled(post, "second")
    drawn_at, coin = Twin.objects.get().drawn_at, Falls("first")
    stored = taken_back(post)
    stored = compose.edit(stored, segments=[{"text": SECOND + " at all"}])
    problems = schedule.problems_of(stored, stored.variants.get())
    assert "twin_changed" in [one.problem.code for one in problems] and not Twin.objects.get().voided_at
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    row = scheduled(post, coin=coin)[0]
    twin = Twin.objects.get()
    assert coin.thrown == 0 and (twin.drawn, twin.drawn_at) == ("second", drawn_at)
    assert texts(row) == [SECOND + " at all"] and twin.published == SECOND  # as it stood when the coin fell
    assert twin.voided_at and any("after the draw" in one.why for one in Post.objects.get(pk=post.pk).moves.all())


def test_moving_and_cancelling_leave_the_pair_as_it_is() -> None:
    post = pair()
    row = scheduled(post, "second")[0]
    schedule.move(row, SOON + timedelta(days=1), now=now(), actor="a@b.example")
    compose.edit(taken_back(post), segments=[{"text": SECOND.upper()}, {"text": "Another second part"}])
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    scheduled(post)
    twin = Twin.objects.get()
    assert not twin.voided_at and twin.commitment == commitment_of(twin)


def test_a_void_pair_stays_void() -> None:
    post = pair()
    scheduled(post, "second")
    compose.edit(taken_back(post), segments=[{"text": "Something else altogether"}])
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    scheduled(post)
    voided_at = Twin.objects.get().voided_at
    compose.edit(taken_back(post), segments=[{"text": SECOND}])
    Post.objects.filter(pk=post.pk).update(state=Editorial.APPROVED)
    scheduled(post)
    Publication.objects.update(state=State.PUBLISHED)
    assert voided_at and Twin.objects.get().voided_at == voided_at and not list(pairs(post.workspace))


def test_again_after_a_failure_sends_what_fell() -> None:
    row = scheduled(pair(), "second")[0]
    Publication.objects.filter(pk=row.pk).update(state=State.FAILED)
    row.refresh_from_db()
    schedule.again(row, now(), now=now(), actor="a@b.example")
    row.refresh_from_db()
    assert texts(row)[0] == SECOND and not Twin.objects.get().voided_at
    compose.edit(taken_back(Post.objects.get()), segments=[{"text": "Quite another text than what fell"}])
    Publication.objects.filter(pk=row.pk).update(state=State.FAILED)
    Post.objects.update(state=Editorial.APPROVED)
    schedule.again(Publication.objects.get(pk=row.pk), now(), now=now(), actor="a@b.example")
    assert Twin.objects.get().voided_at


@pytest.mark.parametrize("long", ["first", "second"])
def test_both_are_checked_on_every_channel(long: str) -> None:
    """The one that would not fit stops the post, whichever would fall; and nothing is drawn."""
    post = pair(**{long: "word " * 2000})
    coin = Falls("first")
    with pytest.raises(NotReady) as told:
        scheduled(post, coin=coin)
    said = [one for all_ in told.value.problems.values() for one in all_]
    assert any(one.problem.code == "too_long" and one.second == (long == "second") for one in said)
    assert coin.thrown == 0 and Twin.objects.get().drawn is None and not Publication.objects.exists()


@pytest.mark.parametrize(("second", "code"), [(FIRST.upper() + " ", "twin_same"), ("Rye  tonight", "twin_short")])
def test_pairs_that_prove_little_are_told(second: str, code: str) -> None:
    post = pair(second=second)
    found = [one for one in schedule.problems_of(post, post.variants.get()) if one.problem.code == code]
    assert found and found[0].message.startswith("Second wording: ")
    assert (found[0].problem.weight == "stops") == (code == "twin_same")


def test_a_channel_with_its_own_text_stops_a_pair() -> None:
    post = pair(channels=2)
    one = post.variants.first()
    compose.tailor(post, one.channel, segments=[{"text": "Something quite different from the others here"}], options={})
    with pytest.raises(NotReady):
        scheduled(post)
    compose.tailor(post, one.channel, segments=[{"text": FIRST}], options={})  # only its parts differ
    rows = scheduled(post, "second")
    assert sorted(map(texts, rows)) == [[SECOND], [SECOND, "More in the shop."]]
    assert Variant.objects.get(pk=one.pk).segments[0]["text"] == SECOND


def test_an_old_page_cannot_bring_the_kept_wording_back() -> None:
    post = pair()
    scheduled(post, "second")
    with pytest.raises(Conflict):
        compose.edit(Post.objects.get(pk=post.pk), version=post.version, segments=[{"text": FIRST}])
    stored = taken_back(post)
    for act in (
        lambda: compose.edit(stored, segments=[{"text": "x"}, {"text": FIRST.upper()}]),
        lambda: compose.tailor(stored, stored.variants.first().channel, segments=[{"text": FIRST}], options={}),
    ):
        with pytest.raises(Invalid, match="kept secret"):
            act()


def test_the_kept_wording_is_not_put_into_what_is_out() -> None:
    row = scheduled(pair(), "first")[0]
    Publication.objects.filter(pk=row.pk).update(state=State.PUBLISHED)
    row.refresh_from_db()
    with pytest.raises(Invalid, match="kept secret"):
        amend.edit(row, [SECOND, "More in the shop."], now=now(), actor="a@b.example")


@pytest.mark.parametrize(("text", "void"), [(SECOND + " Come and see.", True), (SECOND.upper(), False)])
def test_another_text_on_the_platform_makes_the_pair_void(
    text: str, void: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = pair()
    row = scheduled(post, "second")[0]
    receipts = [{"remote_id": "1"}, {"remote_id": "2"}]
    Publication.objects.filter(pk=row.pk).update(state=State.PUBLISHED, receipts=receipts)

    async def done(*_given: Any) -> list[dict[str, Any]]:
        return receipts

    monkeypatch.setattr(amend, "_edit", done)
    monkeypatch.setattr(amend, "account", lambda _channel: None)
    amend.edit(Publication.objects.get(pk=row.pk), [text, "More of it."], now=now(), actor="a@b.example")
    assert bool(Twin.objects.get().voided_at) == void and len(list(pairs(post.workspace))) == (not void)


def test_the_second_wording_is_closed_once_drawn_and_where_the_first_may_be_known() -> None:
    post = pair()
    draw.word(post, SECOND + "!")
    draw.word(post, " ")
    assert not Twin.objects.exists()
    rows = scheduled(post)
    schedule.cancel(rows[0], now=now(), actor="a@b.example")
    with pytest.raises(Invalid, match="on the schedule before"):
        draw.word(post, SECOND)
    given = {"original": FIRST, "drawn": "first", "drawn_at": now(), "commitment": "0" * 64}
    other = Twin.objects.create(post=post, wording=SECOND, **given)
    for text in ("Another", ""):
        with pytest.raises(Invalid, match="are drawn"):
            draw.word(post, text)
    assert Twin.objects.get(pk=other.pk).wording == SECOND


def test_a_copy_for_another_channel_has_no_twin_and_a_deleted_post_takes_it_along() -> None:
    post = pair()
    row = scheduled(post, "second")[0]
    Post.objects.filter(pk=post.pk).update(state=Editorial.DRAFT)  # so that it is copied
    move_on(row, channel_of(post.workspace, "9"), now=now(), user=post.author)
    copy = Post.objects.exclude(pk=post.pk).get()
    assert copy.segments[0]["text"] == SECOND and Twin.objects.get().post_id == post.pk
    archive.purge(Post.objects.get(pk=post.pk))
    assert not Twin.objects.exists()


def test_an_empty_draft_with_a_second_wording_is_not_empty() -> None:
    workspace, owner = people()
    post = compose.draft(workspace, owner)
    draw.word(post, SECOND)
    Post.objects.update(updated_at=now() - timedelta(days=9))
    assert archive.purge_empty_drafts(now()) == 0
    assert compose.empty_draft(workspace, owner, None).pk != post.pk


def test_messages_do_not_tell_what_may_be_kept() -> None:
    post = pair()
    assert excerpt(post) == "A post with two wordings"
    scheduled(post, "second")
    assert excerpt(Post.objects.get(pk=post.pk)).startswith(SECOND)


def test_pairs_are_those_of_which_one_went_out() -> None:
    post = pair()
    assert not list(pairs(post.workspace))
    row = scheduled(post, "second")[0]
    assert not list(pairs(post.workspace))
    Publication.objects.filter(pk=row.pk).update(state=State.PUBLISHED, receipts=[{"remote_id": "7"}])
    [found] = pairs(post.workspace)
    twin = Twin.objects.get()
    assert found == Pair(post.pk, SECOND, FIRST, twin.drawn_at, twin.commitment, (("sandbox", "7"),))
    assert not list(pairs(people("elsewhere")[0]))
    past_post(row.channel, FIRST.lower())  # somebody posted it by hand after all
    assert not list(pairs(post.workspace))


def test_a_pair_that_was_tampered_with_is_no_pair() -> None:
    post = pair()
    scheduled(post, "first")
    Publication.objects.update(state=State.PUBLISHED)
    assert len(list(pairs(post.workspace))) == 1
    Twin.objects.update(drawn="second")
    assert not list(pairs(post.workspace))


def test_the_database_takes_no_draw_without_its_proof() -> None:
    twin = pair().twin
    for given in ({"drawn": "first"}, {"drawn": "first", "drawn_at": now()}, {"voided_at": now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Twin.objects.filter(pk=twin.pk).update(**given)


def test_searching_finds_neither_before_the_draw_and_what_fell_after_it() -> None:
    post = pair()

    def found(words: str) -> bool:
        return queries.posts(post.workspace, words=words).exists()

    assert not found("oven") and not found("fire") and found("shop")
    compose.edit(Post.objects.get(pk=post.pk), segments=[{"text": FIRST}, {"text": "More in the shop."}])
    assert not found("oven") and found("shop")
    Post.objects.update(state=Editorial.APPROVED)
    scheduled(post, "second")
    assert not found("oven") and found("fire") and found("shop")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_schedule_at_once_one_draws() -> None:
    """Each for its own channel: both go out with what one throw decided, however they meet."""
    post = pair(channels=2)
    channels, coins = list(post.variants.values_list("channel_id", flat=True)), [Falls("first"), Falls("second")]
    compose.tailor(post, post.variants.last().channel, segments=[{"text": FIRST}], options={})
    ready, wrong = threading.Barrier(2), []

    def work(place: int) -> None:
        try:
            mine = Post.objects.get(pk=post.pk)
            ready.wait(10)
            schedule.schedule(mine, {channels[place]: SOON}, now=now(), actor="a", coin=coins[place])
        except (WrongMove, Invalid) as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert not wrong and sorted(one.thrown for one in coins) == [0, 1]
    said = {texts(row)[0] for row in Publication.objects.all()}
    assert Publication.objects.count() == 2 and said == {Twin.objects.get().published}
